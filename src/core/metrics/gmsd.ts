import type { ValueRange } from '../cube/normalize';
import type { SampleArray } from '../cube/types';
import { HscError } from '../errors';
import { type ImageShape, readBand, requireSameSize, requireShape } from './images';

/**
 * Gradient Magnitude Similarity Deviation after Xue, Zhang, Mou and Bovik, "Gradient magnitude
 * similarity deviation: a highly efficient perceptual image quality index", IEEE TIP 23(2), 2014.
 * Averaging, borders (zero outside) and gradients are those of the authors' code; the deviation
 * is the paper's, over N positions (their code divides by N − 1).
 */

/** The paper's T = 170 for a peak of 255, at peak 1. */
const STABILITY = 170 / 255 ** 2;
/** Rec. 601 luma, as MATLAB's rgb2gray. */
const LUMINANCE = [0.299, 0.587, 0.114];
/** Prewitt's filter needs as many pixels a side. */
const SMALLEST = 3;

/** A plane with a border of one pixel of zeros on every side. */
interface Padded {
  readonly data: Float64Array;
  readonly stride: number;
}

function emptyHalf(width: number, height: number): Padded {
  const stride = Math.ceil(width / 2) + 2;
  return { data: new Float64Array(stride * (Math.ceil(height / 2) + 2)), stride };
}

/**
 * Adds rows of a plane, from row `top` on, to its 2×2 means at every other row and column; pixels
 * outside the image count as 0.
 */
function addHalved({ data, stride }: Padded, rows: Float64Array, width: number, top: number): void {
  const height = rows.length / width;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      data[(((top + y) >> 1) + 1) * stride + (x >> 1) + 1] += rows[y * width + x] / 4;
    }
  }
}

function gradientMagnitude({ data, stride }: Padded, at: number): number {
  const above = at - stride;
  const below = at + stride;
  const corners = data[below + 1] - data[above - 1];
  const counter = data[below - 1] - data[above + 1];
  const alongX = (corners - counter + data[at + 1] - data[at - 1]) / 3;
  const alongY = (corners + counter + data[below] - data[above]) / 3;
  return Math.sqrt(alongX * alongX + alongY * alongY);
}

/** Deviation over all positions of two halved planes; as {@link planeGmsd}. */
function deviation(halfX: Padded, halfY: Padded, width: number, height: number): number {
  const columns = Math.ceil(width / 2);
  const rows = Math.ceil(height / 2);
  if (columns < SMALLEST || rows < SMALLEST) return Number.NaN;
  let sum = 0;
  let squares = 0;
  let positions = 0;
  for (let row = 1; row <= rows; row++) {
    for (let column = 1; column <= columns; column++) {
      const at = row * halfX.stride + column;
      const gradientX = gradientMagnitude(halfX, at);
      if (Number.isNaN(gradientX + halfX.data[at])) continue;
      const gradientY = gradientMagnitude(halfY, at);
      // 1 − GMS deviates as GMS does and is exact where the gradients are equal.
      const dissimilarity =
        (gradientX - gradientY) ** 2 / (gradientX ** 2 + gradientY ** 2 + STABILITY);
      sum += dissimilarity;
      squares += dissimilarity * dissimilarity;
      positions++;
    }
  }
  const mean = sum / positions;
  return Math.sqrt(Math.max(0, squares / positions - mean * mean));
}

/**
 * GMSD of two planes (row by row, one value a pixel) in 0..1: 0 where they agree, more is worse.
 * NaN in `x` marks a pixel without data: positions whose 3×3 window at half size touches one are
 * left out. NaN where no position is left, and for images of fewer than 5 pixels a side.
 */
export function planeGmsd(x: Float64Array, y: Float64Array, width: number, height: number): number {
  const [halfX, halfY] = [emptyHalf(width, height), emptyHalf(width, height)];
  addHalved(halfX, x, width, 0);
  addHalved(halfY, y, width, 0);
  return deviation(halfX, halfY, width, height);
}

/** Luminance of three bands, each normalised by `range` and clipped; NaN where one has no data. */
function luminance(
  samples: SampleArray,
  bands: number,
  rgb: readonly [number, number, number],
  range: ValueRange,
  noDataValue?: number,
): Float64Array {
  const sum = new Float64Array(samples.length / bands);
  const plane = new Float64Array(sum.length);
  rgb.forEach((band, channel) => {
    readBand(samples, bands, band, range, noDataValue, plane);
    for (let pixel = 0; pixel < sum.length; pixel++) {
      sum[pixel] += LUMINANCE[channel] * plane[pixel];
    }
  });
  return sum;
}

/**
 * {@link gmsd} of an image of this shape that comes in strips of rows, each with the same rows of the
 * other. Throws `bad-argument` for a band that does not exist.
 */
export class GmsdSums {
  private readonly x: Padded;
  private readonly y: Padded;
  private top = 0;

  constructor(
    private readonly shape: ImageShape,
    private readonly range: ValueRange,
    private readonly rgb: readonly [number, number, number],
    private readonly noDataValue?: number,
  ) {
    const { width, height, bands } = shape;
    if (!rgb.every((band) => Number.isInteger(band) && band >= 0 && band < bands)) {
      throw new HscError('bad-argument', `The bands ${rgb.join(', ')} are not all in the image.`);
    }
    this.x = emptyHalf(width, height);
    this.y = emptyHalf(width, height);
  }

  /** Whole rows that follow those before. Throws `bad-argument` where the shapes differ. */
  add(original: SampleArray, reconstruction: SampleArray): void {
    const { width, bands } = this.shape;
    requireSameSize(original, reconstruction, width * bands);
    const { rgb, range, noDataValue, top } = this;
    addHalved(this.x, luminance(original, bands, rgb, range, noDataValue), width, top);
    addHalved(this.y, luminance(reconstruction, bands, rgb, range), width, top);
    this.top += original.length / (width * bands);
  }

  result(): number {
    return deviation(this.x, this.y, this.shape.width, this.shape.height);
  }
}

/**
 * GMSD of the luminance of three bands (red, green, blue) of two BIP arrays, normalised by
 * `range` and clipped to 0..1 as for PSNR, without display gamma. Pixels of the original without
 * data in one of the three are left out. Throws `bad-argument` for a band that does not exist
 * and where the arrays do not have this shape.
 */
export function gmsd(
  original: SampleArray,
  reconstruction: SampleArray,
  shape: ImageShape,
  range: ValueRange,
  rgb: readonly [number, number, number],
  noDataValue?: number,
): number {
  requireShape(original, reconstruction, shape);
  const sums = new GmsdSums(shape, range, rgb, noDataValue);
  sums.add(original, reconstruction);
  return sums.result();
}

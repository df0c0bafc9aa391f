import type { ValueRange } from '../cube/normalize';
import type { SampleArray } from '../cube/types';
import { emptyLike } from '../cube/window';
import { type ImageShape, readBand, requireSameSize, requireShape } from './images';

/**
 * Structural similarity after Wang, Bovik, Sheikh and Simoncelli, "Image quality assessment: from
 * error visibility to structural similarity", IEEE TIP 13(4), 2004, with the paper's window and
 * constants. The figures are those of scikit-image's `structural_similarity` with
 * `gaussian_weights=True, sigma=1.5, use_sample_covariance=False`.
 */

const SIGMA = 1.5;
const K1 = 0.01;
const K2 = 0.03;
/** Taps of the Gaussian on each side of its centre. */
const RADIUS = 5;

/** Side of the window in pixels. Images that are smaller have no SSIM. */
export const SSIM_WINDOW = 2 * RADIUS + 1;

const GAUSSIAN = gaussian();

function gaussian(): Float64Array {
  const taps = Float64Array.from({ length: SSIM_WINDOW }, (_, i) =>
    Math.exp(-0.5 * ((i - RADIUS) / SIGMA) ** 2),
  );
  const sum = taps.reduce((a, b) => a + b);
  return taps.map((tap) => tap / sum);
}

/** Gaussian-weighted means down the columns of a window's rows, one value a column. */
interface ColumnMeans {
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** Of x² + y²: SSIM needs the two variances only as their sum. */
  readonly squares: Float64Array;
  readonly product: Float64Array;
}

/** Fills `means` from the rows that begin at index `start` of both planes. */
function filterColumns(
  x: Float64Array,
  y: Float64Array,
  start: number,
  width: number,
  means: ColumnMeans,
): void {
  for (let column = 0; column < width; column++) {
    let meanX = 0;
    let meanY = 0;
    let squares = 0;
    let product = 0;
    for (let tap = 0, at = start + column; tap < SSIM_WINDOW; tap++, at += width) {
      const weight = GAUSSIAN[tap];
      const u = x[at];
      const v = y[at];
      meanX += weight * u;
      meanY += weight * v;
      squares += weight * (u * u + v * v);
      product += weight * (u * v);
    }
    means.x[column] = meanX;
    means.y[column] = meanY;
    means.squares[column] = squares;
    means.product[column] = product;
  }
}

function filterRow(row: Float64Array, left: number): number {
  let mean = 0;
  for (let tap = 0; tap < SSIM_WINDOW; tap++) mean += GAUSSIAN[tap] * row[left + tap];
  return mean;
}

export interface PlaneSsim {
  /** Mean over the positions; NaN where there is none. */
  readonly mean: number;
  /** Windows compared. */
  readonly positions: number;
}

/** Sum over positions, and how many there are. */
interface PositionSum {
  sum: number;
  positions: number;
}

/** Adds the positions whose whole window lies inside the planes, row by row. */
function addPositions(
  sums: PositionSum,
  x: Float64Array,
  y: Float64Array,
  width: number,
  height: number,
  peak: number,
): void {
  const c1 = (K1 * peak) ** 2;
  const c2 = (K2 * peak) ** 2;
  const row = () => new Float64Array(width);
  const means: ColumnMeans = { x: row(), y: row(), squares: row(), product: row() };
  let { sum, positions } = sums;
  for (let top = 0; top <= height - SSIM_WINDOW; top++) {
    filterColumns(x, y, top * width, width, means);
    for (let left = 0; left <= width - SSIM_WINDOW; left++) {
      const meanX = filterRow(means.x, left);
      if (Number.isNaN(meanX)) continue;
      const meanY = filterRow(means.y, left);
      const meanProduct = meanX * meanY;
      const meanSquares = meanX * meanX + meanY * meanY;
      const covariance = filterRow(means.product, left) - meanProduct;
      const variances = filterRow(means.squares, left) - meanSquares;
      const luminance = (2 * meanProduct + c1) / (meanSquares + c1);
      sum += (luminance * (2 * covariance + c2)) / (variances + c2);
      positions++;
    }
  }
  sums.sum = sum;
  sums.positions = positions;
}

/**
 * SSIM of two planes (row by row, one value a pixel) whose values span 0..`peak`, over all
 * positions whose whole window lies inside the image. NaN in `x` marks a pixel without data:
 * positions whose window touches one are left out. An image smaller than the window has none.
 */
export function planeSsim(
  x: Float64Array,
  y: Float64Array,
  width: number,
  height: number,
  peak = 1,
): PlaneSsim {
  const sums: PositionSum = { sum: 0, positions: 0 };
  addPositions(sums, x, y, width, height, peak);
  return { mean: sums.sum / sums.positions, positions: sums.positions };
}

export interface Ssim {
  /** Mean over the bands that have a window full of data; NaN where none has. */
  readonly mean: number;
  /** `[band]`; NaN for a band without such a window. */
  readonly perBand: Float64Array<ArrayBuffer>;
}

/** {@link ssim} of an image that comes in strips of rows, each with the same rows of the other. */
export class SsimSums {
  private readonly sums: readonly PositionSum[];
  /** The last rows so far, which windows that begin in them need again. */
  private before: readonly [SampleArray, SampleArray] | undefined;

  constructor(
    private readonly rows: Pick<ImageShape, 'width' | 'bands'>,
    private readonly range: ValueRange,
    private readonly noDataValue?: number,
  ) {
    this.sums = Array.from({ length: rows.bands }, () => ({ sum: 0, positions: 0 }));
  }

  /** Whole rows that follow those before. Throws `bad-argument` where the shapes differ. */
  add(original: SampleArray, reconstruction: SampleArray): void {
    const { width, bands } = this.rows;
    requireSameSize(original, reconstruction, width * bands);
    const [x, y] = [this.plane(original), this.plane(reconstruction)];
    const height = x.length / width;
    for (const [band, sums] of this.sums.entries()) {
      this.fill(x, this.before?.[0], original, band, this.noDataValue);
      this.fill(y, this.before?.[1], reconstruction, band, undefined);
      addPositions(sums, x, y, width, height, 1);
    }
    this.before = [this.last(original, 0), this.last(reconstruction, 1)];
  }

  result(): Ssim {
    const perBand = Float64Array.from(this.sums, ({ sum, positions }) => sum / positions);
    const measured = perBand.filter((_, band) => this.sums[band].positions > 0);
    return { mean: measured.reduce((sum, own) => sum + own, 0) / measured.length, perBand };
  }

  private plane({ length }: SampleArray): Float64Array {
    return new Float64Array(((this.before?.[0].length ?? 0) + length) / this.rows.bands);
  }

  /** One band of the rows kept from before and of those that follow. */
  private fill(
    plane: Float64Array,
    before: SampleArray | undefined,
    samples: SampleArray,
    band: number,
    noDataValue: number | undefined,
  ): void {
    const { bands } = this.rows;
    const first = (before?.length ?? 0) / bands;
    if (before) {
      readBand(before, bands, band, this.range, noDataValue, plane.subarray(0, first));
    }
    readBand(samples, bands, band, this.range, noDataValue, plane.subarray(first));
  }

  /** A copy of the rows that the next strip's first windows begin in. */
  private last(samples: SampleArray, of: 0 | 1): SampleArray {
    const most = (SSIM_WINDOW - 1) * this.rows.width * this.rows.bands;
    if (samples.length >= most) return samples.slice(samples.length - most);
    const before = this.before?.[of] ?? emptyLike(samples, 0);
    const kept = before.subarray(Math.max(0, before.length + samples.length - most));
    const joined = emptyLike(samples, kept.length + samples.length);
    joined.set(kept as never);
    joined.set(samples as never, kept.length);
    return joined;
  }
}

/**
 * SSIM of every band of two BIP arrays, both normalised by `range` and clipped to 0..1 as for
 * PSNR, peak 1. Positions whose window touches a sample of the original without data are left
 * out; images smaller than 11×11 have no SSIM (NaN). A reconstructed sample that is not finite
 * makes its band's SSIM NaN, and the mean. Throws `bad-argument` where the arrays do
 * not have this shape.
 */
export function ssim(
  original: SampleArray,
  reconstruction: SampleArray,
  shape: ImageShape,
  range: ValueRange,
  noDataValue?: number,
): Ssim {
  requireShape(original, reconstruction, shape);
  const sums = new SsimSums(shape, range, noDataValue);
  sums.add(original, reconstruction);
  return sums.result();
}

import { nextTurn } from '../codecs/turn';
import { withoutPixels } from '../core/cube/lostPixels';
import { isDataSample, type ValueRange } from '../core/cube/normalize';
import { rowsAtOnce, strips } from '../core/cube/survey';
import type { CubeSource, PixelWindow, SampleArray } from '../core/cube/types';
import { windowSource } from '../core/cube/window';
import { sizesDiffer } from '../core/metrics/images';
import { type ErrorSpectrum, ErrorSpectrumSums, samMap } from '../core/metrics/spectral';
import type { DifferenceMap, DifferenceRequest } from './api';
import { strideFor, thinBands } from './overview';

/** What is compared: a window of an original with a decoded file that covers it. */
export interface ComparedPair {
  readonly original: CubeSource;
  readonly window: PixelWindow;
  readonly decoded: CubeSource;
  /** Band of the original behind each band of the file. */
  readonly codedBands: readonly number[];
  /** The values that the file maps to 0 and 1. */
  readonly range: ValueRange;
  /** Parts of the decoded file that were damaged: no data there. */
  readonly lost: readonly PixelWindow[];
}

/** What is summed up over an image, strip by strip. */
interface Sums<T> {
  add(original: SampleArray, reconstruction: SampleArray): void;
  result(): T;
}

/**
 * Sums over both images at the bands that the file holds; the original has no data where the file has
 * none. A few rows are in memory at a time. Throws `bad-argument` where the sizes differ.
 */
export async function sumOver<T>(pair: ComparedPair, sums: Sums<T>): Promise<T> {
  const { original, window, decoded, codedBands, lost } = pair;
  const { width, height, bands } = decoded.info;
  if (width !== window.width || height !== window.height || bands !== codedBands.length) {
    throw sizesDiffer();
  }
  for await (const { y, rows, samples } of strips(windowSource(original, window), codedBands)) {
    const restored = await decoded.readWindow({ x: 0, y, width, height: rows });
    sums.add(withoutPixels(samples, { width, bands, top: y }, lost), restored);
    // Pictures are drawn meanwhile.
    if (y + rows < height) await nextTurn();
  }
  return sums.result();
}

/** A part of both images at some of the file's bands, thinned; rows count from the window's first. */
async function thinPair(
  { original, window, decoded, codedBands, lost }: ComparedPair,
  positions: readonly number[],
  part: PixelWindow,
  stride: number,
): Promise<readonly [SampleArray, SampleArray]> {
  const bands = positions.map((position) => codedBands[position]);
  const there = { ...part, x: window.x + part.x, y: window.y + part.y };
  const [x, y] = await Promise.all([
    thinBands(original, there, bands, stride),
    thinBands(decoded, part, positions, stride),
  ]);
  const rows = { width: x.width, bands: bands.length, stride, top: part.y };
  return [withoutPixels(x.samples, rows, lost), y.samples];
}

const everyBand = ({ codedBands }: ComparedPair) => codedBands.map((_, position) => position);

/**
 * How far a reconstruction is from its original at every pixel: mean absolute error at the bands
 * asked for or root mean square error over all bands, as shares of the file's value range, or the
 * spectral angle in degrees; NaN where one of them has no data.
 */
export async function differenceMap(
  pair: ComparedPair,
  { kind, bands, maxSide }: Pick<DifferenceRequest, 'kind' | 'bands' | 'maxSide'>,
): Promise<DifferenceMap> {
  const { original, window } = pair;
  const positions = kind === 'shown' ? bands : everyBand(pair);
  const stride = strideFor(window, maxSide);
  const [width, height] = [window.width, window.height].map((side) => Math.ceil(side / stride));
  const values = new Float32Array(width * height);
  const most = rowsAtOnce(window.width * positions.length * stride);
  for (let row = 0; row < height; row += most) {
    const rows = Math.min(most, height - row);
    const lines = { y: row * stride, height: (rows - 1) * stride + 1 };
    const part = { x: 0, width: window.width, ...lines };
    const [x, y] = await thinPair(pair, positions, part, stride);
    const own =
      kind === 'sam'
        ? samMap(x, y, positions.length, original.info.noDataValue)
        : errors(x, y, positions.length, kind === 'all', pair);
    values.set(own, row * width);
    if (row + rows < height) await nextTurn();
  }
  return { width, height, stride, values };
}

/** Mean absolute or root mean square error of every pixel, as a share of the range. */
function errors(
  x: SampleArray,
  y: SampleArray,
  bands: number,
  squared: boolean,
  { range, original }: ComparedPair,
): Float32Array<ArrayBuffer> {
  const scale = 1 / (range.high - range.low);
  const { noDataValue } = original.info;
  return Float32Array.from({ length: x.length / bands }, (_, pixel) => {
    let sum = 0;
    let count = 0;
    for (let at = pixel * bands; at < (pixel + 1) * bands; at++) {
      if (!isDataSample(x[at], noDataValue)) continue;
      const error = Math.abs(y[at] - x[at]) * scale;
      sum += squared ? error * error : error;
      count++;
    }
    return squared ? Math.sqrt(sum / count) : sum / count;
  });
}

/** Errors of every band that the file holds. Throws as {@link sumOver}. */
export function errorSpectrumOf(pair: ComparedPair): Promise<ErrorSpectrum> {
  const { original, codedBands, range } = pair;
  return sumOver(pair, new ErrorSpectrumSums(codedBands.length, range, original.info.noDataValue));
}

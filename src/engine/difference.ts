import { withoutPixels } from '../core/cube/lostPixels';
import { isDataSample, type ValueRange } from '../core/cube/normalize';
import type { CubeSource, PixelWindow, SampleArray } from '../core/cube/types';
import { wholeWindow } from '../core/cube/window';
import { type ErrorSpectrum, errorSpectrum, samMap } from '../core/metrics/spectral';
import type { DifferenceMap, DifferenceRequest } from './api';
import { type ThinWindow, windowBands } from './overview';

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

/** Both images at the bands that the file holds, BIP; the original has no data where the file has none. */
export async function samplesOf({ original, window, decoded, codedBands, lost }: ComparedPair) {
  const [samples, restored] = await Promise.all([
    original.readWindow(window, { bands: codedBands }),
    decoded.readWindow(wholeWindow(decoded.info)),
  ]);
  const rows = { width: window.width, bands: codedBands.length };
  return [withoutPixels(samples, rows, lost), restored] as const;
}

async function thinPair(
  { original, window, decoded, codedBands, lost }: ComparedPair,
  positions: readonly number[],
  maxSide: number,
): Promise<readonly [ThinWindow, ThinWindow]> {
  const whole = { x: 0, y: 0, width: window.width, height: window.height };
  const bands = positions.map((position) => codedBands[position]);
  const [x, y] = await Promise.all([
    windowBands(original, window, bands, maxSide),
    windowBands(decoded, whole, positions, maxSide),
  ]);
  const rows = { ...x, bands: bands.length };
  return [{ ...x, samples: withoutPixels(x.samples, rows, lost) }, y];
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
  const positions = kind === 'shown' ? bands : everyBand(pair);
  const [x, y] = await thinPair(pair, positions, maxSide);
  const { noDataValue } = pair.original.info;
  const values =
    kind === 'sam'
      ? samMap(x.samples, y.samples, positions.length, noDataValue)
      : errors(x.samples, y.samples, positions.length, kind === 'all', pair);
  return { width: x.width, height: x.height, stride: x.stride, values };
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

/** Errors of every band that the file holds. Throws `bad-argument` where the sizes differ. */
export async function errorSpectrumOf(pair: ComparedPair): Promise<ErrorSpectrum> {
  const { original, codedBands, range } = pair;
  const [x, y] = await samplesOf(pair);
  return errorSpectrum(x, y, codedBands.length, range, original.info.noDataValue);
}

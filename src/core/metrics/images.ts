import { isDataSample, type ValueRange } from '../cube/normalize';
import type { SampleArray } from '../cube/types';
import { HscError } from '../errors';

/** Size of a BIP array: sample (x, y, b) is `data[(y * width + x) * bands + b]`. */
export interface ImageShape {
  readonly width: number;
  readonly height: number;
  readonly bands: number;
}

/** What normalisation clips to; NaN stays NaN. */
export const clip01 = (value: number) => Math.min(1, Math.max(0, value));

export function sizesDiffer(): HscError {
  return new HscError('bad-argument', 'The two images differ in size and cannot be compared.');
}

/** Throws `bad-argument` unless both arrays hold whole pixels, and as many. */
export function requireSameSize(
  original: SampleArray,
  reconstruction: SampleArray,
  bands: number,
): void {
  if (original.length !== reconstruction.length || original.length % bands !== 0) {
    throw sizesDiffer();
  }
}

/** Throws `bad-argument` unless both arrays have this shape. */
export function requireShape(
  original: SampleArray,
  reconstruction: SampleArray,
  { width, height, bands }: ImageShape,
): void {
  requireSameSize(original, reconstruction, bands);
  if (original.length !== width * height * bands) {
    throw new HscError('bad-argument', 'The images do not have the stated width and height.');
  }
}

/**
 * Writes one band of a BIP array into `plane` (one value a pixel), normalised by `range` and
 * clipped to 0..1, in float64; NaN where a sample carries no data.
 */
export function readBand(
  samples: SampleArray,
  bands: number,
  band: number,
  range: ValueRange,
  noDataValue: number | undefined,
  plane: Float64Array,
): void {
  const scale = 1 / (range.high - range.low);
  for (let pixel = 0; pixel < plane.length; pixel++) {
    const value = samples[pixel * bands + band];
    plane[pixel] = isDataSample(value, noDataValue)
      ? clip01((value - range.low) * scale)
      : Number.NaN;
  }
}

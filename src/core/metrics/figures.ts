import type { ValueRange } from '../cube/normalize';
import type { SampleArray } from '../cube/types';
import { type Distortion, distortion } from './distortion';
import { gmsd } from './gmsd';
import type { ImageShape } from './images';
import { ssim } from './ssim';

/** Every figure of quality of a reconstruction. */
export interface Figures extends Distortion {
  /** Mean over the bands; NaN for images smaller than 11×11 or without a window full of data. */
  readonly ssim: number;
  /** Of the three bands' luminance, less is better; undefined where no three bands are given. */
  readonly gmsd?: number;
}

/**
 * Compares two BIP arrays of this shape, for PSNR, SSIM and GMSD normalised by `range`. `rgb`
 * are the three bands that GMSD looks at. Throws `bad-argument` where the arrays do not have this
 * shape or a band of `rgb` does not exist.
 */
export function figures(
  original: SampleArray,
  reconstruction: SampleArray,
  shape: ImageShape,
  range: ValueRange,
  options: {
    readonly noDataValue?: number;
    readonly rgb?: readonly [number, number, number];
  } = {},
): Figures {
  const { noDataValue, rgb } = options;
  return {
    ...distortion(original, reconstruction, shape.bands, range, noDataValue),
    ssim: ssim(original, reconstruction, shape, range, noDataValue).mean,
    gmsd: rgb && gmsd(original, reconstruction, shape, range, rgb, noDataValue),
  };
}

import type { ValueRange } from '../cube/normalize';
import type { SampleArray } from '../cube/types';
import { type Distortion, DistortionSums } from './distortion';
import { GmsdSums } from './gmsd';
import { type ImageShape, requireShape } from './images';
import { SsimSums } from './ssim';

/** Every figure of quality of a reconstruction. */
export interface Figures extends Distortion {
  /** Mean over the bands; NaN for images smaller than 11×11 or without a window full of data. */
  readonly ssim: number;
  /** Of the three bands' luminance, less is better; undefined where no three bands are given. */
  readonly gmsd?: number;
}

interface FigureOptions {
  readonly noDataValue?: number;
  /** The three bands that GMSD looks at. */
  readonly rgb?: readonly [number, number, number];
}

/** {@link figures} of an image of this shape that comes in strips of rows, each with the same of the other. */
export class FigureSums {
  private readonly distortion: DistortionSums;
  private readonly ssim: SsimSums;
  private readonly gmsd: GmsdSums | undefined;

  /** Throws `bad-argument` where a band of `rgb` does not exist. */
  constructor(shape: ImageShape, range: ValueRange, { noDataValue, rgb }: FigureOptions = {}) {
    this.distortion = new DistortionSums(shape.bands, range, noDataValue);
    this.ssim = new SsimSums(shape, range, noDataValue);
    this.gmsd = rgb && new GmsdSums(shape, range, rgb, noDataValue);
  }

  /** Whole rows that follow those before. Throws `bad-argument` where the shapes differ. */
  add(original: SampleArray, reconstruction: SampleArray): void {
    for (const sums of [this.distortion, this.ssim, this.gmsd]) {
      sums?.add(original, reconstruction);
    }
  }

  result(): Figures {
    const { distortion, ssim, gmsd } = this;
    return { ...distortion.result(), ssim: ssim.result().mean, gmsd: gmsd?.result() };
  }
}

/**
 * Compares two BIP arrays of this shape, for PSNR, SSIM and GMSD normalised by `range`. Throws
 * `bad-argument` where the arrays do not have this shape or a band of `rgb` does not exist.
 */
export function figures(
  original: SampleArray,
  reconstruction: SampleArray,
  shape: ImageShape,
  range: ValueRange,
  options: FigureOptions = {},
): Figures {
  requireShape(original, reconstruction, shape);
  const sums = new FigureSums(shape, range, options);
  sums.add(original, reconstruction);
  return sums.result();
}

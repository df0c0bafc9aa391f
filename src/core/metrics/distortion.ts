import { isDataSample, type ValueRange } from '../cube/normalize';
import type { SampleArray } from '../cube/types';
import { clip01, requireSameSize } from './images';
import { degrees, spectralAngle } from './spectral';

/** How far a reconstruction is from its original, over all bands and all samples with data. */
export interface Distortion {
  /**
   * Peak signal-to-noise ratio in dB with peak 1, after both cubes are normalised by `range`
   * and clipped to 0..1; Infinity where nothing differs.
   */
  readonly psnr: number;
  /** Mean spectral angle over pixels, in degrees, in the cube's own units. */
  readonly samDegrees: number;
  /** Largest spectral angle of a pixel, in degrees. */
  readonly samMaxDegrees: number;
  /** Root mean square error in the cube's own units, before clipping. */
  readonly rmse: number;
  /** Largest absolute error in the cube's own units, before clipping. */
  readonly maxError: number;
  /** Share of original samples outside `range`, which normalisation clips. */
  readonly clippedShare: number;
  /** Samples compared. */
  readonly samples: number;
}

/** {@link distortion} of an image that comes in strips, each with the same strip of the other. */
export class DistortionSums {
  private normalizedError = 0;
  private squaredError = 0;
  private maxError = 0;
  private clipped = 0;
  private samples = 0;
  private angles = 0;
  private largestAngle = 0;
  private pixels = 0;

  constructor(
    private readonly bands: number,
    private readonly range: ValueRange,
    private readonly noDataValue?: number,
  ) {}

  /** Pixels that follow those before. Throws `bad-argument` where the shapes differ. */
  add(original: SampleArray, reconstruction: SampleArray): void {
    const { bands, range, noDataValue } = this;
    requireSameSize(original, reconstruction, bands);
    const scale = 1 / (range.high - range.low);
    let { normalizedError, squaredError, maxError, clipped, samples } = this;
    for (let at = 0; at < original.length; at += bands) {
      let dot = 0;
      let normX = 0;
      let normY = 0;
      for (let band = at; band < at + bands; band++) {
        const x = original[band];
        if (!isDataSample(x, noDataValue)) continue;
        const y = reconstruction[band];
        const error = y - x;
        const u = (x - range.low) * scale;
        normalizedError += (clip01((y - range.low) * scale) - clip01(u)) ** 2;
        squaredError += error * error;
        maxError = Math.max(maxError, Math.abs(error));
        if (u < 0 || u > 1) clipped++;
        samples++;
        dot += x * y;
        normX += x * x;
        normY += y * y;
      }
      if (normX > 0 && normY > 0) this.addAngle(spectralAngle(dot, normX, normY));
    }
    Object.assign(this, { normalizedError, squaredError, maxError, clipped, samples });
  }

  result(): Distortion {
    const { samples, pixels } = this;
    return {
      psnr: -10 * Math.log10(this.normalizedError / samples),
      samDegrees: pixels > 0 ? degrees(this.angles / pixels) : 0,
      samMaxDegrees: degrees(this.largestAngle),
      rmse: Math.sqrt(this.squaredError / samples),
      maxError: this.maxError,
      clippedShare: this.clipped / samples,
      samples,
    };
  }

  private addAngle(angle: number): void {
    this.angles += angle;
    this.largestAngle = Math.max(this.largestAngle, angle);
    this.pixels++;
  }
}

/**
 * Compares two BIP arrays of the same shape. Samples of the original without data are left out,
 * from the spectral angle too; a pixel with a zero spectrum has no angle and is left out of its
 * mean. Throws `bad-argument` where the shapes differ.
 */
export function distortion(
  original: SampleArray,
  reconstruction: SampleArray,
  bands: number,
  range: ValueRange,
  noDataValue?: number,
): Distortion {
  const sums = new DistortionSums(bands, range, noDataValue);
  sums.add(original, reconstruction);
  return sums.result();
}

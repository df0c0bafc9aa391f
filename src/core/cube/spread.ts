import { isDataSample } from './normalize';
import type { SampleArray } from './types';

/**
 * Mean and spread of spectra, band by band. Sums are taken of the distance from the first sample
 * that a band has, so that no digits are lost where the spread is small beside the mean.
 */
export class SpectralSpread {
  private readonly count: Uint32Array;
  private readonly origin: Float64Array;
  private readonly sum: Float64Array;
  private readonly squares: Float64Array;

  constructor(
    private readonly bands: number,
    private readonly noDataValue?: number,
  ) {
    this.count = new Uint32Array(bands);
    this.origin = new Float64Array(bands);
    this.sum = new Float64Array(bands);
    this.squares = new Float64Array(bands);
  }

  /** Takes in the spectra of a BIP array; samples without data are left out. */
  add(samples: SampleArray): void {
    const { bands, count, origin, sum, squares } = this;
    for (let from = 0; from < samples.length; from += bands) {
      for (let band = 0; band < bands; band++) {
        const value = samples[from + band];
        if (!isDataSample(value, this.noDataValue)) continue;
        if (count[band] === 0) origin[band] = value;
        const distance = value - origin[band];
        count[band]++;
        sum[band] += distance;
        squares[band] += distance * distance;
      }
    }
  }

  /** `[band]`; NaN in bands without data. */
  mean(): Float64Array<ArrayBuffer> {
    return Float64Array.from(this.sum, (sum, band) => this.origin[band] + sum / this.count[band]);
  }

  /** `[band]` sample standard deviation (over N − 1); NaN below two samples. */
  deviation(): Float64Array<ArrayBuffer> {
    return Float64Array.from(this.squares, (squares, band) => {
      const count = this.count[band];
      if (count < 2) return Number.NaN;
      return Math.sqrt(Math.max(0, squares - this.sum[band] ** 2 / count) / (count - 1));
    });
  }
}

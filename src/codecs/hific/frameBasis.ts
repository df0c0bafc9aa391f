import type { FrameAxes } from '../../nn/modelFile';
import { type ArchitectureSpec, deviations } from '../../nn/spec';

/** The fixed axes E of a model, [K, bands], for samples 0..1 in place of standardised x. */
export class FrameBasis {
  readonly components: number;
  readonly bands: number;
  /** E over the bands' std, [K, bands]: coordinates of samples. */
  readonly analysis: Float64Array;
  /** E times the bands' std, [K, bands]: samples of coordinates. */
  readonly synthesis: Float64Array;
  /** Coordinates of a spectrum of zeros, [K]. */
  readonly origin: Float64Array;

  constructor({ basis, mean }: FrameAxes, { input }: Pick<ArchitectureSpec, 'input'>) {
    this.bands = mean.length;
    this.components = basis.length / this.bands;
    const std = deviations({ bands: this.bands, input });
    this.analysis = Float64Array.from(basis, (e, i) => e / std[i % this.bands]);
    this.synthesis = Float64Array.from(basis, (e, i) => e * std[i % this.bands]);
    const black = Float64Array.from(mean, (m, band) => -input.mean - m * std[band]);
    this.origin = Float64Array.from({ length: this.components }, (_, k) => this.along(k, black, 0));
  }

  /** c = E (x − m0) of the spectrum at `from`; fills `c` [K]. */
  coordinates(samples: Float32Array, from: number, c: Float64Array): void {
    for (let k = 0; k < this.components; k++) {
      c[k] = this.origin[k] + this.along(k, samples, from);
    }
  }

  /** Row k of the analysis times the spectrum: four sums side by side, since one would wait for each addition. */
  private along(k: number, samples: Float32Array | Float64Array, from: number): number {
    const { analysis, bands } = this;
    const row = k * bands;
    const even = bands - (bands % 4);
    let [s0, s1, s2, s3] = [0, 0, 0, 0];
    for (let b = 0; b < even; b += 4) {
      s0 += analysis[row + b] * samples[from + b];
      s1 += analysis[row + b + 1] * samples[from + b + 1];
      s2 += analysis[row + b + 2] * samples[from + b + 2];
      s3 += analysis[row + b + 3] * samples[from + b + 3];
    }
    for (let b = even; b < bands; b++) s0 += analysis[row + b] * samples[from + b];
    return s0 + s1 + (s2 + s3);
  }
}

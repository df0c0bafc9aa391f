import type { FrameAxes } from '../../nn/modelFile';
import type { ArchitectureSpec } from '../../nn/spec';

/** The fixed axes E of a model, [K, bands], applied to samples 0..1 in place of standardised x. */
export class FrameBasis {
  readonly components: number;
  readonly bands: number;
  /** E, [K, bands]. */
  readonly basis: Float32Array;
  /** Coordinates of a spectrum of zeros, [K]. */
  readonly origin: Float64Array;
  /** Of the standardised input. */
  readonly std: number;

  constructor({ basis, mean }: FrameAxes, input: ArchitectureSpec['input']) {
    this.basis = basis;
    this.std = input.std;
    this.bands = mean.length;
    this.components = basis.length / this.bands;
    const zeros = Float64Array.from(mean, (m) => -input.mean / input.std - m);
    this.origin = Float64Array.from({ length: this.components }, (_, k) => this.along(k, zeros, 0));
  }

  /** c = E (x − m0) of the spectrum at `from`; fills `c` [K]. */
  coordinates(samples: Float32Array, from: number, c: Float64Array): void {
    for (let k = 0; k < this.components; k++) {
      c[k] = this.origin[k] + this.along(k, samples, from) / this.std;
    }
  }

  /** Row k times the spectrum: four sums side by side, since one would wait for each addition. */
  private along(k: number, samples: Float32Array | Float64Array, from: number): number {
    const { basis, bands } = this;
    const row = k * bands;
    const even = bands - (bands % 4);
    let [s0, s1, s2, s3] = [0, 0, 0, 0];
    for (let b = 0; b < even; b += 4) {
      s0 += basis[row + b] * samples[from + b];
      s1 += basis[row + b + 1] * samples[from + b + 1];
      s2 += basis[row + b + 2] * samples[from + b + 2];
      s3 += basis[row + b + 3] * samples[from + b + 3];
    }
    for (let b = even; b < bands; b++) s0 += basis[row + b] * samples[from + b];
    return s0 + s1 + (s2 + s3);
  }
}

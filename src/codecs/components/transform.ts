import { dot, type Rows } from '../../core/linear/matrix';

/** A spectral transform: x ≈ mean + Σ c[k] · vectors[k]. */
export interface SpectralBasis {
  /** [bands] */
  readonly mean: Float64Array;
  /** Orthonormal, [components, bands]. */
  readonly vectors: Rows;
}

/** Coefficient planes [components, pixels] of a BIP array [pixels, bands]. */
export function analyse(
  samples: Float32Array,
  { mean, vectors }: SpectralBasis,
): Float32Array<ArrayBuffer>[] {
  const bands = mean.length;
  const pixels = samples.length / bands;
  const planes = vectors.map(() => new Float32Array(pixels));
  const spectrum = new Float64Array(bands);
  for (let p = 0; p < pixels; p++) {
    for (let b = 0; b < bands; b++) spectrum[b] = samples[p * bands + b] - mean[b];
    for (const [k, vector] of vectors.entries()) planes[k][p] = dot(vector, spectrum);
  }
  return planes;
}

/** The BIP array [pixels, bands] of coefficient planes; `vectors` beyond them are not used. */
export function synthesise(
  planes: readonly Float32Array[],
  { mean, vectors }: SpectralBasis,
  pixels: number,
): Float32Array<ArrayBuffer> {
  const bands = mean.length;
  const samples = new Float32Array(pixels * bands);
  const spectrum = new Float64Array(bands);
  for (let p = 0; p < pixels; p++) {
    spectrum.set(mean);
    for (const [k, plane] of planes.entries()) {
      const vector = vectors[k];
      for (let b = 0; b < bands; b++) spectrum[b] += plane[p] * vector[b];
    }
    samples.set(spectrum, p * bands);
  }
  return samples;
}

/** Σ |x − mean|² over all samples. */
export function energy(samples: Float32Array, mean: Float64Array): number {
  const bands = mean.length;
  let sum = 0;
  for (let i = 0; i < samples.length; i++) sum += (samples[i] - mean[i % bands]) ** 2;
  return sum;
}

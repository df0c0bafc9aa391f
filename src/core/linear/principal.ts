import { addScaled, dot, type Eigen, orthonormalise, type Rows, symmetricEigen } from './matrix';

/** Mean and covariance of spectra. */
export interface SpectralStatistics {
  /** [bands] */
  readonly mean: Float64Array;
  /** [bands, bands], symmetric. */
  readonly covariance: Rows;
}

/** Pixels that the covariance is taken of at most, evenly spread: more change it no longer. */
const MAX_PIXELS = 40_000;

/** Mean spectrum of a BIP array without gaps, of the pixels that {@link spectralStatistics} takes. */
export function spectralMean(samples: Float32Array, bands: number): Float64Array {
  const pixels = samples.length / bands;
  const step = Math.max(1, Math.floor(pixels / MAX_PIXELS));
  const used = Math.ceil(pixels / step);
  const mean = new Float64Array(bands);
  for (let pixel = 0; pixel < pixels; pixel += step) {
    for (let b = 0; b < bands; b++) mean[b] += samples[pixel * bands + b] / used;
  }
  return mean;
}

/** Statistics of a BIP array without gaps. */
export function spectralStatistics(samples: Float32Array, bands: number): SpectralStatistics {
  const pixels = samples.length / bands;
  const step = Math.max(1, Math.floor(pixels / MAX_PIXELS));
  const used = Math.ceil(pixels / step);
  const mean = spectralMean(samples, bands);
  const covariance = Array.from({ length: bands }, () => new Float64Array(bands));
  const spectrum = new Float64Array(bands);
  for (let pixel = 0; pixel < pixels; pixel += step) {
    for (let b = 0; b < bands; b++) spectrum[b] = samples[pixel * bands + b] - mean[b];
    for (let b = 0; b < bands; b++) {
      const row = covariance[b];
      const factor = spectrum[b] / used;
      for (let k = 0; k <= b; k++) row[k] += factor * spectrum[k];
    }
  }
  for (let b = 0; b < bands; b++) for (let k = 0; k < b; k++) covariance[k][b] = covariance[b][k];
  return { mean, covariance };
}

const EXTRA = 8;
const ROUNDS = 30;

/**
 * The `count` leading eigenvectors of a covariance by orthogonal iteration with a Rayleigh–Ritz
 * step at the end. Directions of nearly equal variance may come out mixed, which costs a codec
 * nothing; the rows are orthonormal to rounding.
 */
export function leadingEigenvectors(covariance: Rows, count: number): Eigen {
  const n = covariance.length;
  const size = Math.min(n, count + EXTRA);
  let block: Rows = startVectors(n, size);
  for (let round = 0; round < ROUNDS; round++) {
    block = block.map((row) => times(covariance, row));
    orthonormalise(block);
  }
  const images = block.map((row) => times(covariance, row));
  const inner = block.map((row) => Float64Array.from(images, (image) => dot(row, image)));
  const { values, vectors } = symmetricEigen(inner);
  const kept = Math.min(count, n);
  const rows = vectors.slice(0, kept).map((weights) => combine(weights, block));
  return { values: values.slice(0, kept), vectors: rows };
}

/** Cosines of rising frequency: smooth like the spectra, and never orthogonal to them. */
function startVectors(n: number, count: number): Rows {
  const rows = Array.from({ length: count }, (_, k) =>
    Float64Array.from({ length: n }, (_, b) => Math.cos((Math.PI * (b + 0.5) * k) / n)),
  );
  orthonormalise(rows);
  return rows;
}

function times(matrix: Rows, vector: Float64Array): Float64Array {
  return Float64Array.from(matrix, (row) => dot(row, vector));
}

/** Σ weights[i] · rows[i]. */
export function combine(weights: Float64Array, rows: Rows): Float64Array {
  const sum = new Float64Array(rows[0].length);
  for (const [i, row] of rows.entries()) addScaled(sum, weights[i], row);
  return sum;
}

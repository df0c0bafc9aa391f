import { HscError } from '../errors';
import { dot } from '../linear/matrix';
import { leadingEigenvectors, spectralStatistics } from '../linear/principal';
import { isDataSample } from './normalize';
import type { SampleArray } from './types';

/** Components that make a picture. */
const COUNT = 3;
const MOST_PIXELS = 20_000;
/** Multiplications that the covariance may cost: about half a second. */
const WORK = 5e8;

/** Directions of spectra, strongest first; `vectors[i][b]` weighs band b. */
export interface ComponentAxes {
  readonly mean: Float64Array;
  readonly vectors: readonly Float64Array[];
}

/**
 * The three leading principal components of planes, one a band, from pixels evenly spread that
 * carry data in every band. The largest weight of a component is positive, so that a scene looks
 * the same whenever it is opened. Throws `bad-argument` below three bands, `bad-file` where too
 * few pixels carry data.
 */
export function principalAxes(planes: readonly SampleArray[], noDataValue?: number): ComponentAxes {
  if (planes.length < COUNT) {
    throw new HscError(
      'bad-argument',
      'Principal components make a picture of three bands or more.',
    );
  }
  const spectra = evenSample(planes, noDataValue);
  if (spectra.length < COUNT * planes.length) {
    throw new HscError('bad-file', 'Too few pixels carry data in every band to find components.');
  }
  const { mean, covariance } = spectralStatistics(spectra, planes.length);
  return { mean, vectors: leadingEigenvectors(covariance, COUNT).vectors.map(oriented) };
}

function oriented(vector: Float64Array): Float64Array {
  const largest = vector.reduce(
    (best, weight) => (Math.abs(weight) > Math.abs(best) ? weight : best),
    0,
  );
  return largest < 0 ? vector.map((weight) => -weight) : vector;
}

/** BIP spectra of pixels with data in all planes. */
function evenSample(planes: readonly SampleArray[], noDataValue?: number): Float32Array {
  const pixels = planes[0].length;
  const wanted = Math.min(
    MOST_PIXELS,
    Math.max(5 * planes.length, (2 * WORK) / planes.length ** 2),
  );
  const step = Math.max(1, Math.floor(pixels / wanted));
  const spectra = new Float32Array(Math.ceil(pixels / step) * planes.length);
  let filled = 0;
  for (let pixel = 0; pixel < pixels; pixel += step) {
    if (!planes.every((plane) => isDataSample(plane[pixel], noDataValue))) continue;
    for (const plane of planes) spectra[filled++] = plane[pixel];
  }
  return spectra.subarray(0, filled);
}

/**
 * Components of BIP spectra into `targets` (one a component) from `at` on, every `stride`-th pixel;
 * NaN where a band carries no data.
 */
export function projectSpectra(
  samples: SampleArray,
  { mean, vectors }: ComponentAxes,
  stride: number,
  targets: readonly Float32Array[],
  at: number,
  noDataValue?: number,
): void {
  const bands = mean.length;
  const spectrum = new Float64Array(bands);
  const step = bands * stride;
  for (let from = 0, to = at; from < samples.length; from += step, to++) {
    let hasData = true;
    for (let band = 0; band < bands; band++) {
      const value = samples[from + band];
      if (!isDataSample(value, noDataValue)) hasData = false;
      spectrum[band] = value - mean[band];
    }
    for (const [i, vector] of vectors.entries())
      targets[i][to] = hasData ? dot(spectrum, vector) : Number.NaN;
  }
}

const CHUNK = 4096;

/** Components of planes, one a band; NaN where a band carries no data. */
export function projectPlanes(
  planes: readonly SampleArray[],
  { mean, vectors }: ComponentAxes,
  noDataValue?: number,
): readonly Float32Array[] {
  const pixels = planes[0].length;
  const targets = vectors.map(() => new Float32Array(pixels));
  const sums = new Float64Array(CHUNK);
  for (let start = 0; start < pixels; start += CHUNK) {
    const size = Math.min(CHUNK, pixels - start);
    for (const [i, vector] of vectors.entries()) {
      sums.fill(0);
      for (const [band, plane] of planes.entries()) {
        for (let k = 0; k < size; k++) {
          const value = plane[start + k];
          sums[k] += isDataSample(value, noDataValue)
            ? (value - mean[band]) * vector[band]
            : Number.NaN;
        }
      }
      targets[i].set(sums.subarray(0, size), start);
    }
  }
  return targets;
}

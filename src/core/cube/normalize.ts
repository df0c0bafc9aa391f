import { HscError } from '../errors';
import { selectRank } from './select';
import type { HyperspectralCube, SampleArray } from './types';

/** The values that become 0 and 1: the cube's 0.02 and 99.9 percentiles over all bands. */
export interface ValueRange {
  readonly low: number;
  readonly high: number;
}

export const LOW_PERCENTILE = 0.02;
export const HIGH_PERCENTILE = 99.9;

/** True where a sample carries data: finite and not the no-data value. */
export function isDataSample(value: number, noDataValue: number | undefined): boolean {
  return Number.isFinite(value) && value !== noDataValue;
}

export function noValidSamples(): HscError {
  return new HscError(
    'bad-file',
    'The image holds no valid samples: all are no-data or not finite.',
  );
}

/**
 * Linearly interpolated percentiles (NumPy's default) of the samples that carry data.
 * Throws `bad-file` where no sample does.
 */
export function percentiles(
  samples: SampleArray,
  percents: readonly number[],
  noDataValue?: number,
): number[] {
  const valid = new Float64Array(samples.length);
  let count = 0;
  for (let i = 0; i < samples.length; i++) {
    if (isDataSample(samples[i], noDataValue)) valid[count++] = samples[i];
  }
  if (count === 0) throw noValidSamples();
  const data = valid.subarray(0, count);
  return percents.map((percent) => {
    const rank = ((count - 1) * percent) / 100;
    const below = Math.floor(rank);
    const low = selectRank(data, below);
    if (rank === below) return low;
    return low + (selectRank(data, below + 1) - low) * (rank - below);
  });
}

/** The cube's value range, rounded to float32 as files store it; never empty. */
export function valueRange(cube: Pick<HyperspectralCube, 'data' | 'noDataValue'>): ValueRange {
  const percents = [LOW_PERCENTILE, HIGH_PERCENTILE];
  const [low, high] = percentiles(cube.data, percents, cube.noDataValue);
  return rangeBetween(low, high);
}

/** A value range between two percentiles, as {@link valueRange} gives it. */
export function rangeBetween(lowest: number, highest: number): ValueRange {
  const [low, high] = [Math.fround(lowest), Math.fround(highest)];
  return high > low ? { low, high } : { low, high: Math.fround(low + Math.max(1, Math.abs(low))) };
}

/** Samples to 0..1, clipped. Samples without data become NaN. */
export function normalize(
  samples: SampleArray,
  range: ValueRange,
  noDataValue?: number,
): Float32Array<ArrayBuffer> {
  const scale = 1 / (range.high - range.low);
  const normalized = new Float32Array(samples.length);
  for (let i = 0; i < samples.length; i++) {
    normalized[i] = isDataSample(samples[i], noDataValue)
      ? Math.min(1, Math.max(0, (samples[i] - range.low) * scale))
      : Number.NaN;
  }
  return normalized;
}

/** 0..1 back to the cube's own units. */
export function denormalize(samples: Float32Array, range: ValueRange): Float32Array<ArrayBuffer> {
  const span = range.high - range.low;
  return samples.map((value) => range.low + value * span) as Float32Array<ArrayBuffer>;
}

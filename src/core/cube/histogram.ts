import { isDataSample } from './normalize';
import { selectRank } from './select';
import type { SampleArray } from './types';

const BINS = 4096;

/**
 * Linearly interpolated percentiles of the samples that carry data, the same numbers as
 * `percentiles` gives: a histogram tells which bin holds a rank, and only that bin is selected
 * from. Two passes in order of memory instead of a selection that wanders. Nothing where no
 * sample carries data.
 */
export function histogramPercentiles(
  samples: SampleArray,
  percents: readonly number[],
  noDataValue?: number,
): number[] | undefined {
  const { low, high, count } = extent(samples, noDataValue);
  if (count === 0) return undefined;
  if (low === high) return percents.map(() => low);
  // In doubles, the distance of two finite samples may overflow.
  const span = Math.min(high - low, Number.MAX_VALUE);
  const bins = new Uint32Array(BINS);
  for (let i = 0; i < samples.length; i++) {
    if (isDataSample(samples[i], noDataValue)) bins[binOf(samples[i], low, span)]++;
  }
  const valueAt = (rank: number) => {
    let bin = 0;
    let before = 0;
    while (before + bins[bin] <= rank) before += bins[bin++];
    const members = new Float64Array(bins[bin]);
    let filled = 0;
    for (let i = 0; i < samples.length; i++) {
      const value = samples[i];
      if (isDataSample(value, noDataValue) && binOf(value, low, span) === bin)
        members[filled++] = value;
    }
    return { members, rank: rank - before };
  };
  return percents.map((percent) => {
    const rank = ((count - 1) * percent) / 100;
    const below = Math.floor(rank);
    const found = valueAt(below);
    const lower = selectRank(found.members, found.rank);
    if (rank === below) return lower;
    const next =
      found.rank + 1 < found.members.length
        ? { ...found, rank: found.rank + 1 }
        : valueAt(below + 1);
    return lower + (selectRank(next.members, next.rank) - lower) * (rank - below);
  });
}

/** Steps of {@link quantileTable}: tenths of a percent. */
export const QUANTILE_STEPS = 1000;
/** Samples that a table is made of, spread over all. */
const TABLE_SAMPLES = 2 ** 16;

/**
 * Values at {@link QUANTILE_STEPS} + 1 even percentiles, the least and the largest exactly; of more
 * than 65,536 samples those between come from an even selection. Nothing where no sample carries data.
 */
export function quantileTable(
  samples: SampleArray,
  noDataValue?: number,
): Float64Array<ArrayBuffer> | undefined {
  const { low, high, count } = extent(samples, noDataValue);
  if (count === 0) return undefined;
  const every = Math.ceil(count / TABLE_SAMPLES);
  const taken = new Float64Array(Math.ceil(count / every));
  for (let i = 0, seen = 0; i < samples.length; i++) {
    if (!isDataSample(samples[i], noDataValue)) continue;
    if (seen % every === 0) taken[seen / every] = samples[i];
    seen++;
  }
  taken.sort();
  const table = Float64Array.from({ length: QUANTILE_STEPS + 1 }, (_, step) => {
    const rank = ((taken.length - 1) * step) / QUANTILE_STEPS;
    const below = taken[Math.floor(rank)];
    return below + (taken[Math.ceil(rank)] - below) * (rank % 1);
  });
  table[0] = low;
  table[QUANTILE_STEPS] = high;
  return table;
}

/** Data samples in `bins` even bins from `low` to `high`; those beyond count in the outermost. */
export function binCounts(
  samples: SampleArray,
  [low, high]: readonly [number, number],
  bins: number,
  noDataValue?: number,
): Uint32Array<ArrayBuffer> {
  const counts = new Uint32Array(bins);
  const scale = bins / (high - low);
  for (let i = 0; i < samples.length; i++) {
    if (!isDataSample(samples[i], noDataValue)) continue;
    const bin = Math.floor((samples[i] - low) * scale);
    counts[Math.min(bins - 1, Math.max(0, bin))]++;
  }
  return counts;
}

const binOf = (value: number, low: number, span: number) =>
  Math.min(BINS - 1, Math.floor(((value - low) / span) * BINS));

function extent(samples: SampleArray, noDataValue: number | undefined) {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  let count = 0;
  for (let i = 0; i < samples.length; i++) {
    const value = samples[i];
    if (!isDataSample(value, noDataValue)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
    count++;
  }
  return { low, high, count };
}

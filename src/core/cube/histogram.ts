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

import type { ChannelHistogram } from '../../engine/api';
import type { Percentiles } from '../../state/view';

type Spread = Pick<ChannelHistogram, 'low' | 'high' | 'quantiles'>;

/** Percentiles are set in tenths. */
const PER_PERCENT = 10;
/** The limits of a stretch stay this far apart, in percent. */
export const LEAST_GAP = 0.5;

/** The sample value at a percentile. */
export function valueAt({ quantiles }: Pick<Spread, 'quantiles'>, percent: number): number {
  const at = ((quantiles.length - 1) * percent) / 100;
  const below = quantiles[Math.floor(at)];
  return below + (quantiles[Math.ceil(at)] - below) * (at % 1);
}

/** Where a channel's value at a percentile lies on its axis, 0..1. */
export function placeIn(channel: Spread, percent: number): number {
  const { low, high } = channel;
  return Math.min(1, Math.max(0, (valueAt(channel, percent) - low) / (high - low)));
}

/** Where all channels together have a percentile: the mean of their places, each on its own axis. */
export function placeOf(channels: readonly Spread[], percent: number): number {
  return channels.reduce((sum, one) => sum + placeIn(one, percent), 0) / channels.length;
}

/** The percentile, in tenths, whose place is nearest to one on the axis; its ends are 0 and 100. */
export function percentAt(channels: readonly Spread[], place: number): number {
  if (place <= 0) return 0;
  if (place >= 1) return 100;
  let [below, above] = [0, 100 * PER_PERCENT];
  while (above - below > 1) {
    const middle = (below + above) >> 1;
    if (placeOf(channels, middle / PER_PERCENT) < place) below = middle;
    else above = middle;
  }
  const distance = (step: number) => Math.abs(placeOf(channels, step / PER_PERCENT) - place);
  return (distance(below) < distance(above) ? below : above) / PER_PERCENT;
}

/** A stretch with one of its limits moved, which stops short of the other. */
export function withLimit(value: Percentiles, index: 0 | 1, percent: number): Percentiles {
  const [low, high] = value;
  return index === 0
    ? [Math.max(0, Math.min(percent, high - LEAST_GAP)), high]
    : [low, Math.min(100, Math.max(percent, low + LEAST_GAP))];
}

/** The area under square roots of the counts, which keep small peaks in sight: 1 wide and 1 high. */
export function outlineOf(counts: ArrayLike<number>): string {
  const roots = Array.from(counts, Math.sqrt);
  const most = Math.max(...roots);
  if (most === 0) return '';
  const points = roots.map((root, bin) => {
    const y = (1 - root / most).toFixed(3);
    return `L${(bin / roots.length).toFixed(4)} ${y}H${((bin + 1) / roots.length).toFixed(4)}`;
  });
  return `M0 1${points.join('')}V1Z`;
}

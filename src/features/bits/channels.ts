import type { LatentBits } from '../../engine/bits';
import type { ChannelSort } from '../../state/bits';

/** Channels in the order of a chart. Those without a component come last where that counts. */
export function channelOrder(
  { channels, channelBits, origins }: LatentBits,
  sort: ChannelSort,
): readonly number[] {
  const dearest = (a: number, b: number) => channelBits[b] - channelBits[a] || a - b;
  const component = (c: number) => origins[c]?.component ?? Number.MAX_SAFE_INTEGER;
  const frequency = (c: number) => {
    const [down, across] = origins[c]?.frequency ?? [Number.MAX_SAFE_INTEGER, 0];
    return down + across;
  };
  const order = Array.from({ length: channels }, (_, c) => c);
  if (sort === 'bits') return order.sort(dearest);
  if (sort === 'component') {
    return order.sort((a, b) => component(a) - component(b) || dearest(a, b));
  }
  if (sort === 'frequency') {
    return order.sort(
      (a, b) => frequency(a) - frequency(b) || component(a) - component(b) || a - b,
    );
  }
  return order;
}

/** Share of the sum that the first values have, one for each; zeros where there is nothing. */
export function cumulativeShares(values: readonly number[]): readonly number[] {
  const total = values.reduce((sum, value) => sum + value, 0);
  let sum = 0;
  return values.map((value) => {
    sum += value;
    return total > 0 ? sum / total : 0;
  });
}

/** How many of the first values have at least that share. */
export function countFor(shares: readonly number[], share: number): number {
  // Sums of floats may miss 1 by a little.
  const at = shares.findIndex((own) => own >= share - 1e-9);
  return at < 0 ? shares.length : at + 1;
}

/** `component 1, frequency 0 down 3 across`; what a channel without a bypass is. */
export function originText({ origins }: LatentBits, channel: number): string {
  const origin = origins[channel];
  if (!origin) return 'no spectral component of its own';
  const [down, across] = origin.frequency;
  return `component ${origin.component}, frequency ${down} down ${across} across`;
}

/** Spectral components that have channels, ascending. */
export function componentsOf({ origins }: LatentBits): readonly number[] {
  return [...new Set(origins.map(({ component }) => component))].sort((a, b) => a - b);
}

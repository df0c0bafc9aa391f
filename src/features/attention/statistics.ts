import type { BlockGates } from '../../state/attention';

/** Values of one block's channels: gates, or what is computed of them. */
export interface BlockValues {
  readonly block: string;
  readonly part: BlockGates['part'];
  readonly values: Float32Array;
}

export interface Summary {
  readonly mean: number;
  readonly min: number;
  readonly max: number;
  /** Share of values below the threshold: how sparse the block is. */
  readonly below: number;
  /**
   * Entropy of the gates as shares of their sum, over that of equal gates: 1 where no channel is
   * preferred.
   */
  readonly evenness: number;
}

export function summaryOf(values: Float32Array, threshold: number): Summary {
  const sum = values.reduce((total, value) => total + value, 0);
  let entropy = 0;
  for (const value of values) {
    const share = value / sum;
    if (share > 0) entropy -= share * Math.log(share);
  }
  return {
    mean: sum / values.length,
    min: Math.min(...values),
    max: Math.max(...values),
    below: values.filter((value) => value < threshold).length / values.length,
    evenness: values.length > 1 ? entropy / Math.log(values.length) : 1,
  };
}

export function valuesOf(blocks: readonly BlockGates[]): BlockValues[] {
  return blocks.map(({ block, part, gates }) => ({ block, part, values: gates }));
}

/** True where both have the same blocks with the same channels, so that gates can be compared. */
export function alike(a: readonly BlockGates[], b: readonly BlockGates[]): boolean {
  return (
    a.length === b.length &&
    a.every(({ block, gates }, i) => block === b[i].block && gates.length === b[i].gates.length)
  );
}

/** a − b, channel by channel. */
export function difference(a: readonly BlockGates[], b: readonly BlockGates[]): BlockValues[] {
  return a.map(({ block, part, gates }, i) => ({
    block,
    part,
    values: gates.map((gate, channel) => gate - b[i].gates[channel]),
  }));
}

/** Mean and standard deviation of each channel's gate over patches. */
export function population(patches: readonly (readonly BlockGates[])[]): {
  readonly mean: BlockValues[];
  readonly spread: BlockValues[];
} {
  const [first] = patches;
  if (!first) return { mean: [], spread: [] };
  const over = (block: number, channel: number) =>
    patches.map((blocks) => blocks[block].gates[channel]);
  const each = (figure: (gates: readonly number[]) => number) =>
    first.map(({ block, part, gates }, b) => ({
      block,
      part,
      values: gates.map((_, channel) => figure(over(b, channel))),
    }));
  return { mean: each(meanOf), spread: each(deviationOf) };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function deviationOf(values: readonly number[]): number {
  const mean = meanOf(values);
  return Math.sqrt(meanOf(values.map((value) => (value - mean) ** 2)));
}

/** The channels with the largest magnitudes. */
export function largest(
  blocks: readonly BlockValues[],
  count: number,
): { readonly block: string; readonly channel: number; readonly value: number }[] {
  return blocks
    .flatMap(({ block, values }) =>
      Array.from(values, (value, channel) => ({ block, channel, value })),
    )
    .sort((a, b) => Math.abs(b.value) - Math.abs(a.value))
    .slice(0, count);
}

/** Channels in the order in which they are drawn: as they are, or from the largest value down. */
export function channelOrder(values: Float32Array, sort: 'index' | 'value'): number[] {
  const order = [...values.keys()];
  return sort === 'index' ? order : order.sort((a, b) => values[b] - values[a] || a - b);
}

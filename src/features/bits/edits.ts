import type { LatentBits, LatentPosition } from '../../engine/bits';
import type { ChannelSort, NamedEdit } from '../../state/bits';
import { fixed } from '../../ui/format';

/** Edits as the list names them. */

const SORT_WORDS: Readonly<Record<ChannelSort, string>> = {
  index: 'by number',
  bits: 'by bits',
  component: 'by component',
  frequency: 'by frequency',
};

const factorText = (factor: number) => (factor === 0 ? 'zero' : `× ${fixed(factor, 2)}`);

export const channelKey = (channel: number) => `channel ${channel}`;
export const KEEP_KEY = 'keep';

/** What a list of edits makes of the latents of a key. */
export function factorOf(edits: readonly NamedEdit[], key: string): number {
  return edits.find((edit) => edit.key === key)?.edit.factor ?? 1;
}

export function scaleChannel(channel: number, factor: number): NamedEdit {
  return {
    key: channelKey(channel),
    label: `Channel ${channel}: ${factorText(factor)}`,
    edit: { factor, channels: [channel] },
  };
}

export function zeroComponent({ origins }: LatentBits, component: number): NamedEdit {
  const channels = origins.flatMap((origin, c) => (origin.component === component ? [c] : []));
  return {
    key: `component ${component}`,
    label: `Component ${component}, ${channels.length} channels: zero`,
    edit: { factor: 0, channels },
  };
}

/** Zeroes all channels beyond the first of an order. */
export function keepFirst(order: readonly number[], count: number, sort: ChannelSort): NamedEdit {
  return {
    key: KEEP_KEY,
    label: `All but the first ${count}, ${SORT_WORDS[sort]}: zero`,
    edit: { factor: 0, channels: order.slice(count) },
  };
}

export function blockKey({ x, y }: LatentPosition, channel?: number): string {
  return `block ${x} ${y} ${channel ?? 'all'}`;
}

/** Scales the latents of one block, of one channel only where that is given. */
export function scaleBlock(
  { x, y }: LatentPosition,
  channel: number | undefined,
  factor: number,
): NamedEdit {
  const place = `Block (${x}, ${y})`;
  const part = channel === undefined ? '' : `, channel ${channel}`;
  return {
    key: blockKey({ x, y }, channel),
    label: `${place}${part}: ${factorText(factor)}`,
    edit: {
      factor,
      position: { x, y },
      channels: channel === undefined ? undefined : [channel],
    },
  };
}

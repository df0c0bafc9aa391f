import type { AttentionView, GateCell } from '../../state/attention';
import type { ColourScale } from './colours';
import { type BlockValues, channelOrder } from './statistics';

/** Geometry of the heat map: one row a block, each as wide as the map, so that every cell is seen. */

export interface MapRow extends BlockValues {
  readonly top: number;
  /** Channels from left to right. */
  readonly order: readonly number[];
}

export interface MapLayout {
  readonly width: number;
  readonly height: number;
  readonly rowHeight: number;
  readonly headings: readonly { readonly title: string; readonly top: number }[];
  readonly rows: readonly MapRow[];
}

export const HEADING = 22;
const ROW_RANGE = [9, 26] as const;

export function layoutMap(
  blocks: readonly BlockValues[],
  { sort }: Pick<AttentionView, 'sort'>,
  size: { readonly width: number; readonly height: number },
): MapLayout {
  const inGenerator = ({ part }: BlockValues) => part === 'generator';
  const groups = [
    { title: 'Encoder', members: blocks.filter((block) => !inGenerator(block)) },
    { title: 'Generator', members: blocks.filter(inGenerator) },
  ].filter(({ members }) => members.length > 0);
  const free = (size.height - HEADING * groups.length) / Math.max(1, blocks.length);
  const rowHeight = Math.min(ROW_RANGE[1], Math.max(ROW_RANGE[0], Math.floor(free)));
  const headings: { title: string; top: number }[] = [];
  const rows: MapRow[] = [];
  let top = 0;
  for (const { title, members } of groups) {
    headings.push({ title, top });
    top += HEADING;
    for (const block of members) {
      rows.push({ ...block, top, order: channelOrder(block.values, sort) });
      top += rowHeight;
    }
  }
  return { width: size.width, height: top, rowHeight, headings, rows };
}

/** Left and right edge of the i-th cell of a row, in whole pixels. */
export function cellSpan({ width }: MapLayout, row: MapRow, index: number): [number, number] {
  const edge = (i: number) => Math.round((i * width) / row.order.length);
  return [edge(index), edge(index + 1)];
}

export function cellAt(layout: MapLayout, x: number, y: number): GateCell | undefined {
  const row = layout.rows.find(({ top }) => y >= top && y < top + layout.rowHeight);
  if (!row || x < 0 || x >= layout.width) return undefined;
  const index = Math.min(row.order.length - 1, Math.floor((x * row.order.length) / layout.width));
  return { block: row.block, channel: row.order[index] };
}

/** The cell that an arrow key leads to from another; the first of the map from none. */
export function neighbour(
  { rows }: MapLayout,
  from: GateCell | undefined,
  dx: number,
  dy: number,
): GateCell | undefined {
  const at = rows.findIndex(({ block }) => block === from?.block);
  if (!from || at < 0) return rows[0] && { block: rows[0].block, channel: rows[0].order[0] };
  const clamp = (value: number, high: number) => Math.min(high, Math.max(0, value));
  const row = rows[at];
  const next = rows[clamp(at + dy, rows.length - 1)];
  const index = row.order.indexOf(from.channel);
  // Rows differ in channels: up and down keep the place on the map.
  const place =
    next === row ? index + dx : Math.floor(((index + 0.5) * next.order.length) / row.order.length);
  return { block: next.block, channel: next.order[clamp(place, next.order.length - 1)] };
}

/** What the colours stand for. Without differences or spread a diverging scale has some width. */
export function colourScale(
  blocks: readonly BlockValues[],
  { shown, scale }: Pick<AttentionView, 'shown' | 'scale'>,
): ColourScale {
  const all = blocks.flatMap(({ values }) => [...values]);
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const least = 1e-6;
  if (shown === 'difference') {
    const reach = scale === 'whole' ? 1 : Math.max(least, Math.abs(low), Math.abs(high));
    return { kind: 'diverging', low: -reach, high: reach };
  }
  // Gates lie in 0..1: their standard deviation is at most one half.
  if (scale === 'whole') return { kind: 'sequential', low: 0, high: shown === 'spread' ? 0.5 : 1 };
  return { kind: 'sequential', low, high: Math.max(high, low + least) };
}

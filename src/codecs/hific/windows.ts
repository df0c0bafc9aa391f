import type { Tile } from '../../core/bitstream/tiles';
import type { GridSize } from '../../core/entropy/hyperSynthesis';
import { DOWNSAMPLING } from '../../nn/spec';

/** Half-open range of latents on one axis. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** True where a span has something of `start` up to `end`. */
export function meets({ from, to }: Span, start: number, end: number): boolean {
  return from < end && start < to;
}

/** One axis of a window: the latents it answers for and those it computes with. */
interface AxisWindow {
  readonly core: Span;
  readonly whole: Span;
}

/**
 * A part of the image that is run through a network at once, in latents: it answers for its core
 * and sees its neighbours' edge, the halo, besides.
 */
export interface LatentWindow {
  readonly x: AxisWindow;
  readonly y: AxisWindow;
}

/** What a window computes with, whatever it answers for. */
export interface WholeWindow {
  readonly x: Pick<AxisWindow, 'whole'>;
  readonly y: Pick<AxisWindow, 'whole'>;
}

/** A tile and so many latents around it, where the image has them. */
export function windowAround(tile: Tile, latents: GridSize, margin: number): WholeWindow {
  const whole = (from: number, count: number, most: number) => ({
    whole: { from: Math.max(0, from - margin), to: Math.min(most, from + count + margin) },
  });
  return {
    x: whole(tile.x, tile.width, latents.width),
    y: whole(tile.y, tile.height, latents.height),
  };
}

/** All latents of a window. */
export function tileOfWindow({ x, y }: WholeWindow): Tile {
  const { from: left, to: right } = x.whole;
  const { from: top, to: bottom } = y.whole;
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/** Size in pixels of a window's part of an image; what is left of the window is padding. */
export function visibleSize({ x, y }: WholeWindow, { width, height }: GridSize): GridSize {
  const inside = ({ whole }: Pick<AxisWindow, 'whole'>, pixels: number) =>
    Math.min(pixels, whole.to * DOWNSAMPLING) - whole.from * DOWNSAMPLING;
  return { width: inside(x, width), height: inside(y, height) };
}

/** Largest core on either axis in latents (256 pixels): bounds the memory of a forward pass. */
export const LARGEST_CORE = 16;

/** Smallest core that is asked for: the halo costs more than it otherwise. */
export const LEAST_CORE = 4;

function axis(latents: number, halo: number, largest: number): AxisWindow[] {
  const count = Math.ceil(latents / largest);
  const cut = (i: number) => Math.floor((i * latents) / count);
  return Array.from({ length: count }, (_, i) => {
    const core = { from: cut(i), to: cut(i + 1) };
    const whole = {
      from: Math.max(0, core.from - halo),
      to: Math.min(latents, core.to + halo),
    };
    return { core, whole };
  });
}

/**
 * Windows whose cores cover the image once, row by row; an image of up to 256 × 256 pixels is one window.
 * `largestRows`, `largestColumns`: largest height and width of a core in latents.
 */
export function planWindows(
  { width, height }: GridSize,
  halo: number,
  largestRows = LARGEST_CORE,
  largestColumns = LARGEST_CORE,
): LatentWindow[] {
  const columns = axis(width, halo, largestColumns);
  return axis(height, halo, largestRows).flatMap((y) => columns.map((x) => ({ x, y })));
}

/** At most `most` places of a grid, evenly spread over rows and columns alike. */
export function spread(
  { height, width }: GridSize,
  most: number,
): { readonly x: number; readonly y: number }[] {
  const side = Math.floor(Math.sqrt(most));
  const rows = Math.min(height, Math.max(side, Math.floor(most / Math.min(width, side))));
  const columns = Math.min(width, Math.floor(most / rows));
  const places = (count: number, of: number) =>
    Array.from({ length: count }, (_, i) => Math.floor(((i + 0.5) * of) / count));
  return places(rows, height).flatMap((y) => places(columns, width).map((x) => ({ x, y })));
}

import type { GridSize } from '../entropy/hyperSynthesis';

/** Pixels per latent on either axis. */
export const PIXELS_PER_LATENT = 16;

/** Latents per tile and axis that the layout aims at; tiles have 6 to 11 (fewer in small images). */
const TILE_LATENTS = 6;

/** A tile, in latents; multiply by {@link PIXELS_PER_LATENT} for pixels. */
export interface Tile extends GridSize {
  readonly x: number;
  readonly y: number;
}

export interface TileLayout {
  /** The whole image, in latents. */
  readonly latents: GridSize;
  readonly columns: number;
  readonly rows: number;
  /** Row by row, left to right: the order in files. */
  readonly tiles: readonly Tile[];
}

/**
 * The tiles of an image: L = ceil(pixels / 16) latents per axis, n = max(1, floor(L / 6)) tiles,
 * of which tile i spans floor(i L / n) … floor((i + 1) L / n).
 */
export function tileLayout(width: number, height: number): TileLayout {
  const columns = tilesAlong(width);
  const rows = tilesAlong(height);
  return {
    latents: { height: latentsAlong(height), width: latentsAlong(width) },
    columns,
    rows,
    tiles: Array.from({ length: columns * rows }, (_, index) => tileAt(width, height, index)),
  };
}

/** Number of tiles of an image. */
export function tileCount(width: number, height: number): number {
  return tilesAlong(width) * tilesAlong(height);
}

/** One tile of the layout, for an index of 0 to `tileCount` - 1. */
export function tileAt(width: number, height: number, index: number): Tile {
  const columns = tilesAlong(width);
  const row = Math.floor(index / columns);
  const x = cut(width, index % columns);
  const y = cut(height, row);
  return {
    x,
    y,
    width: cut(width, (index % columns) + 1) - x,
    height: cut(height, row + 1) - y,
  };
}

/** The number of the tile whose first pixel is (x, y). Invariant: there is one. */
export function tileNumber(
  { width, height }: { readonly width: number; readonly height: number },
  { x, y }: { readonly x: number; readonly y: number },
): number {
  const startsAt = (pixels: number, at: number) => {
    for (let i = 0; ; i++) if (cut(pixels, i) * PIXELS_PER_LATENT >= at) return i;
  };
  return startsAt(height, y) * tilesAlong(width) + startsAt(width, x);
}

function cut(pixels: number, i: number): number {
  return Math.floor((i * latentsAlong(pixels)) / tilesAlong(pixels));
}

function latentsAlong(pixels: number): number {
  return Math.ceil(pixels / PIXELS_PER_LATENT);
}

function tilesAlong(pixels: number): number {
  return Math.max(1, Math.floor(latentsAlong(pixels) / TILE_LATENTS));
}

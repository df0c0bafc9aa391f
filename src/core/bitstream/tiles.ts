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
  const horizontal = cuts(width);
  const vertical = cuts(height);
  const tiles = vertical.spans.flatMap(([y, bottom]) =>
    horizontal.spans.map(([x, right]) => ({ x, y, width: right - x, height: bottom - y })),
  );
  return {
    latents: { height: vertical.latents, width: horizontal.latents },
    columns: horizontal.spans.length,
    rows: vertical.spans.length,
    tiles,
  };
}

/** Number of tiles without laying them out. */
export function tileCount(width: number, height: number): number {
  return tilesAlong(latentsAlong(width)) * tilesAlong(latentsAlong(height));
}

function cuts(pixels: number): { latents: number; spans: [number, number][] } {
  const latents = latentsAlong(pixels);
  const count = tilesAlong(latents);
  const cut = (i: number) => Math.floor((i * latents) / count);
  const spans = Array.from({ length: count }, (_, i): [number, number] => [cut(i), cut(i + 1)]);
  return { latents, spans };
}

function latentsAlong(pixels: number): number {
  return Math.ceil(pixels / PIXELS_PER_LATENT);
}

function tilesAlong(latents: number): number {
  return Math.max(1, Math.floor(latents / TILE_LATENTS));
}

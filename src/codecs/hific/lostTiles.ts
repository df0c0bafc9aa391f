import type { HificHeader } from '../../core/bitstream/header';
import { type Tile, tileAt } from '../../core/bitstream/tiles';
import type { PixelWindow } from '../../core/cube/types';
import { DOWNSAMPLING } from '../../nn/spec';
import type { LatentImage } from './latents';

/** Pixels of damaged tiles. */
export function lostWindows(
  { width, height }: HificHeader,
  lost: readonly number[],
): PixelWindow[] {
  return lost.map((index) => {
    const tile = tileAt(width, height, index);
    const [x, y] = [tile.x * DOWNSAMPLING, tile.y * DOWNSAMPLING];
    return {
      x,
      y,
      width: Math.min(width, (tile.x + tile.width) * DOWNSAMPLING) - x,
      height: Math.min(height, (tile.y + tile.height) * DOWNSAMPLING) - y,
    };
  });
}

/** The part of a window inside an area, from whose corner it is counted. */
export function inside(window: PixelWindow, area: PixelWindow): PixelWindow | undefined {
  const x = Math.max(0, window.x - area.x);
  const y = Math.max(0, window.y - area.y);
  const width = Math.min(area.width, window.x + window.width - area.x) - x;
  const height = Math.min(area.height, window.y + window.height - area.y) - y;
  return width > 0 && height > 0 ? { x, y, width, height } : undefined;
}

/** Takes the samples of a window out of rows of an area that begin at `area.y`. */
export function blank(
  rows: Float32Array,
  area: PixelWindow,
  window: PixelWindow,
  bands: number,
): void {
  const height = rows.length / (area.width * bands);
  const [left, right] = [window.x, window.x + window.width].map((x) =>
    Math.min(area.width, Math.max(0, x - area.x)),
  );
  const top = Math.max(0, window.y - area.y);
  const bottom = Math.min(height, window.y + window.height - area.y);
  for (let row = top; row < bottom; row++) {
    const start = row * area.width;
    rows.fill(Number.NaN, (start + left) * bands, (start + right) * bands);
  }
}

/**
 * Fills lost tiles with what lies around them, so that the pictures of their neighbours, which see a few latents
 * beyond their own, are spoilt as little as possible: the nearest latents that are known to the left,
 * right, above and below, weighed by the inverse of their distance; zeros where there are none.
 */
export function concealTiles(latents: LatentImage, lost: readonly Tile[]): void {
  const { width, height, channels, data } = latents;
  const unknown = new Uint8Array(width * height);
  for (const tile of lost) eachLatent(tile, (x, y) => (unknown[y * width + x] = 1));
  const nearest = (x: number, y: number, dx: number, dy: number) => {
    let distance = 1;
    for (; ; distance++) {
      const [cx, cy] = [x + dx * distance, y + dy * distance];
      if (cx < 0 || cy < 0 || cx >= width || cy >= height) return undefined;
      if (!unknown[cy * width + cx]) return { at: (cy * width + cx) * channels, distance };
    }
  };
  for (const tile of lost) {
    eachLatent(tile, (x, y) => {
      const own = data.subarray((y * width + x) * channels, (y * width + x + 1) * channels);
      own.fill(0);
      const around = SIDES.flatMap(([dx, dy]) => nearest(x, y, dx, dy) ?? []);
      const total = around.reduce((sum, { distance }) => sum + 1 / distance, 0);
      for (const { at, distance } of around) {
        const weight = 1 / distance / total;
        for (let c = 0; c < channels; c++) own[c] += weight * data[at + c];
      }
    });
  }
}

const SIDES = [
  [-1, 0],
  [1, 0],
  [0, -1],
  [0, 1],
] as const;

function eachLatent({ x, y, width, height }: Tile, visit: (x: number, y: number) => void): void {
  for (let row = y; row < y + height; row++) {
    for (let column = x; column < x + width; column++) visit(column, row);
  }
}

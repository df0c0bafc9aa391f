import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tileAt, tileCount, tileLayout, tileNumber } from './tiles';

test('images up to 176 pixels a side are one tile', () => {
  for (const side of [1, 16, 17, 96, 176]) {
    const latents = Math.ceil(side / 16);
    expect(tileLayout(side, side).tiles).toEqual([{ x: 0, y: 0, width: latents, height: latents }]);
  }
  expect(tileLayout(177, 176)).toMatchObject({ columns: 2, rows: 1 });
});

test('known layout: 13 × 20 latents', () => {
  const { columns, rows, tiles, latents } = tileLayout(200, 310);
  expect({ columns, rows, latents }).toEqual({
    columns: 2,
    rows: 3,
    latents: { width: 13, height: 20 },
  });
  expect(tiles[0]).toEqual({ x: 0, y: 0, width: 6, height: 6 });
  expect(tiles[1]).toEqual({ x: 6, y: 0, width: 7, height: 6 });
  expect(tiles[5]).toEqual({ x: 6, y: 13, width: 7, height: 7 });
});

test('tiles cover every latent once, in raster order, with 6 to 11 latents a side', () => {
  const side = fc.integer({ min: 1, max: 3000 });
  fc.assert(
    fc.property(side, side, (width, height) => {
      const { latents, tiles } = tileLayout(width, height);
      expect(tiles).toHaveLength(tileCount(width, height));
      const area = tiles.reduce((sum, tile) => sum + tile.width * tile.height, 0);
      expect(area).toBe(latents.width * latents.height);
      tiles.forEach((tile, i) => {
        const right = tile.x + tile.width;
        const next = tiles[i + 1];
        const wraps = right === latents.width;
        if (next) {
          expect([next.x, next.y]).toEqual(wraps ? [0, tile.y + tile.height] : [right, tile.y]);
        } else expect([right, tile.y + tile.height]).toEqual([latents.width, latents.height]);
        expect(tile.width).toBeLessThanOrEqual(11);
        expect(tile.width).toBeGreaterThanOrEqual(Math.min(6, latents.width));
        expect(tileAt(width, height, i)).toEqual(tile);
        expect(tileNumber({ width, height }, { x: 16 * tile.x, y: 16 * tile.y })).toBe(i);
      });
    }),
    { numRuns: 30 },
  );
});

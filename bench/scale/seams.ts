import { tileLayout } from '../../src/core/bitstream/tiles';
import { strips } from '../../src/core/cube/survey';
import type { CubeSource } from '../../src/core/cube/types';
import { DOWNSAMPLING } from '../../src/nn/spec';

/** Pixels to either side of a tile's border that count as its surroundings. */
const NEAR = 2;

/** True for rows or columns next to where two tiles meet. */
function nearBorder(pixels: number, borders: Iterable<number>): Uint8Array {
  const near = new Uint8Array(pixels);
  for (const border of borders) {
    if (border > 0 && border < pixels) near.fill(1, border - NEAR, border + NEAR);
  }
  return near;
}

export interface Seams {
  /** RMSE in the scene's own units. */
  readonly border: number;
  readonly interior: number;
}

/** Error of a reconstruction along the borders of tiles and elsewhere, read strip by strip. */
export async function seamsOf(original: CubeSource, restored: CubeSource): Promise<Seams> {
  const { width, height, bands } = original.info;
  const { tiles } = tileLayout(width, height);
  const columns = nearBorder(width, new Set(tiles.map(({ x }) => x * DOWNSAMPLING)));
  const rows = nearBorder(height, new Set(tiles.map(({ y }) => y * DOWNSAMPLING)));
  const all = Array.from({ length: bands }, (_, band) => band);
  const squares = [0, 0];
  const counts = [0, 0];
  const others = strips(restored, all);
  for await (const { y, samples } of strips(original, all)) {
    const { value } = await others.next();
    if (!value || value.samples.length !== samples.length) throw new Error('The sizes differ.');
    for (let at = 0; at < samples.length; at += bands) {
      const pixel = at / bands;
      const near = columns[pixel % width] | rows[y + Math.floor(pixel / width)];
      let sum = 0;
      for (let i = at; i < at + bands; i++) sum += (samples[i] - value.samples[i]) ** 2;
      squares[near] += sum;
      counts[near] += bands;
    }
  }
  const rmse = (near: 0 | 1) => Math.sqrt(squares[near] / counts[near]);
  return { border: rmse(1), interior: rmse(0) };
}

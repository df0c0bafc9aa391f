import type { TileSymbols } from '../entropy/latentCoder';

/**
 * SHA-256 over the symbols of all tiles in tile order, each tile's zq then q, as 32-bit
 * little-endian integers: 64 hexadecimal digits, the same in every decoder.
 */
export async function symbolDigest(tiles: readonly TileSymbols[]): Promise<string> {
  const arrays = tiles.flatMap(({ zq, q }) => [zq, q]);
  const count = arrays.reduce((sum, { length }) => sum + length, 0);
  const view = new DataView(new ArrayBuffer(count * 4));
  let at = 0;
  for (const array of arrays) {
    for (const value of array) {
      view.setInt32(at, value, true);
      at += 4;
    }
  }
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', view));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

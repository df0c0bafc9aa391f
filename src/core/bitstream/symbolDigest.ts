import type { TileSymbols } from '../entropy/latentCoder';

/**
 * SHA-256 over the symbols of all tiles in tile order, each tile's zq then q, as 32-bit
 * little-endian integers: 64 hexadecimal digits, the same in every decoder.
 */
export async function symbolDigest(tiles: readonly TileSymbols[]): Promise<string> {
  return sha256(tiles.flatMap(({ zq, q }) => [zq, q]));
}

type Integers = Int16Array<ArrayBuffer> | Uint16Array<ArrayBuffer> | Int32Array;

/** SHA-256 over the little-endian bytes of arrays, one after the other, in hexadecimal. */
export async function sha256(arrays: readonly Integers[]): Promise<string> {
  const total = arrays.reduce((sum, { byteLength }) => sum + byteLength, 0);
  const view = new DataView(new ArrayBuffer(total));
  let at = 0;
  for (const array of arrays) {
    const size = array.BYTES_PER_ELEMENT;
    for (const value of array) {
      if (size === 4) view.setInt32(at, value, true);
      else view.setUint16(at, value, true);
      at += size;
    }
  }
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', view));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

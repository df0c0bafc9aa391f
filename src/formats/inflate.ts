import { Inflate } from 'fflate';
import { HscError } from '../core/errors';
import type { ByteSource } from './types';

/** A DEFLATE stream inside a file. */
export interface Deflated {
  readonly source: ByteSource;
  readonly offset: number;
  readonly length: number;
  /** What is compressed, for messages: `the variable "cube" of scene.mat`. */
  readonly what: string;
  /** The checksum of the inflated bytes as the file states it, and how to work it out. */
  readonly checksum?: { readonly stated: number; of(bytes: Uint8Array): number };
}

/** DEFLATE cannot shrink further than this, so a larger claim is a damaged header. */
const MAX_DEFLATE_RATIO = 1032;
/** Inflated arrays are held whole; beyond this a browser tab is likely to die. */
const MAX_INFLATED_BYTES = 1.5 * 2 ** 30;
const INPUT_CHUNK_BYTES = 64 * 1024;

/**
 * Inflates a stream that must hold `size` bytes and checks its checksum.
 * Throws `bad-file`, `check-failed`, `limit`.
 */
export async function inflateAll(
  deflated: Deflated,
  size: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const { what, length, checksum } = deflated;
  if (size > MAX_DEFLATE_RATIO * (length + 1)) {
    throw new HscError(
      'bad-file',
      `${what} is damaged: ${length} compressed bytes cannot hold the ${size} that it states.`,
    );
  }
  if (size > MAX_INFLATED_BYTES) {
    throw new HscError(
      'limit',
      `${what} takes ${(size / 2 ** 30).toFixed(1)} GiB once inflated; save it uncompressed or as ENVI so that it can be read in parts.`,
    );
  }
  // One byte more shows whether the stream ends there: some writers pad it, and only the
  // checksum of a whole stream can be compared.
  const found = await inflateStart(deflated, size + 1);
  if (found.length < size) {
    throw new HscError(
      'bad-file',
      `${what} is damaged: it inflates to ${found.length} bytes instead of ${size}.`,
    );
  }
  if (checksum && found.length === size && checksum.of(found) !== checksum.stated >>> 0) {
    throw new HscError('check-failed', `${what} is damaged: its checksum does not fit.`);
  }
  return found.subarray(0, size);
}

/** The first `size` bytes of a stream, fewer if it ends before; reads no more than it needs. */
export async function inflateStart(
  { source, offset, length, what }: Deflated,
  size: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const out = new Uint8Array(size);
  let filled = 0;
  const stream = new Inflate((chunk) => {
    const part = chunk.subarray(0, size - filled);
    out.set(part, filled);
    filled += part.length;
  });
  const step = Math.min(INPUT_CHUNK_BYTES, Math.max(1024, size));
  for (let at = 0; at < length && filled < size; at += step) {
    const input = await source.read(offset + at, Math.min(step, length - at));
    try {
      stream.push(input);
    } catch (cause) {
      throw new HscError('bad-file', `${what} is damaged: its compressed data make no sense.`, {
        cause,
      });
    }
  }
  return out.subarray(0, filled);
}

/** Adler-32 (RFC 1950). */
export function adler32(bytes: Uint8Array): number {
  let low = 1;
  let high = 0;
  // 3800 bytes is how many can be summed before the numbers leave 32 bits.
  for (let start = 0; start < bytes.length; start += 3800) {
    const end = Math.min(start + 3800, bytes.length);
    for (let i = start; i < end; i++) {
      low += bytes[i];
      high += low;
    }
    low %= 65521;
    high %= 65521;
  }
  return ((high << 16) | low) >>> 0;
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let value = n;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value;
});

/** CRC-32 as ZIP uses it. */
export function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = CRC_TABLE[(crc ^ byte) & 0xff] ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

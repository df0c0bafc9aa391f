import { HscError } from '../core/errors';
import type { ByteSource } from './types';

/** Throws `truncated`, with the numbers, unless the file holds `length` bytes from `offset`. */
export function requireBytes(
  source: Pick<ByteSource, 'name' | 'size'>,
  offset: number,
  length: number,
  what = 'the part asked for',
): void {
  if (!(offset >= 0 && length >= 0)) {
    throw new HscError('bad-argument', `${source.name}: no bytes at ${offset}, length ${length}.`);
  }
  if (offset + length > source.size) {
    throw new HscError(
      'truncated',
      `${source.name} ends too early: ${what} needs ${offset + length} bytes, the file has ${source.size}.`,
    );
  }
}

/** A dropped file, or any Blob, read piece by piece. */
export function blobSource(
  blob: Blob,
  name = blob instanceof File ? blob.name : 'file',
): ByteSource {
  return {
    name,
    size: blob.size,
    blob,
    async read(offset, length) {
      requireBytes({ name, size: blob.size }, offset, length);
      try {
        return new Uint8Array(await blob.slice(offset, offset + length).arrayBuffer());
      } catch (cause) {
        throw new HscError(
          'io',
          `${name} can no longer be read; it may have been moved or changed since it was opened.`,
          { cause },
        );
      }
    },
  };
}

/** Bytes that are in memory already, e.g. an inflated member of an archive. */
export function bytesSource(bytes: Uint8Array, name: string): ByteSource {
  return {
    name,
    size: bytes.length,
    async read(offset, length) {
      requireBytes({ name, size: bytes.length }, offset, length);
      // Not `slice`, which shares the memory where the bytes are a Node Buffer.
      return new Uint8Array(bytes.subarray(offset, offset + length));
    },
  };
}

/** The first bytes of a file: `length` of them, or all of a shorter file. */
export function readHead(source: ByteSource, length: number): Promise<Uint8Array<ArrayBuffer>> {
  return source.read(0, Math.min(length, source.size));
}

/** UTF-8 where the bytes are valid UTF-8, Latin-1 otherwise: instruments write both. */
export function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

/** `cube` for `data/cube.img`: the last part of the path without its last extension. */
export function stemOf(name: string): string {
  return baseOf(name).replace(/(.)\.[^.]*$/, '$1');
}

/** The last part of a path. */
export function baseOf(name: string): string {
  return name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
}

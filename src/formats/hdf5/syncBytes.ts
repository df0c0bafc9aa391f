import { HscError, messageOf } from '../../core/errors';
import { requireBytes } from '../bytes';
import type { ByteSource } from '../types';

/** Bytes that can be had at once: the HDF5 library cannot wait for a promise. */
export interface SyncBytes {
  readonly size: number;
  read(offset: number, length: number): Uint8Array;
  close(): void;
}

/** Files that can be read only asynchronously are held in memory up to this size. */
const MAX_MEMORY_BYTES = 2 ** 30;
/** The library reads headers in bits of a few bytes; a read of a Blob costs 0.1 ms however short. */
const PAGE_BYTES = 256 * 1024;
const MAX_PAGES = 16;

/**
 * A source without copying it: a Blob in a worker, a path in Node. Others, and a Blob on a
 * page's main thread, are read into memory; throws `limit` above 1 GiB.
 */
export async function syncBytes(source: ByteSource): Promise<SyncBytes> {
  const { blob, path, size, name } = source;
  if (blob && 'FileReaderSync' in globalThis) return paged(fromBlob(blob, name));
  if (path !== undefined) return paged(fromPath(path, source));
  if (size > MAX_MEMORY_BYTES) {
    throw new HscError(
      'limit',
      `${name} has ${size} bytes; HDF5 files of more than 1 GiB can be opened from disk only.`,
    );
  }
  const bytes = await source.read(0, size);
  return {
    size,
    read: (offset, length) => bytes.subarray(offset, offset + length),
    close() {},
  };
}

function fromBlob(blob: Blob, name: string): SyncBytes {
  const reader = new FileReaderSync();
  return {
    size: blob.size,
    read(offset, length) {
      try {
        return new Uint8Array(reader.readAsArrayBuffer(blob.slice(offset, offset + length)));
      } catch (cause) {
        throw new HscError('io', `${name} can no longer be read; it may have been moved.`, {
          cause,
        });
      }
    },
    close() {},
  };
}

function fromPath(path: string, source: ByteSource): SyncBytes {
  const fs = process.getBuiltinModule('node:fs');
  const readable = <T>(task: () => T): T => {
    try {
      return task();
    } catch (cause) {
      throw new HscError('io', `${path} cannot be read: ${messageOf(cause)}.`, { cause });
    }
  };
  const descriptor = readable(() => fs.openSync(path, 'r'));
  return {
    size: source.size,
    read(offset, length) {
      const bytes = new Uint8Array(length);
      const got = readable(() => fs.readSync(descriptor, bytes, 0, length, offset));
      requireBytes({ name: source.name, size: offset + got }, offset, length);
      return bytes;
    },
    close: () => fs.closeSync(descriptor),
  };
}

/** Keeps the pages last used; longer reads go past them. */
function paged(bytes: SyncBytes): SyncBytes {
  const pages = new Map<number, Uint8Array>();
  const page = (number: number) => {
    const start = number * PAGE_BYTES;
    const found = pages.get(number) ?? bytes.read(start, Math.min(PAGE_BYTES, bytes.size - start));
    pages.delete(number);
    pages.set(number, found);
    if (pages.size > MAX_PAGES) pages.delete(pages.keys().next().value!);
    return found;
  };
  return {
    size: bytes.size,
    read(offset, length) {
      const first = Math.floor(offset / PAGE_BYTES);
      const last = Math.floor((offset + length - 1) / PAGE_BYTES);
      if (last > first + 1) return bytes.read(offset, length);
      const start = offset - first * PAGE_BYTES;
      const head = page(first).subarray(start, start + length);
      if (last === first) return head;
      const out = new Uint8Array(length);
      out.set(head);
      out.set(page(last).subarray(0, length - head.length), head.length);
      return out;
    },
    close() {
      pages.clear();
      bytes.close();
    },
  };
}

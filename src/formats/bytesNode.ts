import { type FileHandle, open, readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { HscError } from '../core/errors';
import { requireBytes, stemOf } from './bytes';
import { isMetaName, metaStem } from './meta';
import type { ByteSource } from './types';

/**
 * A file on disk (Node only), opened at the first read.
 * Throws `io` where there is no such file or it may not be read.
 */
export async function pathSource(path: string): Promise<ByteSource> {
  const name = basename(path);
  const size = await sizeOf(path);
  let handle: Promise<FileHandle> | undefined;
  return {
    name,
    size,
    path,
    async read(offset, length) {
      requireBytes({ name, size }, offset, length);
      handle ??= open(path, 'r');
      try {
        return await readFully(await handle, name, offset, length);
      } catch (cause) {
        throw cause instanceof HscError ? cause : ioError(path, cause);
      }
    },
    async close() {
      const opened = handle;
      handle = undefined;
      await (await opened)?.close();
    },
  };
}

/**
 * The file and those beside it that share its stem, as a person would drop them together:
 * `scene.hdr` brings `scene` and `scene.img`, `scene.img` brings `scene.hdr` and `scene.img.hdr`.
 */
export async function pathSources(path: string): Promise<ByteSource[]> {
  const name = basename(path);
  const first = await pathSource(path);
  const entries = await readdir(dirname(path), { withFileTypes: true });
  const companions = entries
    .filter((entry) => entry.isFile() && entry.name !== name && areCompanions(entry.name, name))
    .map((entry) => pathSource(join(dirname(path), entry.name)));
  return [first, ...(await Promise.all(companions))];
}

function areCompanions(a: string, b: string): boolean {
  const stem = isMetaName(a) ? metaStem(a) : stemOf(a);
  return stem === stemOf(b) || stem === b || a === stemOf(b);
}

async function sizeOf(path: string): Promise<number> {
  const entry = await stat(path).catch((cause: unknown) => {
    throw ioError(path, cause);
  });
  if (!entry.isFile()) throw new HscError('io', `${path} is not a file.`);
  return entry.size;
}

async function readFully(
  handle: FileHandle,
  name: string,
  offset: number,
  length: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(length);
  for (let done = 0; done < length; ) {
    const { bytesRead } = await handle.read(bytes, done, length - done, offset + done);
    if (bytesRead === 0) {
      throw new HscError('truncated', `${name} became shorter while it was read.`);
    }
    done += bytesRead;
  }
  return bytes;
}

function ioError(path: string, cause: unknown): HscError {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  const reason =
    code === 'ENOENT'
      ? 'there is no such file'
      : code === 'EACCES'
        ? 'permission denied'
        : String(cause instanceof Error ? cause.message : cause);
  return new HscError('io', `${path} cannot be read: ${reason}.`, { cause });
}

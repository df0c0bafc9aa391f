import { HscError } from '../core/errors';
import {
  beyond,
  type KeptPart,
  notRead,
  notWritten,
  PART_BYTES,
  type Scratch,
  type ScratchFile,
} from './scratch';

const IMAGES = 'images';
const PARTS = 'parts';
/** The lock that a tab's engine holds while it lives; the names of its images begin with what follows. */
const LOCK = 'hsc-images ';
/** A worker that has just ended lets go of its files a moment later. */
const PATIENCE = { tries: 10, everyMs: 100 } as const;

/**
 * Room in the origin private file system, for a worker: handles that write in place exist only there.
 * Images of an engine that lives are told by a Web Lock; where there are none, an open file cannot be
 * removed anyway.
 */
export function originScratch(): Scratch {
  if (!globalThis.FileSystemFileHandle?.prototype.createSyncAccessHandle) return noScratch;
  const owner = crypto.randomUUID();
  let count = 0;
  let living: Promise<void> | undefined;
  /** Holds the lock until the worker ends. */
  const live = () => {
    living ??= new Promise<void>((held, failed) => {
      if (!navigator.locks) return held();
      const forever = () => {
        held();
        return new Promise<never>(() => {});
      };
      navigator.locks.request(`${LOCK}${owner}`, forever).catch(failed);
    });
    return living;
  };
  const sweep = async () => {
    await removeDead(owner);
    await removeOldest();
  };
  return {
    async file() {
      try {
        await live();
        await sweep();
        return await openImage(`${owner} ${++count}`);
      } catch (cause) {
        throw notWritten(cause);
      }
    },
    async part(name) {
      try {
        await removeOldest(name);
        return await openPart(name);
      } catch {
        // Private windows of some browsers refuse: coding goes on, but cannot be resumed.
        return undefined;
      }
    },
    sweep,
  };
}

/** Of a browser without such files. */
const noScratch: Scratch = {
  async file() {
    throw new HscError(
      'unsupported',
      'This browser keeps no files for a page, which images of this size need: take a smaller patch.',
    );
  },
  part: async () => undefined,
  sweep: async () => {},
};

async function folder(name: string): Promise<FileSystemDirectoryHandle> {
  const root = await navigator.storage.getDirectory();
  return root.getDirectoryHandle(name, { create: true });
}

/** False where the file is in use, or gone. */
async function removed(where: FileSystemDirectoryHandle, name: string): Promise<boolean> {
  return where.removeEntry(name).then(
    () => true,
    () => false,
  );
}

/** Removes the images of engines that live no more. */
async function removeDead(owner: string): Promise<void> {
  const images = await folder(IMAGES);
  const names: string[] = [];
  for await (const name of images.keys()) names.push(name);
  // Whoever takes a lock does so before it makes a file.
  const { held = [] } = (await navigator.locks?.query()) ?? {};
  const alive = new Set([owner, ...held.map(({ name = '' }) => name.slice(LOCK.length))]);
  for (const name of names) {
    if (!alive.has(name.split(' ')[0])) await removed(images, name);
  }
}

/** Keeps part files within their limit; the one named is about to be used. */
async function removeOldest(used?: string): Promise<void> {
  const parts = await folder(PARTS);
  const files: { name: string; bytes: number; changed: number }[] = [];
  for await (const [name, handle] of parts.entries()) {
    if (handle.kind !== 'file') continue;
    const { size: bytes, lastModified } = await (handle as FileSystemFileHandle).getFile();
    files.push({ name, bytes, changed: name === used ? Number.POSITIVE_INFINITY : lastModified });
  }
  for (const name of beyond(files, PART_BYTES)) await removed(parts, name);
}

async function openImage(name: string): Promise<ScratchFile> {
  const images = await folder(IMAGES);
  const file = await images.getFileHandle(name, { create: true });
  const access = await file.createSyncAccessHandle();
  return {
    write(at, bytes) {
      writeAll(access, bytes, at);
    },
    read(at, length) {
      const bytes = new Uint8Array(length);
      if (access.read(bytes, { at }) === length) return bytes;
      throw notRead();
    },
    async blob() {
      access.flush();
      return file.getFile();
    },
    async close() {
      access.close();
      await removed(images, name);
    },
  };
}

/** Nothing where another tab has it, or where it cannot be made. */
async function openPart(name: string): Promise<KeptPart | undefined> {
  const parts = await folder(PARTS);
  const access = await unlocked(await parts.getFileHandle(name, { create: true }));
  if (!access) return undefined;
  return {
    async read() {
      const length = access.getSize();
      if (length === 0) return undefined;
      const bytes = new Uint8Array(length);
      if (access.read(bytes, { at: 0 }) === length) return bytes;
      throw notRead();
    },
    async keep(length) {
      access.truncate(length);
    },
    async restart(bytes) {
      access.truncate(0);
      writeAll(access, bytes, 0);
      access.flush();
    },
    async append(bytes) {
      writeAll(access, bytes, access.getSize());
      // What is in the file survives a crash of the browser, too.
      access.flush();
    },
    async close() {
      const empty = access.getSize() === 0;
      access.close();
      if (empty) await removed(parts, name);
    },
    async remove() {
      access.close();
      await removed(parts, name);
    },
  };
}

async function unlocked(
  file: FileSystemFileHandle,
): Promise<FileSystemSyncAccessHandle | undefined> {
  for (let tries = 0; tries < PATIENCE.tries; tries++) {
    try {
      return await file.createSyncAccessHandle();
    } catch (error) {
      const busy = error instanceof DOMException && error.name === 'NoModificationAllowedError';
      if (!busy) return undefined;
      await new Promise((resolve) => setTimeout(resolve, PATIENCE.everyMs));
    }
  }
  return undefined;
}

function writeAll(access: FileSystemSyncAccessHandle, bytes: Uint8Array, at: number): void {
  let written = 0;
  try {
    written = access.write(bytes as Uint8Array<ArrayBuffer>, { at });
  } catch (cause) {
    throw notWritten(cause);
  }
  if (written < bytes.length) {
    throw notWritten(new DOMException('Short write', 'QuotaExceededError'));
  }
}

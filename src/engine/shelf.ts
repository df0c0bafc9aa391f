import { HscError } from '../core/errors';

/** A folder of files that stay on this machine, by plain names. */
export interface Shelf {
  names(): Promise<string[]>;
  /** Undefined where there is no such file. */
  read(name: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
  /** Replaces the file whole or, where that fails, leaves the old one. Throws `io`. */
  write(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  remove(name: string): Promise<void>;
}

/** A shelf that lasts as long as it is held: for tests, and where a browser keeps no files. */
export function memoryShelf(): Shelf {
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  return {
    names: async () => [...files.keys()],
    read: async (name) => files.get(name)?.slice(),
    write: async (name, bytes) => {
      files.set(name, bytes.slice());
    },
    remove: async (name) => {
      files.delete(name);
    },
  };
}

/** A folder of the origin private file system. */
export function originShelf(folder: string): Shelf {
  const open = async (create = false) => {
    const root = await navigator.storage.getDirectory();
    return root.getDirectoryHandle(folder, { create });
  };
  return {
    names: () =>
      unlessMissing(async () => {
        const names: string[] = [];
        for await (const name of (await open()).keys()) names.push(name);
        return names;
      }, []),
    read: (name) =>
      unlessMissing(async () => {
        const handle = await (await open()).getFileHandle(name);
        return new Uint8Array(await (await handle.getFile()).arrayBuffer());
      }, undefined),
    async write(name, bytes) {
      try {
        const handle = await (await open(true)).getFileHandle(name, { create: true });
        // What is written takes the file's place when it is closed, and not before.
        const stream = await handle.createWritable();
        await stream.write(bytes);
        await stream.close();
      } catch (cause) {
        throw notKept(cause);
      }
    },
    remove: (name) => unlessMissing(async () => (await open()).removeEntry(name), undefined),
  };
}

/** What `work` gives; `missing` where the file or the folder does not exist. */
async function unlessMissing<T, M>(work: () => Promise<T>, missing: M): Promise<T | M> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof DOMException && error.name === 'NotFoundError') return missing;
    throw error;
  }
}

function notKept(cause: unknown): HscError {
  return storageFault(
    cause,
    'The browser’s storage for this page is full: export tuned weights that you need and remove others.',
    'The browser could not keep a file for this page.',
  );
}

/** `io` with the sentence for storage that is full, or for any other fault of it. */
export function storageFault(cause: unknown, full: string, other: string): HscError {
  const isFull = cause instanceof DOMException && cause.name === 'QuotaExceededError';
  return new HscError('io', isFull ? full : other, { cause });
}

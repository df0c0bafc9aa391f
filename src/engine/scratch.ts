import type { PartStore } from '../codecs/types';
import { HscError } from '../core/errors';
import { storageFault } from './shelf';

/** A file for samples that do not fit into memory; it is gone once it is closed. */
export interface ScratchFile {
  /** Throws `io`, where the storage is full too. */
  write(at: number, bytes: Uint8Array<ArrayBuffer>): void | Promise<void>;
  /** Throws `io` where there are not as many bytes. */
  read(at: number, length: number): Uint8Array<ArrayBuffer> | Promise<Uint8Array<ArrayBuffer>>;
  /** What was written, without taking it into memory; good until the file is closed. */
  blob(): Promise<Blob>;
  close(): Promise<void>;
}

/** A part file that outlives the engine. */
export interface KeptPart extends PartStore {
  /** Lets go of the file, which stays. */
  close(): Promise<void>;
  /** The coding is complete: the file is removed. */
  remove(): Promise<void>;
}

/** Room on this machine for what is too large for memory or has to outlive the engine. */
export interface Scratch {
  /** A new file. Throws `io`. */
  file(): Promise<ScratchFile>;
  /**
   * The part file of that name, new where there was none; nothing where another tab is writing it, or
   * where there is no room. The oldest others are dropped beyond {@link PART_BYTES}.
   */
  part(name: string): Promise<KeptPart | undefined>;
  /** Removes files that closed tabs and crashes left behind, and part files beyond the limit. */
  sweep(): Promise<void>;
}

/** Part files that are kept, all together. */
export const PART_BYTES = 2 ** 31;

/** The oldest files that have to go for the others to take no more than `most` bytes. */
export function beyond(
  files: readonly { readonly name: string; readonly bytes: number; readonly changed: number }[],
  most: number,
): string[] {
  let left = most;
  return [...files]
    .sort((a, b) => b.changed - a.changed)
    .flatMap(({ name, bytes }) => {
      left -= bytes;
      return left < 0 ? name : [];
    });
}

/** For tests: lasts as long as it is held. */
export function memoryScratch(): Scratch {
  const parts = new Map<string, Uint8Array>();
  const kept = (name: string) => parts.get(name) ?? new Uint8Array(0);
  return {
    async file() {
      let bytes = new Uint8Array(0);
      return {
        write(at, more) {
          if (at + more.length > bytes.length) {
            const longer = new Uint8Array(at + more.length);
            longer.set(bytes);
            bytes = longer;
          }
          bytes.set(more, at);
        },
        read(at, length) {
          if (at + length > bytes.length) throw notRead();
          return bytes.slice(at, at + length);
        },
        blob: async () => new Blob([bytes]),
        close: async () => {
          bytes = new Uint8Array(0);
        },
      };
    },
    async part(name) {
      return {
        read: async () => parts.get(name)?.slice(),
        keep: async (length) => {
          parts.set(name, kept(name).slice(0, length));
        },
        restart: async (bytes) => {
          parts.set(name, bytes.slice());
        },
        append: async (bytes) => {
          parts.set(name, Uint8Array.from([...kept(name), ...bytes]));
        },
        close: async () => {},
        remove: async () => {
          parts.delete(name);
        },
      };
    },
    sweep: async () => {},
  };
}

export function notRead(cause?: unknown): HscError {
  return new HscError('io', 'The browser’s storage for this page could not be read.', { cause });
}

export function notWritten(cause: unknown): HscError {
  return storageFault(
    cause,
    'The browser’s storage for this page is full: free some space on the disk, or take a smaller patch.',
    'The browser could not write to its storage for this page.',
  );
}

import type { Measured } from '../engine/api';

/** A key–value store that may fail at any time: blocked, full, or gone with a private window. */
export interface KeyValues {
  get(key: string): Promise<unknown>;
  set(key: string, value: unknown): Promise<void>;
  delete(key: string): Promise<void>;
  clear(): Promise<void>;
}

const MEGABYTE = 2 ** 20;

export interface CacheLimits {
  /** Bytes kept on disk; the oldest go first. */
  readonly stored: number;
  /** Larger points are not kept on disk. */
  readonly entry: number;
  /** Bytes kept in memory. */
  readonly held: number;
}

const LIMITS: CacheLimits = { stored: 64 * MEGABYTE, entry: 8 * MEGABYTE, held: 192 * MEGABYTE };

const INDEX = '#index';

interface IndexEntry {
  readonly key: string;
  readonly bytes: number;
}

function sizeOf({ file, picture }: Measured): number {
  return file.byteLength + picture.rgba.byteLength;
}

function isMeasured(value: unknown): value is Measured {
  return typeof value === 'object' && value !== null && 'file' in value && 'figures' in value;
}

/**
 * Measured points by content, so that nothing is measured twice: in memory, and on disk where
 * there is a store. Faults of the store are no faults of the studio: a point that cannot be read
 * is measured again.
 */
export class PointCache {
  private readonly held = new Map<string, Measured>();
  private heldBytes = 0;
  private queue: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly store?: KeyValues,
    private readonly limits: CacheLimits = LIMITS,
  ) {}

  /** What is in memory. */
  peek(key: string): Measured | undefined {
    return this.held.get(key);
  }

  async get(key: string): Promise<Measured | undefined> {
    const held = this.held.get(key);
    if (held) return held;
    const stored = await this.quietly((store) => store.get(key));
    if (!isMeasured(stored)) return undefined;
    this.hold(key, stored);
    return stored;
  }

  put(key: string, measured: Measured): void {
    this.hold(key, measured);
    const bytes = sizeOf(measured);
    if (bytes > this.limits.entry) return;
    this.quietly(async (store) => {
      await store.set(key, measured);
      await this.index(store, { key, bytes });
    });
  }

  /** Forgets everything, on disk too. */
  async clear(): Promise<void> {
    this.held.clear();
    this.heldBytes = 0;
    await this.quietly((store) => store.clear());
  }

  private hold(key: string, measured: Measured): void {
    const old = this.held.get(key);
    if (old) this.heldBytes -= sizeOf(old);
    this.held.delete(key);
    this.held.set(key, measured);
    this.heldBytes += sizeOf(measured);
    for (const [oldest, point] of this.held) {
      if (this.heldBytes <= this.limits.held || oldest === key) return;
      this.held.delete(oldest);
      this.heldBytes -= sizeOf(point);
    }
  }

  /** Puts an entry last in the index and drops the first ones while there are too many bytes. */
  private async index(store: KeyValues, entry: IndexEntry): Promise<void> {
    const stored = await store.get(INDEX);
    const entries = Array.isArray(stored) ? (stored as IndexEntry[]) : [];
    const kept = [...entries.filter(({ key }) => key !== entry.key), entry];
    let total = kept.reduce((sum, { bytes }) => sum + bytes, 0);
    while (total > this.limits.stored) {
      const oldest = kept.shift();
      if (!oldest) break;
      total -= oldest.bytes;
      await store.delete(oldest.key);
    }
    await store.set(INDEX, kept);
  }

  /** One access after the other: the index is read, changed and written. */
  private quietly<T>(access: (store: KeyValues) => Promise<T>): Promise<T | undefined> {
    const { store } = this;
    if (!store) return Promise.resolve(undefined);
    const done = this.queue.then(() => access(store)).catch(() => undefined);
    this.queue = done;
    return done;
  }
}

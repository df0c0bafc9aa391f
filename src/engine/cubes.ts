import type { CubeSource } from '../core/cube/types';
import { HscError } from '../core/errors';
import type { CubeId } from './api';
import { type Overview, readOverview } from './overview';

interface Entry {
  readonly source: CubeSource;
  /** Bytes of samples that the source itself keeps in memory, as far as we know. */
  readonly heldBytes: number;
  overview?: Promise<Overview>;
  overviewBytes: number;
}

/** The cubes that the engine holds. Invariant: every source in the table is open. */
export class CubeTable {
  private readonly entries = new Map<CubeId, Entry>();

  /** Puts a cube in; one that had the id before is closed. */
  async put(id: CubeId, source: CubeSource, heldBytes = 0): Promise<void> {
    await this.remove(id);
    this.entries.set(id, { source, heldBytes, overviewBytes: 0 });
  }

  get(id: CubeId): Entry {
    const entry = this.entries.get(id);
    if (!entry) throw new HscError('bad-argument', 'That image is no longer open.');
    return entry;
  }

  /** The thinned cube, read once; a failed read is tried again on the next call. */
  async overview(id: CubeId): Promise<Overview> {
    const entry = this.get(id);
    entry.overview ??= readOverview(entry.source);
    try {
      const overview = await entry.overview;
      entry.overviewBytes = overview.samples.byteLength;
      return overview;
    } catch (error) {
      entry.overview = undefined;
      throw error;
    }
  }

  async remove(id: CubeId): Promise<void> {
    const entry = this.entries.get(id);
    this.entries.delete(id);
    await entry?.source.close();
  }

  heldBytes(): number {
    return [...this.entries.values()].reduce(
      (sum, { heldBytes, overviewBytes }) => sum + heldBytes + overviewBytes,
      0,
    );
  }
}

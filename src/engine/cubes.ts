import type { CubeSource } from '../core/cube/types';
import { HscError } from '../core/errors';
import type { CubeId } from './api';
import { Overview } from './overview';

interface Entry {
  readonly source: CubeSource;
  /** Bytes of samples that the source itself keeps in memory, as far as we know. */
  readonly heldBytes: number;
  overview?: Overview;
}

/** The cubes that the engine holds. Invariant: every source in the table is open. */
export class CubeTable {
  private readonly entries = new Map<CubeId, Entry>();

  /** Puts a cube in; one that had the id before is closed. */
  async put(id: CubeId, source: CubeSource, heldBytes = 0): Promise<void> {
    await this.remove(id);
    this.entries.set(id, { source, heldBytes });
  }

  get(id: CubeId): Entry {
    const entry = this.entries.get(id);
    if (!entry) throw new HscError('bad-argument', 'That image is no longer open.');
    return entry;
  }

  /** The thinned cube, which fills as its bands are looked at. */
  overview(id: CubeId): Overview {
    const entry = this.get(id);
    entry.overview ??= new Overview(entry.source);
    return entry.overview;
  }

  async remove(id: CubeId): Promise<void> {
    const entry = this.entries.get(id);
    this.entries.delete(id);
    await entry?.source.close();
  }

  heldBytes(): number {
    return [...this.entries.values()].reduce(
      (sum, { heldBytes, overview }) => sum + heldBytes + (overview?.heldBytes() ?? 0),
      0,
    );
  }
}

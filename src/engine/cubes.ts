import type { CubeSource, PixelWindow } from '../core/cube/types';
import { windowSource } from '../core/cube/window';
import { HscError } from '../core/errors';
import type { CubeId } from './api';
import { Overview, strideFor } from './overview';

interface Entry {
  readonly source: CubeSource;
  /** Bytes of samples that the source itself keeps in memory, as far as we know. */
  readonly heldBytes: number;
  overview?: Overview;
  /** The part that was last looked at closely. */
  part?: { readonly key: string; readonly overview: Overview };
}

/** The cubes that the engine holds. Invariant: every source in the table is open. */
export class CubeTable {
  private readonly entries = new Map<CubeId, Entry>();

  /** Puts a cube in; one that had the id before is closed. */
  async put(id: CubeId, source: CubeSource, heldBytes = source.heldBytes ?? 0): Promise<void> {
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

  /** A window of the cube, thinned where its longest side is over `maxSide`. */
  part(id: CubeId, window: PixelWindow, maxSide: number): Overview {
    const entry = this.get(id);
    const key = JSON.stringify([window, maxSide]);
    if (entry.part?.key !== key) {
      const stride = strideFor(window, maxSide);
      const source = windowSource(entry.source, window);
      entry.part = { key, overview: new Overview(source, undefined, stride) };
    }
    return entry.part.overview;
  }

  async remove(id: CubeId): Promise<void> {
    const entry = this.entries.get(id);
    this.entries.delete(id);
    await entry?.source.close();
  }

  heldBytes(): number {
    return Object.values(this.heldByCube()).reduce((sum, bytes) => sum + bytes, 0);
  }

  heldByCube(): Record<CubeId, number> {
    const held = [...this.entries].map(([id, { heldBytes, overview, part }]) => [
      id,
      heldBytes + (overview?.heldBytes() ?? 0) + (part?.overview.heldBytes() ?? 0),
    ]);
    return Object.fromEntries(held);
  }
}

import type { PartStore } from '../codecs/types';
import { parsePart } from '../core/bitstream/partFile';
import { tileCount } from '../core/bitstream/tiles';
import type { TilesKept } from './api';

/** A part file, with an account of the tiles in it. */
export class KeptTiles implements PartStore {
  private bytes: Uint8Array | undefined;
  private tiles: TilesKept | undefined;

  /** `afterTile` is waited for whenever a tile is safe. */
  constructor(
    private readonly store: PartStore,
    private readonly afterTile: () => Promise<void>,
  ) {}

  /** Undefined until the first tile is to be coded. */
  get state(): TilesKept | undefined {
    return this.tiles;
  }

  async read(): Promise<Uint8Array | undefined> {
    this.bytes = await this.store.read();
    return this.bytes;
  }

  async keep(length: number): Promise<void> {
    await this.store.keep(length);
    const { head, tiles } = parsePart((this.bytes as Uint8Array).subarray(0, length));
    this.bytes = undefined;
    const { width, height } = head.header;
    this.count(tileCount(width, height), tiles.size);
  }

  async restart(bytes: Uint8Array): Promise<void> {
    await this.store.restart(bytes);
    this.bytes = undefined;
    const { width, height } = parsePart(bytes).head.header;
    this.count(tileCount(width, height), 0);
  }

  async append(bytes: Uint8Array): Promise<void> {
    await this.store.append(bytes);
    if (this.tiles) this.tiles = { ...this.tiles, done: this.tiles.done + 1 };
    await this.afterTile();
  }

  /** All tiles are coded anew where a pass did not come close enough to the target. */
  private count(of: number, before: number): void {
    const pass = (this.tiles?.pass ?? 0) + 1;
    this.tiles = { done: before, of, before, pass };
  }
}

/** What is being done to a large image, e.g. `going on at tile 17 of 84`. */
export function tilesInWords({ done, of, before, pass }: TilesKept): string {
  const tile = `tile ${done + 1} of ${of}`;
  if (pass > 1) return `${tile}, pass ${pass}`;
  return before > 0 ? `going on at ${tile}` : tile;
}

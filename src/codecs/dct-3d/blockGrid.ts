import { HscError } from '../../core/errors';
import { type BlockShape, blocksAlong, extentOf, SIDE } from '../cosine/blocks';
import type { Volume } from '../wavelet-3d/transform';

/** Coefficients of a block, those of shorter blocks in the same places. */
export const BLOCK = SIDE ** 3;

/** Most coefficients, with those that shorter blocks leave unused: what memory holds. */
const MOST_COEFFICIENTS = 2 ** 27;

/** A volume in blocks, ordered by depth, row and column. */
export class BlockGrid {
  readonly columns: number;
  readonly rows: number;
  readonly layers: number;

  /** Throws `limit` where the coefficients would not fit into memory. */
  constructor(readonly volume: Volume) {
    this.columns = blocksAlong(volume.width);
    this.rows = blocksAlong(volume.height);
    this.layers = blocksAlong(volume.bands);
    if (this.count * BLOCK <= MOST_COEFFICIENTS) return;
    throw new HscError(
      'limit',
      'The image is too large for the 3-D cosine transform in one piece: choose a smaller patch.',
    );
  }

  get count(): number {
    return this.columns * this.rows * this.layers;
  }

  shape(index: number): BlockShape {
    const { width, height, bands } = this.volume;
    const [x, y, z] = this.place(index);
    return {
      width: extentOf(width, x),
      height: extentOf(height, y),
      depth: extentOf(bands, z),
    };
  }

  place(index: number): readonly [column: number, row: number, layer: number] {
    const row = Math.floor(index / this.columns);
    return [index % this.columns, row % this.rows, Math.floor(row / this.rows)];
  }

  /** Calls with the place of each sample of a block in the block and in the BIP samples. */
  eachSample(index: number, visit: (inBlock: number, sample: number, band: number) => void): void {
    const { width, bands } = this.volume;
    const [column, row, layer] = this.place(index);
    const shape = this.shape(index);
    for (let z = 0; z < shape.depth; z++) {
      const band = layer * SIDE + z;
      for (let y = 0; y < shape.height; y++) {
        for (let x = 0; x < shape.width; x++) {
          const pixel = (row * SIDE + y) * width + column * SIDE + x;
          visit((z * SIDE + y) * SIDE + x, pixel * bands + band, band);
        }
      }
    }
  }
}

import { AdaptiveBits } from '../../core/entropy/adaptiveBits';
import type { BitPort } from '../../core/entropy/bitPort';
import { analyseBlock, blocksAlong, extentOf, SIDE, synthesiseBlock } from '../cosine/blocks';
import { CoefficientCoder } from '../cosine/coefficientCoder';
import { DEAD_ZONE, quantised } from '../cosine/quantiser';

/** Coefficients of a block of a band. */
export const BLOCK = SIDE ** 2;

const NONE = new Int32Array(0);
const EMPTY = 0;

/** Size of a band, and the quantiser's step. */
export interface BandShape {
  readonly width: number;
  readonly height: number;
  readonly step: number;
}

/** Codes bands one after the other, what a prediction leaves of each, by cosine transforms of its blocks. */
export class BandCoder {
  private readonly coder: CoefficientCoder;
  private readonly empty = new AdaptiveBits(1);
  private readonly columns: number;
  private readonly rows: number;
  private readonly block = new Float64Array(BLOCK);
  /** Quantised coefficients of the band before, [blocks, BLOCK]. */
  private before: Int32Array<ArrayBuffer>;

  constructor(
    private readonly port: BitPort,
    private readonly shape: BandShape,
  ) {
    this.coder = new CoefficientCoder(port, 1);
    this.columns = blocksAlong(shape.width);
    this.rows = blocksAlong(shape.height);
    this.before = new Int32Array(this.columns * this.rows * BLOCK);
  }

  /**
   * Codes the residual of the next band, or reads it, and adds what a decoder has of it to `prediction`. Returns
   * the quantised coefficients. Throws `bitstream` or `truncated`.
   */
  code(prediction: Float64Array, residual?: Float64Array): Int32Array<ArrayBuffer> {
    const values = residual ? this.analyse(residual) : new Int32Array(this.before.length);
    const any = values.some((value) => value !== 0) ? 1 : 0;
    if (this.empty.code(this.port, EMPTY, any) === 1) {
      this.codeBlocks(values);
      this.addTo(prediction, values);
    }
    this.before = values;
    return values;
  }

  private codeBlocks(values: Int32Array): void {
    const { columns, rows } = this;
    const at = (band: Int32Array, index: number) =>
      band.subarray(index * BLOCK, (index + 1) * BLOCK);
    for (let index = 0; index < columns * rows; index++) {
      this.coder.code(at(values, index), this.extent(index), {
        left: index % columns > 0 ? at(values, index - 1) : NONE,
        above: index >= columns ? at(values, index - columns) : NONE,
        before: at(this.before, index),
      });
    }
  }

  private extent(index: number) {
    const { width, height } = this.shape;
    return {
      width: extentOf(width, index % this.columns),
      height: extentOf(height, Math.floor(index / this.columns)),
      depth: 1,
    };
  }

  private analyse(residual: Float64Array): Int32Array<ArrayBuffer> {
    const { block } = this;
    const values = new Int32Array(this.before.length);
    const quiet = (DEAD_ZONE * this.shape.step) ** 2;
    for (let index = 0; index < this.columns * this.rows; index++) {
      let energy = 0;
      this.eachPixel(index, (place, pixel) => {
        block[place] = residual[pixel];
        energy += residual[pixel] ** 2;
      });
      if (energy < quiet) continue;
      analyseBlock(block, this.extent(index));
      this.eachPixel(index, (place) => {
        values[index * BLOCK + place] = quantised(block[place], this.shape.step);
      });
    }
    return values;
  }

  private addTo(prediction: Float64Array, values: Int32Array): void {
    const { block, shape } = this;
    for (let index = 0; index < this.columns * this.rows; index++) {
      let any = 0;
      for (let i = 0; i < BLOCK; i++) {
        any |= values[index * BLOCK + i];
        block[i] = values[index * BLOCK + i] * shape.step;
      }
      if (any === 0) continue;
      synthesiseBlock(block, this.extent(index));
      this.eachPixel(index, (place, pixel) => {
        prediction[pixel] += block[place];
      });
    }
  }

  /** Calls with the places of a block's pixels in the block and in the band. */
  private eachPixel(index: number, visit: (place: number, pixel: number) => void): void {
    const { width, height } = this.extent(index);
    const start =
      Math.floor(index / this.columns) * SIDE * this.shape.width + (index % this.columns) * SIDE;
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) visit(y * SIDE + x, start + y * this.shape.width + x);
    }
  }
}

import { type GridSize, type HyperParameters, hyperSynthesis } from './hyperSynthesis';
import { type EntropyModel, type IntegerMatrix, MEAN_UNIT, SCALE_COUNT } from './model';

/** What a symbol's table and value hang on, for each latent: `[height, width, latentChannels]`. */
export interface LatentPrior {
  /** Means in units of 1 / MEAN_UNIT. */
  readonly mean: Int16Array<ArrayBuffer>;
  /** Scale indices, 0 to 63. */
  readonly scaleIndex: Uint8Array<ArrayBuffer>;
}

/** The symbol of the latent at a memory index, once its mean (1/64 steps) and scale index are known. */
export type SymbolSource = (at: number, mean: number, scaleIndex: number) => number;

const LIMIT = 32767;
const NORM_UNIT = 65536;
/** The stored rate enters the context 64-fold. */
const RATE_FACTOR = 64;
/** Rows and columns to the neighbours whose latents are inputs, in the order of the weights. */
const NEIGHBOURS = [
  [0, -1],
  [-1, 0],
  [-1, -1],
  [-1, 1],
] as const;

/**
 * Walks a tile in coding order, asking `symbol` for each latent: a decoder reads it, an encoder
 * quantises, and both must answer with an integer of at most ±32767. Means and scale indices follow
 * from the hyper-latents `zq`, the neighbours coded before and the stored rate 0 … 240
 * (docs/bitstream.md, section 8); integers only, hence the same on every machine.
 * Throws `bad-argument` where `zq` does not go with `size`, and what `symbol` throws.
 *
 * All sums are exact in doubles: fewer than 2^16 inputs of at most 2^15 times weights of at most
 * 2^15 stay below 2^46.
 */
export function codeInContext(
  model: EntropyModel,
  zq: Int32Array,
  size: GridSize,
  rate: number,
  symbol: SymbolSource,
): { q: Int32Array<ArrayBuffer>; prior: LatentPrior } {
  const walk = new TileWalk(model, hyperSynthesis(model, zq, size), size, rate);
  for (let y = 0; y < size.height; y++) {
    for (let x = 0; x < size.width; x++) walk.position(y, x, symbol);
  }
  return { q: walk.q, prior: { mean: walk.mean, scaleIndex: walk.scaleIndex } };
}

class TileWalk {
  readonly q: Int32Array<ArrayBuffer>;
  readonly mean: Int16Array<ArrayBuffer>;
  readonly scaleIndex: Uint8Array<ArrayBuffer>;
  /** Coded latents in units of their typical size, and the roots of their magnitudes. */
  private readonly linear: Float64Array;
  private readonly root: Float64Array;
  /** What the hyper-latents say of a position: normalised means, scales, and the rate. */
  private readonly side: Float64Array;
  private readonly context: Float64Array;
  private readonly hidden: Float64Array;
  private readonly change: Float64Array;

  constructor(
    private readonly model: EntropyModel,
    private readonly hyper: HyperParameters,
    private readonly size: GridSize,
    private readonly rate: number,
  ) {
    const { latentChannels, context } = model;
    const count = size.height * size.width * latentChannels;
    this.q = new Int32Array(count);
    this.mean = new Int16Array(count);
    this.scaleIndex = new Uint8Array(count);
    this.linear = new Float64Array(count);
    this.root = new Float64Array(count);
    this.side = new Float64Array(2 * latentChannels + 1);
    this.context = new Float64Array(context.width);
    this.hidden = new Float64Array(context.sliceWidth);
    this.change = new Float64Array(2 * latentChannels);
  }

  position(y: number, x: number, symbol: SymbolSource): void {
    const { latentChannels: channels, context } = this.model;
    const at = (y * this.size.width + x) * channels;
    this.seeContext(y, x, at);
    for (let slice = 0; slice < context.slices; slice++) {
      const from = Math.floor((slice * channels) / context.slices);
      const to = Math.floor(((slice + 1) * channels) / context.slices);
      this.predict(slice, at, from, to);
      for (let c = from; c < to; c++) this.code(at, c, symbol);
    }
  }

  /** The hidden layer that a position's slices share: from neighbours, hyper-latents and rate. */
  private seeContext(y: number, x: number, at: number): void {
    const { latentChannels: channels, context } = this.model;
    const { width } = this.size;
    const sums = this.context;
    const layer = context.into;
    sums.set(layer.bias);
    for (const [k, [dy, dx]] of NEIGHBOURS.entries()) {
      if (y + dy < 0 || x + dx < 0 || x + dx >= width) continue;
      const from = at + (dy * width + dx) * channels;
      const row = 2 * k * channels;
      addProducts(layer, this.linear, from, channels, row, 0, sums);
      addProducts(layer, this.root, from, channels, row + channels, 0, sums);
    }
    for (let c = 0; c < channels; c++) {
      this.side[c] = normalised(this.hyper.mean[at + c], context.norm[c]);
      this.side[channels + c] = this.hyper.scale[at + c];
    }
    this.side[2 * channels] = RATE_FACTOR * this.rate;
    addProducts(layer, this.side, 0, this.side.length, 8 * channels, 0, sums);
    scaleDown(layer, sums, 0);
  }

  /** Corrections of means and scale indices of a slice's channels `from` … `to` - 1. */
  private predict(slice: number, at: number, from: number, to: number): void {
    const { latentChannels: channels, context } = this.model;
    const { hidden, change } = this;
    const first = slice * context.sliceWidth;
    const layer = context.hidden;
    for (let i = 0; i < hidden.length; i++) hidden[i] = layer.bias[first + i];
    addProducts(layer, this.context, 0, context.width, 0, first, hidden);
    addProducts(layer, this.linear, at, from, context.width, first, hidden);
    addProducts(layer, this.root, at, from, context.width + channels, first, hidden);
    scaleDown(layer, hidden, 0);
    this.correct(from, to, change);
    this.correct(channels + from, channels + to, change);
  }

  /** Outputs `from` … `to` - 1 of the last layer. */
  private correct(from: number, to: number, change: Float64Array): void {
    const { out } = this.model.context;
    const sums = change.subarray(from, to);
    for (let i = 0; i < sums.length; i++) sums[i] = out.bias[from + i];
    addProducts(out, this.hidden, 0, this.hidden.length, 0, from, sums);
    scaleDown(out, sums, -LIMIT);
  }

  /** Asks for one symbol and keeps what later symbols see of it. */
  private code(at: number, c: number, symbol: SymbolSource): void {
    const { latentChannels: channels, context } = this.model;
    const i = at + c;
    const shift = Math.floor((this.change[c] * context.gain[c]) / NORM_UNIT);
    const mean = clamp(this.hyper.mean[i] + shift, -LIMIT, LIMIT);
    const fine = this.hyper.scale[i] + this.change[channels + c];
    const scaleIndex = clamp(Math.floor((fine + MEAN_UNIT / 2) / MEAN_UNIT), 0, SCALE_COUNT - 1);
    const q = symbol(i, mean, scaleIndex);
    this.q[i] = q;
    this.mean[i] = mean;
    this.scaleIndex[i] = scaleIndex;
    const value = MEAN_UNIT * q + mean;
    this.linear[i] = normalised(value, context.norm[c]);
    this.root[i] = Math.floor(Math.sqrt(16 * Math.abs(value)));
  }
}

function clamp(value: number, low: number, high: number): number {
  return value < low ? low : value > high ? high : value;
}

/** A latent in units of its channel's typical size. */
function normalised(value: number, norm: number): number {
  return clamp(Math.floor((value * norm) / NORM_UNIT), -LIMIT, LIMIT);
}

/**
 * Adds inputs[from … from + count - 1] times the matrix's rows from `row` on, of which `sums` takes
 * the columns from `column` on. Eight sums at a time stay in registers: twice as fast as row by row.
 */
function addProducts(
  { weight, outputs }: IntegerMatrix,
  inputs: Float64Array,
  from: number,
  count: number,
  row: number,
  column: number,
  sums: Float64Array,
): void {
  const start = row * outputs + column;
  const end = from + count;
  let o = 0;
  for (; o + 8 <= sums.length; o += 8) {
    let [s0, s1, s2, s3, s4, s5, s6, s7] = [0, 0, 0, 0, 0, 0, 0, 0];
    for (let i = from, at = start + o; i < end; i++, at += outputs) {
      const input = inputs[i];
      s0 += input * weight[at];
      s1 += input * weight[at + 1];
      s2 += input * weight[at + 2];
      s3 += input * weight[at + 3];
      s4 += input * weight[at + 4];
      s5 += input * weight[at + 5];
      s6 += input * weight[at + 6];
      s7 += input * weight[at + 7];
    }
    sums[o] += s0;
    sums[o + 1] += s1;
    sums[o + 2] += s2;
    sums[o + 3] += s3;
    sums[o + 4] += s4;
    sums[o + 5] += s5;
    sums[o + 6] += s6;
    sums[o + 7] += s7;
  }
  for (; o < sums.length; o++) {
    for (let i = from, at = start + o; i < end; i++, at += outputs) {
      sums[o] += inputs[i] * weight[at];
    }
  }
}

/** floor((sum + 2^(shift-1)) / 2^shift), clamped to `low` … 32767; exact in doubles. */
function scaleDown({ shift }: IntegerMatrix, sums: Float64Array, low: number): void {
  const divisor = 2 ** shift;
  for (let i = 0; i < sums.length; i++) {
    sums[i] = clamp(Math.floor((sums[i] + divisor / 2) / divisor), low, LIMIT);
  }
}

import { HscError } from '../errors';
import { codeInContext, type LatentPrior } from './contextModel';
import { type GridSize, hyperSize } from './hyperSynthesis';
import { type EntropyModel, targetOfRate } from './model';
import { RangeDecoder, RangeEncoder } from './rangeCoder';
import { MAX_SYMBOL } from './tables';

/** The integers of one tile, both row-major with channels last. */
export interface TileSymbols {
  /** Hyper-latents, `[hz, wz, hyperFilters]` with (hz, wz) = hyperSize(latents). */
  readonly zq: Int32Array<ArrayBuffer>;
  /** Latents less their means, rounded: `[height, width, latentChannels]`. */
  readonly q: Int32Array<ArrayBuffer>;
}

export interface EncodedTile {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Σ -log2 p of the hyper-latents, from the tables. */
  readonly zBits: number;
  /** Σ -log2 p of the latents, from the tables. */
  readonly yBits: number;
}

/** What coding symbols takes once their scales are known. */
type LatentTables = Pick<EntropyModel, 'zTables' | 'yTables' | 'hyperFilters'>;

export interface DecodedTile extends TileSymbols, LatentPrior {}

/** Nearest integer (halves up) within what the coder can carry: what becomes `zq` and `q`. */
export function roundToSymbol(value: number): number {
  const rounded = Math.floor(value + 0.5);
  return Math.min(MAX_SYMBOL, Math.max(-MAX_SYMBOL, rounded));
}

/** Bits that the tables charge for a tile, escapes included. */
export function tileBits(
  model: LatentTables,
  rate: number,
  { zq, q }: TileSymbols,
  { scaleIndex }: Pick<LatentPrior, 'scaleIndex'>,
): { zBits: number; yBits: number } {
  const { zTables, yTables, hyperFilters } = model;
  const first = targetOfRate(rate) * hyperFilters;
  let zBits = 0;
  let yBits = 0;
  for (let i = 0; i < zq.length; i++) zBits += zTables.bits(first + (i % hyperFilters), zq[i]);
  for (let i = 0; i < q.length; i++) yBits += yTables.bits(scaleIndex[i], q[i]);
  return { zBits, yBits };
}

/** Hyper-latents in memory order, by the tables of the target nearest to a stored rate. */
export function encodeHyperLatents(
  coder: RangeEncoder,
  { zTables, hyperFilters }: LatentTables,
  rate: number,
  zq: Int32Array,
): void {
  const first = targetOfRate(rate) * hyperFilters;
  for (let i = 0; i < zq.length; i++) zTables.encode(coder, first + (i % hyperFilters), zq[i]);
}

/** The reverse, for latents of the given size. Throws `check-failed`, `truncated`. */
export function decodeHyperLatents(
  coder: RangeDecoder,
  { zTables, hyperFilters }: LatentTables,
  rate: number,
  latents: GridSize,
): Int32Array<ArrayBuffer> {
  const { height, width } = hyperSize(latents);
  const first = targetOfRate(rate) * hyperFilters;
  const zq = new Int32Array(height * width * hyperFilters);
  for (let i = 0; i < zq.length; i++) zq[i] = zTables.decode(coder, first + (i % hyperFilters));
  return zq;
}

/**
 * Codes one tile: hyper-latents, then latents, each in memory order, in one range-coder stream.
 * `rate` is the stored one, 0 … 240. Throws `bad-argument` for arrays of the wrong size or values
 * beyond ±32767.
 */
export function encodeTile(
  model: EntropyModel,
  rate: number,
  latents: GridSize,
  symbols: TileSymbols,
): EncodedTile {
  checkSizes(model, latents, symbols);
  const { prior } = codeInContext(model, symbols.zq, latents, rate, (at) => symbols.q[at]);
  return encodeWithPrior(model, rate, latents, symbols, prior);
}

/** {@link encodeTile} with means and scale indices that are known already. */
export function encodeWithPrior(
  model: EntropyModel,
  rate: number,
  latents: GridSize,
  symbols: TileSymbols,
  prior: LatentPrior,
): EncodedTile {
  checkTarget(model, rate);
  checkSizes(model, latents, symbols);
  const { zq, q } = symbols;
  const coder = new RangeEncoder();
  encodeHyperLatents(coder, model, rate, zq);
  for (let i = 0; i < q.length; i++) model.yTables.encode(coder, prior.scaleIndex[i], q[i]);
  return { bytes: coder.finish(), ...tileBits(model, rate, symbols, prior) };
}

/**
 * Decodes what {@link encodeTile} wrote. Throws `check-failed`, `truncated` or `bitstream` where
 * no encoder could have written the bytes; most damage shows only in the file's own check.
 */
export function decodeTile(
  model: EntropyModel,
  rate: number,
  latents: GridSize,
  bytes: Uint8Array,
): DecodedTile {
  checkTarget(model, rate);
  const coder = new RangeDecoder(bytes);
  const zq = decodeHyperLatents(coder, model, rate, latents);
  const { q, prior } = codeInContext(model, zq, latents, rate, (_at, _mean, scaleIndex) =>
    model.yTables.decode(coder, scaleIndex),
  );
  coder.finish();
  return { zq, q, ...prior };
}

function checkSizes(
  { hyperFilters, latentChannels }: EntropyModel,
  latents: GridSize,
  { zq, q }: TileSymbols,
): void {
  const hyper = hyperSize(latents);
  const fits =
    zq.length === hyper.height * hyper.width * hyperFilters &&
    q.length === latents.height * latents.width * latentChannels;
  if (fits) return;
  throw new HscError('bad-argument', 'The latents do not match the size of the tile.');
}

function checkTarget(model: EntropyModel, rate: number): void {
  if (Number.isInteger(rate) && rate >= 0 && targetOfRate(rate) < model.targets) return;
  throw new HscError('bad-argument', `The model has no rate ${rate}.`);
}

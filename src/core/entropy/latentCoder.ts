import { HscError } from '../errors';
import { type GridSize, hyperSize, hyperSynthesis, type LatentPrior } from './hyperSynthesis';
import type { EntropyModel } from './model';
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

export interface DecodedTile extends TileSymbols, LatentPrior {}

/** Nearest integer (halves up) within what the coder can carry: what becomes `zq` and `q`. */
export function roundToSymbol(value: number): number {
  const rounded = Math.floor(value + 0.5);
  return Math.min(MAX_SYMBOL, Math.max(-MAX_SYMBOL, rounded));
}

/**
 * Codes one tile: hyper-latents, then latents, each in memory order, in one range-coder stream.
 * `target` (0 … targets - 1) picks the tables of z. Throws `bad-argument` for arrays of the wrong size or values beyond ±32767.
 */
export function encodeTile(
  model: EntropyModel,
  target: number,
  latents: GridSize,
  symbols: TileSymbols,
): EncodedTile {
  const { zq, q } = symbols;
  checkTarget(model, target);
  const hyper = hyperSize(latents);
  if (
    zq.length !== hyper.height * hyper.width * model.hyperFilters ||
    q.length !== latents.height * latents.width * model.latentChannels
  ) {
    throw new HscError('bad-argument', 'The latents do not match the size of the tile.');
  }
  const { scaleIndex } = hyperSynthesis(model, zq, latents);
  const { zTables, yTables, hyperFilters } = model;
  const coder = new RangeEncoder();
  let zBits = 0;
  let yBits = 0;
  for (let i = 0; i < zq.length; i++) {
    const table = target * hyperFilters + (i % hyperFilters);
    zTables.encode(coder, table, zq[i]);
    zBits += zTables.bits(table, zq[i]);
  }
  for (let i = 0; i < q.length; i++) {
    yTables.encode(coder, scaleIndex[i], q[i]);
    yBits += yTables.bits(scaleIndex[i], q[i]);
  }
  return { bytes: coder.finish(), zBits, yBits };
}

/**
 * Decodes what {@link encodeTile} wrote. Throws `check-failed`, `truncated` or `bitstream` where
 * no encoder could have written the bytes; most damage shows only in the file's own check.
 */
export function decodeTile(
  model: EntropyModel,
  target: number,
  latents: GridSize,
  bytes: Uint8Array,
): DecodedTile {
  checkTarget(model, target);
  const { zTables, yTables, hyperFilters, latentChannels } = model;
  const coder = new RangeDecoder(bytes);
  const { height, width } = hyperSize(latents);
  const zq = new Int32Array(height * width * hyperFilters);
  for (let i = 0; i < zq.length; i++) {
    zq[i] = zTables.decode(coder, target * hyperFilters + (i % hyperFilters));
  }
  const prior = hyperSynthesis(model, zq, latents);
  const q = new Int32Array(latents.height * latents.width * latentChannels);
  for (let i = 0; i < q.length; i++) q[i] = yTables.decode(coder, prior.scaleIndex[i]);
  coder.finish();
  return { zq, q, ...prior };
}

function checkTarget(model: EntropyModel, target: number): void {
  if (!Number.isInteger(target) || target < 0 || target >= model.targets) {
    throw new HscError('bad-argument', `The model has no target rate number ${target}.`);
  }
}

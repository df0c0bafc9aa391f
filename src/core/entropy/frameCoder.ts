import { HscError } from '../errors';
import { type EntropyModel, type FrameModel, SCALE_COUNT } from './model';
import { RangeDecoder, RangeEncoder } from './rangeCoder';

/** A file's spectral frame in symbols; row 0 is the mean, the others axes. */
export interface FrameSymbols {
  /** Precision of each row, 0 to 7. */
  readonly precision: readonly number[];
  /** One row of `components` symbols for each precision. */
  readonly symbols: readonly Int32Array[];
}

/** Precisions that a row can have; each makes symbols {@link PRECISION_RATIO} times as large. */
export const PRECISIONS = 8;

const INDICES_PER_PRECISION = 4;

/** Steps shrink by the ratio of four scale indices from one precision to the next. */
export const PRECISION_RATIO = (64 / 0.11) ** (INDICES_PER_PRECISION / (SCALE_COUNT - 1));

const COUNT_BITS = 4;
const PRECISION_BITS = 3;

/** Codes a frame, in at least one byte. Throws `bad-argument` for what the model cannot hold. */
export function encodeFrame(
  model: EntropyModel,
  { precision, symbols }: FrameSymbols,
): Uint8Array<ArrayBuffer> {
  const frame = frameOf(model);
  const fits =
    precision.length >= 1 &&
    precision.length <= frame.rows + 1 &&
    symbols.length === precision.length &&
    symbols.every((row) => row.length === frame.components) &&
    precision.every((p) => Number.isInteger(p) && p >= 0 && p < PRECISIONS);
  if (!fits) throw new HscError('bad-argument', 'The frame does not fit the model.');
  const coder = new RangeEncoder();
  coder.encodeBits(precision.length - 1, COUNT_BITS);
  for (const [i, row] of symbols.entries()) {
    coder.encodeBits(precision[i], PRECISION_BITS);
    for (const [j, symbol] of row.entries()) {
      model.yTables.encode(coder, tableOf(frame, i, j, precision[i]), symbol);
    }
  }
  const bytes = coder.finish();
  // The coder leaves zeros at the end away; without a byte the file would have no frame.
  return bytes.length > 0 ? bytes : new Uint8Array(1);
}

/**
 * Decodes what {@link encodeFrame} wrote; `undefined` for no bytes. Throws `bitstream`,
 * `check-failed` or `truncated` for what no encoder could have written, and `model-mismatch` where
 * the model knows no frames.
 */
export function decodeFrame(model: EntropyModel, bytes: Uint8Array): FrameSymbols | undefined {
  if (bytes.length === 0) return undefined;
  const frame = frameOf(model);
  const coder = new RangeDecoder(bytes);
  const rows = coder.decodeBits(COUNT_BITS);
  if (rows > frame.rows) {
    throw new HscError('bitstream', 'The .hsc file has an impossible frame: it is damaged.');
  }
  const precision: number[] = [];
  const symbols: Int32Array[] = [];
  for (let i = 0; i <= rows; i++) {
    const p = coder.decodeBits(PRECISION_BITS);
    precision.push(p);
    symbols.push(
      Int32Array.from({ length: frame.components }, (_, j) =>
        model.yTables.decode(coder, tableOf(frame, i, j, p)),
      ),
    );
  }
  coder.finish();
  return { precision, symbols };
}

/** Bits of a frame, from the tables. */
export function frameBits(model: EntropyModel, { precision, symbols }: FrameSymbols): number {
  const frame = frameOf(model);
  let bits = COUNT_BITS;
  for (const [i, row] of symbols.entries()) {
    bits += PRECISION_BITS;
    for (let j = 0; j < row.length; j++) {
      bits += model.yTables.bits(tableOf(frame, i, j, precision[i]), row[j]);
    }
  }
  return bits;
}

/** Quantiser step of a row at a precision. */
export function frameStep({ step }: FrameModel, row: number, precision: number): number {
  return step[row] * PRECISION_RATIO ** -precision;
}

/** Rows of a frame in numbers: the mean, then the axes as coded (not yet orthonormal). */
export function frameValues(
  model: EntropyModel,
  { precision, symbols }: FrameSymbols,
): Float64Array[] {
  const frame = frameOf(model);
  return symbols.map((row, i) => {
    const step = frameStep(frame, i, precision[i]);
    return Float64Array.from(row, (symbol) => symbol * step);
  });
}

function tableOf({ index, components }: FrameModel, row: number, j: number, precision: number) {
  const own = index[row * components + j] + INDICES_PER_PRECISION * precision;
  return Math.min(SCALE_COUNT - 1, own);
}

function frameOf({ frame }: EntropyModel): FrameModel {
  if (frame) return frame;
  throw new HscError('model-mismatch', 'The file has a spectral frame, but its model has none.');
}

import type { ValueRange } from '../cube/normalize';
import { HscError } from '../errors';
import type { ByteReader, ByteWriter } from './bytes';

/**
 * A cube's value range as files store it: high - low with 9 significant bits, low as a multiple
 * of (high - low) / 4096. Both are relative to the range itself, so sensors with a large offset
 * lose nothing. The encoder normalises with the stored values, so rounding costs no accuracy: it
 * only moves the ends of the range, by at most 0.2 % and 0.02 % of it (0.02 dB of range use),
 * for 3 or 4 bytes where two float32 would take 8.
 */
const LOW_STEPS = 4096;
const MAX_LOW = 2 ** 41;
const DROPPED_BITS = 15;
const MAX_SPAN_CODE = 0xfeff;

const single = new Float32Array(1);
const word = new Uint32Array(single.buffer);

interface RangeCode {
  /** A positive float32 without its sign and its 15 lowest bits: 1 to 0xFEFF. */
  readonly span: number;
  readonly low: number;
}

/**
 * The nearest range that a file can hold; normalise with this one.
 * Throws `bad-argument` where low < high does not hold or the difference exceeds a float32.
 */
export function storedRange(range: ValueRange): ValueRange {
  return fromCode(toCode(range));
}

/** Throws `bad-argument` for a range that is not a {@link storedRange}. */
export function writeRange(writer: ByteWriter, range: ValueRange): void {
  const code = toCode(range);
  const stored = fromCode(code);
  if (stored.low !== range.low || stored.high !== range.high) {
    throw new HscError('bad-argument', 'The value range must be rounded as files store it.');
  }
  writer.u16(code.span);
  writer.zigzag(code.low);
}

export function readRange(reader: ByteReader): ValueRange {
  const code = { span: reader.u16(), low: reader.zigzag() };
  if (code.span < 1 || code.span > MAX_SPAN_CODE || Math.abs(code.low) > MAX_LOW) {
    throw new HscError('bitstream', 'The .hsc file has an impossible value range: it is damaged.');
  }
  return fromCode(code);
}

function toCode({ low, high }: ValueRange): RangeCode {
  single[0] = high - low;
  const rounded = (word[0] + (1 << (DROPPED_BITS - 1))) >>> DROPPED_BITS;
  const span = Math.min(MAX_SPAN_CODE, Math.max(1, rounded));
  const steps = Math.floor((low * LOW_STEPS) / spanOf(span) + 0.5);
  if (!(high > low) || Math.fround(high - low) === Infinity || Math.abs(steps) > MAX_LOW) {
    throw new HscError('bad-argument', `The value range ${low} to ${high} cannot be stored.`);
  }
  return { span, low: steps };
}

function fromCode(code: RangeCode): ValueRange {
  const step = spanOf(code.span) / LOW_STEPS;
  return { low: code.low * step, high: (code.low + LOW_STEPS) * step };
}

function spanOf(code: number): number {
  word[0] = code << DROPPED_BITS;
  return single[0];
}

/**
 * Range coder over 16-bit probabilities (Martin 1979): the state is an interval [low, low + range)
 * of a number written in base 2^16, of which `low` holds the last two digits.
 *
 * Invariants between calls: 2^16 <= range <= 2^32 and 0 <= low < 2^32. The interval is divided
 * exactly, at floor(range * cdf / 2^16), so no part of it is lost. `low` and `last`, range - 1, are
 * 32-bit integers that are read without their sign. `docs/bitstream.md` is the normative description.
 */
import { HscError } from '../errors';

/** Cumulative frequencies end here; the interval never gets narrower than this. */
export const PROBABILITY_TOTAL = 65536;

const DIGIT = 65536;
const FULL = DIGIT * DIGIT;
const LAST_DIGIT = DIGIT - 1;

/**
 * Zero bytes that an encoder may leave off the end, and that a decoder supplies. A stream that
 * needs more has been cut short.
 */
export const MAX_TRIMMED_BYTES = 8;

/** floor((last + 1) * cdf / 2^16), of a range - 1 and a `cdf` of 0..65535. */
function scaledStart(last: number, cdf: number): number {
  const low = Math.imul((last & LAST_DIGIT) + 1, cdf);
  return (Math.imul(last >>> 16, cdf) + (low >>> 16)) | 0;
}

/** The same modulo 2^32 of a `cdf` of 0..65536. */
function scaledEnd(last: number, cdf: number): number {
  const low = Math.imul(last & LAST_DIGIT, cdf);
  const carried = ((low & LAST_DIGIT) + cdf) >>> 16;
  return (Math.imul(last >>> 16, cdf) + (low >>> 16) + carried) | 0;
}

export class RangeEncoder {
  private low = 0;
  private last = -1;
  private digits = new Uint16Array(256);
  private count = 0;

  /**
   * Narrows the interval to the symbol that owns [start, start + frequency) of 0..65536;
   * `frequency` is at least 1.
   */
  encode(start: number, frequency: number): void {
    const from = scaledStart(this.last, start);
    this.narrow(from, (scaledEnd(this.last, start + frequency) - from - 1) | 0);
  }

  /** Writes one bit that is 1 with `probability` / 65536: 1 owns the interval's lower part. */
  encodeBit(probability: number, bit: number): void {
    const split = scaledStart(this.last, probability);
    if (bit === 1) this.narrow(0, (split - 1) | 0);
    else this.narrow(split, (this.last - split) | 0);
  }

  /** Writes `count` (at most 16) equiprobable bits, the most significant first. */
  encodeBits(value: number, count: number): void {
    const width = PROBABILITY_TOTAL >> count;
    this.encode(value * width, width);
  }

  /**
   * Ends the stream on the number of the interval with the most trailing zero bytes, leaves those
   * off, and returns the bytes. The encoder cannot be used afterwards.
   */
  finish(): Uint8Array<ArrayBuffer> {
    const low = this.low >>> 0;
    const range = (this.last >>> 0) + 1;
    let step = FULL;
    let value = low > 0 ? FULL : 0;
    while (value >= low + range) {
      step /= 256;
      value = Math.ceil(low / step) * step;
    }
    if (value >= FULL) this.carry();
    this.shiftOut(value | 0);
    this.shiftOut(value << 16);
    const total = this.count * 2;
    const bytes = new Uint8Array(total);
    for (let i = 0; i < this.count; i++) {
      bytes[2 * i] = this.digits[i] >> 8;
      bytes[2 * i + 1] = this.digits[i];
    }
    let length = total;
    while (length > 0 && total - length < MAX_TRIMMED_BYTES && bytes[length - 1] === 0) length--;
    return bytes.slice(0, length);
  }

  /** Moves the interval's lower end up by `from` and makes its range `last` + 1. */
  private narrow(from: number, last: number): void {
    const low = (this.low + from) | 0;
    if (low >>> 0 < from >>> 0) this.carry();
    if (last >>> 0 < LAST_DIGIT) {
      this.shiftOut(low);
      this.low = low << 16;
      this.last = (last << 16) | LAST_DIGIT;
    } else {
      this.low = low;
      this.last = last;
    }
  }

  /** Moves an overflow of `low` into the digits that are already out. */
  private carry(): void {
    let at = this.count - 1;
    while (this.digits[at] === LAST_DIGIT) this.digits[at--] = 0;
    this.digits[at]++;
  }

  /** Writes the upper digit of a number. */
  private shiftOut(low: number): void {
    if (this.count === this.digits.length) {
      const larger = new Uint16Array(this.count * 2);
      larger.set(this.digits);
      this.digits = larger;
    }
    this.digits[this.count++] = low >>> 16;
  }
}

/** Places of a decoder's state. */
const OFFSET = 0;
const LAST = 1;

export class RangeDecoder {
  /**
   * The coded number less the interval's lower end, always below the range in a valid stream, and
   * `last`. A typed array, because some engines box fields that outgrow 31 bits.
   */
  private readonly state = Int32Array.of(0, -1);
  private at = 0;

  constructor(private readonly bytes: Uint8Array) {
    const high = this.nextDigit();
    this.state[OFFSET] = (high << 16) | this.nextDigit();
  }

  /** The position in 0..65535 that lies in the next symbol's [start, start + frequency). */
  target(): number {
    const { state } = this;
    return (((state[OFFSET] >>> 0) * DIGIT + LAST_DIGIT) / ((state[LAST] >>> 0) + 1)) | 0;
  }

  /** Removes the symbol found for {@link target}. Throws `truncated` past the stream's end. */
  consume(start: number, frequency: number): void {
    const last = this.state[LAST];
    const from = scaledStart(last, start);
    this.narrow(from, (scaledEnd(last, start + frequency) - from - 1) | 0);
  }

  /** Reads one bit that is 1 with `probability` / 65536. Throws `truncated` past the end. */
  decodeBit(probability: number): number {
    const { state } = this;
    const last = state[LAST];
    const split = scaledStart(last, probability);
    const bit = state[OFFSET] >>> 0 < split >>> 0 ? 1 : 0;
    this.narrow(bit === 1 ? 0 : split, (bit === 1 ? split - 1 : last - split) | 0);
    return bit;
  }

  /** Reads `count` (at most 16) equiprobable bits, the most significant first. */
  decodeBits(count: number): number {
    const shift = 16 - count;
    const value = this.target() >> shift;
    this.consume(value << shift, 1 << shift);
    return value;
  }

  /** To be called after the last symbol: throws `bitstream` where bytes are left over. */
  finish(): void {
    if (this.at < this.bytes.length) {
      throw new HscError('bitstream', 'The file has bytes after the end of a tile: it is damaged.');
    }
  }

  private narrow(from: number, last: number): void {
    const { state } = this;
    const offset = (state[OFFSET] - from) | 0;
    if (last >>> 0 < LAST_DIGIT) {
      state[OFFSET] = (offset << 16) | this.nextDigit();
      state[LAST] = (last << 16) | LAST_DIGIT;
    } else {
      state[OFFSET] = offset;
      state[LAST] = last;
    }
  }

  private nextDigit(): number {
    const { at, bytes } = this;
    if (at + 2 > bytes.length + MAX_TRIMMED_BYTES) {
      throw new HscError('truncated', 'The file ends inside a tile: it was cut short.');
    }
    this.at = at + 2;
    if (at + 2 <= bytes.length) return (bytes[at] << 8) | bytes[at + 1];
    return at < bytes.length ? bytes[at] << 8 : 0;
  }
}

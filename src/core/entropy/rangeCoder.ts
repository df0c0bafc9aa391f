/**
 * Range coder over 16-bit probabilities (Martin 1979): the state is an interval [low, low + range)
 * of a number written in base 2^16, of which `low` holds the last two digits.
 *
 * Invariants between calls: 2^16 <= range <= 2^32 and 0 <= low < 2^32, both integers. The interval
 * is divided exactly, at floor(range * cdf / 2^16), so no part of it is lost; the products stay
 * under 2^48 and are exact in a double. `docs/bitstream.md` is the normative description.
 */
import { HscError } from '../errors';

/** Cumulative frequencies end here; the interval never gets narrower than this. */
export const PROBABILITY_TOTAL = 65536;

const DIGIT = 65536;
const FULL = DIGIT * DIGIT;

/**
 * Zero bytes that an encoder may leave off the end, and that a decoder supplies. A stream that
 * needs more has been cut short.
 */
export const MAX_TRIMMED_BYTES = 8;

export class RangeEncoder {
  private low = 0;
  private range = FULL;
  private digits = new Uint16Array(256);
  private count = 0;

  /**
   * Narrows the interval to the symbol that owns [start, start + frequency) of 0..65536;
   * `frequency` is at least 1.
   */
  encode(start: number, frequency: number): void {
    const from = Math.floor((this.range * start) / PROBABILITY_TOTAL);
    const to = Math.floor((this.range * (start + frequency)) / PROBABILITY_TOTAL);
    this.low += from;
    this.range = to - from;
    if (this.low >= FULL) this.carry();
    if (this.range < DIGIT) this.shiftOut();
  }

  /** Writes one bit that is 1 with `probability` / 65536: 1 owns the interval's lower part. */
  encodeBit(probability: number, bit: number): void {
    const split = Math.floor((this.range * probability) / PROBABILITY_TOTAL);
    if (bit === 1) {
      this.range = split;
    } else {
      this.low += split;
      this.range -= split;
      if (this.low >= FULL) this.carry();
    }
    if (this.range < DIGIT) this.shiftOut();
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
    let step = FULL;
    let value = this.low > 0 ? FULL : 0;
    while (value >= this.low + this.range) {
      step /= 256;
      value = Math.ceil(this.low / step) * step;
    }
    this.low = value;
    if (value >= FULL) this.carry();
    this.shiftOut();
    this.shiftOut();
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

  /** Moves an overflow of `low` into the digits that are already out. */
  private carry(): void {
    this.low -= FULL;
    let at = this.count - 1;
    while (this.digits[at] === DIGIT - 1) this.digits[at--] = 0;
    this.digits[at]++;
  }

  private shiftOut(): void {
    if (this.count === this.digits.length) {
      const larger = new Uint16Array(this.count * 2);
      larger.set(this.digits);
      this.digits = larger;
    }
    this.digits[this.count++] = Math.floor(this.low / DIGIT);
    this.low = (this.low % DIGIT) * DIGIT;
    this.range *= DIGIT;
  }
}

export class RangeDecoder {
  /** The coded number less the interval's lower end: always below `range` in a valid stream. */
  private offset = 0;
  private range = FULL;
  private at = 0;

  constructor(private readonly bytes: Uint8Array) {
    this.offset = this.nextDigit() * DIGIT;
    this.offset += this.nextDigit();
  }

  /** The position in 0..65535 that lies in the next symbol's [start, start + frequency). */
  target(): number {
    return Math.floor(((this.offset + 1) * PROBABILITY_TOTAL - 1) / this.range);
  }

  /** Removes the symbol found for {@link target}. Throws `truncated` past the stream's end. */
  consume(start: number, frequency: number): void {
    const from = Math.floor((this.range * start) / PROBABILITY_TOTAL);
    const to = Math.floor((this.range * (start + frequency)) / PROBABILITY_TOTAL);
    this.offset -= from;
    this.range = to - from;
    if (this.range < DIGIT) {
      this.offset = this.offset * DIGIT + this.nextDigit();
      this.range *= DIGIT;
    }
  }

  /** Reads one bit that is 1 with `probability` / 65536. Throws `truncated` past the end. */
  decodeBit(probability: number): number {
    const split = Math.floor((this.range * probability) / PROBABILITY_TOTAL);
    const bit = this.offset < split ? 1 : 0;
    if (bit === 1) {
      this.range = split;
    } else {
      this.offset -= split;
      this.range -= split;
    }
    if (this.range < DIGIT) {
      this.offset = this.offset * DIGIT + this.nextDigit();
      this.range *= DIGIT;
    }
    return bit;
  }

  /** Reads `count` (at most 16) equiprobable bits, the most significant first. */
  decodeBits(count: number): number {
    const width = PROBABILITY_TOTAL >> count;
    const value = Math.floor(this.target() / width);
    this.consume(value * width, width);
    return value;
  }

  /** To be called after the last symbol: throws `bitstream` where bytes are left over. */
  finish(): void {
    if (this.at < this.bytes.length) {
      throw new HscError('bitstream', 'The file has bytes after the end of a tile: it is damaged.');
    }
  }

  private nextDigit(): number {
    if (this.at + 2 > this.bytes.length + MAX_TRIMMED_BYTES) {
      throw new HscError('truncated', 'The file ends inside a tile: it was cut short.');
    }
    const high = this.bytes[this.at] ?? 0;
    const low = this.bytes[this.at + 1] ?? 0;
    this.at += 2;
    return high * 256 + low;
  }
}

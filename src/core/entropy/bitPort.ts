import type { RangeDecoder, RangeEncoder } from './rangeCoder';

const CHUNK_BITS = 16;
const CHUNK = 65536;

/**
 * One end of a stream of bits. A model walks through its decisions once for both directions: the
 * writing end takes each bit and returns it, the reading end ignores the argument and returns
 * what the stream holds.
 */
export interface BitPort {
  /** A bit that is 1 with `probability` / 65536. */
  code(probability: number, bit: number): number;
  /** `count` (0…48) equiprobable bits of a non-negative integer, the most significant first. */
  codeRaw(value: number, count: number): number;
}

export class WritingPort implements BitPort {
  constructor(private readonly encoder: RangeEncoder) {}

  code(probability: number, bit: number): number {
    this.encoder.encodeBit(probability, bit);
    return bit;
  }

  codeRaw(value: number, count: number): number {
    if (count > CHUNK_BITS) {
      this.codeRaw(Math.floor(value / CHUNK), count - CHUNK_BITS);
      this.encoder.encodeBits(value % CHUNK, CHUNK_BITS);
    } else if (count > 0) {
      this.encoder.encodeBits(value, count);
    }
    return value;
  }
}

/** Throws `truncated` past the end of the stream. */
export class ReadingPort implements BitPort {
  constructor(private readonly decoder: RangeDecoder) {}

  code(probability: number): number {
    return this.decoder.decodeBit(probability);
  }

  codeRaw(_value: number, count: number): number {
    if (count > CHUNK_BITS) {
      const high = this.codeRaw(0, count - CHUNK_BITS);
      return high * CHUNK + this.decoder.decodeBits(CHUNK_BITS);
    }
    return count > 0 ? this.decoder.decodeBits(count) : 0;
  }
}

/** Counts the bits of what passes through it. */
export class CountingPort implements BitPort {
  bits = 0;

  code(probability: number, bit: number): number {
    this.bits -= Math.log2((bit === 1 ? probability : 65536 - probability) / 65536);
    return bit;
  }

  codeRaw(value: number, count: number): number {
    this.bits += count;
    return value;
  }
}

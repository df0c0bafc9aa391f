import { HscError } from '../errors';
import { PROBABILITY_TOTAL, type RangeDecoder, type RangeEncoder } from './rangeCoder';

/** Symbols are integers of at most this magnitude, escapes included. */
export const MAX_SYMBOL = 32767;

/** Longest Exp-Golomb prefix: distances reach 2 * MAX_SYMBOL < 2^16. */
const MAX_PREFIX = 15;

/** Buckets of a table's decoding index: 256 positions of the cumulative frequencies each. */
const BUCKETS = 256;

/**
 * Integer probability tables. Table t codes the values min[t] … min[t] + length[t] - 1 and an
 * escape, whose cumulative frequencies rise strictly from 0 to 65536. Beyond the table, the escape
 * is followed by the side and an Exp-Golomb code (order 0) of the distance, in equiprobable bits.
 */
export class CdfTables {
  readonly count: number;
  /** Table t owns the entries `first[t]` … `first[t] + length[t]`, the last being the escape. */
  private readonly first: Int32Array;
  /** Cumulative frequency at which an entry starts, and above it, 2^16-fold, its frequency - 1. */
  private readonly entries: Int32Array;
  /** Symbol at the start of each bucket, `[count, BUCKETS]`: where the decoder's search begins. */
  private readonly index: Uint16Array;

  /**
   * `cdf` concatenates `length[t] + 1` values a table, the final 65536 left out.
   * Throws `bad-file` for tables that no decoder could use.
   */
  constructor(
    cdf: Uint16Array,
    private readonly min: Int32Array,
    private readonly length: Int32Array,
  ) {
    this.count = length.length;
    this.first = new Int32Array(this.count);
    this.entries = new Int32Array(cdf.length);
    this.index = new Uint16Array(this.count * BUCKETS);
    if (min.length !== this.count) throw invalid('minima and lengths differ in number');
    let from = 0;
    for (let table = 0; table < this.count; table++) {
      this.first[table] = from;
      this.checkExtent(table, cdf.length - from);
      const end = from + length[table] + 1;
      this.fillEntries(table, cdf.subarray(from, end));
      this.fillIndex(table);
      from = end;
    }
    if (from !== cdf.length) throw invalid('frequencies are left over');
  }

  /** Codes one symbol. Throws `bad-argument` beyond ±{@link MAX_SYMBOL}. */
  encode(coder: RangeEncoder, table: number, value: number): void {
    const symbol = value - this.min[table];
    const length = this.length[table];
    if (symbol >= 0 && symbol < length) this.encodeEntry(coder, table, symbol);
    else this.encodeEscape(coder, table, value);
  }

  /** Decodes one symbol. Throws `check-failed` for an impossible one, `truncated` past the end. */
  decode(coder: RangeDecoder, table: number): number {
    const { entries } = this;
    const target = coder.target();
    const first = this.first[table];
    let at = first + this.index[table * BUCKETS + (target >> 8)];
    let entry = entries[at];
    while (startOf(entry) + frequencyOf(entry) <= target) entry = entries[++at];
    coder.consume(startOf(entry), frequencyOf(entry));
    const symbol = at - first;
    return symbol < this.length[table] ? this.min[table] + symbol : this.decodeEscape(coder, table);
  }

  /** Information content in bits, -log2 of the coded probability, with an escape's extra bits. */
  bits(table: number, value: number): number {
    const symbol = value - this.min[table];
    const length = this.length[table];
    if (symbol >= 0 && symbol < length) return this.entryBits(table, symbol);
    const distance = symbol < 0 ? -symbol : symbol - length + 1;
    return this.entryBits(table, length) + 2 + 2 * (31 - Math.clz32(distance));
  }

  private encodeEntry(coder: RangeEncoder, table: number, symbol: number): void {
    const entry = this.entries[this.first[table] + symbol];
    coder.encode(startOf(entry), frequencyOf(entry));
  }

  private encodeEscape(coder: RangeEncoder, table: number, value: number): void {
    if (!(Math.abs(value) <= MAX_SYMBOL)) {
      throw new HscError('bad-argument', `The value ${value} is too large for the entropy coder.`);
    }
    const symbol = value - this.min[table];
    const length = this.length[table];
    this.encodeEntry(coder, table, length);
    coder.encodeBits(symbol < 0 ? 1 : 0, 1);
    const distance = symbol < 0 ? -symbol : symbol - length + 1;
    const prefix = 31 - Math.clz32(distance);
    coder.encodeBits(0, prefix);
    coder.encodeBits(1, 1);
    coder.encodeBits(distance - 2 ** prefix, prefix);
  }

  private decodeEscape(coder: RangeDecoder, table: number): number {
    const below = coder.decodeBits(1) === 1;
    let prefix = 0;
    while (coder.decodeBits(1) === 0) {
      if (++prefix > MAX_PREFIX) throw damaged();
    }
    const distance = 2 ** prefix + coder.decodeBits(prefix);
    const value = below
      ? this.min[table] - distance
      : this.min[table] + this.length[table] - 1 + distance;
    if (Math.abs(value) > MAX_SYMBOL) throw damaged();
    return value;
  }

  private entryBits(table: number, symbol: number): number {
    const entry = this.entries[this.first[table] + symbol];
    return -Math.log2(frequencyOf(entry) / PROBABILITY_TOTAL);
  }

  private checkExtent(table: number, available: number): void {
    const min = this.min[table];
    const length = this.length[table];
    if (length < 1 || length + 1 > available) throw invalid(`table ${table} has no frequencies`);
    if (min < -MAX_SYMBOL || min + length - 1 > MAX_SYMBOL) {
      throw invalid(`table ${table} reaches beyond ±${MAX_SYMBOL}`);
    }
  }

  /** `cdf`: the table's own cumulative frequencies but for the final 65536. */
  private fillEntries(table: number, cdf: Uint16Array): void {
    const own = this.entries.subarray(this.first[table]);
    let rises = cdf[0] === 0;
    for (const [symbol, start] of cdf.entries()) {
      const end = symbol + 1 < cdf.length ? cdf[symbol + 1] : PROBABILITY_TOTAL;
      rises &&= start < end;
      own[symbol] = ((end - start - 1) << 16) | start;
    }
    if (!rises) throw invalid(`table ${table} does not rise from 0 to 65536`);
  }

  private fillIndex(table: number): void {
    let at = this.first[table];
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      while (startOf(this.entries[at]) + frequencyOf(this.entries[at]) <= bucket * 256) at++;
      this.index[table * BUCKETS + bucket] = at - this.first[table];
    }
  }
}

function startOf(entry: number): number {
  return entry & 0xffff;
}

function frequencyOf(entry: number): number {
  return (entry >>> 16) + 1;
}

function invalid(why: string): HscError {
  return new HscError('bad-file', `The probability tables of the weights are invalid: ${why}.`);
}

function damaged(): HscError {
  return new HscError('check-failed', 'A tile holds an impossible value: the file is damaged.');
}

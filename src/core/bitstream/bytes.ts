import { HscError } from '../errors';

/** Longest varint: 7 groups of 7 bits, so values stay below 2^49 and exact in a double. */
const MAX_VARINT_BYTES = 7;
export const MAX_VARINT = 2 ** (7 * MAX_VARINT_BYTES) - 1;

/** Appends to a growing list; all multi-byte values are little-endian. */
export class ByteWriter {
  private readonly list: number[] = [];

  u8(value: number): void {
    this.list.push(value);
  }

  u16(value: number): void {
    this.list.push(value & 255, value >> 8);
  }

  u24(value: number): void {
    this.list.push(value & 255, (value >> 8) & 255, value >> 16);
  }

  f64(value: number): void {
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setFloat64(0, value, true);
    this.bytes(bytes);
  }

  bytes(values: Uint8Array): void {
    for (const value of values) this.list.push(value);
  }

  /** Unsigned LEB128: groups of 7 bits, the lowest first, the top bit set on all but the last. */
  varint(value: number): void {
    if (!Number.isInteger(value) || value < 0 || value > MAX_VARINT) {
      throw new HscError('bad-argument', `The number ${value} cannot be stored in a .hsc file.`);
    }
    let rest = value;
    while (rest > 127) {
      this.list.push((rest % 128) + 128);
      rest = Math.floor(rest / 128);
    }
    this.list.push(rest);
  }

  /** Signed: 0, -1, 1, -2 … become the varints 0, 1, 2, 3 … */
  zigzag(value: number): void {
    this.varint(value < 0 ? -2 * value - 1 : 2 * value);
  }

  text(value: string): void {
    const bytes = new TextEncoder().encode(value);
    this.varint(bytes.length);
    this.bytes(bytes);
  }

  finish(): Uint8Array<ArrayBuffer> {
    return Uint8Array.from(this.list);
  }
}

/** Reads what {@link ByteWriter} writes. Throws `truncated` past the end, `bitstream` on nonsense. */
export class ByteReader {
  position = 0;

  constructor(readonly data: Uint8Array) {}

  get remaining(): number {
    return this.data.length - this.position;
  }

  u8(): number {
    return this.bytes(1)[0];
  }

  u16(): number {
    const [low, high] = this.bytes(2);
    return low + high * 256;
  }

  u24(): number {
    const [low, middle, high] = this.bytes(3);
    return low + middle * 256 + high * 65536;
  }

  f64(): number {
    const at = this.bytes(8);
    return new DataView(at.buffer, at.byteOffset, 8).getFloat64(0, true);
  }

  /** A view, not a copy. */
  bytes(count: number): Uint8Array {
    if (count > this.remaining) {
      throw new HscError('truncated', 'The .hsc file ends too early: it was cut short.');
    }
    const from = this.position;
    this.position += count;
    return this.data.subarray(from, this.position);
  }

  /** Only the shortest form is valid, so that a value has one spelling. */
  varint(): number {
    let value = 0;
    for (let group = 0; group < MAX_VARINT_BYTES; group++) {
      const byte = this.u8();
      value += (byte & 127) * 128 ** group;
      if (byte < 128) {
        if (byte === 0 && group > 0) break;
        return value;
      }
    }
    throw new HscError('bitstream', 'The .hsc file holds a malformed number: it is damaged.');
  }

  zigzag(): number {
    const value = this.varint();
    return value % 2 === 1 ? -(value + 1) / 2 : value / 2;
  }

  text(): string {
    const bytes = this.bytes(this.varint());
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch (cause) {
      throw new HscError('bitstream', 'The .hsc file holds malformed text: it is damaged.', {
        cause,
      });
    }
  }
}

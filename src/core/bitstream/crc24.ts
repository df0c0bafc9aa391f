/** CRC-24 of OpenPGP (RFC 9580, section 6.1.1): polynomial 0x864CFB, initial value 0xB704CE. */
const POLYNOMIAL = 0x864cfb;
const INITIAL = 0xb704ce;

export const CHECK_BYTES = 3;

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 16;
  for (let bit = 0; bit < 8; bit++) crc = crc & 0x800000 ? (crc << 1) ^ POLYNOMIAL : crc << 1;
  return crc & 0xffffff;
});

export class Crc24 {
  private crc = INITIAL;

  bytes(data: Uint8Array): this {
    for (const byte of data) this.byte(byte);
    return this;
  }

  /** Integers as 32-bit little-endian two's complement. */
  int32(values: ArrayLike<number>): this {
    for (let i = 0; i < values.length; i++) {
      const value = values[i];
      this.byte(value & 255);
      this.byte((value >> 8) & 255);
      this.byte((value >> 16) & 255);
      this.byte((value >> 24) & 255);
    }
    return this;
  }

  get value(): number {
    return this.crc;
  }

  private byte(byte: number): void {
    this.crc = ((this.crc << 8) & 0xffffff) ^ table[(this.crc >> 16) ^ byte];
  }
}

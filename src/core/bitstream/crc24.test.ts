import { expect, test } from 'vitest';
import { Crc24 } from './crc24';

test('equals the published check value of CRC-24/OPENPGP', () => {
  expect(new Crc24().bytes(new TextEncoder().encode('123456789')).value).toBe(0x21cf02);
  expect(new Crc24().value).toBe(0xb704ce);
});

test('integers are fed as 32-bit little-endian two’s complement', () => {
  const bytes = new Crc24().bytes(Uint8Array.of(0xfe, 0xff, 0xff, 0xff, 1, 2, 0, 0));
  expect(new Crc24().int32([-2, 513]).value).toBe(bytes.value);
});

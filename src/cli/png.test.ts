import { inflateSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { png } from './png';

it('writes rows without a filter between header and end', () => {
  const file = Buffer.from(png(2, 1, Uint8ClampedArray.of(1, 2, 3, 4, 5, 6, 7, 8)));
  expect(file.subarray(1, 4).toString('latin1')).toBe('PNG');
  expect([file.readUInt32BE(16), file.readUInt32BE(20)]).toEqual([2, 1]);
  const data = file.indexOf('IDAT');
  const rows = inflateSync(file.subarray(data + 4, data + 4 + file.readUInt32BE(data - 4)));
  expect([...rows]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  // The checksum of an empty IEND chunk, as the standard has it.
  expect(file.subarray(-4).toString('hex')).toBe('ae426082');
});

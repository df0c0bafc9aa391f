import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ByteReader, ByteWriter, MAX_VARINT } from './bytes';

function written(write: (writer: ByteWriter) => void): ByteReader {
  const writer = new ByteWriter();
  write(writer);
  return new ByteReader(writer.finish());
}

test('numbers and text round trip', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: MAX_VARINT }),
      fc.integer({ min: -(2 ** 47), max: 2 ** 47 }),
      fc.double(),
      fc.string({ unit: 'grapheme' }),
      fc.nat(0xffffff),
      (count, signed, double, text, u24) => {
        const reader = written((writer) => {
          writer.varint(count);
          writer.zigzag(signed);
          writer.f64(double);
          writer.text(text);
          writer.u24(u24);
          writer.u16(u24 & 65535);
        });
        expect(reader.varint()).toBe(count);
        expect(reader.zigzag()).toBe(signed);
        expect(reader.f64()).toBe(double);
        expect(reader.text()).toBe(text);
        expect(reader.u24()).toBe(u24);
        expect(reader.u16()).toBe(u24 & 65535);
        expect(reader.remaining).toBe(0);
      },
    ),
  );
});

test('varints are LEB128 in the shortest form only', () => {
  expect([...written((w) => w.varint(300)).data]).toEqual([0xac, 0x02]);
  expect([...written((w) => w.zigzag(-1)).data]).toEqual([1]);
  const read = (...bytes: number[]) => new ByteReader(Uint8Array.from(bytes)).varint();
  expect(read(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f)).toBe(MAX_VARINT);
  const malformed = expect.objectContaining({ code: 'bitstream' });
  expect(() => read(0x80, 0)).toThrow(malformed);
  expect(() => read(0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 1)).toThrow(malformed);
  expect(() => read(0x80)).toThrow(expect.objectContaining({ code: 'truncated' }));
});

test('unrepresentable numbers are refused', () => {
  const bad = expect.objectContaining({ code: 'bad-argument' });
  for (const value of [-1, 0.5, MAX_VARINT + 1, Number.NaN]) {
    expect(() => new ByteWriter().varint(value)).toThrow(bad);
  }
});

test('malformed UTF-8 is an error', () => {
  const reader = new ByteReader(Uint8Array.of(1, 0xff));
  expect(() => reader.text()).toThrow(expect.objectContaining({ code: 'bitstream' }));
});

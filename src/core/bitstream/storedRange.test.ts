import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ValueRange } from '../cube/normalize';
import { ByteReader, ByteWriter } from './bytes';
import { readRange, storedRange, writeRange } from './storedRange';

function bytesOf(range: ValueRange): Uint8Array {
  const writer = new ByteWriter();
  writeRange(writer, range);
  return writer.finish();
}

const single = fc.float({ noNaN: true, noDefaultInfinity: true });

test('any float32 range is stored within 0.4 % of itself and read back exactly', () => {
  fc.assert(
    fc.property(single, single, (a, b) => {
      fc.pre(a !== b && Number.isFinite(Math.fround(Math.abs(a - b))));
      const range = { low: Math.min(a, b), high: Math.max(a, b) };
      const span = range.high - range.low;
      fc.pre(span > 1e-37);
      const stored = storedRange(range);
      expect(Math.abs(stored.low - range.low)).toBeLessThanOrEqual(span / 4096);
      expect(Math.abs(stored.high - range.high)).toBeLessThanOrEqual(span / 400);
      expect(storedRange(stored)).toEqual(stored);
      const read = readRange(new ByteReader(bytesOf(stored)));
      expect(read).toEqual(stored);
    }),
  );
});

test('takes at most 4 bytes for the usual sensors', () => {
  const usual = [
    { low: 0.0123, high: 0.61 },
    { low: 112, high: 4821 },
    { low: -0.02, high: 1.3 },
  ];
  for (const range of usual) expect(bytesOf(storedRange(range)).length).toBeLessThanOrEqual(4);
  expect(bytesOf(storedRange({ low: 291.2, high: 301.9 }))).toHaveLength(5);
});

test('a large offset keeps its precision', () => {
  const { low, high } = storedRange({ low: 1e6, high: 1e6 + 10 });
  expect(low).toBeCloseTo(1e6, 2);
  expect(high).toBeCloseTo(1e6 + 10, 1);
});

test('empty, infinite and unrounded ranges are refused', () => {
  const bad = expect.objectContaining({ code: 'bad-argument' });
  const wrong = [
    { low: 1, high: 1 },
    { low: 2, high: 1 },
    { low: Number.NaN, high: 1 },
    { low: 0, high: Number.POSITIVE_INFINITY },
    { low: -3e38, high: 3e38 },
  ];
  for (const range of wrong) expect(() => storedRange(range)).toThrow(bad);
  expect(() => bytesOf({ low: 0.1, high: 0.7 })).toThrow(bad);
});

test('impossible codes are refused', () => {
  for (const bytes of [
    [0, 0, 0],
    [0, 0xff, 0],
    [1, 0, 255, 255, 255, 255, 255, 255, 127],
  ]) {
    expect(() => readRange(new ByteReader(Uint8Array.from(bytes)))).toThrow(
      expect.objectContaining({ code: 'bitstream' }),
    );
  }
});

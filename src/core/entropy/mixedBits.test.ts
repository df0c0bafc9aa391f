import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CountingPort, ReadingPort, WritingPort } from './bitPort';
import { MixedBits } from './mixedBits';
import { RangeDecoder, RangeEncoder } from './rangeCoder';

const SIZES = [3, 5];
const decision = fc.record({
  at: fc.tuple(fc.nat(SIZES[0] - 1), fc.nat(SIZES[1] - 1)),
  mixture: fc.nat(1),
  bit: fc.nat(1),
});

test('both ends learn alike', () => {
  fc.assert(
    fc.property(fc.array(decision, { maxLength: 400 }), (decisions) => {
      const encoder = new RangeEncoder();
      const writing = new WritingPort(encoder);
      const mixed = new MixedBits(SIZES, 2);
      for (const { at, mixture, bit } of decisions) {
        mixed.code(writing, Int32Array.from(at), mixture, bit);
      }
      const decoder = new RangeDecoder(encoder.finish());
      const reading = new ReadingPort(decoder);
      const again = new MixedBits(SIZES, 2);
      for (const { at, mixture, bit } of decisions) {
        expect(again.code(reading, Int32Array.from(at), mixture, 0)).toBe(bit);
      }
      decoder.finish();
    }),
  );
});

/** Bits that 4000 decisions cost, of which the second context tells everything and the first nothing. */
function costOf(sizes: readonly number[]): number {
  const port = new CountingPort();
  const mixed = new MixedBits(sizes, 1);
  for (let i = 0; i < 4000; i++) {
    const told = (i * i) % 5;
    const at = Int32Array.of(i % 3, sizes[1] > 1 ? told : 0);
    mixed.code(port, at, 0, told === 4 ? 1 : 0);
  }
  return port.bits;
}

test('finds out which context tells', () => {
  expect(costOf([3, 5])).toBeLessThan(60);
  expect(costOf([3, 1])).toBeGreaterThan(1000);
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AdaptiveBits } from './adaptiveBits';
import { AdaptiveIntegers } from './adaptiveIntegers';
import { ReadingPort, WritingPort } from './bitPort';
import { RangeDecoder, RangeEncoder } from './rangeCoder';

const CONTEXTS = 3;

function written(values: readonly number[]): Uint8Array {
  const encoder = new RangeEncoder();
  const port = new WritingPort(encoder);
  const integers = new AdaptiveIntegers(CONTEXTS);
  for (const [i, value] of values.entries()) integers.code(port, i % CONTEXTS, value);
  return encoder.finish();
}

describe('AdaptiveIntegers', () => {
  it('reads back what it wrote', () => {
    const most = 2 ** 44 - 1;
    const small = fc.integer({ min: -40, max: 40 });
    const value = fc.oneof(
      small,
      fc.maxSafeInteger().map((v) => v % most),
      fc.constant(most),
    );
    fc.assert(
      fc.property(fc.array(value, { maxLength: 200 }), (values) => {
        const decoder = new RangeDecoder(written(values));
        const port = new ReadingPort(decoder);
        const integers = new AdaptiveIntegers(CONTEXTS);
        for (const [i, expected] of values.entries()) {
          expect(integers.code(port, i % CONTEXTS, 0)).toBe(expected === 0 ? 0 : expected);
        }
        decoder.finish();
      }),
    );
  });

  it('learns what it sees', () => {
    expect(written(new Array(3000).fill(-3)).length).toBeLessThan(40);
  });

  it('refuses exponents without end', () => {
    const encoder = new RangeEncoder();
    const bits = new AdaptiveBits(100);
    const port = new WritingPort(encoder);
    for (let node = 0; node < 60; node++) bits.code(port, node, 1);
    const damaged = new ReadingPort(new RangeDecoder(encoder.finish()));
    const read = () => new AdaptiveIntegers(1).code(damaged, 0, 0);
    expect(read).toThrowError(expect.objectContaining({ code: 'bitstream' }));
  });
});

describe('single bits of the range coder', () => {
  const bit = fc.record({
    probability: fc.integer({ min: 1, max: 65535 }),
    one: fc.boolean(),
  });

  it('are the symbols of two that own [0, p) and [p, 65536)', () => {
    fc.assert(
      fc.property(fc.array(bit, { maxLength: 300 }), (list) => {
        const bits = new RangeEncoder();
        const symbols = new RangeEncoder();
        for (const { probability, one } of list) {
          bits.encodeBit(probability, one ? 1 : 0);
          if (one) symbols.encode(0, probability);
          else symbols.encode(probability, 65536 - probability);
        }
        const bytes = bits.finish();
        expect(bytes).toEqual(symbols.finish());
        const decoder = new RangeDecoder(bytes);
        for (const { probability, one } of list) {
          expect(decoder.decodeBit(probability)).toBe(one ? 1 : 0);
        }
        decoder.finish();
      }),
    );
  });
});

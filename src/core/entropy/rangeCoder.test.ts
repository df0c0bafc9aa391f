import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { HscError } from '../errors';
import { MAX_TRIMMED_BYTES, PROBABILITY_TOTAL, RangeDecoder, RangeEncoder } from './rangeCoder';

interface Step {
  readonly start: number;
  readonly frequency: number;
}

function encode(steps: readonly Step[]): Uint8Array {
  const coder = new RangeEncoder();
  for (const { start, frequency } of steps) coder.encode(start, frequency);
  return coder.finish();
}

/** Index of the first step whose interval the decoder does not land in; -1 if there is none. */
function firstError(bytes: Uint8Array, steps: readonly Step[]): number {
  const coder = new RangeDecoder(bytes);
  for (const [i, { start, frequency }] of steps.entries()) {
    const target = coder.target();
    if (target < start || target >= start + frequency) return i;
    coder.consume(start, frequency);
  }
  coder.finish();
  return -1;
}

function bitsOf(steps: readonly Step[]): number {
  return steps.reduce((sum, { frequency }) => sum - Math.log2(frequency / PROBABILITY_TOTAL), 0);
}

const step = fc
  .tuple(fc.nat(PROBABILITY_TOTAL - 1), fc.integer({ min: 1, max: PROBABILITY_TOTAL }))
  .map(([start, frequency]) => ({
    start,
    frequency: Math.min(frequency, PROBABILITY_TOTAL - start),
  }));
const extreme = fc.constantFrom<Step>(
  { start: 0, frequency: 1 },
  { start: 0, frequency: 65535 },
  { start: 1, frequency: 65535 },
  { start: 65535, frequency: 1 },
  { start: 32768, frequency: 1 },
  { start: 0, frequency: 65536 },
);

describe('round trip', () => {
  // Frequencies of 1 meet the narrowest intervals here, where rounding costs the most.
  test('of any intervals, at no more than 0.1 % and 2 bytes over the information', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(step, extreme), { maxLength: 400 }), (steps) => {
        const bytes = encode(steps);
        expect(firstError(bytes, steps)).toBe(-1);
        expect(bytes.length * 8).toBeLessThanOrEqual(bitsOf(steps) * 1.001 + 16);
      }),
    );
  });

  test('of repeated extremes, which drive low to either end of the interval', () => {
    fc.assert(
      fc.property(extreme, extreme, fc.integer({ min: 0, max: 3000 }), (first, then, count) => {
        const steps = [first, ...new Array<Step>(count).fill(then)];
        expect(firstError(encode(steps), steps)).toBe(-1);
      }),
    );
  });

  test('of bits', () => {
    const bits = fc
      .integer({ min: 0, max: 16 })
      .chain((count) => fc.record({ count: fc.constant(count), value: fc.nat(2 ** count - 1) }));
    fc.assert(
      fc.property(fc.array(bits), (words) => {
        const encoder = new RangeEncoder();
        for (const { value, count } of words) encoder.encodeBits(value, count);
        const decoder = new RangeDecoder(encoder.finish());
        expect(words.map(({ count }) => decoder.decodeBits(count))).toEqual(
          words.map(({ value }) => value),
        );
        decoder.finish();
      }),
    );
  });
});

/** The coded interval without any carry to propagate: [low, low + range) / 2^bits. */
function exactInterval(steps: readonly Step[]): { low: bigint; range: bigint; bits: bigint } {
  let [low, range, bits] = [0n, 1n << 32n, 32n];
  for (const { start, frequency } of steps) {
    const from = (range * BigInt(start)) >> 16n;
    low += from;
    range = ((range * BigInt(start + frequency)) >> 16n) - from;
    if (range < 1n << 16n) [low, range, bits] = [low << 16n, range << 16n, bits + 16n];
  }
  return { low, range, bits };
}

test.each([1, 2, 5, 600])('a carry runs back through %i digits', (length) => {
  // Straddling the middle gives the digits 0x7fff 0xffff 0xffff …; the upper half carries.
  const straddle = { start: 0x7fff, frequency: 2 };
  const steps = [
    ...new Array<Step>(length + 2).fill(straddle),
    { start: 0x8000, frequency: 0x8000 },
  ];
  const bytes = encode(steps);
  const { low, range, bits } = exactInterval(steps);
  const coded = bytes.reduce((value, byte) => value * 256n + BigInt(byte), 0n);
  const scaled = coded << (bits - BigInt(8 * bytes.length));
  expect(scaled >= low && scaled < low + range).toBe(true);
  expect(bytes[0]).toBe(0x80);
  expect(firstError(bytes, steps)).toBe(-1);
});

test('no symbols take no bytes', () => {
  expect(encode([])).toHaveLength(0);
  new RangeDecoder(new Uint8Array(0)).finish();
});

test('the end costs a byte at most: an interval of 2^-n takes ceil(n / 8) bytes or one more', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
      expect(encode(steps).length).toBeLessThanOrEqual(Math.ceil(bitsOf(steps) / 8 + 1e-6) + 1);
    }),
  );
});

test('overhead over the information on a long stream is under 0.002 %', () => {
  const steps = Array.from({ length: 200_000 }, (_, i) => {
    const start = Math.imul(i, 40503) & 65535;
    return { start, frequency: Math.min(65536 - start, 1 + (Math.imul(i, 2654435) & 4095)) };
  });
  expect((encode(steps).length * 8) / bitsOf(steps)).toBeLessThan(1.00002);
});

test('trailing zero bytes are left off, up to the number a decoder supplies', () => {
  const zeros = new Array<Step>(40).fill({ start: 0, frequency: 1 });
  const bytes = encode(zeros);
  expect(bytes).toEqual(new Uint8Array(39 * 2 + 4 - MAX_TRIMMED_BYTES));
  expect(firstError(bytes, zeros)).toBe(-1);
  expect(() => firstError(bytes.subarray(1), zeros)).toThrow(HscError);
});

test('reading past the end and bytes left over are errors', () => {
  const decoder = new RangeDecoder(new Uint8Array(2));
  expect(() => {
    for (let i = 0; i < 10; i++) decoder.decodeBits(16);
  }).toThrow(expect.objectContaining({ code: 'truncated' }));
  const early = new RangeDecoder(new Uint8Array(5));
  expect(() => early.finish()).toThrow(expect.objectContaining({ code: 'bitstream' }));
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RangeDecoder, RangeEncoder } from './rangeCoder';
import { CdfTables, MAX_SYMBOL } from './tables';
import { cumulate } from './testModel';

interface TableSpec {
  readonly min: number;
  readonly heights: readonly number[];
}

function tablesOf(specs: readonly TableSpec[]): CdfTables {
  return new CdfTables(
    Uint16Array.from(specs.flatMap(({ heights }) => cumulate(heights))),
    Int32Array.from(specs, ({ min }) => min),
    Int32Array.from(specs, ({ heights }) => heights.length),
  );
}

const table: fc.Arbitrary<TableSpec> = fc.record({
  min: fc.integer({ min: -400, max: 100 }),
  heights: fc.array(fc.integer({ min: 1, max: 1e6 }), { minLength: 1, maxLength: 300 }),
});

/** Values inside the tables, close around them, and anywhere in the symbol range. */
const value = fc.oneof(
  fc.integer({ min: -5, max: 5 }),
  fc.integer({ min: -450, max: 450 }),
  fc.integer({ min: -MAX_SYMBOL, max: MAX_SYMBOL }),
  fc.constantFrom(-MAX_SYMBOL, MAX_SYMBOL),
);

const coded = fc.array(table, { minLength: 1, maxLength: 5 }).chain((specs) =>
  fc.record({
    specs: fc.constant(specs),
    symbols: fc.array(fc.tuple(fc.nat(specs.length - 1), value), { maxLength: 500 }),
  }),
);

test('any values round trip through any tables, at the cost that bits() states', () => {
  fc.assert(
    fc.property(coded, ({ specs, symbols }) => {
      const tables = tablesOf(specs);
      const encoder = new RangeEncoder();
      let bits = 0;
      for (const [at, symbol] of symbols) {
        tables.encode(encoder, at, symbol);
        bits += tables.bits(at, symbol);
      }
      const bytes = encoder.finish();
      const decoder = new RangeDecoder(bytes);
      expect(symbols.map(([at]) => tables.decode(decoder, at))).toEqual(
        symbols.map(([, symbol]) => symbol),
      );
      decoder.finish();
      expect(bytes.length * 8).toBeLessThanOrEqual(bits * 1.001 + 16);
      expect(bytes.length * 8).toBeGreaterThanOrEqual(bits * 0.999 - 8 * 8);
    }),
  );
});

test('frequencies of 1 and 65535 are exact', () => {
  const certain = new CdfTables(Uint16Array.of(0, 65535), Int32Array.of(0), Int32Array.of(1));
  expect(certain.bits(0, 0)).toBeCloseTo(-Math.log2(65535 / 65536), 12);
  expect(certain.bits(0, 1)).toBe(16 + 2);
  expect(certain.bits(0, -3)).toBe(16 + 4);
  const encoder = new RangeEncoder();
  for (let i = 0; i < 100_000; i++) certain.encode(encoder, 0, i % 50_000 === 49_999 ? -7 : 0);
  const bytes = encoder.finish();
  const decoder = new RangeDecoder(bytes);
  let escapes = 0;
  for (let i = 0; i < 100_000; i++) if (certain.decode(decoder, 0) === -7) escapes++;
  expect(escapes).toBe(2);
  expect(bytes.length).toBeLessThanOrEqual(9);
});

test('random bytes decode to symbols in range or to an HscError, and always end', () => {
  const tables = tablesOf([
    { min: -2, heights: [1, 1, 1, 1, 1] },
    { min: 5, heights: [1] },
  ]);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const decoder = new RangeDecoder(bytes);
      try {
        for (let i = 0; i < 1000; i++) {
          expect(Math.abs(tables.decode(decoder, i % 2))).toBeLessThanOrEqual(MAX_SYMBOL);
        }
        decoder.finish();
      } catch (error) {
        expect(error).toHaveProperty(
          'code',
          expect.stringMatching(/^(truncated|check-failed|bitstream)$/),
        );
      }
    }),
  );
});

test('values beyond the symbol range are refused', () => {
  const tables = tablesOf([{ min: 0, heights: [1] }]);
  for (const beyond of [MAX_SYMBOL + 1, -MAX_SYMBOL - 1, Number.NaN]) {
    expect(() => tables.encode(new RangeEncoder(), 0, beyond)).toThrow(
      expect.objectContaining({ code: 'bad-argument' }),
    );
  }
});

describe('invalid tables', () => {
  const cases: [string, number[], number[], number[]][] = [
    ['a frequency of 0', [0, 5, 5], [0], [2]],
    ['falling', [0, 9, 5], [0], [2]],
    ['not from 0', [1, 5, 9], [0], [2]],
    ['no symbols', [0], [0], [0]],
    ['negative length', [0], [0], [-1]],
    ['too few frequencies', [0, 5], [0], [2]],
    ['too many frequencies', [0, 5, 9, 10], [0], [2]],
    ['minima missing', [0, 5], [], [1]],
    ['beyond the symbol range', [0, 5], [32768], [1]],
    ['reaching beyond the symbol range', [0, 5, 6], [32767], [2]],
  ];
  test.each(cases)('%s', (_, cdf, min, length) => {
    expect(
      () => new CdfTables(Uint16Array.from(cdf), Int32Array.from(min), Int32Array.from(length)),
    ).toThrow(expect.objectContaining({ code: 'bad-file' }));
  });
});

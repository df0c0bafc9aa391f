import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hyperSize } from './hyperSynthesis';
import { decodeTile, encodeTile, roundToSymbol, type TileSymbols } from './latentCoder';
import { randomIntegers, TEST_SPEC, testModel } from './testModel';

const model = testModel(5);

function symbolsOf(height: number, width: number, seed: number, reach: number): TileSymbols {
  const random = randomIntegers(seed);
  const hyper = hyperSize({ height, width });
  const fill = (length: number) => Int32Array.from({ length }, () => random(-reach, reach));
  return {
    zq: fill(hyper.height * hyper.width * TEST_SPEC.hyperFilters),
    q: fill(height * width * TEST_SPEC.latentChannels),
  };
}

test('any tile round trips at any rate, within 2 bytes of the estimate (0.1 % where all escape)', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 11 }),
      fc.integer({ min: 1, max: 11 }),
      fc.nat(240),
      fc.nat(1e6),
      fc.constantFrom(0, 1, 8, 300, 32767),
      (height, width, rate, seed, reach) => {
        const symbols = symbolsOf(height, width, seed, reach);
        const { bytes, zBits, yBits } = encodeTile(model, rate, { height, width }, symbols);
        const decoded = decodeTile(model, rate, { height, width }, bytes);
        expect(decoded.zq).toEqual(symbols.zq);
        expect(decoded.q).toEqual(symbols.q);
        const allowance = reach > 8 ? 1.001 : 1.0001;
        expect(bytes.length).toBeLessThanOrEqual(((zBits + yBits) / 8) * allowance + 2);
      },
    ),
  );
});

test('refuses arrays of another size and rates that the model does not have', () => {
  const size = { height: 6, width: 6 };
  const { zq, q } = symbolsOf(6, 6, 1, 3);
  const bad = expect.objectContaining({ code: 'bad-argument' });
  expect(() => encodeTile(model, 0, size, { zq, q: q.slice(1) })).toThrow(bad);
  expect(() => encodeTile(model, 0, size, { zq: zq.slice(1), q })).toThrow(bad);
  expect(() => encodeTile(model, 270, size, { zq, q })).toThrow(bad);
  expect(() => decodeTile(model, -1, size, new Uint8Array(4))).toThrow(bad);
});

test('rounding is halves up, within the range of symbols', () => {
  expect([0.5, -0.5, 1.49, -1.5, 1e9, -1e9].map(roundToSymbol)).toEqual([
    1, 0, 1, -1, 32767, -32767,
  ]);
});

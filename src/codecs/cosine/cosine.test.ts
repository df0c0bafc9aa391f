import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ReadingPort, WritingPort } from '../../core/entropy/bitPort';
import { RangeDecoder, RangeEncoder } from '../../core/entropy/rangeCoder';
import { analyseBlock, SIDE, synthesiseBlock } from './blocks';
import { CoefficientCoder } from './coefficientCoder';
import { LevelPredictor } from './levelPredictor';
import { DEAD_ZONE, quantised } from './quantiser';

const side = fc.integer({ min: 1, max: SIDE });
const shape = fc.record({ width: side, height: side, depth: side });
const places = SIDE ** 3;

function inside(
  place: number,
  { width, height, depth }: { width: number; height: number; depth: number },
) {
  return place % SIDE < width && (place >> 3) % SIDE < height && place >> 6 < depth;
}

describe('the cosine transform of a block', () => {
  it('keeps energy and is undone, whatever the block’s shape', () => {
    const values = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), {
      minLength: places,
      maxLength: places,
    });
    fc.assert(
      fc.property(shape, values, (size, all) => {
        const block = Float64Array.from(all, (value, place) => (inside(place, size) ? value : 0));
        const data = block.slice();
        const energy = (of: Float64Array) => of.reduce((sum, value) => sum + value ** 2, 0);
        analyseBlock(data, size);
        expect(energy(data)).toBeCloseTo(energy(block), 9);
        synthesiseBlock(data, size);
        for (const [i, value] of data.entries()) expect(value).toBeCloseTo(block[i], 9);
      }),
      { numRuns: 40 },
    );
  });

  it('puts a constant into one coefficient', () => {
    const data = new Float64Array(places).fill(0.5);
    analyseBlock(data, { width: SIDE, height: SIDE, depth: SIDE });
    expect(data[0]).toBeCloseTo(0.5 * Math.sqrt(places), 9);
    expect(Math.max(...data.subarray(1).map(Math.abs))).toBeLessThan(1e-12);
  });
});

it('coefficients of any size come back, with and without neighbours', () => {
  const coefficient = fc.oneof(
    { weight: 6, arbitrary: fc.constant(0) },
    { weight: 3, arbitrary: fc.integer({ min: -3, max: 3 }) },
    { weight: 1, arbitrary: fc.integer({ min: -(2 ** 27), max: 2 ** 27 }) },
  );
  const block = fc
    .tuple(shape, fc.array(coefficient, { minLength: places, maxLength: places }))
    .map(([size, all]) => ({
      size,
      values: Int32Array.from(all, (value, place) => (inside(place, size) ? value : 0)),
    }));
  fc.assert(
    fc.property(fc.array(block, { minLength: 1, maxLength: 4 }), (blocks) => {
      const around = (coded: readonly Int32Array[], i: number) => ({
        left: coded[i - 1] ?? new Int32Array(0),
        above: coded[i - 2] ?? new Int32Array(0),
        before: coded[i - 1] ?? new Int32Array(0),
      });
      const encoder = new RangeEncoder();
      const writer = new CoefficientCoder(new WritingPort(encoder), SIDE);
      const given = blocks.map(({ values }) => values);
      for (const [i, { size }] of blocks.entries()) writer.code(given[i], size, around(given, i));
      const decoder = new RangeDecoder(encoder.finish());
      const reader = new CoefficientCoder(new ReadingPort(decoder), SIDE);
      const read = blocks.map(() => new Int32Array(places));
      for (const [i, { size }] of blocks.entries()) reader.code(read[i], size, around(read, i));
      decoder.finish();
      expect(read).toEqual(given);
    }),
    { numRuns: 40 },
  );
});

it('the dead zone rounds towards zero, symmetrically', () => {
  expect([0.7, 0.8, 1.7, 1.8].map((value) => quantised(value, 1))).toEqual([0, 1, 1, 2]);
  expect(quantised(-1.8, 1)).toBe(-2);
  expect(Math.abs(quantised(DEAD_ZONE * 0.999, 1))).toBe(0);
  expect(Number.isSafeInteger(quantised(1e30, 1e-9))).toBe(true);
});

it('a level predictor learns what its neighbours make of a level', () => {
  const predictor = new LevelPredictor([1, 0]);
  let error = 0;
  for (let i = 0; i < 3000; i++) {
    const around = [100 + ((i * 37) % 61), 50 - ((i * 53) % 89)];
    const level = Math.round(0.5 * around[0] + 0.5 * around[1]);
    const miss = Math.abs(level - predictor.predict(around));
    if (i >= 2900) error += miss / 100;
    predictor.learn(level);
  }
  expect(error).toBeLessThan(2);
});

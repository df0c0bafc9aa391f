import fc from 'fast-check';
import { expect, test } from 'vitest';
import { squash, stretch } from './logistic';

test('squash is the logistic function within its range', () => {
  fc.assert(
    fc.property(fc.double({ min: -12, max: 12, noNaN: true }), (x) => {
      expect(squash(x)).toBeCloseTo(1 / (1 + Math.exp(-x)), 4);
    }),
  );
  expect(squash(40)).toBe(squash(12));
  expect(squash(-40)).toBe(squash(-12));
  expect(squash(Number.POSITIVE_INFINITY)).toBeLessThan(1);
});

test('stretch undoes it to the width of its cells', () => {
  for (const probability of [0, 0.001, 0.2, 0.5, 0.9, 0.9999]) {
    expect(squash(stretch(probability))).toBeCloseTo(probability, 4);
  }
});

test('their tables are the same to the last bit for ever', () => {
  expect([squash(-12), squash(-1), squash(0), squash(0.3), squash(7)]).toEqual([
    0.000006144174602213769, 0.2689414213699927, 0.5, 0.5744417989991711, 0.9990889488055994,
  ]);
  expect([stretch(0), stretch(0.1), stretch(0.75)]).toEqual([
    -10.39720692426857, -2.1971797976988725, 1.0987883983477005,
  ]);
});

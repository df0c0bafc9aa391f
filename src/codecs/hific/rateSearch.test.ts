import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { searchRate } from './rateSearch';

const HIGHEST = 240;

/** Trials of an image whose files have `bytesAt` bytes; counts them. */
function image(bytesAt: (rate: number) => number) {
  const rates: number[] = [];
  const attempt = async (rate: number) => {
    rates.push(rate);
    return { rate, bytes: bytesAt(rate) };
  };
  return { attempt, rates };
}

const search = (attempt: ReturnType<typeof image>['attempt'], bytes: number, start = 120) =>
  searchRate(attempt, { bytes, highest: HIGHEST, trials: 8 }, start);

describe('searchRate', () => {
  it('fills the budget of images whose files grow in various manners, in 8 trials', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.double({ min: 0.006, max: 0.015, noNaN: true }),
        fc.double({ min: -1, max: 1, noNaN: true }),
        fc.integer({ min: 20, max: 100 }),
        fc.integer({ min: 0, max: HIGHEST }),
        fc.integer({ min: 0, max: HIGHEST }),
        async (growth, bend, header, wanted, start) => {
          const bytesAt = (rate: number) =>
            Math.ceil(header + 300 * Math.exp(growth * rate * (1 + (bend * rate) / 800)));
          const { attempt, rates } = image(bytesAt);
          const budget = bytesAt(wanted);
          const found = await search(attempt, budget, start);
          expect(found.bytes).toBeLessThanOrEqual(budget);
          expect(found.bytes).toBeGreaterThanOrEqual(0.97 * budget);
          expect(rates.length).toBeLessThanOrEqual(8);
          expect(new Set(rates).size).toBe(rates.length);
        },
      ),
    );
  });

  it('ends at either end of the scale', async () => {
    expect((await search(image((rate) => 100 + rate).attempt, 1000)).rate).toBe(HIGHEST);
    const least = await search(image((rate) => 100 + rate).attempt, 50);
    expect(least).toEqual({ rate: 0, bytes: 100 });
    expect((await search(image((rate) => 100 + rate).attempt, 0)).rate).toBe(0);
  });

  it('goes on until something fits', async () => {
    // A step that no interpolation foresees.
    const { attempt } = image((rate) => (rate < 3 ? 10 : 1000));
    expect((await search(attempt, 100)).bytes).toBe(10);
  });
});

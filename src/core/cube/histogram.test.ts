import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { histogramPercentiles } from './histogram';

/** NumPy's default percentile by sorting. */
function sorted(values: readonly number[], percent: number): number {
  const order = values.filter((value) => Number.isFinite(value) && value !== -1);
  order.sort((a, b) => a - b);
  const rank = ((order.length - 1) * percent) / 100;
  const below = Math.floor(rank);
  const lower = order[below];
  return rank === below ? lower : lower + (order[below + 1] - lower) * (rank - below);
}

describe('histogram percentiles', () => {
  const percents = fc.array(fc.double({ min: 0, max: 100, noNaN: true }), { minLength: 1 });

  it('are those of sorting, outliers, no-data and all', () => {
    const value = fc.oneof(
      fc.double({ min: -5, max: 5, noNaN: true }),
      fc.constantFrom(Number.NaN, -1, 1e12, Number.POSITIVE_INFINITY, 0.25),
    );
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 300 }), percents, (values, wanted) => {
        const found = histogramPercentiles(Float64Array.from(values), wanted, -1);
        const known = values.some((one) => Number.isFinite(one) && one !== -1);
        // Sorting leaves open which of 0 and −0 comes first.
        expect(found?.map((one) => one + 0)).toEqual(
          known ? wanted.map((one) => sorted(values, one) + 0) : undefined,
        );
      }),
    );
  });

  it('are those of sorting for integers', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(65535), { minLength: 1, maxLength: 400 }),
        percents,
        (values, wanted) => {
          expect(histogramPercentiles(Uint16Array.from(values), wanted)).toEqual(
            wanted.map((one) => sorted(values, one)),
          );
        },
      ),
    );
  });
});

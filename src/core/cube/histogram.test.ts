import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binCounts, histogramPercentiles, QUANTILE_STEPS, quantileTable } from './histogram';

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

describe('quantile table', () => {
  it('holds the percentiles of all tenths', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(65535), { minLength: 1, maxLength: 400 }), (values) => {
        const table = quantileTable(Uint16Array.from(values));
        for (const step of [0, 1, 20, 500, 980, QUANTILE_STEPS])
          expect(table?.[step]).toBeCloseTo(sorted(values, (100 * step) / QUANTILE_STEPS), 6);
      }),
    );
  });

  it('rises from the least to the largest sample, also of a selection', () => {
    const samples = Float32Array.from({ length: 200_001 }, (_, i) => (i * 7919) % 200_001);
    samples[123_457] = 1e6;
    samples[77] = Number.NaN;
    const table = quantileTable(samples) as Float64Array;
    expect(table).toHaveLength(QUANTILE_STEPS + 1);
    expect([...table].sort((a, b) => a - b)).toEqual([...table]);
    expect([table[0], table[QUANTILE_STEPS]]).toEqual([0, 1e6]);
    expect(table[500] / 100_000).toBeCloseTo(1, 2);
    expect(quantileTable(Float32Array.of(-1, Number.NaN), -1)).toBeUndefined();
  });
});

describe('bins', () => {
  it('count every sample with data once, those beyond in the outermost', () => {
    const quarters = fc.integer({ min: -36, max: 36 }).map((value) => value / 4);
    const value = fc.oneof(quarters, fc.constant(Number.NaN));
    fc.assert(
      fc.property(fc.array(value), fc.constantFrom(1, 3, 6, 12), (values, bins) => {
        const counts = binCounts(Float64Array.from(values), [-2, 4], bins, 0.25);
        const known = values.filter((one) => Number.isFinite(one) && one !== 0.25);
        expect(counts.reduce((sum, count) => sum + count, 0)).toBe(known.length);
        const first = known.filter((one) => one < -2 + 6 / bins || bins === 1).length;
        expect(counts[0]).toBe(first);
      }),
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SCALE_COUNT } from '../core/entropy/model';
import { PROBABILITY_TOTAL } from '../core/entropy/rangeCoder';
import { CdfTables } from '../core/entropy/tables';
import type { Tensor } from '../core/safetensors';
import { conditionalProbability, erfc, sigmaOfIndex } from './conditional';
import { conditionalTables, integerCdf, priorTables, SymbolCounts } from './integerTables';

/** The tables as the coder reads them, which checks them. */
function readTables(entries: readonly [string, Tensor][]): CdfTables {
  const [cdf, min, length] = entries.map(([, { data }]) => data);
  return new CdfTables(cdf as Uint16Array, min as Int32Array, length as Int32Array);
}

describe('erfc', () => {
  it('equals tabulated values', () => {
    // Abramowitz and Stegun, Tables 7.1 and 7.3, and the symmetry.
    const values = [
      [0, 1],
      [0.5, 0.4795001221869535],
      [1, 0.15729920705028513],
      [2, 0.004677734981047266],
      [2.5, 0.0004069520174449589],
      [3, 2.2090496998585438e-5],
      [5, 1.5374597944280351e-12],
      [10, 2.088487583762545e-45],
      [-1, 1.842700792949715],
    ];
    for (const [x, expected] of values) expect(erfc(x) / expected).toBeCloseTo(1, 13);
  });
});

describe('conditionalProbability', () => {
  it('sums to one over all integers', () => {
    for (const index of [0, 20, 40, 63]) {
      const sigma = sigmaOfIndex(index);
      let sum = 0;
      for (let q = -4000; q <= 4000; q++) sum += conditionalProbability(q + 0.3, sigma);
      expect(sum).toBeCloseTo(1, 12);
    }
  });
});

describe('integerCdf', () => {
  it('starts at 0, rises strictly below the total, and leaves every entry a frequency', () => {
    const weights = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), {
      minLength: 2,
      maxLength: 300,
    });
    fc.assert(
      fc.property(weights, (weight) => {
        fc.pre(weight.some((w) => w > 1e-200));
        const cdf = [...integerCdf(Float64Array.from(weight)), PROBABILITY_TOTAL];
        expect(cdf).toHaveLength(weight.length + 1);
        expect(cdf[0]).toBe(0);
        for (let i = 0; i < weight.length; i++) expect(cdf[i + 1]).toBeGreaterThan(cdf[i]);
      }),
    );
  });
});

describe('tables', () => {
  it('are valid whatever was observed, and charge frequent symbols less', () => {
    const symbols = fc.array(fc.integer({ min: -2000, max: 2000 }), { maxLength: 50 });
    fc.assert(
      fc.property(symbols, fc.integer({ min: 0, max: SCALE_COUNT - 1 }), (q, index) => {
        const counts = new SymbolCounts();
        const often = Array.from({ length: 5000 }, () => 1);
        counts.add(Int32Array.from([...q, ...often]), new Uint8Array(q.length + 5000).fill(index));
        const refined = readTables(conditionalTables(counts));
        const plain = readTables(conditionalTables(new SymbolCounts()));
        expect(refined.bits(index, 1)).toBeLessThan(plain.bits(index, 1));
        expect(refined.bits(index, 1)).toBeCloseTo(refined.bits(index, -1), 3);
      }),
      { numRuns: 20 },
    );
  });

  it('of hyper-latents are valid whatever was observed', () => {
    const float = fc.float({ noNaN: true, min: -200, max: 200 });
    const logScale = fc.float({ noNaN: true, min: -5, max: 4 });
    const observed = fc.array(fc.integer({ min: -32767, max: 32767 }), { maxLength: 30 });
    fc.assert(
      fc.property(float, logScale, observed, (mean, scale, own) => {
        const priors = { mean: Float32Array.of(mean), logScale: Float32Array.of(scale) };
        const tables = readTables(priorTables(priors, [Int32Array.from(own)]));
        expect(tables.count).toBe(1);
        for (const value of own) expect(tables.bits(0, value)).toBeLessThan(60);
      }),
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { roundToSymbol } from '../../core/entropy/latentCoder';
import { testModel } from '../../core/entropy/testModel';
import { fillGaps, pixelsWithGaps } from '../gaps';
import { gainsAt, highestRate, lambdaAt } from './rate';
import { SymbolChoice } from './symbolChoice';
import { smoothCube } from './testing';
import { planWindows, spread } from './windows';

describe('rates', () => {
  it('interpolate gains in the logarithm', () => {
    const logs = [0, 1, 2, 5];
    expect([...gainsAt(logs, 2, 0)]).toEqual([1, Math.exp(1)]);
    expect([...gainsAt(logs, 2, 30)]).toEqual([Math.exp(1), Math.exp(3)]);
    expect([...gainsAt(logs, 2, 60)]).toEqual([Math.exp(2), Math.exp(5)]);
  });

  it('interpolate Lagrange multipliers in the logarithm, and are held at the end', () => {
    const lambdas = [100, 25, 1];
    const at = [0, 30, 60, 90, 120, 240].map((rate) => lambdaAt(lambdas, rate));
    for (const [i, expected] of [100, 50, 25, 5, 1, 1].entries()) {
      expect(at[i]).toBeCloseTo(expected, 12);
    }
    expect([1, 3, 5].map(highestRate)).toEqual([0, 120, 240]);
  });
});

describe('SymbolChoice', () => {
  const { yTables } = testModel(1);
  const choice = new SymbolChoice(yTables);
  const values = fc.double({ min: -40, max: 40, noNaN: true });
  const scales = fc.integer({ min: 0, max: 63 });

  it('rounds where bits weigh nothing, and gives up everything where they weigh all', () => {
    fc.assert(
      fc.property(values, scales, (value, scale) => {
        expect(choice.choose(value, scale, 0)).toBe(roundToSymbol(value));
        const dear = choice.choose(value, scale, 1e9);
        const cheapest = yTables.bits(scale, 0) <= yTables.bits(scale, roundToSymbol(value));
        if (cheapest) expect(Math.abs(dear)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('takes the least cost of the nearest integer, the next smaller one and zero', () => {
    fc.assert(
      fc.property(values, scales, fc.double({ min: 0.01, max: 3, noNaN: true }), (v, scale, w) => {
        const nearest = roundToSymbol(v);
        const cost = (q: number) => w * yTables.bits(scale, q) + (v - q) ** 2;
        const candidates = [nearest, nearest - Math.sign(nearest), 0];
        const least = Math.min(...candidates.map(cost));
        const chosen = choice.choose(v, scale, w);
        expect(candidates.some((q) => q === chosen)).toBe(true);
        expect(cost(chosen)).toBeCloseTo(least, 9);
      }),
    );
  });
});

describe('windows', () => {
  it('answer for every latent once and see their halo inside the image', () => {
    const side = fc.integer({ min: 1, max: 90 });
    fc.assert(
      fc.property(side, side, fc.integer({ min: 0, max: 5 }), (width, height, halo) => {
        const seen = new Uint8Array(width * height);
        for (const { x, y } of planWindows({ width, height }, halo)) {
          expect(x.core.to - x.core.from).toBeLessThanOrEqual(16);
          expect(x.whole.from).toBe(Math.max(0, x.core.from - halo));
          expect(y.whole.to).toBe(Math.min(height, y.core.to + halo));
          for (let row = y.core.from; row < y.core.to; row++) {
            for (let column = x.core.from; column < x.core.to; column++) {
              seen[row * width + column]++;
            }
          }
        }
        expect(seen.every((count) => count === 1)).toBe(true);
      }),
    );
  });

  it('are one for images of up to 256 × 256 pixels', () => {
    expect(planWindows({ width: 16, height: 16 }, 3)).toHaveLength(1);
    expect(planWindows({ width: 17, height: 16 }, 3)).toHaveLength(2);
  });
});

describe('spread', () => {
  it('takes every place of a small grid, and few of a large one in all rows and columns', () => {
    expect(spread({ height: 7, width: 20 }, 144)).toHaveLength(140);
    expect(spread({ height: 3, width: 48 }, 144)).toHaveLength(144);
    const places = spread({ height: 100, width: 36 }, 144);
    expect(places).toHaveLength(144);
    expect(new Set(places.map(({ x }) => x)).size).toBe(12);
    expect(Math.max(...places.map(({ y }) => y))).toBeLessThan(100);
    const side = fc.integer({ min: 1, max: 300 });
    fc.assert(
      fc.property(side, side, fc.constantFrom(9, 144), (height, width, most) => {
        const found = spread({ height, width }, most);
        expect(found.length).toBeLessThanOrEqual(most);
        expect(found.length).toBeGreaterThan(0);
        expect(new Set(found.map(({ x, y }) => y * width + x)).size).toBe(found.length);
      }),
    );
  });
});

describe('gaps', () => {
  const nan = Number.NaN;
  const filled = (values: number[], width: number, bands: number) => {
    const samples = Float32Array.from(values);
    fillGaps(samples, width, bands);
    return [...samples];
  };

  it('are filled within the spectrum, then the row, then from the next row', () => {
    expect(filled([nan, 1, nan, nan, 2, 3], 1, 6)).toEqual([1, 1, 1, 2, 2, 3]);
    expect(filled([nan, nan, 1, 2, nan, nan], 3, 2)).toEqual([1, 2, 1, 2, 1, 2]);
    expect(filled([nan, nan, 1, nan, 3, 4], 2, 1)).toEqual([1, 1, 1, 1, 3, 4]);
    expect(filled([nan, nan], 1, 2)).toEqual([0, 0]);
  });

  it('leave nothing unfilled and nothing else changed', () => {
    const value = fc.oneof(fc.constant(nan), fc.integer({ min: 1, max: 9 }));
    const shape = fc.record({ width: fc.integer({ min: 1, max: 5 }), bands: fc.constant(3) });
    fc.assert(
      fc.property(shape, fc.array(value, { minLength: 60, maxLength: 60 }), (at, values) => {
        const used = values.slice(0, at.width * at.bands * Math.floor(20 / at.width));
        filled(used, at.width, at.bands).forEach((after, i) => {
          if (Number.isNaN(used[i])) expect(Number.isFinite(after)).toBe(true);
          else expect(after).toBe(used[i]);
        });
      }),
    );
  });

  it('are counted by pixel over the coded bands', () => {
    const cube = { ...smoothCube(3, 2, [400, 500, 600]), noDataValue: 65535 };
    cube.data.fill(65535, 0, 2);
    cube.data[5] = 65535;
    expect(pixelsWithGaps(cube, [0, 1, 2])).toBe(2);
    expect(pixelsWithGaps(cube, [0])).toBe(1);
  });
});

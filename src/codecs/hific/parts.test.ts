import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fillGaps, pixelsWithGaps } from '../gaps';
import { gainsAt, storedRate, targetRateOf } from './rate';
import { smoothCube } from './testing';
import { planWindows } from './windows';

const RATES = [0.2, 0.4, 0.6, 0.8, 1];

describe('rates', () => {
  it('lie between the targets, and are held at the ends', () => {
    expect([0.01, 0.2, 0.3, 0.4, 0.65, 1, 9].map((rate) => storedRate(RATES, rate))).toEqual([
      0, 0, 30, 60, 135, 240, 240,
    ]);
    expect(storedRate([0.5], 0.1)).toBe(0);
    expect(storedRate([0.5], 0.9)).toBe(0);
    for (const rate of [0, -1, Number.NaN]) {
      expect(() => storedRate(RATES, rate)).toThrow(/positive/);
    }
  });

  it('survive storing within half a step', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.2, max: 1, noNaN: true }), (rate) => {
        expect(targetRateOf(RATES, storedRate(RATES, rate))).toBeCloseTo(rate, 2);
      }),
    );
  });

  it('interpolate gains in the logarithm', () => {
    const logs = [0, 1, 2, 5];
    expect([...gainsAt(logs, 2, 0)]).toEqual([1, Math.exp(1)]);
    expect([...gainsAt(logs, 2, 30)]).toEqual([Math.exp(1), Math.exp(3)]);
    expect([...gainsAt(logs, 2, 60)]).toEqual([Math.exp(2), Math.exp(5)]);
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

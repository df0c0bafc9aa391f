import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gmsd, planeGmsd } from './gmsd';
import { CASES, imagePairs, RANGE } from './testing';

const SHAPE = { width: 7, height: 6, bands: 3 };
const RGB = [2, 1, 0] as const;

describe('gmsd', () => {
  it.each(CASES)('agrees with SciPy: $name', (golden) => {
    const { original, reconstruction, shape, range, noDataValue } = golden;
    const value = gmsd(original, reconstruction, shape, range, [0, 1, 2], noDataValue);
    expect(value).toBeCloseTo(golden.gmsd, 12);
  });

  it('is 0 for equal images, symmetric, and never negative', () => {
    fc.assert(
      fc.property(imagePairs(SHAPE), ([x, y]) => {
        expect(gmsd(x, x, SHAPE, RANGE, RGB)).toBe(0);
        const value = gmsd(x, y, SHAPE, RANGE, RGB);
        expect(value).toBeCloseTo(gmsd(y, x, SHAPE, RANGE, RGB), 12);
        expect(value).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('matches a figure worked out by hand', () => {
    // At half size 3×3 pixels, all 0 but for the middle one of x: gradients of 1/3 beside it and
    // of √2/3 at the corners, none in the middle.
    const x = new Float64Array(36);
    for (const at of [14, 15, 20, 21]) x[at] = 1;
    const constant = 170 / 255 ** 2;
    const beside = constant / (1 / 9 + constant);
    const corner = constant / (2 / 9 + constant);
    const mean = (4 * beside + 4 * corner + 1) / 9;
    const variance = (4 * (beside - mean) ** 2 + 4 * (corner - mean) ** 2 + (1 - mean) ** 2) / 9;
    expect(planeGmsd(x, new Float64Array(36), 6, 6)).toBeCloseTo(Math.sqrt(variance), 12);
  });

  it('leaves out what touches a pixel without data', () => {
    const x = Int16Array.from({ length: 16 * 12 * 3 }, (_, i) => (i * 37) % 1000);
    const y = x.slice();
    x[0] = -9999;
    y[0] = 1000;
    expect(gmsd(x, y, { width: 16, height: 12, bands: 3 }, RANGE, RGB, -9999)).toBe(0);
    const empty = new Int16Array(x.length).fill(-9999);
    expect(gmsd(empty, y, { width: 16, height: 12, bands: 3 }, RANGE, RGB, -9999)).toBeNaN();
  });

  it('has no value for images of fewer than 5 pixels a side', () => {
    const plane = new Float64Array(4 * 9);
    expect(planeGmsd(plane, plane, 4, 9)).toBeNaN();
    expect(planeGmsd(plane, plane, 9, 4)).toBeNaN();
  });

  it('refuses bands that do not exist', () => {
    const x = new Float32Array(7 * 6 * 3);
    expect(() => gmsd(x, x, SHAPE, RANGE, [0, 1, 3])).toThrow(/bands/);
  });
});

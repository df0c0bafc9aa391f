import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planeSsim, SSIM_WINDOW, ssim } from './ssim';
import { CASES, imagePairs, RANGE } from './testing';

const SHAPE = { width: 13, height: 12, bands: 2 };

describe('ssim', () => {
  it.each(CASES)('agrees with scikit-image: $name', (golden) => {
    const { original, reconstruction, shape, range, noDataValue, bandSsim } = golden;
    const { mean, perBand } = ssim(original, reconstruction, shape, range, noDataValue);
    expect([...perBand]).toEqual(
      bandSsim.map((value) => (value === null ? Number.NaN : expect.closeTo(value, 12))),
    );
    expect(mean).toBe(perBand.reduce((a, b) => a + b) / shape.bands);
  });

  it('is 1 for equal images, symmetric, and at most 1', () => {
    fc.assert(
      fc.property(imagePairs(SHAPE), ([x, y]) => {
        expect(ssim(x, x, SHAPE, RANGE).mean).toBeCloseTo(1, 12);
        const { mean } = ssim(x, y, SHAPE, RANGE);
        expect(mean).toBeCloseTo(ssim(y, x, SHAPE, RANGE).mean, 12);
        expect(mean).toBeLessThanOrEqual(1 + 1e-12);
      }),
      { numRuns: 30 },
    );
  });

  it('of two constant planes compares their means alone', () => {
    const plane = (value: number) => new Float64Array(SSIM_WINDOW ** 2).fill(value);
    const { mean, positions } = planeSsim(plane(0.2), plane(0.6), SSIM_WINDOW, SSIM_WINDOW);
    expect(positions).toBe(1);
    expect(mean).toBeCloseTo((0.24 + 1e-4) / (0.4 + 1e-4), 12);
  });

  it('does not change where values and peak are scaled together', () => {
    fc.assert(
      fc.property(imagePairs({ ...SHAPE, bands: 1 }), fc.constantFrom(255, 4095), (pair, peak) => {
        const [x, y] = pair.map((samples) => Float64Array.from(samples, (value) => value / 1000));
        const scaled = [x, y].map((plane) => plane.map((value) => value * peak));
        const { mean } = planeSsim(scaled[0], scaled[1], 13, 12, peak);
        expect(mean).toBeCloseTo(planeSsim(x, y, 13, 12).mean, 10);
      }),
      { numRuns: 20 },
    );
  });

  it('leaves out windows that touch a missing sample, and bands without any other', () => {
    const x = new Int16Array(13 * 12 * 2).fill(500);
    const y = x.slice();
    x[0] = -9999;
    y[0] = 0;
    expect(ssim(x, y, SHAPE, RANGE, -9999).mean).toBeCloseTo(1, 12);
    x[(6 * 13 + 6) * 2] = -9999;
    const { mean, perBand } = ssim(x, y, SHAPE, RANGE, -9999);
    expect(perBand[0]).toBeNaN();
    expect(mean).toBeCloseTo(1, 12);
  });

  it('does not hide a reconstruction that is not finite', () => {
    const x = new Float32Array(13 * 12 * 2).fill(500);
    const y = x.slice();
    y[80] = Number.NaN;
    expect(ssim(x, y, SHAPE, RANGE).mean).toBeNaN();
  });

  it('has no value for images smaller than the window', () => {
    const x = new Float32Array(10 * 40);
    expect(ssim(x, x, { width: 10, height: 40, bands: 1 }, RANGE).mean).toBeNaN();
    expect(ssim(x, x, { width: 40, height: 10, bands: 1 }, RANGE).mean).toBeNaN();
  });

  it('refuses arrays of another shape', () => {
    expect(() => ssim(new Float32Array(8), new Float32Array(4), SHAPE, RANGE)).toThrow(/size/);
    expect(() => ssim(new Float32Array(8), new Float32Array(8), SHAPE, RANGE)).toThrow(/width/);
  });
});

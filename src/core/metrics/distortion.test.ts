import { describe, expect, it } from 'vitest';
import { distortion } from './distortion';
import { CASES } from './testing';

describe('distortion', () => {
  const range = { low: 0, high: 100 };

  it('matches figures worked out by hand', () => {
    const x = Float32Array.of(10, 20, 0, 40);
    const y = Float32Array.of(20, 10, 0, 40);
    const d = distortion(x, y, 2, range);
    expect(d.psnr).toBeCloseTo(-10 * Math.log10((0.01 + 0.01) / 4), 6);
    expect(d.rmse).toBeCloseTo(Math.sqrt(200 / 4), 6);
    expect(d.maxError).toBe(10);
    // First pixel: cos = (200 + 200) / 500; second pixel: no angle.
    expect(d.samDegrees).toBeCloseTo((Math.acos(0.8) * 180) / Math.PI / 2, 4);
    expect(d.samMaxDegrees).toBeCloseTo((Math.acos(0.8) * 180) / Math.PI, 4);
  });

  it('clips for PSNR and not for RMSE, and says how much was clipped', () => {
    const d = distortion(Float32Array.of(150, 50), Float32Array.of(100, 50), 1, range);
    expect(d.psnr).toBe(Number.POSITIVE_INFINITY);
    expect(d.maxError).toBe(50);
    expect(d.clippedShare).toBe(0.5);
  });

  it('leaves out samples without data', () => {
    const d = distortion(Float32Array.of(-99, 50), Float32Array.of(0, 40), 1, range, -99);
    expect(d.samples).toBe(1);
    expect(d.maxError).toBe(10);
  });

  it.each(CASES)('agrees with NumPy: $name', (golden) => {
    const { original, reconstruction, shape, range, noDataValue } = golden;
    const d = distortion(original, reconstruction, shape.bands, range, noDataValue);
    expect(d.psnr).toBeCloseTo(golden.psnr, 9);
    expect(d.rmse).toBeCloseTo(golden.rmse, 9);
    expect(d.maxError).toBe(golden.maxError);
    expect(d.samDegrees).toBeCloseTo(golden.samDegrees, 9);
    expect(d.samMaxDegrees).toBeCloseTo(golden.samMaxDegrees, 9);
  });

  it('refuses images of different size', () => {
    expect(() => distortion(new Float32Array(2), new Float32Array(4), 1, range)).toThrow(/size/);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { distortion } from './distortion';
import { errorSpectrum, samMap, samOf } from './spectral';
import { CASES, imagePairs, RANGE } from './testing';

const SHAPE = { width: 4, height: 3, bands: 5 };
const sum = (values: Float64Array) => values.reduce((a, b) => a + b);

describe('errorSpectrum', () => {
  it.each(CASES)('agrees with NumPy: $name', (golden) => {
    const { original, reconstruction, shape, range, noDataValue } = golden;
    const spectrum = errorSpectrum(original, reconstruction, shape.bands, range, noDataValue);
    for (let band = 0; band < shape.bands; band++) {
      expect(spectrum.psnr[band]).toBeCloseTo(golden.bandPsnr[band], 9);
      expect(spectrum.rmse[band]).toBeCloseTo(golden.bandRmse[band], 9);
      expect(spectrum.maxError[band]).toBe(golden.bandMaxError[band]);
    }
  });

  it('adds up to the figures of the whole cube', () => {
    fc.assert(
      fc.property(imagePairs(SHAPE), fc.integer({ min: -100, max: 1200 }), ([x, y], missing) => {
        const { rmse, psnr, maxError, samples } = errorSpectrum(x, y, 5, RANGE, missing);
        const whole = distortion(x, y, 5, RANGE, missing);
        const mean = (values: Float64Array) =>
          sum(values.map((value, band) => (samples[band] > 0 ? value * samples[band] : 0))) /
          whole.samples;
        expect(sum(samples)).toBe(whole.samples);
        expect(Math.sqrt(mean(rmse.map((error) => error ** 2)))).toBeCloseTo(whole.rmse, 8);
        expect(-10 * Math.log10(mean(psnr.map((dB) => 10 ** (-dB / 10))))).toBeCloseTo(
          whole.psnr,
          8,
        );
        expect(Math.max(...maxError.filter((error) => error >= 0))).toBe(whole.maxError);
      }),
    );
  });

  it('clips for PSNR alone and has no figures for a band without data', () => {
    const x = Float32Array.of(1500, Number.NaN, 400, Number.NaN);
    const y = Float32Array.of(1000, 3, 500, 4);
    const { rmse, psnr, maxError, samples } = errorSpectrum(x, y, 2, RANGE);
    expect(rmse[0]).toBeCloseTo(Math.sqrt((500 ** 2 + 100 ** 2) / 2), 9);
    expect(psnr[0]).toBeCloseTo(-10 * Math.log10(0.01 / 2), 9);
    expect(maxError[0]).toBe(500);
    expect([rmse[1], psnr[1], maxError[1], samples[1]]).toEqual([NaN, NaN, NaN, 0]);
  });

  it('refuses images of different size', () => {
    expect(() => errorSpectrum(new Int8Array(2), new Int8Array(4), 1, RANGE)).toThrow(/size/);
  });
});

describe('samMap', () => {
  it('matches angles worked out by hand', () => {
    const x = Float32Array.of(1, 0, 3, 3, 0, 0, 2, -9);
    const y = Float32Array.of(0, 5, 3, 0, 1, 1, 7, 4);
    const map = samMap(x, y, 2, -9);
    expect([...map]).toEqual([90, 45, NaN, 0]);
    expect(samOf(map)).toEqual({ mean: 45, max: 90 });
  });

  it('has the mean and the maximum of the whole-cube figures', () => {
    fc.assert(
      fc.property(imagePairs(SHAPE), fc.integer({ min: -100, max: 1200 }), ([x, y], missing) => {
        const { mean, max } = samOf(samMap(x, y, 5, missing));
        const whole = distortion(x, y, 5, RANGE, missing);
        expect(mean).toBeCloseTo(whole.samDegrees, 4);
        expect(max).toBeCloseTo(whole.samMaxDegrees, 4);
      }),
    );
  });

  it('does not change with the brightness of either image', () => {
    const gains = fc.double({ min: 0.01, max: 100, noNaN: true });
    fc.assert(
      fc.property(imagePairs(SHAPE), gains, gains, ([x, y], a, b) => {
        const scaled = samMap(
          Float64Array.from(x, (value) => a * value),
          Float64Array.from(y, (value) => b * value),
          5,
        );
        samMap(x, y, 5).forEach((angle, pixel) => {
          expect(scaled[pixel]).toBeCloseTo(angle, 4);
        });
      }),
    );
  });

  it('gives 0 for a map without any angle', () => {
    expect(samOf(samMap(new Int8Array(4), new Int8Array(4), 2))).toEqual({ mean: 0, max: 0 });
  });

  it('refuses images of different size', () => {
    expect(() => samMap(new Int8Array(2), new Int8Array(4), 1)).toThrow(/size/);
  });
});

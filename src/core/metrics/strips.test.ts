/** What is summed up strip by strip is what the whole image gives, to the last bit. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { SampleArray } from '../cube/types';
import { DistortionSums, distortion } from './distortion';
import { FigureSums, figures } from './figures';
import { ErrorSpectrumSums, errorSpectrum } from './spectral';
import { SsimSums, ssim } from './ssim';

const BANDS = 4;
const RANGE = { low: 100, high: 900 };
const NO_DATA = 333;

interface Sums<T> {
  add(original: SampleArray, reconstruction: SampleArray): void;
  result(): T;
}

const images = fc
  .record({
    width: fc.integer({ min: 1, max: 24 }),
    height: fc.integer({ min: 1, max: 40 }),
    seed: fc.nat(1000),
    gaps: fc.boolean(),
    cuts: fc.array(fc.nat(39), { maxLength: 12 }),
  })
  .map(({ width, height, seed, gaps, cuts }) => {
    const length = width * height * BANDS;
    const wave = (i: number) => 500 + 450 * Math.sin(seed + i * 0.37) * Math.cos(i * 0.011);
    const x = Uint16Array.from({ length }, (_, i) =>
      gaps && (i * 7 + seed) % 97 === 0 ? NO_DATA : Math.round(wave(i)),
    );
    const y = Float32Array.from({ length }, (_, i) => wave(i) + ((i * 13 + seed) % 29) - 14);
    const borders = [0, ...new Set(cuts.filter((cut) => cut > 0 && cut < height)), height];
    return { width, height, x, y, borders: borders.sort((a, b) => a - b) };
  });

it('for every figure, however the image is cut', () => {
  fc.assert(
    fc.property(images, ({ width, height, x, y, borders }) => {
      const shape = { width, height, bands: BANDS };
      const rgb = [2, 1, 0] as const;
      const by = <T>(sums: Sums<T>) => {
        for (const [i, from] of borders.slice(0, -1).entries()) {
          const [start, end] = [from, borders[i + 1]].map((row) => row * width * BANDS);
          sums.add(x.subarray(start, end), y.subarray(start, end));
        }
        return sums.result();
      };
      expect(by(new DistortionSums(BANDS, RANGE, NO_DATA))).toEqual(
        distortion(x, y, BANDS, RANGE, NO_DATA),
      );
      expect(by(new ErrorSpectrumSums(BANDS, RANGE, NO_DATA))).toEqual(
        errorSpectrum(x, y, BANDS, RANGE, NO_DATA),
      );
      expect(by(new SsimSums(shape, RANGE, NO_DATA))).toEqual(ssim(x, y, shape, RANGE, NO_DATA));
      const options = { noDataValue: NO_DATA, rgb };
      expect(by(new FigureSums(shape, RANGE, options))).toEqual(
        figures(x, y, shape, RANGE, options),
      );
    }),
  );
});

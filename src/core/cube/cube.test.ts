import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HscError } from '../errors';
import { composite, nearestBand, percentileStretch, trueColourBands } from './composite';
import { denormalize, normalize, percentiles, valueRange } from './normalize';
import type { HyperspectralCube } from './types';
import { loadWindow, memorySource, withBands } from './window';

const cube: HyperspectralCube = {
  name: 'c',
  width: 4,
  height: 3,
  bands: 2,
  sampleType: 'int16',
  wavelengthsNm: [500, 600],
  badBands: [1],
  geo: { transform: [100, 2, 0, 50, 0, -2], mapInfo: ['UTM', '1', '1', '100', '50', '2', '2'] },
  data: Int16Array.from({ length: 24 }, (_, i) => i),
};

describe('percentiles', () => {
  it('interpolates as NumPy does', () => {
    // numpy.percentile([3, 1, 2, 10], [0, 0.02, 25, 50, 99.9, 100])
    const values = percentiles(Float32Array.of(3, 1, 2, 10), [0, 0.02, 25, 50, 99.9, 100]);
    const numpy = [1, 1.0006, 1.75, 2.5, 9.979, 10];
    values.forEach((value, i) => {
      expect(value).toBeCloseTo(numpy[i], 9);
    });
  });

  it('leaves out no-data and non-finite samples', () => {
    expect(percentiles(Float32Array.of(-99, 1, Number.NaN, 3), [0, 100], -99)).toEqual([1, 3]);
  });

  it('refuses an image without any valid sample', () => {
    expect(() => percentiles(Float32Array.of(Number.NaN), [50])).toThrow(HscError);
  });
});

describe('normalize', () => {
  it('goes there and back within the range', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -3000, max: 9000 }), { minLength: 3 }), (values) => {
        const data = Int16Array.from(values);
        const range = valueRange({ data });
        const back = denormalize(normalize(data, range), range);
        back.forEach((value, i) => {
          const expected = Math.min(range.high, Math.max(range.low, data[i]));
          expect(Math.abs(value - expected)).toBeLessThan(1e-2);
        });
      }),
    );
  });

  it('gives a constant image a range of positive width', () => {
    const range = valueRange({ data: Int16Array.of(7, 7, 7) });
    expect(range.high).toBeGreaterThan(range.low);
  });

  it('marks samples without data as NaN', () => {
    expect(normalize(Int16Array.of(-1, 5), { low: 0, high: 10 }, -1)).toEqual(
      Float32Array.of(Number.NaN, 0.5),
    );
  });
});

describe('windows', () => {
  it('reads a window and moves the georeference', async () => {
    const part = await loadWindow(memorySource(cube), { x: 1, y: 2, width: 2, height: 1 });
    expect([...part.data]).toEqual([18, 19, 20, 21]);
    expect(part.geo?.transform).toEqual([102, 2, 0, 46, 0, -2]);
    expect(part.geo?.mapInfo?.slice(1, 3)).toEqual(['0', '-1']);
  });

  it('refuses a window outside', async () => {
    const outside = { x: 3, y: 0, width: 2, height: 1 };
    await expect(loadWindow(memorySource(cube), outside)).rejects.toThrow(/outside the image/);
  });

  it('restricts the bands with their metadata', () => {
    const one = withBands(cube, [1]);
    expect([...one.data].slice(0, 3)).toEqual([1, 3, 5]);
    expect(one.wavelengthsNm).toEqual([600]);
    expect(one.badBands).toEqual([0]);
  });
});

describe('composite', () => {
  it('picks bands by wavelength, then by the file, then by position', () => {
    expect(nearestBand([400, 500, 600], 560)).toBe(2);
    const info = { ...cube, bands: 101, wavelengthsNm: undefined };
    expect(trueColourBands(info)).toEqual([55, 30, 10]);
    expect(trueColourBands({ ...info, defaultBands: [9, 8, 7] })).toEqual([9, 8, 7]);
  });

  it('stretches to black and white and makes pixels without data transparent', () => {
    const samples = Int16Array.of(0, 10, -1);
    const rgba = composite(samples, 1, percentileStretch(samples, 1, [0, 100], -1), -1);
    expect([...rgba]).toEqual([0, 0, 0, 255, 255, 255, 255, 255, 0, 0, 0, 0]);
  });
});

import { describe, expect, it } from 'vitest';
import golden from './golden/onGrid.json';
import { coveredBands, findGrid, gridCenters, TINY_16, VNIR_128 } from './grids';
import { valueRange } from './normalize';
import { cubeOnGrid } from './onGrid';
import type { HyperspectralCube } from './types';

const { width, height, cases } = golden;

function goldenCube({ wavelengthsNm, samples }: (typeof cases)[keyof typeof cases]) {
  const data = Int16Array.from(samples);
  const bands = wavelengthsNm.length;
  return { name: 'c', width, height, bands, sampleType: 'int16', wavelengthsNm, data } as const;
}

function spectrum(data: number[], info: Partial<HyperspectralCube>): HyperspectralCube {
  return {
    name: 's',
    width: 1,
    height: 1,
    bands: data.length,
    sampleType: 'float32',
    data: Float32Array.from(data),
    ...info,
  };
}

describe('cubeOnGrid', () => {
  const grid = gridCenters(VNIR_128);

  it.each(Object.entries(cases))('is what the training code makes of bands %s', (_, one) => {
    const target = findGrid(one.grid) ?? expect.fail(one.grid);
    const grid = gridCenters(target);
    const cube = cubeOnGrid(goldenCube(one), target);
    const { low, high } = one.range;
    const inside = coveredBands(target, one.wavelengthsNm);
    const first = grid.indexOf(cube.wavelengthsNm?.[0] as number);
    let compared = 0;
    for (let pixel = 0; pixel < width * height; pixel++) {
      const native = inside.map((band) => one.samples[pixel * one.wavelengthsNm.length + band]);
      // The training code clips before it resamples: spectra with a clipped sample may differ.
      if (native.some((value) => value < low || value > high)) continue;
      for (let band = 0; band < cube.bands; band++) {
        const ours = (cube.data[pixel * cube.bands + band] - low) / (high - low);
        expect(ours).toBeCloseTo(one.onGrid[pixel * grid.length + first + band], 5);
        compared++;
      }
    }
    expect(compared).toBeGreaterThan((width * height * cube.bands) / 2);
  });

  it('keeps the grid bands that the cube covers, with half a step of grace', () => {
    const cube = cubeOnGrid(goldenCube(cases['a part of the grid']), VNIR_128);
    const step = grid[1] - grid[0];
    expect(cube.wavelengthsNm).toEqual(
      grid.filter((nm) => nm >= 430 - step / 2 && nm <= 860 + step / 2),
    );
    expect(cube.notes?.at(-1)).toBe(
      'Resampled by wavelength from 102 of 102 bands to 92 of the 128 bands of the grid vnir-128.',
    );
  });

  it('leaves a cube on the grid as it is, holes included', () => {
    const data = grid.map((nm, band) => (band === 40 ? -1 : nm));
    const cube = cubeOnGrid(spectrum(data, { wavelengthsNm: grid, noDataValue: -1 }), VNIR_128);
    const expected = Float32Array.from(data, (value) => (value === -1 ? Number.NaN : value));
    expect(cube.data).toEqual(expected);
    expect(cube.noDataValue).toBeUndefined();
  });

  it('has no sample where a native one that it draws on is missing', () => {
    const wavelengthsNm = [400, 500, 600, 700, 1000];
    const cube = cubeOnGrid(spectrum([1, 2, Number.NaN, 4, 5], { wavelengthsNm }), TINY_16);
    const missing = [...cube.data].flatMap((value, i) => (Number.isNaN(value) ? [i] : []));
    expect(missing.map((i) => cube.wavelengthsNm?.[i])).toEqual([520, 560, 600, 640, 680]);
    expect(valueRange(cube)).toMatchObject({
      low: expect.closeTo(1, 2),
      high: expect.closeTo(5, 2),
    });
  });

  it('stretches bands without wavelengths over the whole grid', () => {
    const cube = cubeOnGrid(spectrum([0, 15], { bandNames: ['a', 'b'] }), TINY_16);
    expect([...cube.data].map((value) => Math.round(value))).toEqual([...Array(16).keys()]);
    expect(cube).toMatchObject({ bands: 16, wavelengthsNm: undefined, bandNames: undefined });
  });

  it('refuses a cube that lies outside', () => {
    const cube = spectrum([1, 2], { wavelengthsNm: [0.45, 0.55] });
    expect(() => cubeOnGrid(cube, VNIR_128)).toThrow(
      expect.objectContaining({ code: 'band-range' }),
    );
  });
});

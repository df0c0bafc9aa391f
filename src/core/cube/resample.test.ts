import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  coveredBands,
  gridCenters,
  gridRange,
  positionsOnGrid,
  VNIR_128,
  VSWIR_200,
} from './grids';
import { resample, resampleMatrix } from './resample';

const centers = fc
  .uniqueArray(fc.integer({ min: 3500, max: 25000 }), { minLength: 1, maxLength: 60 })
  .map((values) => values.map((value) => value / 10));

describe('resampleMatrix', () => {
  it('has rows that sum to 1 for any two sets of centres', () => {
    fc.assert(
      fc.property(centers, centers, (from, to) => {
        const ones = new Float32Array(from.length).fill(1);
        for (const value of resample(resampleMatrix(from, to), ones)) {
          expect(value).toBeCloseTo(1, 6);
        }
      }),
    );
  });

  it('keeps every value within the range of the source', () => {
    fc.assert(
      fc.property(centers, centers, (from, to) => {
        const source = Float32Array.from(from, (_, i) => Math.sin(i * 1.7));
        const [low, high] = [Math.min(...source), Math.max(...source)];
        for (const value of resample(resampleMatrix(from, to), source)) {
          expect(value).toBeGreaterThanOrEqual(low - 1e-6);
          expect(value).toBeLessThanOrEqual(high + 1e-6);
        }
      }),
    );
  });

  it('is the identity on equal centres', () => {
    const nm = gridCenters(VNIR_128);
    const spectrum = Float32Array.from(nm, (x) => Math.sin(x / 40));
    expect(resample(resampleMatrix(nm, nm), spectrum)).toEqual(spectrum);
  });

  it('averages a finer source over the target cell, by hand', () => {
    // Target cell of 20 nm: 10..30 nm; source cells of 5 nm centred at 2.5, 7.5 …
    const from = Array.from({ length: 10 }, (_, i) => 2.5 + 5 * i);
    const matrix = resampleMatrix(from, [20, 40]);
    const ramp = Float32Array.from(from, (nm) => nm);
    expect(resample(matrix, ramp)[0]).toBeCloseTo(20, 5);
    expect(matrix.rowStart[1]).toBe(4);
  });

  it('interpolates a coarser source and holds its ends', () => {
    const values = resample(resampleMatrix([500, 600], [450, 525, 550, 700]), [0, 1] as never);
    expect([...values]).toEqual([0, 0.25, 0.5, 1]);
  });

  it('takes an unsorted source as the same bands in order', () => {
    const sorted = resample(resampleMatrix([1, 2, 3], [1.5, 2.5]), Float32Array.of(10, 20, 30));
    const shuffled = resample(resampleMatrix([3, 1, 2], [1.5, 2.5]), Float32Array.of(30, 10, 20));
    expect(shuffled).toEqual(sorted);
  });

  it('returns a smooth spectrum to its native bands with little loss', () => {
    const native = Array.from({ length: 156 }, (_, i) => 401 + i * 3.13);
    const spectrum = Float32Array.from(native, (nm) => 0.4 + 0.3 * Math.tanh((nm - 700) / 25));
    const grid = gridCenters(VNIR_128);
    const there = resample(resampleMatrix(native, grid), spectrum);
    const back = resample(resampleMatrix(grid, native), there);
    for (const [i, value] of back.entries())
      expect(Math.abs(value - spectrum[i])).toBeLessThan(6e-3);
  });
});

describe('grids', () => {
  it('covers what lies inside, with half a step of grace', () => {
    expect(coveredBands(VNIR_128, [397, 398, 400, 1000, 1002, 1003])).toEqual([1, 2, 3, 4]);
  });

  it('leaves what water vapour takes away outside, and says what is inside', () => {
    const nm = [1330, 1338, 1345, 1400, 1452, 1456, 1870, 2453, 2460];
    expect(coveredBands(VSWIR_200, nm)).toEqual([0, 1, 5, 7]);
    expect(gridCenters(VSWIR_200)).toHaveLength(200);
    expect(gridRange(VSWIR_200)).toBe('400–1335, 1460–1789 and 1960–2450 nm');
    expect(gridRange(VNIR_128)).toBe('400–1000 nm');
  });

  it('stretches band positions over the grid where there are no wavelengths', () => {
    const three = positionsOnGrid(VNIR_128, 3, undefined);
    for (const [i, nm] of [400, 700, 1000].entries()) expect(three[i]).toBeCloseTo(nm, 9);
    expect(positionsOnGrid(VNIR_128, 1, undefined)[0]).toBeCloseTo(700, 9);
  });
});

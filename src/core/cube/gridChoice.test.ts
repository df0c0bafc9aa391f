import { describe, expect, it } from 'vitest';
import { gridFor, gridNamed } from './gridChoice';
import { bandsInGaps, VNIR_128, VSWIR_200 } from './grids';

const BOTH = { label: 'HiFiC SE', grids: ['vnir-128', 'vswir-200'] };

function every(from: number, to: number, step: number): number[] {
  return Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, i) => from + i * step);
}

describe('the spectral grid for a cube', () => {
  it.each([
    ['visible and near infrared', every(410, 990, 5), VNIR_128],
    ['a few bands beyond 1000 nm', every(400, 1020, 5), VNIR_128],
    ['the whole reflected range', every(380, 2500, 10), VSWIR_200],
    ['short-wave infrared alone', every(1000, 2400, 6), VSWIR_200],
    ['nothing known of wavelengths', undefined, VNIR_128],
  ])('%s', (_, wavelengthsNm, grid) => {
    expect(gridFor(BOTH, { wavelengthsNm }, undefined)).toBe(grid);
  });

  it('is the one asked for, if the codec works on it', () => {
    const wavelengthsNm = every(380, 2500, 10);
    expect(gridFor(BOTH, { wavelengthsNm }, 'vnir-128')).toBe(VNIR_128);
    expect(() => gridFor(BOTH, { wavelengthsNm }, 'vnir-369')).toThrow(
      /HiFiC SE does not work on the spectral grid vnir-369: choose vnir-128 or vswir-200/,
    );
    expect(() => gridNamed('uv-10')).toThrow(/uv-10/);
  });

  it('counts bands in gaps, not those beyond the ends', () => {
    expect(bandsInGaps(VSWIR_200, [390, 400, 1380, 1400, 1500, 1900, 2449, 2480])).toBe(3);
    expect(bandsInGaps(VNIR_128, [390, 500, 1010])).toBe(0);
  });
});

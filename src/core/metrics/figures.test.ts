import { describe, expect, it } from 'vitest';
import { distortion } from './distortion';
import { figures } from './figures';
import { gmsd } from './gmsd';
import { ssim } from './ssim';
import { CASES } from './testing';

describe('figures', () => {
  const { original, reconstruction, shape, range, noDataValue } = CASES[2];

  it('are those of the single functions', () => {
    const all = figures(original, reconstruction, shape, range, { noDataValue, rgb: [2, 1, 0] });
    expect(all).toEqual({
      ...distortion(original, reconstruction, shape.bands, range, noDataValue),
      ssim: ssim(original, reconstruction, shape, range, noDataValue).mean,
      gmsd: gmsd(original, reconstruction, shape, range, [2, 1, 0], noDataValue),
    });
  });

  it('have no GMSD without three bands', () => {
    expect(figures(original, reconstruction, shape, range).gmsd).toBeUndefined();
  });

  it('refuse arrays of another shape', () => {
    expect(() => figures(original, reconstruction, { ...shape, width: 1 }, range)).toThrow(/width/);
  });
});

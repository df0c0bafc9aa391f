import { describe, expect, it } from 'vitest';
import { rate } from './rate';

describe('rate', () => {
  it('gives every unit from the bytes of the file', () => {
    expect(rate(1152, { width: 96, height: 96, bands: 128 }, 'uint16')).toEqual({
      bytes: 1152,
      bpp: 1,
      bpppc: 1 / 128,
      ratio: 2048,
    });
  });
});

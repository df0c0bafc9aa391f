import { describe, expect, it } from 'vitest';
import { heatPixels } from './heat';

describe('heatPixels', () => {
  it('stops at full scale and leaves missing values open', () => {
    const pixels = heatPixels(Float32Array.of(0, 5, 50, Number.NaN), 5);
    expect([...pixels.subarray(0, 4)]).toEqual([0, 0, 4, 255]);
    expect([...pixels.subarray(4, 8)]).toEqual([252, 255, 164, 255]);
    expect([...pixels.subarray(4, 8)]).toEqual([...pixels.subarray(8, 12)]);
    expect([...pixels.subarray(12)]).toEqual([0, 0, 0, 0]);
  });
});

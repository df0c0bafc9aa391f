import { describe, expect, it } from 'vitest';
import type { CubeSource, HyperspectralCube, PixelWindow } from '../core/cube/types';
import { memorySource } from '../core/cube/window';
import { regionSpectrum } from './region';

function ramp(width: number, height: number): HyperspectralCube {
  const data = Float32Array.from({ length: width * height * 2 }, (_, i) => {
    const pixel = i >> 1;
    return i % 2 === 0 ? pixel % width : 10 * Math.floor(pixel / width);
  });
  return { name: 'ramp', width, height, bands: 2, sampleType: 'float32', noDataValue: 3, data };
}

describe('spectrum of a region', () => {
  it('is the mean of its pixels without those that carry no data', async () => {
    const window = { x: 1, y: 2, width: 4, height: 3 };
    const { mean, deviation, pixels } = await regionSpectrum(memorySource(ramp(9, 9)), window, {});
    expect(mean[0]).toBeCloseTo((1 + 2 + 4) / 3, 12);
    expect(mean[1]).toBe(30);
    expect(deviation[1]).toBeCloseTo(Math.sqrt((4 * 2 * 100) / 11), 10);
    expect(pixels).toBe(12);
  });

  it('reads regions whole, and of very large ones rows evenly spread', async () => {
    const window = { x: 0, y: 0, width: 800, height: 500 };
    const small = await regionSpectrum(memorySource(ramp(800, 500)), window, {});
    expect(small.pixels).toBe(400_000);
    expect(small.mean[1]).toBeCloseTo(2495, 6);

    const asked: PixelWindow[] = [];
    const source: CubeSource = {
      info: { name: 'large', width: 5000, height: 9000, bands: 2, sampleType: 'float32' },
      async readWindow(part) {
        asked.push(part);
        return new Float32Array(part.width * part.height * 2).fill(part.y);
      },
      async close() {},
    };
    const whole = { x: 0, y: 0, width: 5000, height: 9000 };
    const large = await regionSpectrum(source, whole, {});
    expect(asked).toHaveLength(20);
    expect(large.pixels).toBe(100_000);
    expect(large.mean[0]).toBeCloseTo(4500, -3);
  });

  it('stops when asked to, and refuses what lies outside', async () => {
    const source = memorySource(ramp(9, 9));
    const window = { x: 0, y: 0, width: 9, height: 9 };
    await expect(
      regionSpectrum(source, window, { signal: AbortSignal.abort() }),
    ).rejects.toMatchObject({ code: 'aborted' });
    const outside = { ...window, x: 5 };
    await expect(regionSpectrum(source, outside, {})).rejects.toMatchObject({
      code: 'bad-argument',
    });
  });
});

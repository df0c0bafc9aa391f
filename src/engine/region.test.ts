import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boundsOf, insideSpans, pixelsInside } from '../core/cube/polygon';
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
    const { mean, deviation, pixels } = await regionSpectrum(
      memorySource(ramp(9, 9)),
      { window },
      {},
    );
    expect(mean[0]).toBeCloseTo((1 + 2 + 4) / 3, 12);
    expect(mean[1]).toBe(30);
    expect(deviation[1]).toBeCloseTo(Math.sqrt((4 * 2 * 100) / 11), 10);
    expect(pixels).toBe(12);
  });

  it('reads regions whole, and of very large ones rows evenly spread', async () => {
    const window = { x: 0, y: 0, width: 800, height: 500 };
    const small = await regionSpectrum(memorySource(ramp(800, 500)), { window }, {});
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
    const large = await regionSpectrum(source, { window: whole }, {});
    expect(asked).toHaveLength(20);
    expect(large.pixels).toBe(100_000);
    expect(large.mean[0]).toBeCloseTo(4500, -3);
  });

  it('stops when asked to, and refuses what lies outside', async () => {
    const source = memorySource(ramp(9, 9));
    const window = { x: 0, y: 0, width: 9, height: 9 };
    await expect(
      regionSpectrum(source, { window }, { signal: AbortSignal.abort() }),
    ).rejects.toMatchObject({ code: 'aborted' });
    const outside = { ...window, x: 5 };
    await expect(regionSpectrum(source, { window: outside }, {})).rejects.toMatchObject({
      code: 'bad-argument',
    });
  });

  it('of a polygon is that of the pixels whose centres lie inside', async () => {
    const corner = fc.record({ x: fc.nat(9), y: fc.nat(9) });
    const polygons = fc
      .array(corner, { minLength: 3, maxLength: 6 })
      .filter((polygon) => pixelsInside(polygon) > 0);
    const source = memorySource(ramp(9, 9));
    await fc.assert(
      fc.asyncProperty(polygons, async (polygon) => {
        const window = boundsOf(polygon);
        const { mean, pixels } = await regionSpectrum(source, { window, polygon }, {});
        const rows: number[] = [];
        for (let y = 0; y < 9; y++)
          for (const [from, to] of insideSpans(polygon, y))
            for (let x = from; x < to; x++) rows.push(10 * y);
        expect(pixels).toBe(rows.length);
        expect(mean[1]).toBeCloseTo(rows.reduce((sum, row) => sum + row, 0) / rows.length, 9);
      }),
    );
  });

  it('of a polygon that is a rectangle is that of the rectangle', async () => {
    const source = memorySource(ramp(40, 30));
    const side = fc.integer({ min: 1, max: 12 });
    const windows = fc.record({ x: fc.nat(27), y: fc.nat(17), width: side, height: side });
    await fc.assert(
      fc.asyncProperty(windows, async (window) => {
        const [right, bottom] = [window.x + window.width, window.y + window.height];
        const polygon = [
          { x: window.x, y: window.y },
          { x: right, y: window.y },
          { x: right, y: bottom },
          { x: window.x, y: bottom },
        ];
        expect(await regionSpectrum(source, { window, polygon }, {})).toEqual(
          await regionSpectrum(source, { window }, {}),
        );
      }),
    );
  });

  it('refuses a polygon without a pixel', async () => {
    const flat = [
      { x: 1, y: 1 },
      { x: 2, y: 5 },
      { x: 2, y: 5 },
    ];
    const source = memorySource(ramp(9, 9));
    const area = { window: boundsOf(flat), polygon: flat };
    await expect(regionSpectrum(source, area, {})).rejects.toMatchObject({ code: 'bad-argument' });
  });
});

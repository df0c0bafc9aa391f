import { describe, expect, it } from 'vitest';
import type { CubeSource, HyperspectralCube } from '../core/cube/types';
import { memorySource } from '../core/cube/window';
import { locatePatch, type Plane } from './locate';
import { overviewStride, readOverview, windowBands } from './overview';

function counting(width: number, height: number, bands: number): HyperspectralCube {
  const data = Uint16Array.from({ length: width * height * bands }, (_, i) => i % 65521);
  return { name: 'counting', width, height, bands, sampleType: 'uint16', data };
}

describe('overview', () => {
  it('is the whole of a cube that fits in memory', async () => {
    const cube = counting(50, 30, 5);
    const overview = await readOverview(memorySource(cube));
    expect(overview.stride).toBe(1);
    expect(overview.samples).toEqual(cube.data);
  });

  it('thins large cubes so that it fits in memory', () => {
    const large = { width: 2000, height: 4000, bands: 300, sampleType: 'float32' } as const;
    const stride = overviewStride(large);
    const bytes = Math.ceil(2000 / stride) * Math.ceil(4000 / stride) * 300 * 4;
    expect(stride).toBeGreaterThan(1);
    expect(bytes).toBeLessThan(100e6);
  });

  it('of a large cube is every n-th pixel, read row by row', async () => {
    const rows: number[] = [];
    const source: CubeSource = {
      info: { name: 'big', width: 1200, height: 1200, bands: 200, sampleType: 'float32' },
      async readWindow(window) {
        rows.push(window.height);
        const samples = new Float32Array(window.width * window.height * 200);
        for (let x = 0; x < window.width; x++) samples[x * 200] = window.y * 10_000 + x;
        return samples;
      },
      async close() {},
    };
    const { stride, width, height, samples } = await readOverview(source);
    expect(stride).toBe(overviewStride(source.info));
    expect(new Set(rows)).toEqual(new Set([1]));
    const [x, y] = [3, 5];
    expect(samples[(y * width + x) * 200]).toBe(y * stride * 10_000 + x * stride);
    expect(samples.length).toBe(width * height * 200);
  });

  it('windows are thinned in both directions', async () => {
    const cube = counting(20, 12, 2);
    const window = { x: 2, y: 1, width: 9, height: 6 };
    const thin = await windowBands(memorySource(cube), window, [1], 3);
    expect([thin.width, thin.height, thin.stride]).toEqual([3, 2, 3]);
    const at = (x: number, y: number) => ((y + 1) * 20 + x + 2) * 2 + 1;
    expect([...thin.samples]).toEqual([at(0, 0), at(3, 0), at(6, 0), at(0, 3), at(3, 3), at(6, 3)]);
  });
});

describe('locating a patch', () => {
  const scene: Plane = {
    width: 120,
    height: 90,
    values: Float32Array.from({ length: 120 * 90 }, (_, i) => {
      const [x, y] = [i % 120, Math.floor(i / 120)];
      return Math.sin(x / 7) * Math.cos(y / 5) + Math.sin((x * y) / 300);
    }),
  };
  const cut = (x0: number, y0: number, width: number, height: number): Plane => ({
    width,
    height,
    values: Float32Array.from(
      { length: width * height },
      (_, i) =>
        scene.values[(y0 + Math.floor(i / width)) * 120 + x0 + (i % width)] +
        0.05 * Math.sin(i * 12.9898),
    ),
  });

  it.each([
    [0, 0, 120, 90],
    [13, 21, 64, 48],
    [56, 42, 64, 48],
    [77, 3, 10, 9],
  ])('finds (%i, %i), %i × %i, in spite of coding errors', (x, y, width, height) => {
    expect(locatePatch(scene, cut(x, y, width, height))).toEqual({ x, y, width, height });
  });
});

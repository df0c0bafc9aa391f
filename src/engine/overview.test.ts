import { describe, expect, it, vi } from 'vitest';
import type { CubeSource, HyperspectralCube } from '../core/cube/types';
import { memorySource } from '../core/cube/window';
import { locatePatch, type Plane } from './locate';
import { Overview, overviewStride, windowBands } from './overview';

function counting(width: number, height: number, bands: number): HyperspectralCube {
  const data = Uint16Array.from({ length: width * height * bands }, (_, i) => i % 65521);
  return { name: 'counting', width, height, bands, sampleType: 'uint16', data };
}

describe('overview', () => {
  it('is the whole of a cube that fits in memory, read once', async () => {
    const cube = counting(50, 30, 5);
    const readWindow = vi.fn(memorySource(cube).readWindow);
    const overview = new Overview({ ...memorySource(cube), readWindow });
    expect((await overview.bands([0, 1, 2, 3, 4])).samples).toEqual(cube.data);
    expect((await overview.bands([3])).samples[7]).toBe(cube.data[7 * 5 + 3]);
    expect(readWindow).toHaveBeenCalledOnce();
    expect(overview.heldBytes()).toBe(cube.data.byteLength);
  });

  it('thins large cubes so that it fits in memory', () => {
    const large = { width: 2000, height: 4000, bands: 300, sampleType: 'float32' } as const;
    const stride = overviewStride(large);
    const bytes = Math.ceil(2000 / stride) * Math.ceil(4000 / stride) * 300 * 4;
    expect(stride).toBeGreaterThan(1);
    expect(bytes).toBeLessThan(100e6);
  });

  /** A cube whose samples say where they are; a read takes that many milliseconds. */
  function large(perRead: number, perBand: number) {
    const asked: number[] = [];
    let clock = 0;
    const source: CubeSource = {
      info: { name: 'big', width: 1200, height: 120, bands: 900, sampleType: 'float32' },
      async readWindow({ y, width, height }, options) {
        const bands = options?.bands ?? Array.from({ length: 900 }, (_, band) => band);
        asked.push(bands.length);
        clock += perRead + perBand * bands.length;
        const samples = new Float32Array(width * height * bands.length);
        for (let i = 0; i < samples.length; i++) {
          const pixel = Math.floor(i / bands.length);
          const [row, column] = [y + Math.floor(pixel / width), pixel % width];
          samples[i] = bands[i % bands.length] * 1e-3 + row * 2000 + column;
        }
        return samples;
      },
      async close() {},
    };
    return { source, asked, now: () => clock };
  }

  it.each([
    { lie: 'side by side', perRead: 30, perBand: 0, later: [] },
    { lie: 'apart', perRead: 0, perBand: 0.2, later: [1] },
  ])(
    'of a large cube whose bands lie $lie is every n-th pixel',
    async ({ perRead, perBand, later }) => {
      const { source, asked, now } = large(perRead, perBand);
      const overview = new Overview(source, now);
      const { stride, width, samples } = await overview.bands([2, 1]);
      expect(stride).toBeGreaterThan(1);
      const [x, y] = [3, 5];
      expect(samples[(y * width + x) * 2]).toBeCloseTo(2e-3 + y * stride * 2000 + x * stride, 0);
      asked.length = 0;
      await overview.bands([5, 1]);
      expect(new Set(asked)).toEqual(new Set(later));
    },
  );

  it.each([true, false])('believes a source that knows how its bands lie: %s', async (together) => {
    // By the clock it is the other way round, as on a busy machine.
    const { source, asked, now } = large(together ? 0 : 30, together ? 0.2 : 0);
    const overview = new Overview({ ...source, bandsTogether: together }, now);
    await overview.bands([2, 1]);
    expect(new Set(asked)).toEqual(new Set([together ? 900 : 2]));
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

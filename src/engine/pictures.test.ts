import { describe, expect, it, vi } from 'vitest';
import { composite, percentileStretch } from '../core/cube/composite';
import type { HyperspectralCube } from '../core/cube/types';
import { memorySource, selectBands } from '../core/cube/window';
import { CubeTable } from './cubes';
import { Pictures } from './pictures';

const SIDE = 24;
const cube: HyperspectralCube = {
  name: 'ramp',
  width: SIDE,
  height: SIDE,
  bands: 5,
  sampleType: 'uint16',
  data: Uint16Array.from({ length: SIDE * SIDE * 5 }, (_, i) => (i * 7919) % 4099),
};
const WHOLE = { x: 0, y: 0, width: SIDE, height: SIDE };
const BANDS = [4, 2, 0];

async function pictures(one: HyperspectralCube = cube) {
  const table = new CubeTable();
  await table.put('a', memorySource(one));
  const brighter = Float32Array.from(one.data as Uint16Array, (value) => value + 500);
  await table.put('b', memorySource({ ...one, sampleType: 'float32', data: brighter }));
  return new Pictures(table);
}

describe('pictures', () => {
  it.each([undefined, WHOLE])('of bands are composites by their percentiles', async (window) => {
    const made = await (await pictures()).picture({
      cube: 'a',
      window,
      bands: BANDS,
      stretch: [2, 98],
      maxSide: 100,
    });
    const samples = selectBands(cube.data, cube.bands, BANDS);
    const stretch = percentileStretch(samples, 3, [2, 98]);
    expect(made.stretch).toEqual(stretch);
    expect(made.rgba).toEqual(composite(samples, 3, stretch));
  });

  it('may be stretched like another picture', async () => {
    const source = { cube: 'a', window: WHOLE, bands: [1], maxSide: 100 };
    const maker = await pictures();
    const reference = await maker.picture({ ...source, stretch: [5, 95] });
    const like = await maker.picture({ ...source, cube: 'b', stretch: [5, 95], like: source });
    const own = await maker.picture({ ...source, cube: 'b', stretch: [5, 95] });
    expect(like.stretch).toEqual(reference.stretch);
    expect(own.stretch).toEqual(
      reference.stretch.map(({ low, high }) => ({ low: low + 500, high: high + 500 })),
    );
  });

  it('show components of one cube on both, the same on a window as on the whole', async () => {
    const maker = await pictures();
    const bands = [0, 1, 2, 3, 4];
    const shared = {
      bands,
      components: { of: 'a', bands },
      stretch: [0, 100] as const,
      maxSide: 100,
    };
    const whole = await maker.picture({ cube: 'a', ...shared });
    const window = await maker.picture({ cube: 'a', window: WHOLE, ...shared });
    expect(window.rgba).toEqual(whole.rgba);
    const other = await maker.picture({ cube: 'b', ...shared });
    const shift = other.stretch[0].low - whole.stretch[0].low;
    expect(shift).toBeCloseTo(other.stretch[0].high - whole.stretch[0].high, 1);
    expect(shift).not.toBeCloseTo(0, 0);
  });

  it('of one band have colours, and none where there is no data', async () => {
    const maker = await pictures({ ...cube, noDataValue: cube.data[1] });
    const request = { cube: 'a', bands: [1], stretch: [0, 100] as const, maxSide: 100 };
    const { rgba } = await maker.picture({ ...request, colourMap: 'viridis' });
    expect(rgba[3]).toBe(0);
    const colours = new Set(
      Array.from({ length: SIDE * SIDE }, (_, i) => rgba.slice(4 * i, 4 * i + 3).join()),
    );
    expect(colours.size).toBeGreaterThan(50);
    const grey = (await maker.picture(request)).rgba;
    expect(grey[4]).toBe(grey[5]);
  });

  it('stops a search for components, and searches anew', async () => {
    const table = new CubeTable();
    const source = memorySource(cube);
    const readWindow = vi.fn(source.readWindow);
    await table.put('a', { ...source, readWindow });
    const maker = new Pictures(table);
    const search = maker.findComponents('a', [0, 1, 2], AbortSignal.abort());
    await expect(search).rejects.toMatchObject({ code: 'aborted' });
    expect(readWindow).not.toHaveBeenCalled();
    await maker.findComponents('a', [0, 1, 2]);
    expect(readWindow).toHaveBeenCalled();
  });

  it('tell how the samples of each channel are spread, and where their stretch may lie', async () => {
    const maker = await pictures();
    const source = { cube: 'b', window: WHOLE, bands: BANDS, maxSide: 100 };
    const like = { ...source, cube: 'a' };
    const histogram = await maker.histogram({ ...source, like });
    expect(histogram).toHaveLength(3);
    const { stretch } = await maker.picture({ ...like, stretch: [2, 98] });
    for (const [channel, { low, high, counts, quantiles }] of histogram.entries()) {
      const values = Array.from(
        { length: SIDE * SIDE },
        (_, pixel) => Number(cube.data[pixel * 5 + BANDS[channel]]) + 500,
      );
      expect([low, high]).toEqual([Math.min(...values), Math.max(...values)]);
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(SIDE * SIDE);
      expect(quantiles[20]).toBeCloseTo(stretch[channel].low, 9);
      expect(quantiles[980]).toBeCloseTo(stretch[channel].high, 9);
    }
  });

  it('leave outliers beyond the axis of their histogram', async () => {
    const data = Uint16Array.from({ length: SIDE * SIDE }, (_, i) => 100 + (i % 50));
    data[7] = 60_000;
    const maker = await pictures({ ...cube, bands: 1, data: Uint16Array.from(data) });
    const [{ low, high, counts, quantiles }] = await maker.histogram({
      cube: 'a',
      bands: [0],
      maxSide: 100,
    });
    expect(low).toBe(100);
    expect(high).toBeGreaterThanOrEqual(149);
    expect(counts.at(-1)).toBeGreaterThanOrEqual(1);
    expect(quantiles[1000]).toBe(60_000);
  });
});

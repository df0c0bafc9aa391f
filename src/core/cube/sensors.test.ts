import { describe, expect, it } from 'vitest';
import { BandSums, noisyBands, statisticsWindows } from './bandStatistics';
import { wavelengthFault } from './overrides';
import { fittingPresets, SENSOR_PRESETS } from './sensors';

describe('sensor presets', () => {
  it('are what wavelengths may be, under names of their own', () => {
    for (const { nm } of SENSOR_PRESETS) expect(wavelengthFault(nm, nm.length)).toBeUndefined();
    expect(new Set(SENSOR_PRESETS.map(({ id }) => id)).size).toBe(SENSOR_PRESETS.length);
    expect(new Set(SENSOR_PRESETS.map(({ label }) => label)).size).toBe(SENSOR_PRESETS.length);
  });

  it('have the numbers of bands that the scenes are published with', () => {
    const bands = Object.fromEntries(SENSOR_PRESETS.map(({ id, nm }) => [id, nm.length]));
    expect(bands).toMatchObject({
      aviris: 224,
      'indian-pines': 220,
      'indian-pines-corrected': 200,
      salinas: 204,
      'jasper-ridge': 198,
      cuprite: 188,
      'rosis-103': 103,
      'rosis-102': 102,
      hydice: 210,
      'urban-162': 162,
      hyperion: 242,
      botswana: 145,
      enmap: 224,
      hyspecnet: 202,
      emit: 285,
    });
  });

  it('are suggested by the count of bands, those that the file speaks of first', () => {
    const ids = (bands: number, name: string) =>
      fittingPresets({ bands, name, sensor: undefined }).map(({ id }) => id);
    expect(ids(224, 'tile_of_EnMAP')).toEqual(['enmap', 'aviris']);
    expect(ids(224, 'f970619')).toEqual(['aviris', 'enmap']);
    expect(ids(7, 'field')).toEqual([]);
  });
});

describe('statistics of bands', () => {
  it('find what is constant, empty, or agrees with no neighbour', () => {
    const bands = 8;
    let seed = 1;
    const noise = () => {
      seed = (seed * 16807) % 2147483647;
      return seed / 2147483647;
    };
    const data = new Float32Array(400 * bands);
    for (let pixel = 0; pixel < 400; pixel++) {
      const light = noise();
      for (let band = 0; band < bands; band++) data[pixel * bands + band] = light * (band + 1);
      data[pixel * bands] = 4;
      data[pixel * bands + 4] = noise();
      data[pixel * bands + 7] = Number.NaN;
    }
    const sums = new BandSums(bands, undefined);
    sums.add(data.subarray(0, 200 * bands));
    sums.add(data.subarray(200 * bands));
    const statistics = sums.statistics();
    expect(noisyBands(statistics)).toEqual([0, 4, 7]);
    expect(statistics.pixels).toBe(400);
    expect(statistics.mean[0]).toBe(4);
    expect(statistics.mean[7]).toBeNaN();
    expect(statistics.withNext[1]).toBeCloseTo(1);
  });

  it('take pixels from all over a large cube and every pixel of a small one', () => {
    expect(statisticsWindows({ width: 100, height: 90 })).toEqual([
      { x: 0, y: 0, width: 100, height: 90 },
    ]);
    const windows = statisticsWindows({ width: 3000, height: 40 });
    expect(windows).toHaveLength(4);
    expect(windows.every(({ x, y, width, height }) => x + width <= 3000 && y + height <= 40)).toBe(
      true,
    );
  });
});

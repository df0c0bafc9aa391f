import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HyperspectralCube, SampleType } from '../core/cube/types';
import { SAMPLE_BYTES } from '../core/metrics/rate';
import { bytesSource } from './bytes';
import { enviReader } from './envi/reader';
import { enviBipWriter, enviBsqWriter } from './envi/writer';
import { numpyReader } from './numpy/reader';
import { numpyWriter } from './numpy/writer';
import { newSamples } from './samples';
import { readAll } from './testData';
import { openWith } from './testFiles';
import type { FormatReader, FormatWriter } from './types';

const TYPES = Object.keys(SAMPLE_BYTES) as SampleType[];

const WRITERS: readonly [FormatWriter, FormatReader][] = [
  [enviBipWriter, enviReader],
  [enviBsqWriter, enviReader],
  [numpyWriter, numpyReader],
];

async function writtenAndRead(writer: FormatWriter, reader: FormatReader, cube: HyperspectralCube) {
  const files = await writer.write(cube, 'out');
  const sources = files.map(({ name, bytes }) => bytesSource(bytes, name));
  const file = sources.find(({ name }) => name.endsWith('.npy')) ?? sources[0];
  return openWith(reader, [file, ...sources.filter((other) => other !== file)]);
}

function extremes(type: SampleType, length: number) {
  const samples = newSamples(type, length);
  const bytes = new Uint8Array(samples.buffer);
  for (let i = 0; i < bytes.length; i++) bytes[i] = (i * 37 + 200) % 256;
  return samples;
}

describe.each(WRITERS)('$id', (writer, reader) => {
  it.each(TYPES)('writes and reads back %s, bit by bit', async (type) => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 2, max: 5 }),
        async (width, height, bands) => {
          const data = extremes(type, width * height * bands);
          const shape = { width, height, bands };
          const opened = await writtenAndRead(writer, reader, {
            name: 'cube',
            ...shape,
            sampleType: type,
            data,
          });
          // ENVI has no signed byte.
          const kept = type === 'int8' && reader === enviReader ? 'int16' : type;
          expect(opened.cube.info).toMatchObject({ ...shape, sampleType: kept });
          expect([...(await readAll(opened.cube))]).toEqual([...data]);
        },
      ),
      { numRuns: 20 },
    );
  });

  it('keeps everything that is known of the cube', async () => {
    const cube: HyperspectralCube = {
      name: 'scene {1}',
      width: 2,
      height: 2,
      bands: 3,
      sampleType: 'int16',
      wavelengthsNm: [450.25, 550.1, 650],
      fwhmNm: [5, 5.5, 6],
      bandNames: ['blue', 'green', 'red'],
      badBands: [1],
      noDataValue: -9999,
      units: 'reflectance × 10000',
      sensor: 'Made up',
      defaultBands: [2, 1, 0],
      geo: { transform: [365000, 30, 0, 5807000, 0, -30], epsg: 32733, wkt: 'PROJCS["x"]' },
      data: new Int16Array(12),
    };
    const { info } = (await writtenAndRead(writer, reader, cube)).cube;
    const { name: _name, data: _data, ...kept } = cube;
    expect(info).toMatchObject(kept);
  });

  it('leaves the cube untouched', async () => {
    const data = Float32Array.of(1, 2, 3, 4);
    const shape = { name: 'x', width: 2, height: 1, bands: 2, sampleType: 'float32' } as const;
    for (const { bytes } of await writer.write({ ...shape, data }, 'x')) bytes.fill(0);
    expect([...data]).toEqual([1, 2, 3, 4]);
  });
});

describe('map info', () => {
  const shape = { name: 'x', width: 1, height: 1, bands: 2, sampleType: 'uint8' } as const;
  const write = async (transform: HyperspectralCube['geo']) => {
    const cube = { ...shape, geo: transform, data: new Uint8Array(2) };
    return (await writtenAndRead(enviBipWriter, enviReader, cube)).cube.info.geo;
  };

  it('carries rotated and geographic grids', async () => {
    const grids = [
      { transform: [10, 0.001, 0, 50, 0, -0.001], epsg: 4326 },
      { transform: [5e5, 1.8, 2.4, 4e6, 2.4, -1.8], epsg: 32613 },
      { transform: [5e5, 2, 0, 4e6, 0, -3], epsg: undefined },
    ] as const;
    for (const grid of grids) {
      const geo = await write(grid);
      expect(geo?.epsg).toBe(grid.epsg);
      for (const [i, value] of grid.transform.entries()) {
        expect(geo?.transform?.[i]).toBeCloseTo(value, 6);
      }
    }
  });

  it('is left out for a sheared grid, which ENVI cannot say', async () => {
    expect(await write({ transform: [0, 1, 0.5, 0, 0, -1] })).toBeUndefined();
  });
});

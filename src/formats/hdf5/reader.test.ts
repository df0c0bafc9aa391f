import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { bytesSource } from '../bytes';
import { pathSource } from '../bytesNode';
import { dataFile, describeWithData, type GoldenCube, readAll, sha256Of } from '../testData';
import type { ByteSource, OpenedFile, OpenOptions } from '../types';
import {
  makeEmit,
  makeFile,
  makeNeon,
  makePrisma,
  put,
  SHAPE,
  sampleAt,
  samplesIn,
  shapeIn,
} from './made.fixture';
import { hdf5Reader } from './reader';

const opened: OpenedFile[] = [];

async function open(source: ByteSource, options: OpenOptions = {}): Promise<OpenedFile> {
  const file = await hdf5Reader.open(source, [source], options);
  opened.push(file);
  return file;
}

async function openBytes(bytes: Promise<Uint8Array>, options?: OpenOptions) {
  return open(bytesSource(await bytes, 'made.h5'), options);
}

afterEach(async () => {
  for (const { cube } of opened.splice(0)) await cube.close();
});

describe('NEON', () => {
  it('is read with wavelengths, bad bands and map info', async () => {
    const { cube, format } = await openBytes(makeNeon());
    expect(format).toBe('HDF5');
    expect(cube.info).toMatchObject({
      ...SHAPE,
      sampleType: 'int16',
      wavelengthsNm: [400, 600, 1400, 2400],
      fwhmNm: [5, 6, 6, 7],
      badBands: [2],
      noDataValue: -9999,
      units: 'reflectance × 10000',
      geo: { epsg: 32611, transform: [257000, 1, 0, 4112000, 0, -1] },
    });
    expect(Array.from(await readAll(cube))).toEqual(samplesIn('yxb'));
  });
});

describe('PRISMA', () => {
  it('puts bands in rising order and leaves the unused out', async () => {
    const { cube, candidates, chosen } = await openBytes(makePrisma());
    expect(candidates.map(({ id }) => id.split('/').pop())).toEqual([
      'VNIR_Cube',
      'SWIR_Cube',
      'VNIR_PIXEL_SAT_ERR_MATRIX',
    ]);
    expect(chosen).toBe(candidates[0].id);
    expect(cube.info).toMatchObject({
      ...SHAPE,
      bands: 3,
      wavelengthsNm: [500, 700, 900],
      fwhmNm: [10, 11, 12],
      sensor: 'PRISMA VNIR',
    });
    const samples = await readAll(cube);
    const expected = Array.from({ length: 30 }, (_, i) =>
      [3, 1, 0].map((band) => sampleAt(Math.floor(i / 5), i % 5, band)),
    ).flat();
    expect(Array.from(samples)).toEqual(expected);
    expect(cube.info.notes?.join(' ')).toMatch(/1 without a wavelength.*radiance = sample \/ 100/);
  });

  it('offers the SWIR cube', async () => {
    const candidate = '/HDFEOS/SWATHS/PRS_L1_HCO/Data Fields/SWIR_Cube';
    const { cube } = await openBytes(makePrisma(), { candidate });
    expect(cube.info).toMatchObject({ ...SHAPE, bands: 9 });
    expect(cube.info.wavelengthsNm?.[0]).toBe(1600);
  });
});

describe('EMIT', () => {
  it('is read by its named dimensions and band parameters', async () => {
    const { cube, format } = await openBytes(makeEmit());
    expect(format).toBe('NetCDF4');
    expect(cube.info).toMatchObject({
      ...SHAPE,
      sampleType: 'float32',
      wavelengthsNm: [400, 600, 1400, 2400],
      fwhmNm: [8, 8.5, 8.5, 9],
      badBands: [2],
      noDataValue: -9999,
      units: 'unitless',
      sensor: 'EMIT',
      notes: [],
    });
    expect(Array.from(await readAll(cube))).toEqual(samplesIn('yxb'));
  });
});

describe('MATLAB v7.3', () => {
  function makeMatlab(build: Parameters<typeof makeFile>[0]) {
    return makeFile((file) => {
      build(file);
      for (const name of file.keys()) {
        file.get(name)?.constructor.name === 'Dataset' &&
          (file.get(name) as ReturnType<typeof put>).create_attribute('MATLAB_class', 'double');
      }
    });
  }

  it('has its axes reversed', async () => {
    const { cube, format, candidates } = await openBytes(
      makeMatlab((file) => {
        put(file, 'cube', Float64Array.from(samplesIn('bxy')), shapeIn('bxy'));
        put(file, 'gt', new Float64Array(30), [5, 6]);
        put(file, 'lambda', Float64Array.of(0.4, 0.6, 1.4, 2.4), [4, 1]);
      }),
    );
    expect(format).toBe('MATLAB v7.3');
    expect(candidates[0]).toMatchObject({ id: 'cube', shape: [6, 5, 4] });
    expect(cube.info).toMatchObject({ ...SHAPE, wavelengthsNm: [400, 600, 1400, 2400] });
    expect(Array.from(await readAll(cube))).toEqual(samplesIn('yxb'));
  });

  it('takes bands × pixels with rows and columns for a cube', async () => {
    const bytes = makeMatlab((file) => {
      put(file, 'V', Float64Array.from(samplesIn('xyb')), [30, 4]);
      put(file, 'nRow', Float64Array.of(6), [1, 1]);
      put(file, 'nCol', Float64Array.of(5), [1, 1]);
    });
    const { cube } = await openBytes(bytes);
    expect(cube.info).toMatchObject(SHAPE);
    expect(Array.from(await readAll(cube))).toEqual(samplesIn('yxb'));
    const part = await cube.readWindow({ x: 1, y: 2, width: 3, height: 2 }, { bands: [3, 0] });
    expect(Array.from(part)).toEqual(
      [2, 3].flatMap((y) => [1, 2, 3].flatMap((x) => [3, 0].map((b) => sampleAt(y, x, b)))),
    );
  });

  it('asks for rows and columns that nothing tells', async () => {
    const bytes = makeMatlab((file) =>
      put(file, 'V', Float64Array.from(samplesIn('xyb')), [30, 4]),
    );
    await expect(openBytes(bytes)).rejects.toMatchObject({ code: 'choice-needed' });
    const { cube } = await openBytes(bytes, { axes: 'b(xy):6x5' });
    expect(Array.from(await readAll(cube))).toEqual(samplesIn('yxb'));
  });
});

describe('any HDF5 file', () => {
  it('finds wavelengths in attributes, with their unit', async () => {
    const bytes = makeFile((file) => {
      const cube = put(file, '/scene/data', Float32Array.from(samplesIn('byx')), shapeIn('byx'));
      cube.create_attribute('wavelength', Float64Array.of(0.4, 0.6, 1.4, 2.4));
      cube.create_attribute('wavelength_units', 'micrometers');
      cube.create_attribute('scale_factor', 0.0001);
    });
    const { cube } = await openBytes(bytes);
    expect(cube.info).toMatchObject({ ...SHAPE, wavelengthsNm: [400, 600, 1400, 2400] });
    expect(cube.info.notes?.join()).toMatch(/sample × 0.0001/);
    expect(Array.from(await readAll(cube))).toEqual(samplesIn('yxb'));
  });

  it('prefers the list next to the cube', async () => {
    const bytes = makeFile((file) => {
      put(file, '/other/wavelength', Float32Array.of(1, 2, 3, 4));
      put(file, '/a/cube', Float32Array.from(samplesIn('yxb')), shapeIn('yxb'));
      put(file, '/a/wvl', Float32Array.of(450, 550, 650, 750));
    });
    const { cube } = await openBytes(bytes);
    expect(cube.info.wavelengthsNm).toEqual([450, 550, 650, 750]);
    expect(cube.info.notes?.join()).toMatch(/nm was taken/);
  });

  it('invents no wavelengths from coordinates', async () => {
    const bytes = makeFile((file) => {
      put(file, '/cube', Float32Array.from(samplesIn('yxb')), shapeIn('yxb'));
      put(file, '/depth', Float32Array.of(450, 550, 650, 750));
    });
    const { cube } = await openBytes(bytes);
    expect(cube.info.wavelengthsNm).toBeUndefined();
    expect(cube.info.notes?.join()).toMatch(/no wavelengths/);
  });

  it.each(['yxb', 'byx', 'ybx', 'bxy', 'xyb', 'xby'])('reads %s when told so', async (axes) => {
    const bytes = makeFile((file) =>
      put(file, '/cube', Int32Array.from(samplesIn(axes)), shapeIn(axes), {
        chunks: [2, 3, 2],
        compression: 'gzip',
      }),
    );
    const { cube } = await openBytes(bytes, { axes });
    expect(cube.info).toMatchObject(SHAPE);
    expect(Array.from(await readAll(cube))).toEqual(samplesIn('yxb'));
    const windows = fc.record({
      x: fc.nat(4),
      y: fc.nat(5),
      w: fc.integer({ min: 1, max: 5 }),
      h: fc.integer({ min: 1, max: 6 }),
      bands: fc.array(fc.nat(3), { minLength: 1, maxLength: 5 }),
    });
    await fc.assert(
      fc.asyncProperty(windows, async ({ x, y, w, h, bands }) => {
        const window = { x, y, width: Math.min(w, 5 - x), height: Math.min(h, 6 - y) };
        const expected: number[] = [];
        for (let row = y; row < y + window.height; row++) {
          for (let column = x; column < x + window.width; column++) {
            for (const band of bands) expected.push(sampleAt(row, column, band));
          }
        }
        expect(Array.from(await cube.readWindow(window, { bands }))).toEqual(expected);
      }),
      { numRuns: 25 },
    );
  });

  it('offers the entries of a four-dimensional array', async () => {
    const bytes = makeFile((file) => {
      const two = [...samplesIn('yxb').map((v) => v + 1000), ...samplesIn('yxb')];
      put(file, '/patches', Float32Array.from(two), [2, ...shapeIn('yxb')]);
      put(file, '/one', Float32Array.from(samplesIn('yxb')), [1, ...shapeIn('yxb')]);
    });
    const first = await openBytes(bytes, { axes: 'yxb' });
    expect(first.candidates.map(({ id }) => id)).toEqual(['/one', '/patches[0]', '/patches[1]']);
    const second = await openBytes(bytes, { axes: 'yxb', candidate: '/patches[1]' });
    expect(Array.from(await readAll(second.cube))).toEqual(samplesIn('yxb'));
    const single = await openBytes(bytes, { axes: 'yxb', candidate: '/one' });
    expect(Array.from(await readAll(single.cube))).toEqual(samplesIn('yxb'));
  });

  it('names what it has when another cube is asked for, or none is there', async () => {
    const bytes = makeFile((file) => {
      put(file, '/cube', Float32Array.from(samplesIn('yxb')), shapeIn('yxb'));
    });
    await expect(openBytes(bytes, { candidate: '/x' })).rejects.toMatchObject({
      code: 'bad-argument',
      message: expect.stringContaining('/cube'),
    });
    const list = makeFile((file) => put(file, '/list', Float32Array.of(1, 2)));
    await expect(openBytes(list)).rejects.toMatchObject({
      code: 'bad-file',
      message: expect.stringContaining('/list (2)'),
    });
  });

  it('stops when it is told to', async () => {
    const { cube } = await openBytes(makeEmit());
    const window = { x: 0, y: 0, width: 2, height: 2 };
    const signal = AbortSignal.abort();
    await expect(cube.readWindow(window, { signal })).rejects.toMatchObject({ code: 'aborted' });
    await expect(cube.readWindow({ ...window, x: 4 })).rejects.toMatchObject({
      code: 'bad-argument',
    });
  });
});

describeWithData('HDF5 files of the shared data', () => {
  const file = fileURLToPath(new URL('./golden/data.json', import.meta.url));
  const golden: Record<string, GoldenCube> = JSON.parse(readFileSync(file, 'utf8'));
  it.each(Object.keys(golden))('%s equals what h5py reads', async (name) => {
    const { shape, dtype, wavelengths, sha256 } = golden[name];
    const source = await pathSource(dataFile(name));
    const { cube } = await open(source);
    const { height, width, bands, sampleType, wavelengthsNm } = cube.info;
    expect([height, width, bands]).toEqual(shape);
    expect(sampleType).toBe(dtype);
    expect((wavelengthsNm && [wavelengthsNm[0], wavelengthsNm[bands - 1]]) ?? null).toEqual(
      wavelengths,
    );
    expect(sha256Of(await readAll(cube))).toBe(sha256);
    await source.close?.();
  });

  it('NEON keeps its map info', async () => {
    const source = await pathSource(dataFile('hdf5_neon_aop_sjer_30x30x426.h5'));
    const { info } = (await open(source)).cube;
    expect(info.geo).toMatchObject({ epsg: 32611, transform: [257000, 1, 0, 4112000, 0, -1] });
    expect(info).toMatchObject({ noDataValue: -9999, units: 'reflectance × 10000' });
    await source.close?.();
  });
});

import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PixelWindow } from '../../core/cube/types';
import { bytesSource } from '../bytes';
import { pathSource } from '../bytesNode';
import { newSamples, typeOfSamples } from '../samples';
import { dataFile, describeWithData, type GoldenCube, readAll, sha256Of } from '../testData';
import type { ByteSource, OpenOptions } from '../types';
import { goldenFile, goldenNames, SHAPE, synthetic } from './golden.fixture';
import { geotiffReader } from './reader';

async function open(source: ByteSource, options: OpenOptions = {}) {
  return geotiffReader.open(source, [source], options);
}

async function openGolden(name: string, options?: OpenOptions) {
  return open(bytesSource(await readFile(goldenFile(name)), name), options);
}

describe('layouts written by GDAL', () => {
  it.each(goldenNames())('%s', async (name) => {
    const { cube } = await openGolden(name);
    const type = /float16|int64/.test(name)
      ? /float16/.test(name)
        ? 'float32'
        : 'float64'
      : /u?int\d+|float\d+/.exec(name)![0];
    expect(cube.info).toMatchObject({ ...SHAPE, sampleType: type });
    const samples = await readAll(cube);
    expect(typeOfSamples(samples)).toBe(type);
    expect(Array.from(samples)).toEqual(synthetic(name));
  });

  it.each(goldenNames())('windows and picked bands of %s', async (name) => {
    const { cube } = await openGolden(name);
    const all = synthetic(name);
    const { width, height, bands } = SHAPE;
    const cases = fc.record({
      a: fc.nat(width - 1),
      b: fc.nat(width - 1),
      c: fc.nat(height - 1),
      d: fc.nat(height - 1),
      picked: fc.array(fc.nat(bands - 1), { minLength: 1, maxLength: 4 }),
    });
    const check = async ({
      a,
      b,
      c,
      d,
      picked,
    }: typeof cases extends fc.Arbitrary<infer T> ? T : never) => {
      const window: PixelWindow = {
        x: Math.min(a, b),
        y: Math.min(c, d),
        width: Math.abs(a - b) + 1,
        height: Math.abs(c - d) + 1,
      };
      const expected: number[] = [];
      for (let y = window.y; y < window.y + window.height; y++) {
        for (let x = window.x; x < window.x + window.width; x++) {
          for (const band of picked) expected.push(all[(y * width + x) * bands + band]);
        }
      }
      expect(Array.from(await cube.readWindow(window, { bands: picked }))).toEqual(expected);
    };
    await fc.assert(fc.asyncProperty(cases, check), { numRuns: 25 });
  });
});

describe('metadata written by GDAL', () => {
  it('reads wavelengths, widths, bad bands, names, no-data value and georeference', async () => {
    const { cube } = await openGolden('described.tif');
    expect(cube.info).toMatchObject({
      wavelengthsNm: [450, 550, 650],
      fwhmNm: [10, 10, 10],
      badBands: [1],
      bandNames: ['band <1> & co', 'band <2> & co', 'band <3> & co'],
      noDataValue: Math.fround(-3.4e38),
      geo: { epsg: 32633, transform: [365000, 30, 0, 5807000, 0, -30] },
    });
    expect(cube.info.notes).toEqual([expect.stringContaining('0.0001')]);
  });

  it('keeps a rotation', async () => {
    const { cube } = await openGolden('rotated.tif');
    const { epsg, transform } = cube.info.geo!;
    expect(epsg).toBe(4326);
    [13, 0.001, 0.0002, 52, 0.0003, -0.001].forEach((value, i) => {
      expect(transform![i]).toBeCloseTo(value, 12);
    });
  });

  it('invents no wavelengths', async () => {
    const { cube } = await openGolden('pixel_uint16.tif');
    expect(cube.info.wavelengthsNm).toBeUndefined();
    expect(cube.info.notes).toEqual(['The file states no wavelengths.']);
  });
});

describe('several images in a file', () => {
  it('takes pages of one band each for one cube', async () => {
    const opened = await openGolden('pages.tif');
    expect(opened.candidates.map(({ id, shape }) => [id, shape])).toEqual([
      ['pages-1', [11, 19, 3]],
      ['image-4', [3, 4, 1]],
    ]);
    expect(opened.chosen).toBe('pages-1');
    expect(opened.cube.info.wavelengthsNm).toEqual([450, 550, 650]);
    expect(Array.from(await readAll(opened.cube))).toEqual(synthetic('uint16'));
    const small = await openGolden('pages.tif', { candidate: 'image-4' });
    expect(small.cube.info).toMatchObject({ width: 4, height: 3, bands: 1 });
  });

  it('prefers full resolution and fills what was never written', async () => {
    const opened = await openGolden('sparse_overview.tif');
    expect(opened.candidates.map(({ id }) => id)).toEqual(['image-1', 'image-2']);
    expect(opened.chosen).toBe('image-1');
    const all = synthetic('int16');
    const expected = all.map((value, i) => (i % 3 === 1 ? value : -5));
    expect(Array.from(await readAll(opened.cube))).toEqual(expected);
  });

  it('names the images it has when another is asked for', async () => {
    await expect(openGolden('pages.tif', { candidate: 'image-9' })).rejects.toMatchObject({
      code: 'bad-argument',
      message: expect.stringContaining('pages-1, image-4'),
    });
  });
});

describe('EnMAP products', () => {
  it('takes the wavelengths from the metadata file beside the image', async () => {
    const bytes = await readFile(goldenFile('pixel_uint16.tif'));
    const image = bytesSource(bytes, 'ENMAP01-L2A-SPECTRAL_IMAGE.TIF');
    const bands = [418.2, 423.9, 429.3].map(
      (nm, i) =>
        `<bandID number="${i + 1}"><wavelengthCenterOfBand>${nm}</wavelengthCenterOfBand><FWHMOfBand>7</FWHMOfBand></bandID>`,
    );
    const xml = new TextEncoder().encode(`<level_X>${bands.join('')}</level_X>`);
    const sidecar = bytesSource(xml, 'ENMAP01-L2A-METADATA.XML');
    const { cube } = await geotiffReader.open(image, [image, sidecar], {});
    expect(cube.info).toMatchObject({ wavelengthsNm: [418.2, 423.9, 429.3], fwhmNm: [7, 7, 7] });
    const other = bytesSource(xml, 'ENMAP02-L2A-METADATA.XML');
    const alone = await geotiffReader.open(image, [image, other], {});
    expect(alone.cube.info.wavelengthsNm).toBeUndefined();
  });
});

describe('lazy reads', () => {
  it('reads only the directory to open and only the blocks of a window', async () => {
    const bytes = await readFile(goldenFile('band_float64_strips.tif'));
    // The samples of the last band, moved 100 MB behind the others by a source with a hole.
    let read = 0;
    const source: ByteSource = {
      ...bytesSource(bytes, 'x.tif'),
      read: async (offset, length) => {
        read += length;
        return new Uint8Array(bytes.subarray(offset, offset + length));
      },
    };
    const { cube } = await open(source);
    const toOpen = read;
    await cube.readWindow({ x: 3, y: 5, width: 4, height: 2 }, { bands: [2] });
    expect(toOpen).toBeLessThan(4096);
    expect(read - toOpen).toBe(2 * SHAPE.width * 8);
  });

  it('stops when it is told to', async () => {
    const { cube } = await openGolden('band_float64_strips.tif');
    const window = { x: 0, y: 0, width: 2, height: 2 };
    const signal = AbortSignal.abort();
    await expect(cube.readWindow(window, { signal })).rejects.toMatchObject({ code: 'aborted' });
  });

  it('refuses windows outside the image', async () => {
    const { cube } = await openGolden('pixel_uint16.tif');
    const window = { x: 10, y: 0, width: 10, height: 1 };
    await expect(cube.readWindow(window)).rejects.toMatchObject({ code: 'bad-argument' });
  });
});

describe('damaged places of blocks', () => {
  const STRIP_OFFSETS = 273;
  const SIGNED_LONG = 9;
  const FLOAT = 11;

  it.each([
    ['before the file', SIGNED_LONG, (view: DataView, at: number) => view.setInt32(at, -86, true)],
    ['between bytes', FLOAT, (view: DataView, at: number) => view.setFloat32(at, 100.5, true)],
  ])('%s', async (_, type, damage) => {
    const bytes = new Uint8Array(await readFile(goldenFile('pixel_uint8_lzw.tif')));
    const view = new DataView(bytes.buffer);
    const directory = view.getUint32(4, true);
    const entries = Array.from(
      { length: view.getUint16(directory, true) },
      (__, i) => directory + 2 + 12 * i,
    );
    const offsets = entries.find((at) => view.getUint16(at, true) === STRIP_OFFSETS)!;
    view.setUint16(offsets + 2, type, true);
    damage(view, view.getUint32(offsets + 8, true));
    await expect(open(bytesSource(bytes, 'damaged.tif'))).rejects.toMatchObject({
      code: 'bad-file',
      message: expect.stringContaining('no place of a block'),
    });
  });
});

describeWithData('GeoTIFF files of the shared data', () => {
  const golden: Record<string, GoldenCube> = JSON.parse(
    readFileSync(goldenFile('data.json'), 'utf8'),
  );
  it.each(Object.keys(golden))('%s equals what GDAL reads', async (name) => {
    const { shape, dtype, wavelengths, sha256 } = golden[name];
    const source = await pathSource(dataFile(name));
    try {
      const head = await source.read(0, 16);
      expect(await geotiffReader.sniff(source, head, [source])).toBe(true);
      const { cube } = await open(source);
      const { height, width, bands, sampleType, wavelengthsNm } = cube.info;
      expect([height, width, bands]).toEqual(shape);
      expect(sampleType).toBe(dtype);
      const stated = wavelengthsNm && [wavelengthsNm[0], wavelengthsNm[bands - 1]];
      expect(stated ?? null).toEqual(wavelengths);
      expect(sha256Of(await readAll(cube))).toBe(sha256);
    } finally {
      await source.close?.();
    }
  });

  it('reads the EnMAP crop with its georeference and bad bands', async () => {
    const source = await pathSource(dataFile('geotiff_band_f32_32x32x224_enmap.tif'));
    const { info } = (await open(source)).cube;
    expect(info.geo?.epsg).toBe(32633);
    expect(info.badBands).toEqual([129, 130, 131, 132, 133, 134]);
    expect(info.noDataValue).toBe(-32768);
    expect(newSamples(info.sampleType, 1)).toBeInstanceOf(Float32Array);
    await source.close?.();
  });
});

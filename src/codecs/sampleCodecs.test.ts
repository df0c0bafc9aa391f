import { beforeAll, describe, expect, it } from 'vitest';
import { parseFile } from '../core/bitstream/container';
import { valueRange } from '../core/cube/normalize';
import { withBands } from '../core/cube/window';
import { isHscError } from '../core/errors';
import { distortion } from '../core/metrics/distortion';
import { rate as rateOf } from '../core/metrics/rate';
import { writeComponents } from './components/payload';
import { evenly, smoothCube } from './hific/testing';
import { codeBasis } from './pca-jpeg2000/basisCoding';
import {
  expectAnyPayloadAnswered,
  expectDamageNoticed,
  fileAround,
  installedCodec,
} from './testing';
import type { Codec, EncodeOptions } from './types';

const OPTIONS: EncodeOptions = { rate: 1, bandPolicy: 'refuse', metadata: 'none' };

describe.each([
  ['klt-jpeg2000', 25],
  ['pca-jpeg2000', 30],
  ['jpeg2000', 15],
  ['wavelet-3d', 30],
  ['dct-3d', 25],
  ['dpcm-dct', 25],
] as const)('%s', (id, enough) => {
  let codec: Codec;
  beforeAll(async () => {
    codec = await installedCodec(id);
  });

  async function roundTrip(
    cube: ReturnType<typeof smoothCube>,
    options: Partial<EncodeOptions> = {},
  ) {
    const encoded = await codec.encode(cube, { ...OPTIONS, ...options });
    const decoded = await codec.decode(encoded.file, { bandsFrom: cube.wavelengthsNm });
    return { encoded, decoded };
  }

  it('fills its rate, better at higher ones', async () => {
    const cube = smoothCube(64, 56, evenly(40));
    let before = 0;
    for (const rate of [0.5, 1, 2, 4]) {
      const { encoded, decoded } = await roundTrip(cube, { rate });
      const { bpp } = rateOf(encoded.file.length, cube, 'uint16');
      expect(bpp).toBeLessThanOrEqual(rate);
      expect(bpp).toBeGreaterThan(0.6 * rate);
      const { data } = decoded.cube;
      const { psnr } = distortion(cube.data, data, cube.bands, valueRange(cube));
      expect(psnr).toBeGreaterThan(before);
      before = psnr;
    }
    expect(before).toBeGreaterThan(enough);
  });

  it('accounts for every byte', async () => {
    const { encoded } = await roundTrip(smoothCube(40, 40, evenly(12)), { metadata: 'all' });
    const { header, metadata, sideInformation, latents } = encoded.sections;
    expect(header + metadata + sideInformation + latents).toBe(encoded.file.length);
    expect(header).toBeLessThanOrEqual(24);
    expect(parseFile(encoded.file).metadata?.name).toBe('smooth');
  });

  it('codes the smallest images and rates', async () => {
    for (const [width, height, bands] of [
      [1, 1, 1],
      [1, 7, 3],
      [9, 1, 2],
      [3, 2, 130],
    ] as const) {
      const { decoded } = await roundTrip(
        smoothCube(width, height, evenly(Math.max(2, bands)).slice(0, bands)),
        {
          rate: 0.05,
        },
      );
      expect([decoded.cube.width, decoded.cube.height, decoded.cube.bands]).toEqual([
        width,
        height,
        bands,
      ]);
      expect(decoded.cube.data.every(Number.isFinite)).toBe(true);
    }
  });

  it('fills gaps and says so', async () => {
    const cube = { ...smoothCube(32, 32, evenly(10)), noDataValue: 0 };
    cube.data.fill(0, 0, 500);
    const { encoded, decoded } = await roundTrip(cube);
    expect(encoded.notes?.join(' ')).toMatch(/without data/);
    expect(decoded.cube.data.every(Number.isFinite)).toBe(true);
    const blank = { ...cube, data: new Uint16Array(cube.data.length) };
    await expect(roundTrip(blank)).rejects.toMatchObject({ code: 'bad-file' });
  });

  it('decodes the same symbols each time, and constant images', async () => {
    const cube = smoothCube(30, 20, evenly(8));
    const { encoded, decoded } = await roundTrip(cube);
    const again = await codec.decode(encoded.file, { bandsFrom: cube.wavelengthsNm });
    expect(again.symbolDigest).toBe(decoded.symbolDigest);
    const flat = { ...cube, data: cube.data.map(() => 777) };
    const { decoded: constant } = await roundTrip(flat as typeof cube, { rate: 4 });
    for (const value of constant.cube.data) expect(Math.abs(value - 777)).toBeLessThan(8);
  });

  it('refuses the files of other codecs', async () => {
    const file = fileAround('lossless', new Uint8Array(5), { width: 4, height: 4, bands: 2 });
    await expect(codec.decode(file)).rejects.toMatchObject({ code: 'bad-argument' });
  });

  it('refuses an image that memory would not hold, before it takes any', async () => {
    const size = { width: 60000, height: 4000, bands: 16000 };
    const decoding = codec.decode(fileAround(id, new Uint8Array(9), size));
    await expect(decoding).rejects.toMatchObject({ code: 'limit' });
  });

  it('stops when asked', async () => {
    const signal = AbortSignal.abort();
    const encoding = codec.encode(smoothCube(64, 64, evenly(30)), OPTIONS, { signal });
    await expect(encoding).rejects.toMatchObject({ code: 'aborted' });
  });

  it('refuses a damaged file, whichever bit it is', async () => {
    const cube = smoothCube(24, 24, evenly(8));
    const { encoded } = await roundTrip(cube);
    const options = { bandsFrom: cube.wavelengthsNm };
    await expectDamageNoticed(codec, encoded.file, 3, options);
    const short = codec.decode(encoded.file.slice(0, -4), options);
    await expect(short).rejects.toSatisfy(isHscError);
  });

  it('answers any payload behind a valid check with an image or a typed error', async () => {
    const size = { width: 20, height: 12, bands: 5 };
    const { file: valid } = await codec.encode(smoothCube(20, 12, evenly(5)), {
      ...OPTIONS,
      rate: 4,
    });
    await expectAnyPayloadAnswered(codec, valid, size, 300);
  });
});

describe('pca-jpeg2000', () => {
  it('refuses what a few bytes would make it transform for minutes', async () => {
    const codec = await installedCodec('pca-jpeg2000');
    const decodeZeros = (bands: number, components: number) => {
      const nothing = { bits: 9, levels: 0, offset: 0, packets: new Uint8Array(0) };
      const all = Array.from({ length: components }, () => nothing);
      const rows = all.map(() => new Int32Array(bands));
      const basis = { stepCode: 0, mean: new Int32Array(bands), components: rows };
      const { payload } = writeComponents({ stepCode: 0, components: all }, (port, count) =>
        codeBasis(port, bands, count, basis),
      );
      return codec.decode(fileAround('pca-jpeg2000', payload, { width: 1, height: 1, bands }));
    };
    await expect(decodeZeros(16384, 0)).rejects.toMatchObject({ code: 'limit' });
    await expect(decodeZeros(1024, 1024)).rejects.toMatchObject({ code: 'bitstream' });
    expect((await decodeZeros(4096, 256)).cube.bands).toBe(4096);
  });
});

describe('klt-jpeg2000', () => {
  let codec: Codec;
  beforeAll(async () => {
    codec = await installedCodec('klt-jpeg2000');
  });

  it('asks about bands outside its grid', async () => {
    const cube = smoothCube(20, 20, evenly(30, 330, 960));
    await expect(codec.encode(cube, OPTIONS)).rejects.toMatchObject({ code: 'band-range' });
    const { codedBands } = await codec.encode(cube, { ...OPTIONS, bandPolicy: 'covered' });
    expect(codedBands.length).toBeLessThan(30);
  });

  it('codes the whole reflected range in a basis of its own', async () => {
    const cube = smoothCube(32, 32, evenly(205, 405, 2445));
    const telling = { ...OPTIONS, metadata: 'spectral' } as const;
    const { file, codedBands } = await codec.encode(cube, telling);
    expect(codedBands.length).toBeGreaterThan(170);
    expect(codedBands.length).toBeLessThan(205);
    const coded = withBands(cube, codedBands);
    const { cube: restored } = await codec.decode(file);
    expect(restored.wavelengthsNm).toEqual(coded.wavelengthsNm);
    const { psnr } = distortion(coded.data, restored.data, codedBands.length, valueRange(coded));
    expect(psnr).toBeGreaterThan(25);
    const asked = { ...telling, grid: 'vnir-128', bandPolicy: 'covered' } as const;
    const visible = await codec.encode(cube, asked);
    expect(visible.codedBands).toHaveLength(60);
    expect((await codec.decode(visible.file)).cube.bands).toBe(60);
  });

  it('decodes where the band centres are known, and says so where not', async () => {
    const cube = smoothCube(32, 32, evenly(50, 430, 860));
    const bare = await codec.encode(cube, OPTIONS);
    await expect(codec.decode(bare.file)).rejects.toMatchObject({ code: 'choice-needed' });
    const known = await codec.decode(bare.file, { bandsFrom: cube.wavelengthsNm });
    const telling = await codec.encode(cube, { ...OPTIONS, metadata: 'spectral' });
    const { cube: restored } = await codec.decode(telling.file);
    expect(restored.data).toEqual(known.cube.data);
  });

  it('serves cubes without wavelengths by position', async () => {
    const { wavelengthsNm: _, ...cube } = smoothCube(32, 32, evenly(60));
    const { file } = await codec.encode(cube, OPTIONS);
    const { cube: restored } = await codec.decode(file);
    const { psnr } = distortion(cube.data, restored.data, 60, valueRange(cube));
    expect(psnr).toBeGreaterThan(20);
  });
});

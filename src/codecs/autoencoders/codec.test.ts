import { beforeAll, describe, expect, it } from 'vitest';
import { resampleMatrix } from '../../core/cube/resample';
import { AUTOENCODERS, type AutoencoderId, parseAutoencoder } from '../../nn/neighbours/file';
import { relativeError, useBackend } from '../../nn/testing';
import { evenly, smoothCube } from '../hific/testing';
import { noise } from '../lossless/testing';
import type { SampleCodec } from '../sampleCodec';
import { expectAnyPayloadAnswered, expectDamageNoticed, fileAround } from '../testing';
import type { EncodeOptions } from '../types';
import { FACTS, tinyCodec, tinyWeights } from './testing';
import { analyse, synthesise } from './transforms';
import { latentSize } from './windows';

const OPTIONS: EncodeOptions = { rate: 0, bandPolicy: 'refuse', metadata: 'spectral' };
const IDS = Object.keys(AUTOENCODERS) as AutoencoderId[];

beforeAll(() => useBackend('wasm'));

describe.each(IDS)('%s', (id) => {
  let codec: SampleCodec;
  beforeAll(async () => {
    codec = await tinyCodec(id);
  });

  it('takes no rate', () => {
    expect(codec.meta).toMatchObject({ id, family: 'autoencoder', targetRates: [] });
    expect(codec.meta.rateRange).toBeUndefined();
  });

  it('codes images of any size and number of bands, each byte accounted for', async () => {
    for (const [width, height, bands] of [
      [1, 1, 1],
      [3, 17, 40],
      [24, 16, 128],
      [9, 8, 200],
    ] as const) {
      const cube = smoothCube(width, height, evenly(Math.max(2, bands)).slice(0, bands));
      const { file, sections } = await codec.encode(cube, OPTIONS);
      const { header, metadata, sideInformation, latents } = sections;
      expect(header + metadata + sideInformation + latents).toBe(file.length);
      const { cube: decoded, symbolDigest } = await codec.decode(file);
      expect([decoded.width, decoded.height, decoded.bands]).toEqual([width, height, bands]);
      expect(decoded.data.every(Number.isFinite)).toBe(true);
      expect((await codec.decode(file)).symbolDigest).toBe(symbolDigest);
    }
  });

  it('serves cubes without wavelengths, and shows its own grid where a file tells no bands', async () => {
    const { wavelengthsNm, ...cube } = smoothCube(9, 10, evenly(30));
    const { file } = await codec.encode(cube, OPTIONS);
    expect((await codec.decode(file)).cube.bands).toBe(30);
    const bare = await codec.encode({ ...cube, wavelengthsNm }, { ...OPTIONS, metadata: 'none' });
    expect((await codec.decode(bare.file)).cube.bands).toBe(128);
    const known = await codec.decode(bare.file, { bandsFrom: wavelengthsNm });
    expect(known.cube.bands).toBe(30);
  });

  it('asks about bands outside its grid', async () => {
    const cube = smoothCube(8, 8, evenly(30, 330, 960));
    await expect(codec.encode(cube, OPTIONS)).rejects.toMatchObject({ code: 'band-range' });
    const { codedBands } = await codec.encode(cube, { ...OPTIONS, bandPolicy: 'covered' });
    expect(codedBands.length).toBeLessThan(30);
    const other = codec.encode(cube, { ...OPTIONS, grid: 'vswir-200' });
    await expect(other).rejects.toMatchObject({ code: 'bad-argument' });
  });

  it('refuses files of other weights, other codecs and other sizes', async () => {
    const { file } = await codec.encode(smoothCube(8, 8, evenly(20)), OPTIONS);
    const other = await tinyCodec(id, tinyWeights(id, 2));
    await expect(other.decode(file)).rejects.toMatchObject({ code: 'model-missing' });
    const size = { width: 4, height: 4, bands: 2 };
    const foreign = codec.decode(fileAround('lossless', new Uint8Array(5), size));
    await expect(foreign).rejects.toMatchObject({ code: 'bad-argument' });
    const huge = { width: 60000, height: 4000, bands: 16000 };
    const decoding = codec.decode(fileAround(id, new Uint8Array(9), huge));
    await expect(decoding).rejects.toMatchObject({ code: 'limit' });
  });

  it('refuses weights of another network', async () => {
    const [other] = IDS.filter((one) => one !== id);
    const wrong = await tinyCodec(id, tinyWeights(other));
    const encoding = wrong.encode(smoothCube(8, 8, evenly(20)), OPTIONS);
    await expect(encoding).rejects.toMatchObject({ code: 'model-mismatch' });
  });

  it('stops when asked', async () => {
    const signal = AbortSignal.abort();
    const encoding = codec.encode(smoothCube(16, 16, evenly(30)), OPTIONS, { signal });
    await expect(encoding).rejects.toMatchObject({ code: 'aborted' });
  });

  it('refuses a damaged file, and answers any payload with an image or a typed error', async () => {
    const size = { width: 8, height: 8, bands: 5 };
    const { wavelengthsNm: _, ...cube } = smoothCube(8, 8, evenly(5));
    const { file } = await codec.encode(cube, OPTIONS);
    await expectDamageNoticed(codec, file, 5);
    await expectAnyPayloadAnswered(codec, file, size, 60);
  });

  it('computes in windows what it computes at once', async () => {
    const model = await parseAutoencoder(tinyWeights(id));
    const cut = (core: number) =>
      Object.create(model, { network: { value: { ...model.network, core } } });
    const { stride } = model.network;
    const size = { width: 13 * stride - (stride >> 1), height: 5 * stride };
    const random = noise(3);
    const bands = model.architecture.bands;
    const samples = Float32Array.from({ length: size.width * size.height * bands }, random);
    const own = resampleMatrix(evenly(bands), evenly(bands));
    const whole = await analyse(cut(64), samples, size, own, {});
    expect(relativeError(await analyse(cut(4), samples, size, own, {}), whole)).toBeLessThan(1e-5);
    expect(whole.length).toBe(13 * 5 * model.steps.length);
    expect(latentSize(size, model.network)).toEqual({ width: 13, height: 5 });
    const symbols = Int32Array.from(whole, Math.round);
    const image = await synthesise(cut(64), symbols, size, own, {});
    const parts = await synthesise(cut(4), symbols, size, own, {});
    expect(relativeError(parts, image)).toBeLessThan(1e-5);
    model.release();
  });

  it('has a number of its own', () => {
    expect(FACTS[id].family).toMatchObject({
      id,
      number: { 'cae-1d': 9, sscnet: 10, 'cae-3d': 11 }[id],
    });
  });
});

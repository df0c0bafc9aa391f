import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { valueRange } from '../../core/cube/normalize';
import type { HyperspectralCube } from '../../core/cube/types';
import { loadWindow, memorySource, withBands } from '../../core/cube/window';
import { figures } from '../../core/metrics/figures';
import { sampleScenes } from '../../core/samples';
import { Random } from '../../core/samples/random';
import { ModelStore } from '../../nn/models';
import { fetchFromFolder } from '../../nn/modelsNode';
import { presetSpec } from '../../nn/spec';
import { goldenBytes, useBackend } from '../../nn/testing';
import { tripletDistance, uploadTripletNet } from '../../nn/tripletNet';
import { lookedAt, randomLook } from '../../training/looks';
import { openJpegFromPackage } from '../openjpeg/openjpegNode';
import { createCodecs } from '../registry';
import type { Codec, JobContext } from '../types';
import { fitToBudget } from './budgetFit';
import { budgetRequest, planCoding, surveyCoded } from './request';
import { evenly, OPTIONS, smoothCube, tinyCodec, tinyStore } from './testing';

const MODELS = fileURLToPath(new URL('../../../models', import.meta.url));
const NATIVE = evenly(24, 410, 990);

describe('symbols chosen by looks', () => {
  let gan: Codec;
  let fidelity: Codec;
  let cube: HyperspectralCube;
  const options = { rate: 0.9, bandPolicy: 'covered', metadata: 'none' } as const;

  beforeAll(async () => {
    await useBackend('wasm');
    const codecs = await createCodecs(new ModelStore(fetchFromFolder(MODELS)), openJpegFromPackage);
    const named = (id: string) => codecs.find(({ meta }) => meta.id === id) ?? expect.fail(id);
    [gan, fidelity] = [named('hific-opt-gan'), named('hific-opt')];
    cube = await loadWindow(sampleScenes[1].open(), { x: 16, y: 40, width: 64, height: 48 });
  });

  /** How far a file's image is from the original, as TripletNet sees it from many places; and in dB. */
  async function seen(file: Uint8Array, codedBands: readonly number[]) {
    const original = withBands(cube, codedBands);
    const decoded = await gan.decode(file, { bandsFrom: original.wavelengthsNm });
    const range = valueRange(original);
    const { psnr } = figures(original.data, decoded.cube.data, original, range);
    const critic = uploadTripletNet(await new ModelStore(fetchFromFolder(MODELS)).perceptualFile());
    const random = new Random(77);
    const samples = Float32Array.from(original.data);
    const spec = { ...presetSpec('tiny', 'hific-opt'), bands: original.bands };
    const image = (data: ArrayLike<number>) =>
      tf.tensor4d(Float32Array.from(data), [1, original.height, original.width, original.bands]);
    const distance = tf.tidy(() => {
      const [a, b] = [image(original.data), image(decoded.cube.data)];
      const distances = Array.from({ length: 24 }, () => {
        const look = randomLook(spec, [samples], 'random', random);
        return tripletDistance(critic, lookedAt(a, look), lookedAt(b, look));
      });
      return tf.mean(tf.stack(distances)).dataSync()[0];
    });
    critic.dispose();
    return { distance, psnr };
  }

  it('look more like the original in as many bytes, for hardly any squared error', async () => {
    const plain = await gan.encode(cube, options);
    const fitted = await gan.encode(cube, { ...options, perceptualFit: true });
    expect(8 * fitted.file.length).toBeLessThanOrEqual(options.rate * cube.width * cube.height);
    const before = await seen(plain.file, plain.codedBands);
    const after = await seen(fitted.file, fitted.codedBands);
    expect(after.distance).toBeLessThan(0.97 * before.distance);
    expect(after.psnr).toBeGreaterThan(before.psnr - 0.5);
  });

  it('are none of a codec that is not trained for looks, nor of the lowest rates', async () => {
    for (const [codec, rate] of [
      [fidelity, 0.5],
      [gan, 0.001],
    ] as const) {
      const plain = await codec.encode(cube, { ...options, rate });
      const asked = await codec.encode(cube, { ...options, rate, perceptualFit: true });
      expect(asked.file).toEqual(plain.file);
    }
  });
});

describe('the fit by looks of a tiny model', () => {
  beforeAll(() => useBackend('wasm'));

  async function fitted(image: HyperspectralCube, job: JobContext = {}, looks = true) {
    const { meta } = await tinyCodec('hific-opt');
    const source = memorySource(image);
    const store = await tinyStore();
    const { model, plan } = await planCoding(meta, store, source.info, OPTIONS, {});
    const request = budgetRequest(
      model,
      plan,
      source,
      await surveyCoded(source, plan, {}),
      OPTIONS,
    );
    const critic = looks ? uploadTripletNet(goldenBytes('triplet-net')) : undefined;
    try {
      return await fitToBudget({ ...request, bytes: 1e6, critic }, job);
    } finally {
      critic?.dispose();
      model.release();
    }
  }

  it('moves latents of every tile of an image', async () => {
    const image = smoothCube(200, 100, NATIVE);
    const [plain, moved] = [await fitted(image, {}, false), await fitted(image)];
    expect(moved.tiles).toHaveLength(2);
    for (const [n, { q }] of moved.tiles.entries()) expect(q).not.toEqual(plain.tiles[n].q);
  });

  it('leaves an image alone that is too small to be looked at', async () => {
    const image = smoothCube(15, 40, NATIVE);
    const [plain, moved] = [await fitted(image, {}, false), await fitted(image)];
    expect(moved.tiles.map(({ q }) => q)).toEqual(plain.tiles.map(({ q }) => q));
  });

  it('is the same every time, can be cancelled, and leaves no tensors', async () => {
    const image = smoothCube(64, 64, NATIVE);
    const { tiles } = await fitted(image);
    const tensors = tf.memory().numTensors;
    expect((await fitted(image)).tiles).toEqual(tiles);
    expect(tf.memory().numTensors).toBe(tensors);
    const stop = new AbortController();
    const onProgress = (_: number, label: string) => {
      if (label === 'perceptual fit') stop.abort();
    };
    const running = fitted(image, { signal: stop.signal, onProgress });
    await expect(running).rejects.toMatchObject({ code: 'aborted' });
    expect(tf.memory().numTensors).toBe(tensors);
  });
});

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { formatFile, parseFile } from '../../core/bitstream/container';
import { distortion } from '../../core/metrics/distortion';
import { Random } from '../../core/samples/random';
import type { ModelStore } from '../../nn/models';
import { localWeights, useBackend } from '../../nn/testing';
import { isDecoderSide } from '../../nn/weightDelta';
import { inspectFile } from '../inspect';
import { localCodecs } from '../registry';
import type { Codec } from '../types';
import { hificHeader, modelOfFile } from './inspect';
import { evenly, OPTIONS, smoothCube, tinyCodec, tinyStore } from './testing';

const cube = smoothCube(80, 64, evenly(16));
const CARRIED = { ...OPTIONS, weights: 'delta' } as const;

/** Weights of the tiny HiFiC SE whose vectors of the decoder are moved. */
function tunedWeights(change = isDecoderSide) {
  const random = new Random(8);
  return localWeights('tiny-hific-se', { name: 'moved' }, (tensors) => {
    for (const [name, tensor] of tensors) {
      if (!change(name) || (name.startsWith('generator.') && tensor.shape.length > 2)) continue;
      const data = Float32Array.from(tensor.data, (value) => value + 0.05 * random.normal());
      tensors.set(name, { ...tensor, data });
    }
  });
}

async function tuned(weights = tunedWeights()): Promise<{ store: ModelStore; codec: Codec }> {
  const store = await tinyStore();
  await store.addLocal(weights);
  const [codec] = localCodecs(store);
  return { store, codec };
}

const psnr = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  distortion(Float32Array.from(a), Float32Array.from(b), 16, { low: 0, high: 5000 }).psnr;

describe('tuned weights that a file carries', () => {
  beforeAll(() => useBackend('wasm'));

  it('are decoded with the shipped model alone, to nearly what they make where they are', async () => {
    const { codec } = await tuned();
    const shipped = await tinyCodec('hific-se');
    const named = await codec.encode(cube, { ...OPTIONS, rate: 4 });
    const carried = await codec.encode(cube, { ...CARRIED, rate: 4 });
    await expect(shipped.decode(named.file)).rejects.toMatchObject({ code: 'model-missing' });
    const decoded = await shipped.decode(carried.file);
    expect(decoded.codec).toBe('hific-se');
    const own = await codec.decode(named.file);
    const plain = await shipped.decode((await shipped.encode(cube, { ...OPTIONS, rate: 4 })).file);
    const near = psnr(own.cube.data, decoded.cube.data);
    expect(near).toBeGreaterThan(psnr(own.cube.data, plain.cube.data) + 6);
  });

  it('count in its bytes, as a section of their own', async () => {
    const { codec, store } = await tuned();
    const { file, sections } = await codec.encode(cube, CARRIED);
    const { header, metadata, weights = 0, sideInformation, latents } = sections;
    expect(weights).toBeGreaterThan(100);
    expect(header + metadata + weights + sideInformation + latents).toBeCloseTo(file.length, 6);
    expect((await inspectFile(file, store)).sections).toEqual(sections);
  });

  it('leave the rest of the budget to the image, and say so where they take it all', async () => {
    const { codec } = await tuned();
    const { file, sections, notes } = await codec.encode(cube, { ...CARRIED, rate: 0.3 });
    expect(notes?.join()).toMatch(/lowest rate .* of which the changed weights .* take/);
    const rate = (8 * file.length) / (80 * 64) + 0.4;
    const more = await codec.encode(cube, { ...CARRIED, rate, metadata: 'none' });
    expect(8 * more.file.length).toBeLessThanOrEqual(rate * 80 * 64);
    expect(more.sections.latents).toBeGreaterThan(sections.latents);
    expect(more.sections.weights).toBe(sections.weights);
  });

  it('are those that shipped where these are asked for', async () => {
    const shipped = await tinyCodec('hific-se');
    const [named, carried] = await Promise.all(
      [OPTIONS, CARRIED].map((options) => shipped.encode(cube, options)),
    );
    expect(carried.file).toEqual(named.file);
  });

  it('are coded with the probability model that shipped, whatever theirs is', async () => {
    const weights = localWeights('tiny-hific-se', {}, (tensors) => {
      for (const name of ['tables.y.cdf', 'hyper_mean.conv0.bias', 'hyper_analysis.conv0.bias']) {
        const { data, ...rest } = tensors.get(name) ?? expect.fail(`no ${name}`);
        const other = data.slice();
        other[3] += 40;
        tensors.set(name, { ...rest, data: other });
      }
    });
    const { codec } = await tuned(weights);
    const shipped = await tinyCodec('hific-se');
    const carried = await codec.encode(cube, CARRIED);
    expect(carried.file).toEqual((await shipped.encode(cube, OPTIONS)).file);
  });

  it('are refused where they are of another architecture', async () => {
    const weights = localWeights('tiny-hific-se', {}, (tensors) => {
      const step = tensors.get('frame.step') ?? expect.fail('no frame');
      tensors.set('frame.step', { ...step, data: Float32Array.from(step.data, (s) => 2 * s) });
    });
    const { codec } = await tuned(weights);
    await expect(codec.encode(cube, CARRIED)).rejects.toMatchObject({
      code: 'bad-argument',
      message: expect.stringMatching(/name them in the file/),
    });
  });

  it('leave no more on the device than the last few files need', async () => {
    const { codec, store } = await tuned();
    const shipped = await tinyCodec('hific-se');
    const files = await Promise.all(
      [1, 2, 3].map(async (seed) => {
        const change = (name: string) => isDecoderSide(name) && name.length % 3 === seed - 1;
        const other = await tuned(tunedWeights(change));
        const { file } = await other.codec.encode(cube, CARRIED);
        await other.store.release();
        return file;
      }),
    );
    await codec.encode(cube, CARRIED);
    await store.release();
    const counts: number[] = [];
    for (const file of [...files, ...files, ...files]) {
      await shipped.decode(file);
      counts.push(tf.memory().numTensors);
    }
    expect(Math.max(...counts.slice(3))).toBeLessThanOrEqual(counts[2]);
  });

  it('are refused where the file changes what the model does not have', async () => {
    const { codec, store } = await tuned();
    const { file } = await codec.encode(cube, CARRIED);
    const { header, tiles } = parseFile(file);
    const hific = hificHeader(parseFile(file));
    const hostile = [[0], [255, 1], [1, 127, 0], [1, 0, 100], [1, 0, 0, 0, 0, 0, 0]];
    for (const body of hostile) {
      const model = { ...hific.model, delta: Uint8Array.from(body) };
      const forged = formatFile(
        { ...hific, model },
        undefined,
        tiles.map(({ payload }) => payload),
        tiles.map(() => (crc) => crc),
      );
      await expect(codec.decode(forged.file)).rejects.toMatchObject({
        code: expect.stringMatching(/^(bitstream|truncated)$/),
      });
    }
    expect(header.family).toBe('hific');
    await store.release();
  });
});

/**
 * A file that every decoder must read to the same symbols and the same weights; the Python decoder
 * does (`training/tests_decoder`). `RENEW_GOLDEN=1 npx vitest run` writes it where it is missing.
 */
describe('the golden file with changed weights', () => {
  beforeAll(() => useBackend('wasm'));
  const folder = fileURLToPath(new URL('../golden/', import.meta.url));
  const [path, facts] = [`${folder}hific-delta.hsc`, `${folder}hific-delta.json`];

  /** SHA-256 over the changed parameters as binary32, in the order in which files count them. */
  async function weightsDigest(file: Uint8Array, store: ModelStore): Promise<string> {
    const { parameters } = (await modelOfFile(hificHeader(parseFile(file)), store)).file;
    const digest = createHash('sha256');
    for (const name of [...parameters.keys()].filter(isDecoderSide).sort()) {
      digest.update(Float32Array.from(parameters.get(name)?.data ?? []));
    }
    return digest.digest('hex');
  }

  it('decodes to the same symbols and weights', async () => {
    const store = await tinyStore();
    const shipped = await tinyCodec('hific-se');
    if (process.env.RENEW_GOLDEN && !existsSync(path)) {
      const { file } = await (await tuned()).codec.encode(cube, { ...CARRIED, rate: 4 });
      const { symbolDigest } = await shipped.decode(file);
      mkdirSync(folder, { recursive: true });
      writeFileSync(path, file);
      const golden = { symbols: symbolDigest, weights: await weightsDigest(file, store) };
      writeFileSync(facts, `${JSON.stringify(golden, undefined, 2)}\n`);
    }
    const golden = JSON.parse(readFileSync(facts, 'utf8'));
    const file = new Uint8Array(readFileSync(path));
    expect((await shipped.decode(file)).symbolDigest).toBe(golden.symbols);
    expect(await weightsDigest(file, store)).toBe(golden.weights);
  });
});

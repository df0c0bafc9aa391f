import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatSafetensors, parseSafetensors, type Tensor } from '../core/safetensors';
import type { DeviceWeights } from './deviceWeights';
import { ModelStore } from './models';
import { fetchFromFolder } from './modelsNode';
import { golden, goldenBytes, relativeError, upload, useBackend } from './testing';
import { parseTripletNet, tripletDistance, uploadTripletNet } from './tripletNet';

const MODELS = new URL('../../models', import.meta.url).pathname;

describe.each(['cpu', 'wasm'] as const)('TripletNet on %s', (backend) => {
  let weights: DeviceWeights;
  const io = golden('triplet-net-io');
  const image = (name: string) => upload<tf.Rank.R4>(io.get(name) as Tensor);
  beforeAll(async () => {
    await useBackend(backend);
    weights = uploadTripletNet(goldenBytes('triplet-net'));
  });
  afterAll(() => weights.dispose());

  it('agrees with PyTorch and leaves no tensor behind', async () => {
    const before = tf.memory().numTensors;
    const [a, b] = [image('a'), image('b')];
    const distance = tripletDistance(weights, a, b);
    const { data } = io.get('distance') as Tensor;
    expect(relativeError(await distance.data(), data)).toBeLessThan(1e-4);
    tf.dispose([a, b, distance]);
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('TripletNet', () => {
  beforeAll(() => useBackend('cpu'));

  it('has the gradient of finite differences', async () => {
    const io = golden('triplet-net-io');
    const weights = uploadTripletNet(goldenBytes('triplet-net'));
    const [a, b] = ['a', 'b'].map((name) => upload<tf.Rank.R4>(io.get(name) as Tensor));
    const direction = tf.sub(a, b);
    const value = (x: tf.Tensor) => tf.sum(tripletDistance(weights, a, x as tf.Tensor4D));
    const slope = tf.sum(tf.mul(tf.grad(value)(b), direction)).dataSync()[0];
    const step = 1e-2;
    const at = (t: number) => value(tf.add(b, tf.mul(direction, t))).dataSync()[0];
    expect(slope / ((at(step) - at(-step)) / (2 * step))).toBeCloseTo(1, 1);
    weights.dispose();
  });

  it('refuses files of another kind or shape', () => {
    const file = goldenBytes('triplet-net');
    expect(() => parseTripletNet(goldenBytes('tiny-hific-se'))).toThrow(/hsc-triplet-net-2/);
    const { tensors, metadata } = parseSafetensors(file);
    const lacking = new Map([...tensors].filter(([name]) => name !== 'mix2'));
    const broken = formatSafetensors({ tensors: lacking, metadata });
    expect(() => parseTripletNet(broken)).toThrow(/mix2 should be .* and is missing/);
  });

  it('ships, small, and tells alike from unlike', async () => {
    const file = await new ModelStore(fetchFromFolder(MODELS)).perceptualFile();
    expect(file.length).toBeLessThan(1_000_000);
    expect(file).toEqual(new Uint8Array(readFileSync(`${MODELS}/triplet-net.safetensors`)));
    const weights = uploadTripletNet(file);
    const io = golden('triplet-net-io');
    const a = upload<tf.Rank.R4>(io.get('a') as Tensor);
    const flat = tf.add(tf.mul(a, 0), tf.mean(a, [1, 2], true)) as tf.Tensor4D;
    const half = tf.div<tf.Tensor4D>(tf.add(a, flat), 2);
    const near = await tripletDistance(weights, a, half).data();
    const far = await tripletDistance(weights, a, flat).data();
    expect(near.every((value, i) => value > 0 && value < far[i])).toBe(true);
    weights.dispose();
  });
});

import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { compiledModule } from '../../../scripts/kernels.mjs';
import type { Tensor } from '../../core/safetensors';
import { DeviceWeights } from '../deviceWeights';
import { channelNorm, conv } from '../layers';
import { relativeError, upload, useBackend } from '../testing';
import { simdHeap } from './heap';
import { KERNELS } from './module';
import { isTransformable, type Range, transformedConvolutions } from './winograd';

/** Winograd's F(4 × 4, 3 × 3) in single precision, against a direct sum. */
const TOLERANCE = 3e-5;

function noise(seed: number, ...shape: number[]): Tensor {
  let state = seed;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };
  const size = shape.reduce((a, b) => a * b, 1);
  return { dtype: 'F32', shape, data: Float32Array.from({ length: size }, next) };
}

const size = fc.record({
  n: fc.integer({ min: 1, max: 3 }),
  height: fc.integer({ min: 1, max: 21 }),
  width: fc.integer({ min: 1, max: 21 }),
  inputs: fc.integer({ min: 1, max: 19 }),
  outputs: fc.integer({ min: 1, max: 19 }),
  relu: fc.boolean(),
});

describe('kernels in the heap of tfjs', () => {
  let tensors = 0;
  beforeAll(async () => {
    await useBackend('wasm');
    tensors = tf.memory().numTensors;
  });
  afterEach(() => expect(tf.memory().numTensors).toBe(tensors));

  it('are there', () => {
    expect(simdHeap()).toBeDefined();
    expect(isTransformable([3, 3, 128, 48])).toBe(true);
    expect(isTransformable([5, 5, 8, 8])).toBe(false);
  });

  it('are what their source compiles to', async () => {
    expect(await compiledModule()).toContain(KERNELS);
  });

  it('convolve as tfjs does, whatever the size', () => {
    fc.assert(
      fc.property(size, ({ n, height, width, inputs, outputs, relu }) => {
        const named = { kernel: noise(1, 3, 3, inputs, outputs), bias: noise(2, outputs) };
        const weights = new DeviceWeights(
          new Map(Object.entries(named).map(([name, own]) => [`c.${name}`, own])),
        );
        const x = upload<tf.Rank.R4>(noise(3, n, height, width, inputs));
        const found = conv(weights, 'c', x, { relu });
        const [filter, bias] = [weights.get<tf.Rank.R4>('c.kernel'), weights.get('c.bias')];
        const activation = relu ? 'relu' : 'linear';
        const expected = tf.fused.conv2d({ x, filter, strides: 1, pad: 1, bias, activation });
        expect(found.shape).toEqual(expected.shape);
        const scale = Math.max(1, ...expected.dataSync());
        const worst = tf.tidy(() => tf.max(tf.abs(tf.sub(found, expected))).dataSync()[0]);
        expect(worst / scale).toBeLessThan(TOLERANCE);
        tf.dispose([x, found, expected]);
        weights.dispose();
      }),
      { numRuns: 60 },
    );
  });

  it('convolve neighbouring channels each by their own filter', () => {
    const range = fc
      .tuple(fc.nat(18), fc.nat(18))
      .map(([a, b]): Range => ({ from: Math.min(a, b), to: Math.max(a, b) + 1 }));
    const part = fc.record({ seen: range, outputs: fc.integer({ min: 1, max: 11 }) });
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), (parts) => {
        const x = upload<tf.Rank.R4>(noise(5, 2, 9, 10, 19));
        const filters = parts.map(({ seen, outputs }, i) =>
          upload<tf.Rank.R4>(noise(7 + i, 3, 3, seen.to - seen.from, outputs)),
        );
        const outputs = parts.map((one) => one.outputs);
        const bias = upload(
          noise(
            6,
            outputs.reduce((a, b) => a + b),
          ),
        );
        const weights = new DeviceWeights(new Map());
        const found = transformedConvolutions(weights, 'parts', {
          x,
          filters: () => filters,
          bias: () => bias,
          seen: parts.map(({ seen }) => seen),
          outputs,
        });
        const expected = tf.tidy(() =>
          tf.add(
            tf.concat(
              parts.map(({ seen: { from, to } }, i) =>
                tf.conv2d(tf.slice(x, [0, 0, 0, from], [2, 9, 10, to - from]), filters[i], 1, 1),
              ),
              3,
            ),
            bias,
          ),
        );
        expect(relativeError(found.dataSync(), expected.dataSync())).toBeLessThan(TOLERANCE);
        tf.dispose([x, bias, found, expected, ...filters]);
        weights.dispose();
      }),
      { numRuns: 40 },
    );
  });

  it('work on where the heap has grown since', () => {
    const named: [string, Tensor][] = [
      ['c.kernel', noise(1, 3, 3, 8, 8)],
      ['c.bias', noise(2, 8)],
    ];
    const weights = new DeviceWeights(new Map(named));
    const x = upload<tf.Rank.R4>(noise(3, 1, 12, 12, 8));
    const before = conv(weights, 'c', x);
    const large = tf.ones([1 << 26]);
    const after = conv(weights, 'c', x);
    expect(after.dataSync()).toEqual(before.dataSync());
    tf.dispose([x, before, large, after]);
    weights.dispose();
  });

  it.each([4, 12, 48, 144])('normalise %i channels as tfjs does', (channels) => {
    const named: [string, Tensor][] = [
      ['n.gain', noise(1, channels)],
      ['n.bias', noise(2, channels)],
    ];
    const weights = new DeviceWeights(new Map(named));
    const x = upload<tf.Rank.R4>(noise(3, 2, 5, 7, channels));
    const found = channelNorm(weights, 'n', x);
    const learning = { ...bound(weights), learn: true };
    const expected = tf.tidy(() => channelNorm(learning, 'n', x));
    expect(relativeError(found.dataSync(), expected.dataSync())).toBeLessThan(1e-6);
    tf.dispose([x, found, expected]);
    weights.dispose();
  });

  function bound(weights: DeviceWeights) {
    return { get: weights.get.bind(weights), derived: weights.derived.bind(weights) };
  }
});

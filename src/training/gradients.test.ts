import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { relativeError, useBackend } from '../nn/testing';
import { prepareGradients } from './gradients';

type Run = () => tf.Tensor[];

/** What plain JavaScript and wasm make of it: tfjs's own kernels, and ours. */
async function onBoth(run: Run): Promise<[Float32Array[], Float32Array[]]> {
  const results: Float32Array[][] = [];
  for (const backend of ['cpu', 'wasm'] as const) {
    await useBackend(backend);
    prepareGradients();
    const before = tf.memory().numTensors;
    const found = tf.tidy(run);
    results.push(await Promise.all(found.map((x) => x.data() as Promise<Float32Array>)));
    tf.dispose(found);
    expect(tf.memory().numTensors).toBe(before);
  }
  return results as [Float32Array[], Float32Array[]];
}

async function expectSame(run: Run): Promise<void> {
  const [expected, found] = await onBoth(run);
  found.forEach((values, i) => {
    expect(values.length).toBeGreaterThan(0);
    expect(relativeError(values, expected[i])).toBeLessThan(1e-5);
  });
}

function waves(shape: number[], step: number): tf.Tensor {
  const size = shape.reduce((a, b) => a * b, 1);
  const values = Float32Array.from({ length: size }, (_, i) => Math.sin(step * i + step));
  return tf.tensor(values, shape);
}

type Padding = number | tf.backend_util.ExplicitPadding;
const uneven: Padding = [
  [0, 0],
  [1, 2],
  [1, 2],
  [0, 0],
];
const oneSided: Padding = [
  [0, 0],
  [0, 1],
  [2, 0],
  [0, 0],
];

describe('gradients', () => {
  it.each<[string, number, number, number, Padding]>([
    ['3×3', 3, 1, 8, 1],
    ['3×3 without padding', 3, 1, 8, 0],
    ['1×1', 1, 1, 5, 0],
    ['5×5 with stride 2 of an odd size', 5, 2, 7, 2],
    ['3×3 with stride 2 of an even size', 3, 2, 8, 1],
    ['3×3 with stride 2 of an odd size', 3, 2, 9, 1],
    ['4×4 with stride 2, padded as TensorFlow', 4, 2, 12, uneven],
    ['4×4, padded as TensorFlow', 4, 1, 6, uneven],
    ['2×2, padded on one side', 2, 1, 6, oneSided],
    ['1×1 with stride 2', 1, 2, 6, 0],
    ['3×3 with stride 2 of a pixel', 3, 2, 1, 1],
  ])('convolution %s', async (_, kernel, stride, side, pad) => {
    await expectSame(() => {
      const x = waves([2, side, side + 1, 3], 0.7) as tf.Tensor4D;
      const filter = waves([kernel, kernel, 3, 5], 0.31) as tf.Tensor4D;
      const run = (a: tf.Tensor, b: tf.Tensor) =>
        tf.conv2d(a as tf.Tensor4D, b as tf.Tensor4D, stride, pad as number);
      return tf.grads(run)([x, filter], waves(run(x, filter).shape, 1.3));
    });
  });

  it('fused convolution with bias and ReLU', async () => {
    await expectSame(() => {
      const [x, filter] = [waves([1, 6, 7, 3], 0.7), waves([3, 3, 3, 4], 0.31)];
      const run = (a: tf.Tensor, b: tf.Tensor, bias: tf.Tensor) =>
        tf.fused.conv2d({
          x: a as tf.Tensor4D,
          filter: b as tf.Tensor4D,
          strides: 2,
          pad: 1,
          bias,
          activation: 'relu',
        });
      return tf.grads(run)([x, filter, waves([4], 0.9)], waves([1, 3, 4, 4], 1.3));
    });
  });

  it.each([
    [false, false],
    [false, true],
    [true, false],
    [true, true],
  ])('matrix product, transposed %s, %s', async (first, second) => {
    await expectSame(() => {
      const a = waves(first ? [4, 3] : [3, 4], 0.7);
      const b = waves(second ? [5, 4] : [4, 5], 0.31);
      const run = (x: tf.Tensor, y: tf.Tensor) => tf.matMul(x, y, first, second);
      return tf.grads(run)([a, b], waves([3, 5], 1.3));
    });
  });

  it('average pool', async () => {
    const x = () => waves([2, 6, 8, 3], 0.7);
    await expectSame(() => {
      const run = (a: tf.Tensor) => tf.avgPool(a as tf.Tensor4D, 2, 2, 'valid');
      return [tf.grad(run)(x(), waves([2, 3, 4, 3], 1.3))];
    });
    const pooled = (a: tf.Tensor) => tf.avgPool(a as tf.Tensor4D, [6, 8], 1, 'valid');
    const slope = () => waves([2, 1, 1, 3], 1.3);
    for (const found of await onBoth(() => [tf.grad(pooled)(x(), slope())])) {
      const expected = tf.tidy(() => tf.mul(tf.fill(x().shape, 1 / 48), slope()));
      expect(relativeError(found[0], await expected.data())).toBeLessThan(1e-6);
      expected.dispose();
    }
  });

  it('enlargement by nearest neighbours', async () => {
    const side = (i: number) => Math.floor(i / 4);
    const enlarged = (x: tf.Tensor) => tf.image.resizeNearestNeighbor(x as tf.Tensor4D, [8, 12]);
    const slope = () => waves([1, 8, 12, 2], 1.3);
    const expected = new Float32Array(2 * 3 * 2);
    for (const [i, value] of (await slope().data()).entries()) {
      const [pixel, channel] = [Math.floor(i / 2), i % 2];
      const to = side(Math.floor(pixel / 12)) * 3 + side(pixel % 12);
      expected[to * 2 + channel] += value;
    }
    for (const [found] of await onBoth(() => [
      tf.grad(enlarged)(waves([1, 2, 3, 2], 0.7), slope()),
    ])) {
      expect(relativeError(found, expected)).toBeLessThan(1e-5);
    }
  });
});

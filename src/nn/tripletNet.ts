import * as tf from '@tensorflow/tfjs-core';
import { HscError } from '../core/errors';
import { parseSafetensors, type Tensor } from '../core/safetensors';
import { DeviceWeights } from './deviceWeights';
import type { Weights } from './network';

const FORMAT = 'hsc-triplet-net-1';
const EPSILON = 1e-6;
/** Strides of the stages, each a 3×3 convolution with ReLU. */
const STRIDES = [2, 2, 2, 1] as const;

/** Features of each stage, of unit length at every position. */
function features(weights: Weights, x: tf.Tensor4D): tf.Tensor4D[] {
  let own = tf.sub<tf.Tensor4D>(x, 0.5);
  return STRIDES.map((stride, i) => {
    const filter = weights.get<tf.Rank.R4>(`conv${i}.kernel`);
    const bias = weights.get(`conv${i}.bias`);
    // tfjs pads a strided "same" convolution on one side only; PyTorch pads both by one.
    own = tf.relu(tf.add(tf.conv2d(own, filter, stride, 1), bias));
    const power = tf.sum(tf.square(own), 3, true);
    return tf.mul(own, tf.rsqrt(tf.add(power, EPSILON)));
  });
}

/**
 * Perceptual distance of band triplets a, b [n, h, w, 3] in 0..1 → [n]: the shape of LPIPS (Zhang
 * et al. 2018), a small network of the project's own that was taught by it
 * (`training/hsc_training/triplet_net.py`). Differentiable in both images.
 */
export function tripletDistance(weights: Weights, a: tf.Tensor4D, b: tf.Tensor4D): tf.Tensor1D {
  return tf.tidy(() => {
    const first = features(weights, a);
    const second = features(weights, b);
    const distances = first.map((own, i) => {
      const squares = tf.mul(tf.squaredDifference(own, second[i]), weights.get(`head${i}`));
      return tf.sum(tf.mean(squares, [1, 2]), 1);
    });
    return tf.addN(distances) as tf.Tensor1D;
  });
}

/** TripletNet's parameters from its weights file. Throws `bad-file`. */
export function parseTripletNet(file: Uint8Array): ReadonlyMap<string, Tensor> {
  const { tensors, metadata } = parseSafetensors(file);
  if (metadata.format !== FORMAT) {
    throw new HscError('bad-file', `The weights file is not of format ${FORMAT}.`);
  }
  let inputs = 3;
  for (const i of STRIDES.keys()) {
    const outputs = tensors.get(`conv${i}.bias`)?.shape[0] ?? 0;
    expectShape(tensors, `conv${i}.kernel`, [3, 3, inputs, outputs]);
    expectShape(tensors, `head${i}`, [outputs]);
    inputs = outputs;
  }
  return tensors;
}

function expectShape(
  tensors: ReadonlyMap<string, Tensor>,
  name: string,
  shape: readonly number[],
): void {
  const found = tensors.get(name)?.shape;
  if (found?.join() === shape.join() && !shape.includes(0)) return;
  throw new HscError(
    'bad-file',
    `The weights file's tensor ${name} should be [${shape}] and is ${found ? `[${found}]` : 'missing'}.`,
  );
}

/** The parameters on the current backend. */
export function uploadTripletNet(file: Uint8Array): DeviceWeights {
  return new DeviceWeights(parseTripletNet(file));
}

import * as tf from '@tensorflow/tfjs-core';
import { HscError } from '../core/errors';
import { parseSafetensors, type Tensor } from '../core/safetensors';
import { DeviceWeights } from './deviceWeights';
import type { Weights } from './network';

const FORMAT = 'hsc-triplet-net-2';
const EPSILON = 1e-4;
const STAGES = [0, 1, 2] as const;

const CONV0 = { name: 'conv0', kernel: 9, stride: 4, pad: 1 };
const NARROW = { name: 'narrow', kernel: 1, stride: 1, pad: 0 };
const CONV1 = { name: 'conv1', kernel: 5, stride: 1, pad: 2 };
const CONV2 = { name: 'conv2', kernel: 3, stride: 1, pad: 1 };
/** Of each stage; a maximum of 3×3 positions with stride 2 stands between stages. */
const LAYERS = [[CONV0], [NARROW, CONV1], [CONV2]] as const;

type Layer = (typeof LAYERS)[number][number];

function convolved(weights: Weights, x: tf.Tensor4D, { name, stride, pad }: Layer): tf.Tensor4D {
  const filter = weights.get<tf.Rank.R4>(`${name}.kernel`);
  return tf.add(tf.conv2d(x, filter, stride, pad), weights.get(`${name}.bias`));
}

/** Features [n, h, w, c] of unit mean square, turned by the stage's matrix. */
function mixed(weights: Weights, x: tf.Tensor4D, stage: number): tf.Tensor4D {
  const power = tf.mean(tf.square(x), 3, true);
  const unit = tf.mul(x, tf.rsqrt(tf.add(power, EPSILON)));
  const channels = x.shape[3];
  const rows = tf.reshape<tf.Rank.R2>(unit, [-1, channels]);
  const matrix = weights.get<tf.Rank.R2>(`mix${stage}`);
  return tf.reshape(tf.matMul(rows, tf.transpose(matrix)), x.shape);
}

/** Features of each stage whose map has a pixel at all. */
function features(weights: Weights, x: tf.Tensor4D): tf.Tensor4D[] {
  let own = tf.div<tf.Tensor4D>(tf.sub(x, 0.5), 0.25);
  const found: tf.Tensor4D[] = [];
  for (const stage of STAGES) {
    if (stage > 0) {
      if (Math.min(own.shape[1], own.shape[2]) < 3) break;
      own = tf.maxPool(own, 3, 2, 'valid');
    }
    for (const layer of LAYERS[stage]) own = convolved(weights, own, layer);
    own = tf.relu(own);
    found.push(mixed(weights, own, stage));
  }
  return found;
}

/**
 * Perceptual distance of band triplets a, b [n, h, w, 3] in 0..1, sides of 7 pixels at least → [n]: the
 * shape of LPIPS (Zhang et al. 2018) on the first stages of AlexNet, a small network of the project's own
 * that was taught by it (`training/hsc_training/triplet_net.py`). Differentiable in both images.
 */
export function tripletDistance(weights: Weights, a: tf.Tensor4D, b: tf.Tensor4D): tf.Tensor1D {
  return tf.tidy(() => {
    const second = features(weights, b);
    const distances = features(weights, a).map((own, i) => {
      return tf.sum(tf.mean(tf.squaredDifference(own, second[i]), [1, 2]), 1);
    });
    return tf.sum(tf.stack(distances), 0) as tf.Tensor1D;
  });
}

/** TripletNet's parameters from its weights file. Throws `bad-file`. */
export function parseTripletNet(file: Uint8Array): ReadonlyMap<string, Tensor> {
  const { tensors, metadata } = parseSafetensors(file);
  if (metadata.format !== FORMAT) {
    throw new HscError('bad-file', `The weights file is not of format ${FORMAT}.`);
  }
  let inputs = 3;
  for (const stage of STAGES) {
    for (const { name, kernel } of LAYERS[stage]) {
      const outputs = tensors.get(`${name}.bias`)?.shape[0] ?? 0;
      expectShape(tensors, `${name}.kernel`, [kernel, kernel, inputs, outputs]);
      inputs = outputs;
    }
    expectShape(tensors, `mix${stage}`, [inputs, inputs]);
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

import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '../core/safetensors';
import { DeviceWeights } from './deviceWeights';
import type { Weights } from './network';

// LPIPS's own normalisation of images in −1..1.
const SHIFT = [-0.03, -0.088, -0.188];
const SCALE = [0.458, 0.448, 0.45];
const EPSILON = 1e-8;
/** SqueezeNet 1.1's fire modules by stage, and the stages that start with a pooling. */
const FIRES = [[3, 4], [6, 7], [9], [10], [11], [12]] as const;
const POOLED = new Set([3, 6, 9]);

function convRelu(
  weights: Weights,
  name: string,
  x: tf.Tensor4D,
  options: { readonly stride?: number; readonly pad?: number } = {},
): tf.Tensor4D {
  return tf.fused.conv2d({
    x,
    filter: weights.get<tf.Rank.R4>(`${name}.weight`),
    strides: options.stride ?? 1,
    pad: options.pad ?? 0,
    bias: weights.get(`${name}.bias`),
    activation: 'relu',
  });
}

/** 3×3 maxima with stride 2; a last window may hang over the edge (PyTorch's `ceil_mode`). */
function pool(x: tf.Tensor4D): tf.Tensor4D {
  const over = (size: number) => (size % 2 === 0 ? 1 : 0);
  // Features are not negative, so zeros beyond the edge change no maximum.
  const padded = tf.pad(x, [
    [0, 0],
    [0, over(x.shape[1])],
    [0, over(x.shape[2])],
    [0, 0],
  ]);
  return tf.maxPool(padded, 3, 2, 'valid');
}

function fire(weights: Weights, name: string, x: tf.Tensor4D): tf.Tensor4D {
  const squeezed = convRelu(weights, `${name}.squeeze`, x);
  const one = convRelu(weights, `${name}.expand1x1`, squeezed);
  return tf.concat([one, convRelu(weights, `${name}.expand3x3`, squeezed, { pad: 1 })], 3);
}

function stages(weights: Weights, x: tf.Tensor4D): tf.Tensor4D[] {
  let features = convRelu(weights, 'features.0', x, { stride: 2 });
  const all = [features];
  for (const fires of FIRES) {
    if (POOLED.has(fires[0])) features = pool(features);
    for (const index of fires) features = fire(weights, `features.${index}`, features);
    all.push(features);
  }
  return all;
}

function unit(features: tf.Tensor4D): tf.Tensor4D {
  const power = tf.sum(tf.square(features), 3, true);
  return tf.div(features, tf.sqrt(tf.add(power, EPSILON)));
}

/**
 * LPIPS v0.1 with SqueezeNet 1.1 (Zhang et al. 2018), for reports. The weights are torchvision's and
 * the linear heads `lin0.weight` … `lin6.weight`, kernels [kh, kw, in, out]; they do not ship.
 */
export class Lpips {
  private readonly weights: DeviceWeights;

  constructor(tensors: ReadonlyMap<string, Tensor>) {
    this.weights = new DeviceWeights(tensors);
  }

  /** Distance of two images [height, width, 3] in 0..1, sides of 16 and more; 0 for equal ones. */
  async distance(
    a: Float32Array,
    b: Float32Array,
    { width, height }: { readonly width: number; readonly height: number },
  ): Promise<number> {
    const result = tf.tidy(() => {
      const images = tf.tensor4d([...a, ...b], [2, height, width, 3]);
      const standard = tf.div(tf.sub(tf.sub(tf.mul(images, 2), 1), SHIFT), SCALE);
      return tf.addN(stages(this.weights, standard as tf.Tensor4D).map(this.compare));
    });
    const [value] = await result.data();
    result.dispose();
    return value;
  }

  dispose(): void {
    this.weights.dispose();
  }

  private readonly compare = (features: tf.Tensor4D, stage: number): tf.Tensor => {
    const [first, second] = tf.split(unit(features), 2, 0);
    const difference = tf.squaredDifference(first, second) as tf.Tensor4D;
    return tf.mean(tf.conv2d(difference, this.weights.get(`lin${stage}.weight`), 1, 0));
  };
}

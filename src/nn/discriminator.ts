import * as tf from '@tensorflow/tfjs-core';
import { convolution } from './layers';
import type { Network, Weights } from './network';
import { DOWNSAMPLING } from './spec';

const LEAK = 0.2;
/** Stride of each 4×4 convolution. */
export const DISCRIMINATOR_STRIDES = [2, 2, 2, 1, 1] as const;

function padded(weights: Weights, name: string, x: tf.Tensor4D, stride: number): tf.Tensor4D {
  const filter = weights.get<tf.Rank.R4>(`${name}.kernel`);
  const before = Math.floor((filter.shape[0] - 1) / 2);
  const sides: [number, number] = [before, filter.shape[0] - 1 - before];
  return convolution(weights, {
    x,
    filter,
    strides: stride,
    pad: [[0, 0], sides, sides, [0, 0]],
    bias: weights.get(`${name}.bias`),
  });
}

/**
 * Discriminator D (training only; Byju et al., Figure 1): image in 0..1 [n, h, w, bands] and its
 * latents [n, h/16, w/16, latents] → patch logits [n, ⌈h/8⌉, ⌈w/8⌉, 1]. Kernels are used as
 * given: spectral normalisation is the trainer's, on its way from parameters to `weights`.
 */
export function discriminator(net: Network, image: tf.Tensor4D, latents: tf.Tensor4D): tf.Tensor4D {
  return tf.tidy(() => {
    const { weights } = net;
    const condition = tf.leakyRelu(padded(weights, 'discriminator.condition', latents, 1), LEAK);
    const size: [number, number] = [
      latents.shape[1] * DOWNSAMPLING,
      latents.shape[2] * DOWNSAMPLING,
    ];
    let x: tf.Tensor4D = tf.concat([image, tf.image.resizeNearestNeighbor(condition, size)], 3);
    DISCRIMINATOR_STRIDES.forEach((stride, i) => {
      x = padded(weights, `discriminator.conv${i}`, x, stride);
      if (i < DISCRIMINATOR_STRIDES.length - 1) x = tf.leakyRelu(x, LEAK);
    });
    return x;
  });
}

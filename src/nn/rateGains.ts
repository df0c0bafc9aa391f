import * as tf from '@tensorflow/tfjs-core';
import type { Network } from './network';

/**
 * Gains [1, 1, 1, latents] at a rate position 0 … targets − 1: by them latents are multiplied
 * before quantisation. Logarithms are interpolated between the targets'.
 */
export function rateGains({ weights, spec }: Network, position: number): tf.Tensor4D {
  const { latentChannels, targetRates } = spec;
  const below = Math.min(Math.floor(position), targetRates.length - 1);
  const above = Math.min(below + 1, targetRates.length - 1);
  const logGains = weights.get<tf.Rank.R2>('log_gains');
  const row = (k: number) => tf.slice(logGains, [k, 0], [1, latentChannels]);
  const share = position - below;
  const log = tf.add(tf.mul(row(below), 1 - share), tf.mul(row(above), share));
  return tf.reshape(tf.exp(log), [1, 1, 1, latentChannels]);
}

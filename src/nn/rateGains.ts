import * as tf from '@tensorflow/tfjs-core';
import type { Network } from './network';

/** A rate position 0 … targets − 1 of a whole batch, or one for each of its images. */
export type RatePosition = number | readonly number[];

/**
 * Gains [1 or n, 1, 1, latents] at rate positions: by them latents are multiplied before
 * quantisation. Logarithms are interpolated between the targets'.
 */
export function rateGains({ weights, spec }: Network, position: RatePosition): tf.Tensor4D {
  const { latentChannels, targetRates } = spec;
  const logGains = weights.get<tf.Rank.R2>('log_gains');
  const row = (k: number) => tf.slice(logGains, [k, 0], [1, latentChannels]);
  const positions = typeof position === 'number' ? [position] : position;
  const logs = positions.map((own) => {
    const below = Math.min(Math.floor(own), targetRates.length - 1);
    const above = Math.min(below + 1, targetRates.length - 1);
    const share = own - below;
    return tf.add(tf.mul(row(below), 1 - share), tf.mul(row(above), share));
  });
  return tf.reshape(tf.exp(tf.concat(logs, 0)), [positions.length, 1, 1, latentChannels]);
}

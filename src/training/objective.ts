import * as tf from '@tensorflow/tfjs-core';
import type { ArchitectureSpec } from '../nn/spec';
import { magnitude } from './estimators';
import { sumOf } from './scalars';
import { type TrainingNetwork, trainingShapes } from './trainingWeights';

/** Between 0 (low rates, with their large errors, take all the gradient) and 1 (weighted by rate). */
const WEIGHT_POWER = 0.75;
/** Weight of the l1 norm that keeps attention sparse (Byju et al., Section III-B). */
const ATTENTION_L1 = 1e-6;

/** Lagrange multipliers at rate positions, log-linear between those given. */
export function lambdasAt(lambdas: readonly number[], positions: readonly number[]): number[] {
  return positions.map((position) => {
    const below = Math.min(Math.max(Math.floor(position), 0), Math.max(lambdas.length - 2, 0));
    const above = Math.min(below + 1, lambdas.length - 1);
    const [low, high] = [Math.log(lambdas[below]), Math.log(lambdas[above])];
    return Math.exp(low + (position - below) * (high - low));
  });
}

/**
 * Loss of samples at rate positions: weight · (λ · bpp + distortion), the mean over the batch.
 * `rate` [n] in bpp; `distortion` [n]: squared error a pixel, summed over bands, standardised.
 */
export function rateDistortion(
  { lambdas }: ArchitectureSpec,
  positions: readonly number[],
  rate: tf.Tensor1D,
  distortion: tf.Tensor1D,
): tf.Scalar {
  const own = lambdasAt(lambdas, positions);
  const cost = tf.add(tf.mul(rate, tf.tensor1d(own)), distortion);
  return tf.mean(tf.mul(cost, tf.tensor1d(own.map((lambda) => lambda ** -WEIGHT_POWER))));
}

/** Squared error a pixel of images [n, h, w, bands], summed over bands: [n]. */
export function squaredError(a: tf.Tensor4D, b: tf.Tensor4D): tf.Tensor1D {
  const [, height, width] = a.shape;
  return tf.div(tf.sum(tf.squaredDifference(a, b), [1, 2, 3]), height * width);
}

/** Weighted l1 norm of all SE layers' weights; null for networks without any. */
export function attentionPenalty({ spec, weights }: TrainingNetwork): tf.Scalar | null {
  const layers = [...trainingShapes(spec).keys()].filter((name) => /\.fc[12]\.kernel$/.test(name));
  if (!layers.length) return null;
  const norms = layers.map((name) => tf.sum<tf.Scalar>(magnitude(weights.get(name))));
  return tf.mul(sumOf(norms), ATTENTION_L1);
}

import * as tf from '@tensorflow/tfjs-core';
import { SCALE_COUNT } from '../core/entropy/model';
import { hyperAnalysis, hyperSynthesis } from '../nn/hyper';
import { rateGains } from '../nn/rateGains';
import { DOWNSAMPLING } from '../nn/spec';
import { LEAST_PROBABILITY, LOG_STEP, SCALE_MIN, TAIL_SHARE } from './conditional';
import { type Conditional, codedLatents, contextModel, type Quantiser } from './context';
import {
  clampedInside,
  erfc,
  magnitude,
  straightThrough,
  trainedBy,
  withoutGradient,
} from './estimators';
import { lambdasAt } from './objective';
import type { TrainingNetwork } from './trainingWeights';

/**
 * Share of a bit's worth that rounding weighs in while training. Encoders fit latents to the image
 * one after the other and can afford more.
 */
export const RDO_SHARE = 0.45;

/** Random numbers of a pass, drawn by the caller. */
export interface RateDraws {
  /** A rate position 0 … targets − 1 for each sample. */
  readonly positions: readonly number[];
  /** Uniform in −½ … ½, [n, h/16, w/16, latents]. */
  readonly latentNoise: tf.Tensor4D;
  /** Uniform in −½ … ½, of the hyper-latents' shape {@link hyperShape}. */
  readonly hyperNoise: tf.Tensor4D;
}

/** Shape of the hyper-latents of latents [n, h, w, channels]. */
export function hyperShape(
  [n, height, width]: readonly number[],
  filters: number,
): [number, number, number, number] {
  const halved = (size: number) => Math.ceil(size / 2);
  return [n, halved(halved(height)), halved(halved(width)), filters];
}

function bitsOf(probability: tf.Tensor4D): tf.Tensor4D {
  return tf.mul(tf.log(tf.maximum(probability, LEAST_PROBABILITY)), -1 / Math.LN2);
}

/** What of a distribution lies in the unit bin at a distance from its centre; `tail` beyond an edge. */
function inBin(distance: tf.Tensor4D, tail: (edges: tf.Tensor4D) => tf.Tensor4D): tf.Tensor4D {
  // Both edges at once: the tensors are small, and every operation costs the same.
  const edges = tf.concat([tf.sub(distance, 0.5), tf.add(distance, 0.5)], 0) as tf.Tensor4D;
  const [near, far] = tf.split(tail(edges), 2, 0);
  return tf.sub(near, far);
}

/** Bits of every latent: residual s − μ (noisy or rounded) in steps, real-valued scale index. */
export function conditionalBits(residual: tf.Tensor4D, index: tf.Tensor4D): tf.Tensor4D {
  return tf.tidy(() => {
    const inside = clampedInside(index, 0, SCALE_COUNT - 1);
    const sigma = tf.mul(tf.exp(tf.mul(inside, LOG_STEP)), SCALE_MIN);
    const probability = inBin(magnitude(residual), (edges) => {
      const scaled = tf.div(edges, tf.concat([sigma, sigma], 0)) as tf.Tensor4D;
      const gauss = erfc(tf.mul<tf.Tensor4D>(scaled, Math.SQRT1_2));
      return tf.add(
        tf.mul(gauss, (1 - TAIL_SHARE) / 2),
        tf.mul(tf.sigmoid(tf.neg(scaled)), TAIL_SHARE),
      );
    });
    return bitsOf(probability);
  });
}

/** Bits of hyper-latents [n, h, w, c] under a logistic prior with parameters [n, 1, 1, c]. */
export function priorBits(z: tf.Tensor4D, mean: tf.Tensor4D, logScale: tf.Tensor4D): tf.Tensor4D {
  return tf.tidy(() => {
    const scale = tf.exp(logScale);
    const distance = magnitude(tf.sub<tf.Tensor4D>(z, mean));
    return bitsOf(inBin(distance, (edges) => tf.sigmoid(tf.neg(tf.div(edges, doubled(scale))))));
  });
}

const doubled = (x: tf.Tensor4D) => tf.concat([x, x], 0);

/** Quantisation to integers as encoder and decoder do it. */
export function rounded(x: tf.Tensor4D): tf.Tensor4D {
  return tf.floor(tf.add(x, 0.5));
}

/**
 * Symbols of residuals s − μ as the encoder chooses them (`codecs/hific/symbolChoice.ts`): of the
 * nearest integer, its neighbour towards zero and zero the one with the least squared error in steps
 * plus `weight` times its bits. A constant.
 */
export function chosenSymbols(
  residual: tf.Tensor4D,
  index: tf.Tensor4D,
  weight: tf.Tensor4D,
): tf.Tensor4D {
  return withoutGradient(() => {
    const nearest = rounded(residual);
    const smaller = tf.sub<tf.Tensor4D>(nearest, tf.sign(nearest));
    const candidates = [nearest, smaller, tf.zerosLike(nearest)];
    const thrice = (x: tf.Tensor4D) => tf.concat([x, x, x], 0);
    const bits = conditionalBits(tf.concat(candidates, 0), thrice(index));
    const worth = tf.split(bits, 3, 0).map((own) => tf.mul(own, weight));
    const costs = candidates.map((own, i) => tf.add(tf.squaredDifference(residual, own), worth[i]));
    let [best, least] = [nearest, costs[0]];
    for (const i of [1, 2]) {
      best = tf.where(tf.less(costs[i], least), candidates[i], best);
      least = tf.minimum(costs[i], least);
    }
    return best;
  });
}

/** The encoder's choice at rate positions, where `share` of a bit's worth is weighed in. */
export function quantiserAt(
  net: TrainingNetwork,
  gains: tf.Tensor4D,
  positions: readonly number[],
  share: number,
): Quantiser {
  const worth = lambdasAt(net.spec.lambdas, positions).map((lambda) => share * lambda);
  const weight = withoutGradient<tf.Tensor4D>(() =>
    tf.mul(tf.square(gains), tf.tensor(worth, [worth.length, 1, 1, 1])),
  );
  return (residual, index) => chosenSymbols(residual, index, weight);
}

/** Each sample's row of a parameter [targets, channels], of the target nearest to its position. */
function nearestRows(parameter: tf.Tensor, positions: readonly number[]): tf.Tensor4D {
  const [, channels] = parameter.shape;
  const rows = positions.map((own) =>
    tf.slice(parameter, [Math.floor(own + 0.5), 0], [1, channels]),
  );
  return tf.reshape(tf.concat(rows, 0), [positions.length, 1, 1, channels]);
}

/** Means and scale indices that hyper-latents give of latents of a shape. */
export function hyperDecoded(net: TrainingNetwork, z: tf.Tensor4D, like: tf.Tensor4D): Conditional {
  const cropped = (x: tf.Tensor4D) => tf.slice(x, [0, 0, 0, 0], like.shape);
  return {
    mean: cropped(hyperSynthesis(net, 'hyper_mean', z)),
    index: cropped(hyperSynthesis(net, 'hyper_scale', z)),
  };
}

/** What coding makes of latents, and what it costs. */
export interface CodedLatents {
  /** ŷ [n, h/16, w/16, latents], with the straight-through gradient. */
  readonly latents: tf.Tensor4D;
  /** Bits per pixel of each sample [n], of latents and of hyper-latents. */
  readonly latentRate: tf.Tensor1D;
  readonly hyperRate: tf.Tensor1D;
}

/**
 * Rate of latents y [n, h/16, w/16, latents] and ŷ. Latents learn from additive uniform noise, their
 * scales from the rounded symbols that these will code: noise costs a latent that is always zero
 * 0.15 bits, a third of the smallest target rate. The rates are those of the symbols that an encoder
 * chooses, which weighs in `share` of a bit's worth. Source: `training/hsc_training/entropy.py`.
 */
export function rateOfLatents(
  net: TrainingNetwork,
  y: tf.Tensor4D,
  { positions, latentNoise, hyperNoise }: RateDraws,
  share = RDO_SHARE,
): CodedLatents {
  const gains = rateGains(net, positions);
  const s = tf.mul<tf.Tensor4D>(y, gains);
  const z = hyperAnalysis(net, s);
  const prior = (name: string) => nearestRows(net.weights.get(name), positions);
  const hyperBits = priorBits(tf.add(z, hyperNoise), prior('z_mean'), prior('z_log_scale'));
  const hyper = hyperDecoded(net, straightThrough(z, rounded(z)), s);

  const quantise = quantiserAt(net, gains, positions, share);
  const known = codedLatents(net, s, hyper, positions, quantise);
  const { mean, index } = contextModel(net, straightThrough(s, known), hyper, positions);
  const residual = tf.sub<tf.Tensor4D>(s, mean);
  const constant = withoutGradient(() => index);
  const noisy = conditionalBits(tf.add(residual, latentNoise), constant);
  const symbols = quantise(residual, index);
  const bits = trainedBy(conditionalBits(symbols, index), noisy);

  const [, height, width] = y.shape;
  const perPixel = (x: tf.Tensor4D): tf.Tensor1D =>
    tf.div(tf.sum(x, [1, 2, 3]), height * width * DOWNSAMPLING ** 2);
  const coded = straightThrough(s, tf.add<tf.Tensor4D>(symbols, mean));
  return {
    latents: tf.div(coded, gains),
    latentRate: perPixel(bits),
    hyperRate: perPixel(hyperBits),
  };
}

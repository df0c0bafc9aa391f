import * as tf from '@tensorflow/tfjs-core';
import type { SpectralFrame } from '../codecs/hific/frame';
import { discriminator } from '../nn/discriminator';
import type { Weights } from '../nn/network';
import { rateGains } from '../nn/rateGains';
import {
  analysisTransform,
  brightness,
  standardised,
  standardisedSynthesis,
} from '../nn/transforms';
import { tripletDistance } from '../nn/tripletNet';
import { type DiscriminatorWeights, type Normalised, stateOf } from './discriminatorWeights';
import { type RateDraws, rateOfLatents } from './entropy';
import { type Look, lookedAt } from './looks';
import { bandPlanes } from './planes';
import { sumOf } from './scalars';
import { ssim } from './ssim';
import { type Step, stepOf } from './step';
import type { TrainingNetwork } from './trainingWeights';

const MSE_SCALE = 60;
/**
 * θ₁, θ₂, θ₃ and β of Byju et al., Section III, with MSE on a scale of 60 grey levels
 * (docs/decisions.md).
 */
export const GAN_WEIGHTS = {
  mse: 0.15 * 2 ** -5 * MSE_SCALE ** 2,
  ssim: 0.075 * 2 ** -3,
  perceptual: 1,
  adversarial: 0.15,
};
/** D's layers stretch nothing (spectral norm), and real and made images differ little. */
const DISCRIMINATOR_SCALE = 4;
/** Share of a bit's worth in the choice of symbols: the less, the more fine texture is kept. */
const BIT_SHARE = 0.3;

/** Images of a pass, and the same in spectral frames. */
export interface GanImages {
  /** 0..1 [n, h, w, bands]. */
  readonly originals: tf.Tensor4D;
  /** The same in their frames. */
  readonly aligned: tf.Tensor4D;
  /** Those frames; undefined for an image that is in none. */
  readonly frames: readonly (SpectralFrame | undefined)[];
}

/** Random choices of a pass of the GAN stage, besides those of the rate. */
export interface GanDraws {
  readonly ssimBands: readonly number[];
  /** How the perceptual distance sees the images, the mean over all. */
  readonly looks: readonly Look[];
}

/** What stands still in a step of the GAN stage. */
export interface GanSamples {
  /** ŷ, and as D sees them. */
  readonly latents: tf.Tensor4D;
  readonly condition: tf.Tensor4D;
  /** Bits per pixel [n]. */
  readonly rate: tf.Tensor1D;
  /** In 0..1, and standardised. */
  readonly originals: tf.Tensor4D;
  readonly real: tf.Tensor4D;
  readonly positions: readonly number[];
  readonly frames: GanImages['frames'];
}

/** Weight of the perceptual distance, by which it counts alike at every rate position. */
function perceptualWeight(position: number): number {
  return 0.6 * Math.exp(0.5 * position);
}

/** Codes images by E and the probability model, which stand still in this stage. */
export function codedSamples(
  net: TrainingNetwork,
  { originals, aligned, frames }: GanImages,
  draws: RateDraws,
): GanSamples {
  const tensors = tf.tidy(() => {
    const coded = rateOfLatents(net, analysisTransform(net, aligned), draws, BIT_SHARE);
    const gains = rateGains(net, draws.positions);
    return {
      latents: coded.latents,
      condition: tf.asinh(tf.mul<tf.Tensor4D>(coded.latents, gains)),
      rate: tf.add<tf.Tensor1D>(coded.latentRate, coded.hyperRate),
      originals: tf.clone(originals),
      real: standardised(net, originals),
    };
  });
  return { ...tensors, positions: draws.positions, frames };
}

/** Frees the tensors of samples. */
export function disposeSamples(samples: GanSamples): void {
  const { latents, condition, rate, originals, real } = samples;
  tf.dispose([latents, condition, rate, originals, real]);
}

/** Standardised images [n, h, w, bands] out of their frames: x + Eᵀ (Rᵀ c + d − c). */
function outOfFrames(
  { spec, weights }: TrainingNetwork,
  x: tf.Tensor4D,
  frames: GanImages['frames'],
): tf.Tensor4D {
  const axes = weights.frame;
  if (!axes || frames.every((frame) => !frame)) return x;
  const [n, height, width] = x.shape;
  const [pixels, components] = [height * width, axes.basis.length / spec.bands];
  const basis = weights.constant('frame.basis', () =>
    tf.tensor2d(axes.basis, [components, spec.bands]),
  );
  const mean = weights.constant('frame.mean', () => tf.tensor1d(axes.mean));
  const centred = tf.sub<tf.Tensor2D>(tf.reshape(x, [n * pixels, spec.bands]), mean);
  const coordinates = tf.matMul(centred, tf.transpose(basis));
  const changes = frames.map((frame, i) => {
    if (!frame) return tf.zeros<tf.Rank.R2>([pixels, components]);
    const own = tf.slice(coordinates, [i * pixels, 0], [pixels, components]);
    const turn = frame.rotation.map((row, j) => Array.from(row, (value, k) => value - +(j === k)));
    return tf.add<tf.Tensor2D>(
      tf.matMul(own, tf.tensor2d(turn)),
      tf.tensor1d(Array.from(frame.shift)),
    );
  });
  return tf.add(x, tf.reshape(tf.matMul(tf.concat(changes, 0), basis), x.shape));
}

/** Standardised images that the codec makes of samples. */
function madeOf(net: TrainingNetwork, { latents, positions, frames }: GanSamples): tf.Tensor4D {
  return outOfFrames(net, standardisedSynthesis(net, latents, positions), frames);
}

/** D's logits of standardised images. */
function judged(
  { spec }: TrainingNetwork,
  { weights }: Normalised,
  images: tf.Tensor4D,
  condition: tf.Tensor4D,
): tf.Tensor4D {
  return discriminator({ spec, weights }, tf.mul(images, DISCRIMINATOR_SCALE), condition);
}

/**
 * D's half of a step: gradients of its parameters, and the vectors of spectral normalisation after
 * it. Source: `training/hsc_training/gan_stage.py`.
 */
export function discriminatorStep(
  net: TrainingNetwork,
  judge: DiscriminatorWeights,
  samples: GanSamples,
): Step {
  return stepOf(judge, judge.names, () => {
    const made = madeOf(net, samples);
    return () => {
      const first = judge.normalised();
      const second = judge.normalised(first.vectors);
      const ofReal = judged(net, first, samples.real, samples.condition);
      const ofMade = judged(net, second, made, samples.condition);
      const doubts = tf.mean<tf.Scalar>(tf.softplus(tf.neg(ofReal)));
      const loss = tf.add<tf.Scalar>(doubts, tf.mean(tf.softplus(ofMade)));
      return { loss, terms: { discriminator: loss }, state: stateOf(second) };
    };
  });
}

/** Who tells G how good its images are. */
export interface Critics {
  /** TripletNet's parameters. */
  readonly perceptual: Weights;
  /** None as long as D has no say. */
  readonly judge: DiscriminatorWeights | null;
}

/**
 * G's half of a step: θ₁ MSE + θ₂ (1 − SSIM) + θ₃ perceptual distance − β log D (non-saturating),
 * each as it is weighed, and gradients of `names`.
 * Source: Byju et al., equations 2 to 4; `training/hsc_training/gan_stage.py`.
 */
export function generatorStep(
  net: TrainingNetwork,
  { perceptual, judge }: Critics,
  samples: GanSamples,
  { ssimBands, looks }: GanDraws,
  names: readonly string[],
  weighed: Readonly<typeof GAN_WEIGHTS> = GAN_WEIGHTS,
): Step {
  return stepOf(net.weights, names, () => {
    const { originals, condition, positions } = samples;
    const planes = bandPlanes(originals, ssimBands);
    const seen = looks.map((look) => lookedAt(originals, look));
    const weights = tf.tensor1d(positions.map(perceptualWeight));
    const opinion = judge?.normalised();
    return () => {
      const made = madeOf(net, samples);
      const image = brightness(net, made);
      const likeness = ssim(bandPlanes(image, ssimBands), planes);
      const distances = looks.map((look, i) =>
        tripletDistance(perceptual, seen[i], lookedAt(image, look)),
      );
      const distance = tf.mean(tf.stack(distances), 0);
      const terms: Record<string, tf.Scalar> = {
        mse: tf.mul(tf.mean(tf.squaredDifference(image, originals)), weighed.mse),
        ssim: tf.mul(tf.sub(1, likeness), weighed.ssim),
        perceptual: tf.mul(tf.mean(tf.mul(distance, weights)), weighed.perceptual),
      };
      if (opinion) {
        const doubts = tf.softplus(tf.neg(judged(net, opinion, made, condition)));
        terms.adversarial = tf.mul(tf.mean(doubts), weighed.adversarial);
      }
      const loss = sumOf(Object.values(terms));
      return { loss, terms: { ...terms, loss }, state: opinion && stateOf(opinion) };
    };
  });
}

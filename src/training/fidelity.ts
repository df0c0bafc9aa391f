import * as tf from '@tensorflow/tfjs-core';
import { blocksOfLatents, bypassAnalysis, lappedBlocks, latentsOfBlocks } from '../nn/bypass';
import { encoder } from '../nn/encoder';
import { DOWNSAMPLING, inputVariance } from '../nn/spec';
import { correctedLatents, standardised, standardisedSynthesis, widened } from '../nn/transforms';
import { type CodedLatents, hyperShape, type RateDraws, RDO_SHARE, rateOfLatents } from './entropy';
import { attentionPenalty, rateDistortion, squaredError } from './objective';
import { type Loss, type Step, stepOf } from './step';
import type { TrainingNetwork } from './trainingWeights';

/**
 * The loss of samples and its terms: `loss`, without the penalty on attention; `rate`, `hyperRate`
 * [n] in bits per pixel, the first of latents and hyper-latents together; `distortion` [n], squared
 * error a pixel, summed over bands, standardised; `attention` where there is any.
 */
function lossOf(
  net: TrainingNetwork,
  positions: readonly number[],
  { latentRate, hyperRate }: CodedLatents,
  distortion: tf.Tensor1D,
): Loss {
  const rate = tf.add<tf.Tensor1D>(latentRate, hyperRate);
  const loss = rateDistortion(net.spec, positions, rate, distortion);
  const attention = attentionPenalty(net);
  const terms = { loss, rate, hyperRate, distortion };
  if (!attention) return { loss, terms };
  return { loss: tf.add(loss, attention), terms: { ...terms, attention } };
}

/** Encoders weigh bits where latents are those of the bypass' orthogonal transform, which errors add up in. */
const bitShare = ({ spec }: TrainingNetwork) => (spec.bypass ? RDO_SHARE : 0);

/**
 * Latents y of standardised images, and their coding. What depends on none of the parameters `names`
 * is computed at once, the rest when the function returned is called.
 */
function codingOf(
  net: TrainingNetwork,
  x: tf.Tensor4D,
  draws: RateDraws,
  names: readonly string[],
): () => CodedLatents {
  const learns = (...starts: string[]) =>
    names.some((name) => starts.some((start) => name.startsWith(start)));
  const later = <T>(moving: boolean, make: () => T): (() => T) => {
    if (moving) return make;
    const made = make();
    return () => made;
  };
  const stackLearns = learns('encoder.');
  const latentsLearn = stackLearns || learns('bypass.analysis.');
  const codingLearns = latentsLearn || learns('log_gains', 'hyper_', 'context.', 'z_');
  const stack = later(stackLearns, () => encoder(net, x));
  const latents = later(latentsLearn, () =>
    net.spec.bypass ? tf.add<tf.Tensor4D>(stack(), widened(net, bypassAnalysis(net, x))) : stack(),
  );
  return later(codingLearns, () => rateOfLatents(net, latents(), draws, bitShare(net)));
}

/**
 * One pass of the fidelity stage: images in 0..1 [n, h, w, bands], sides multiples of 16, in a
 * spectral frame, through the whole codec; `names` of what learns. Source:
 * `training/hsc_training/train.py`, with the terms of {@link lossOf}.
 */
export function fidelityStep(
  net: TrainingNetwork,
  images: tf.Tensor4D,
  draws: RateDraws,
  names: readonly string[],
): Step {
  return stepOf(net.weights, names, () => {
    const x = standardised(net, images);
    const coding = codingOf(net, x, draws, names);
    return () => {
      const coded = coding();
      const made = standardisedSynthesis(net, coded.latents, draws.positions);
      return lossOf(net, draws.positions, coded, squaredError(made, x));
    };
  });
}

/** Mean squared error in 0..1, by the weights of the bands, and rate in bpp of images at a rate position, latents rounded as files hold them. */
export async function fidelityEstimate(
  net: TrainingNetwork,
  images: tf.Tensor4D,
  position: number,
): Promise<{ readonly mse: number; readonly bpp: number }> {
  const { spec } = net;
  const [n, height, width] = images.shape;
  const positions = new Array<number>(n).fill(position);
  const found = tf.tidy(() => {
    const x = standardised(net, images);
    const shape = [n, height / DOWNSAMPLING, width / DOWNSAMPLING, spec.latentChannels] as const;
    const draws = {
      positions,
      latentNoise: tf.zeros<tf.Rank.R4>([...shape]),
      hyperNoise: tf.zeros<tf.Rank.R4>(hyperShape(shape, spec.hyperFilters)),
    };
    const { latents, latentRate, hyperRate } = codingOf(net, x, draws, [])();
    const made = standardisedSynthesis(net, latents, positions);
    const error = tf.mul(tf.mean(squaredError(made, x)), inputVariance(spec.input) / spec.bands);
    return tf.stack([error, tf.mean(tf.add(latentRate, hyperRate))]);
  });
  const [mse, bpp] = await found.data();
  found.dispose();
  return { mse, bpp };
}

/**
 * One pass of what works at the latents' resolution, on spectral coordinates [n, h, w, k] of
 * standardised images in a frame: the axes are orthonormal, so that errors in their coordinates are
 * errors in the image. For networks with a bypass. Source: `training/hsc_training/latent_stage.py`.
 */
export function coreStep(
  net: TrainingNetwork,
  coordinates: tf.Tensor4D,
  draws: RateDraws,
  names: readonly string[],
): Step {
  return stepOf(net.weights, names, () => {
    const [n, height, width] = coordinates.shape;
    const components = net.spec.bypass?.counts.length ?? 0;
    const grid = [n, height / DOWNSAMPLING, width / DOWNSAMPLING] as const;
    const own = tf.slice(coordinates, [0, 0, 0, 0], [n, height, width, components]);
    const blocks = lappedBlocks(net, own);
    return () => {
      const y = widened(net, latentsOfBlocks(net, blocks, grid));
      const coded = rateOfLatents(net, y, draws);
      const { corrected } = correctedLatents(net, coded.latents, draws.positions);
      const made = tf.reshape(blocksOfLatents(net, corrected), blocks.shape);
      const squares = tf.reshape(tf.squaredDifference(made, blocks), [components, n, -1]);
      const distortion = tf.div<tf.Tensor1D>(tf.sum(squares, [0, 2]), height * width);
      return lossOf(net, draws.positions, coded, distortion);
    };
  });
}

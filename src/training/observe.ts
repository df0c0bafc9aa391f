import * as tf from '@tensorflow/tfjs-core';
import { type LatentImage, type Quantiser, quantiseTile } from '../codecs/hific/latents';
import { gainsAt, lambdaAt } from '../codecs/hific/rate';
import { bitWeights, SymbolChoice } from '../codecs/hific/symbolChoice';
import { nextTurn } from '../codecs/turn';
import type { JobContext } from '../codecs/types';
import { roundToSymbol } from '../core/entropy/latentCoder';
import { type EntropyModel, RATE_STEPS } from '../core/entropy/model';
import { throwIfAborted } from '../core/errors';
import { readFinite } from '../nn/finite';
import { hyperAnalysis } from '../nn/hyper';
import { convTransposed } from '../nn/layers';
import { rateGains } from '../nn/rateGains';
import { analysisTransform } from '../nn/transforms';
import { CONDITIONAL_BITS } from './conditional';
import { codedLatents, contextActivations } from './context';
import { hyperDecoded, quantiserAt, RDO_SHARE, rounded } from './entropy';
import type { HyperHead } from './integerHead';
import { SymbolCounts } from './integerTables';
import type { TrainingNetwork } from './trainingWeights';

/** Images that go through the networks together. */
const BATCH = 8;
/** Images whose activations set the ranges, which leave ample room. */
const RANGE_IMAGES = 8;
/** Codings of an image at a target whose symbols refine the tables: a million and more of them. */
const MOST_CODINGS = 60;

/** Latents y [n, h/16, w/16, latents] of training images, which are freed. Throws `aborted`. */
export async function cropLatents(
  net: TrainingNetwork,
  crops: () => tf.Tensor4D,
  { signal }: JobContext,
): Promise<tf.Tensor4D> {
  const images = crops();
  const parts = tf.tidy(() => batches(images, BATCH));
  images.dispose();
  const latents: tf.Tensor4D[] = [];
  try {
    for (const part of parts) {
      latents.push(tf.tidy(() => analysisTransform(net, part)));
      await nextTurn();
      throwIfAborted(signal);
    }
    return tf.concat(latents, 0);
  } finally {
    tf.dispose([parts, latents]);
  }
}

function batches(x: tf.Tensor4D, size: number): tf.Tensor4D[] {
  const [n, ...rest] = x.shape;
  return Array.from({ length: Math.ceil(n / size) }, (_, i) =>
    tf.slice(x, [i * size, 0, 0, 0], [Math.min(size, n - i * size), ...rest]),
  );
}

/** Largest activations on training images: of a head's two hidden layers, of the context model's. */
export type LargestActivations = Readonly<Record<HyperHead, readonly number[]>> & {
  readonly context: number;
  readonly hidden: number;
};

/** Throws `device`, `aborted`. */
export async function largestActivations(
  net: TrainingNetwork,
  latents: tf.Tensor4D,
  job: JobContext,
): Promise<LargestActivations> {
  const targets = net.spec.targetRates.length;
  const images = Math.min(RANGE_IMAGES, latents.shape[0]);
  const largest = new Float64Array(6);
  for (let target = 0; target < targets; target++) {
    job.onProgress?.(target / targets, 'ranges of the probability model');
    await nextTurn();
    throwIfAborted(job.signal);
    const found = await readFinite(activationsAt(net, latents, images, target));
    for (const [i, value] of found.entries()) largest[i] = Math.max(largest[i], value);
  }
  const [mean0, mean1, scale0, scale1, context, hidden] = largest;
  return { hyper_mean: [mean0, mean1], hyper_scale: [scale0, scale1], context, hidden };
}

/** The largest of the first images at a target, [6]. */
function activationsAt(
  net: TrainingNetwork,
  latents: tf.Tensor4D,
  images: number,
  target: number,
): tf.Tensor {
  return tf.tidy(() => {
    const [y] = batches(latents, images);
    const positions = new Array<number>(images).fill(target);
    const gains = rateGains(net, positions);
    const s = tf.mul<tf.Tensor4D>(y, gains);
    const z = rounded(hyperAnalysis(net, s));
    const hyper = hyperDecoded(net, z, s);
    const quantise = quantiserAt(net, gains, positions, RDO_SHARE);
    const known = codedLatents(net, s, hyper, positions, quantise);
    const { context, hidden } = contextActivations(net, known, hyper, positions);
    const heads = [
      ...headActivations(net, 'hyper_mean', z),
      ...headActivations(net, 'hyper_scale', z),
    ];
    return tf.stack([...heads, context, hidden].map((own) => tf.max(own)));
  });
}

function headActivations(net: TrainingNetwork, head: HyperHead, z: tf.Tensor4D): tf.Tensor4D[] {
  const first = convTransposed(net.weights, `${head}.conv0`, z, { relu: true });
  return [first, convTransposed(net.weights, `${head}.conv1`, first, { relu: true })];
}

/** Symbols of training images at all targets. */
export interface Observed {
  readonly latents: SymbolCounts;
  /** Of each target, [positions, filters]. */
  readonly hyperLatents: readonly Int32Array[];
}

/**
 * Codes training images, one tile each, at the targets with the integers of `model`; symbols are
 * chosen as the encoder chooses them while training. Throws `device`, `aborted`.
 */
export async function observedSymbols(
  net: TrainingNetwork,
  model: EntropyModel,
  latents: tf.Tensor4D,
  job: JobContext,
): Promise<Observed> {
  const images = await hostLatents(latents);
  const choice = new SymbolChoice(CONDITIONAL_BITS);
  const counts = new SymbolCounts();
  const targets = net.spec.targetRates.length;
  const quantisers: Quantiser[] = [];
  const hyperLatents: Int32Array[] = [];
  for (let target = 0; target < targets; target++) {
    quantisers.push(await quantiserOf(net, target));
    hyperLatents.push(await hyperLatentsAt(net, latents, target));
  }
  const codings = spread(images.length * targets, MOST_CODINGS);
  for (const [done, coding] of codings.entries()) {
    job.onProgress?.(done / codings.length, 'probability tables');
    await nextTurn();
    throwIfAborted(job.signal);
    const image = images[Math.floor(coding / targets)];
    const tile = { x: 0, y: 0, width: image.width, height: image.height };
    const quantiser = quantisers[coding % targets];
    const { q, prior } = await quantiseTile(net, model, image, tile, quantiser, choice);
    counts.add(q, prior.scaleIndex);
  }
  return { latents: counts, hyperLatents };
}

/** At most so many of the numbers below `count`, evenly. */
function spread(count: number, most: number): number[] {
  const length = Math.min(count, most);
  return Array.from({ length }, (_, i) => Math.floor(((i + 0.5) * count) / length));
}

/** Rounded hyper-latents of all images, [positions, filters]. */
async function hyperLatentsAt(
  net: TrainingNetwork,
  latents: tf.Tensor4D,
  target: number,
): Promise<Int32Array> {
  const z = tf.tidy(() => {
    const gains = rateGains(net, target);
    const parts = batches(latents, BATCH).map((y) => hyperAnalysis(net, tf.mul(y, gains)));
    return tf.concat(parts, 0);
  });
  return Int32Array.from(await readFinite(z), roundToSymbol);
}

async function hostLatents(latents: tf.Tensor4D): Promise<LatentImage[]> {
  const [n, height, width, channels] = latents.shape;
  const values = await readFinite(tf.clone(latents));
  const size = height * width * channels;
  return Array.from({ length: n }, (_, i) => {
    return { width, height, channels, data: values.slice(i * size, (i + 1) * size) };
  });
}

async function quantiserOf(net: TrainingNetwork, target: number): Promise<Quantiser> {
  const { latentChannels, lambdas } = net.spec;
  const rate = target * RATE_STEPS;
  const logGains = await net.weights.variable('log_gains').data();
  const gains = gainsAt(logGains, latentChannels, rate);
  const weights = bitWeights(gains, RDO_SHARE * lambdaAt(lambdas, rate));
  return { rate, gains, bitWeights: weights };
}

import * as tf from '@tensorflow/tfjs-core';
import type { ArchitectureSpec } from '../nn/spec';
import { magnitude, withoutGradient } from './estimators';
import type { TrainingNetwork } from './trainingWeights';

/** Neighbours already coded, as [rows, columns] away: left, above, above left, above right. */
const NEIGHBOURS = [
  [0, -1],
  [-1, 0],
  [-1, -1],
  [-1, 1],
] as const;
/** What it sees as 1 of scale indices. */
export const INDEX_UNIT = 16;
/** Scale indices are corrected in these units. */
export const INDEX_FACTOR = 8;
/** Keeps the root's gradient finite at zero. */
const SMALL = 1e-6;

/** Means and real-valued scale indices of latents, each [n, h, w, latents], in quantiser steps. */
export interface Conditional {
  readonly mean: tf.Tensor4D;
  readonly index: tf.Tensor4D;
}

/** Symbols of residuals s − μ, given scale indices. */
export type Quantiser = (residual: tf.Tensor4D, index: tf.Tensor4D) => tf.Tensor4D;

/** Slice of each channel: slice s covers ⌊s C / S⌋ … ⌊(s + 1) C / S⌋ − 1. */
function sliceOfChannel({ context, latentChannels }: ArchitectureSpec): Int32Array {
  const slices = new Int32Array(latentChannels);
  for (let s = 1; s < context.slices; s++) {
    slices.fill(s, Math.floor((s * latentChannels) / context.slices));
  }
  return slices;
}

/**
 * 1 where a hidden unit may see an input, the whole context and channels of earlier slices:
 * [inputs, units].
 */
export function hiddenMask(spec: ArchitectureSpec): Float32Array {
  const { width, slices, sliceWidth } = spec.context;
  const of = sliceOfChannel(spec);
  const [inputs, units] = [width + 2 * of.length, slices * sliceWidth];
  const mask = new Float32Array(inputs * units);
  for (let input = 0; input < inputs; input++) {
    const seen = input < width ? -1 : of[(input - width) % of.length];
    mask.fill(1, input * units + (seen + 1) * sliceWidth, (input + 1) * units);
  }
  return mask;
}

/** [slices, 1, 2 C]: 1 where an output belongs to a slice. */
function outputMask(spec: ArchitectureSpec): tf.Tensor3D {
  const of = sliceOfChannel(spec);
  const { slices } = spec.context;
  const mask = Float32Array.from({ length: slices * 2 * of.length }, (_, i) => {
    const [slice, output] = [Math.floor(i / (2 * of.length)), i % (2 * of.length)];
    return of[output % of.length] === slice ? 1 : 0;
  });
  return tf.tensor3d(mask, [slices, 1, 2 * of.length]);
}

/** Values as the context model sees them: in units of a typical one, and the root of their size. */
function views(latents: tf.Tensor4D, unit: tf.Tensor): [tf.Tensor4D, tf.Tensor4D] {
  return [tf.div(latents, unit), tf.sqrt(tf.add(magnitude(latents), SMALL))];
}

/** x [n, h, w, c] at every position's coded neighbours, zero outside, each of the same shape. */
function neighbours(x: tf.Tensor4D): tf.Tensor4D[] {
  const framed = tf.pad(x, [
    [0, 0],
    [1, 0],
    [1, 1],
    [0, 0],
  ]);
  return NEIGHBOURS.map(([dy, dx]) => tf.slice(framed, [0, 1 + dy, 1 + dx, 0], x.shape));
}

/** A fully connected layer on the last axis of x: [positions, outputs]. */
function dense(
  net: TrainingNetwork,
  x: tf.Tensor2D,
  kernel: tf.Tensor,
  layer: string,
): tf.Tensor2D {
  const product = tf.matMul(x, kernel as tf.Tensor2D);
  return tf.add<tf.Tensor2D>(product, net.weights.get(`context.${layer}.bias`));
}

function contextUnit({ weights }: TrainingNetwork): tf.Tensor {
  return weights.constant('context.unit', () => tf.tensor1d(weights.units.context));
}

/** The context [positions, width] and all slices' hidden units; arguments of {@link contextModel}. */
export function contextActivations(
  net: TrainingNetwork,
  latents: tf.Tensor4D,
  hyper: Conditional,
  positions: readonly number[],
): { readonly context: tf.Tensor2D; readonly hidden: tf.Tensor2D } {
  const { spec, weights } = net;
  const [n, height, width] = latents.shape;
  const unit = contextUnit(net);
  const [linear, root] = views(latents, unit);
  const rate = positions.map((own) => tf.fill<tf.Rank.R4>([1, height, width, 1], own));
  const seen = tf.concat<tf.Tensor4D>(
    [
      ...neighbours(tf.concat([linear, root], 3)),
      tf.div(hyper.mean, unit),
      tf.div(hyper.index, INDEX_UNIT),
      tf.concat(rate, 0),
    ],
    3,
  );
  const flat = (x: tf.Tensor) => tf.reshape<tf.Rank.R2>(x, [n * height * width, -1]);
  const context = tf.relu(dense(net, flat(seen), weights.get('context.in.kernel'), 'in'));
  const inputs = tf.concat([context, flat(linear), flat(root)], 1);
  const kernel = weights.get<tf.Rank.R2>('context.hidden.kernel');
  const masked = tf.mul(
    kernel,
    weights.constant('context.hidden.mask', () => tf.tensor2d(hiddenMask(spec), kernel.shape)),
  );
  return { context, hidden: tf.relu(dense(net, inputs, masked, 'hidden')) };
}

/**
 * The context model in floats: conditionals given quantised latents (a decoder knows each latent's
 * coded neighbours and earlier slices), the hyper-syntheses' output, and a rate position for each
 * sample. docs/bitstream.md, section 8.
 */
export function contextModel(
  net: TrainingNetwork,
  latents: tf.Tensor4D,
  hyper: Conditional,
  positions: readonly number[],
): Conditional {
  const { spec, weights } = net;
  const channels = latents.shape[3];
  const { hidden } = contextActivations(net, latents, hyper, positions);
  const placed = tf.mul(
    weights.get('context.out.kernel'),
    weights.constant('context.out.mask', () => outputMask(spec)),
  );
  const out = dense(net, hidden, tf.reshape(placed, [hidden.shape[1], 2 * channels]), 'out');
  const half = (first: number) =>
    tf.reshape(tf.slice(out, [0, first], [out.shape[0], channels]), latents.shape);
  return {
    mean: tf.add(hyper.mean, tf.mul(half(0), contextUnit(net))),
    index: tf.add(hyper.index, tf.mul(half(channels), INDEX_FACTOR)),
  };
}

/**
 * Scaled latents s as a decoder will know them, in one round of settling: first quantised about the
 * hyper-syntheses' means, then about those that the context model gives. A constant.
 */
export function codedLatents(
  net: TrainingNetwork,
  s: tf.Tensor4D,
  hyper: Conditional,
  positions: readonly number[],
  quantise: Quantiser,
): tf.Tensor4D {
  const about = ({ mean, index }: Conditional): tf.Tensor4D =>
    tf.add(quantise(tf.sub(s, mean), index), mean);
  return withoutGradient(() => about(contextModel(net, about(hyper), hyper, positions)));
}

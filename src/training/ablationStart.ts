import * as tf from '@tensorflow/tfjs-core';
import { Random } from '../core/samples/random';
import { encoder } from '../nn/encoder';
import { hyperAnalysis } from '../nn/hyper';
import type { ArchitectureSpec } from '../nn/spec';
import { standardised } from '../nn/transforms';
import { assign } from './adam';
import { LOG_STEP, SCALE_MIN } from './conditional';
import type { FloatCodec, FloatTensor } from './floatCodec';
import { type TrainingNetwork, TrainingWeights, trainingShapes } from './trainingWeights';
import { INDEX_UNIT } from './units';

/** Quantiser steps that latents spread over at the start. */
const STEPS = 3;
/** SE blocks begin with gates open: sigmoid(4) = 0.98. */
const OPEN_GATE = 4;
/** Of the usual spread: G begins near the mean spectrum. */
const NEAR_ZERO = 0.02;
/** Hyper-latents that carry something from the start, and how far they spread; the others. */
const BUSY = 16;
const [BUSY_SPREAD, QUIET_SPREAD] = [2, 0.3];
const LEAST = 1e-6;

/**
 * A network of the ablation at its start, on the current backend: parameters from the seed and their
 * names alone, so that what two placements share is equal; then latents of `images` in 0..1 [n, h, w, bands]
 * are brought to a spread of {@link STEPS} steps. Source: `training/hsc_training/ablation.py`.
 */
export async function startedNetwork(
  spec: ArchitectureSpec,
  images: tf.Tensor4D,
  seed: number,
): Promise<TrainingNetwork> {
  const net = { spec, weights: new TrainingWeights(firstCodec(spec, seed)) };
  await spreadLatents(net, images);
  await spreadHyperLatents(net, images);
  return net;
}

function firstCodec(spec: ArchitectureSpec, seed: number): FloatCodec {
  const parameters = new Map<string, FloatTensor>();
  for (const [name, shape] of trainingShapes(spec)) {
    const size = shape.reduce((product, own) => product * own, 1);
    const data = Float32Array.from({ length: size }, firstValues(spec, name, shape, seed));
    parameters.set(name, { shape, data });
  }
  const latents = new Float32Array(spec.latentChannels).fill(STEPS);
  const units = { symbol: latents, plane: null, context: latents.slice(), index: INDEX_UNIT };
  return { spec, parameters, units, frame: null };
}

/** What gives the values of a parameter one after the other. */
function firstValues(
  spec: ArchitectureSpec,
  name: string,
  shape: readonly number[],
  seed: number,
): (_: unknown, i: number) => number {
  const random = new Random(seed ^ hashOf(name));
  if (name.endsWith('.gain')) return () => 1;
  if (name === 'log_gains') return () => Math.log(STEPS);
  if (name === 'z_log_scale') {
    const channels = spec.hyperFilters;
    return (_, i) => Math.log(spreadOf(i % channels) / 1.8 + 0.1);
  }
  if (name === 'hyper_scale.conv2.bias') {
    return () => Math.log(STEPS / SCALE_MIN) / LOG_STEP / INDEX_UNIT;
  }
  if (/\.fc2\.(kernel|bias)$/.test(name)) return () => (name.endsWith('bias') ? OPEN_GATE : 0);
  if (name.endsWith('.bias') || name === 'z_mean') return () => 0;
  const scale = scaleOf(name);
  if (name.startsWith('hyper_')) {
    const spread = scale * Math.sqrt(2 / fanIn(name, shape));
    return () => spread * random.normal();
  }
  // As PyTorch's layers begin: Kaiming's uniform with a slope of √5.
  const bound = scale / Math.sqrt(fanIn(name, shape));
  return () => random.between(-bound, bound);
}

function scaleOf(name: string): number {
  if (name === 'generator.out.kernel') return NEAR_ZERO;
  if (/^hyper_(mean|scale)\.conv2\./.test(name)) return 0.1;
  return 1;
}

const isTransposed = (name: string) =>
  /^generator\.up\d|^hyper_(mean|scale)\.conv[01]\./.test(name);

/** Inputs that an output sums; a transposed kernel of stride 2 gives each a quarter of its taps. */
function fanIn(name: string, shape: readonly number[]): number {
  if (shape.length === 2) return shape[0];
  const [height, width, inputs, outputs] = shape;
  return isTransposed(name) ? (height * width * outputs) / 4 : height * width * inputs;
}

const spreadOf = (channel: number) => (channel < BUSY ? BUSY_SPREAD : QUIET_SPREAD);

/** FNV-1a of a name. */
function hashOf(name: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** Brings E's latents to mean 0 and spread 1, each filter as a whole. */
async function spreadLatents(net: TrainingNetwork, images: tf.Tensor4D): Promise<void> {
  const { weights } = net;
  const [kernel, bias] = ['kernel', 'bias'].map((own) => weights.variable(`encoder.out.${own}`));
  const scale = tf.tidy(() => {
    const y = encoder(net, standardised(net, images));
    // 3-D stacks have one bias for all depths of a filter.
    const filters = bias.size;
    const { mean, variance } = tf.moments(tf.reshape(y, [-1, filters]), 0);
    const factor = tf.rsqrt(tf.maximum(variance, LEAST));
    kernel.assign(tf.mul(kernel, factor));
    bias.assign(tf.mul(tf.sub(bias, mean), factor));
    return factor;
  });
  scale.dispose();
}

/** Brings hyper-latents to the spreads that their prior begins with. */
async function spreadHyperLatents(net: TrainingNetwork, images: tf.Tensor4D): Promise<void> {
  const { spec, weights } = net;
  const kernel = weights.variable('hyper_analysis.conv2.kernel');
  const spreads = tf.tidy(() => {
    const z = hyperAnalysis(net, tf.mul(encoder(net, standardised(net, images)), STEPS));
    return tf.sqrt(tf.moments(tf.reshape(z, [-1, spec.hyperFilters]), 0).variance);
  });
  const found = await spreads.data();
  spreads.dispose();
  tf.tidy(() => {
    const factors = Float32Array.from(found, (own, i) => spreadOf(i) / Math.max(own, 1e-3));
    const scaled = tf.mul(kernel, tf.tensor1d(factors));
    assign(kernel, { shape: kernel.shape, data: scaled.dataSync() as Float32Array });
  });
}

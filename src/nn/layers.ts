import * as tf from '@tensorflow/tfjs-core';
import './gpu/channelNorm';
import type { Network, Weights } from './network';
import { fusedChannelNorm, isNormable } from './simd/channelNorm';
import { isTransformable, transformedConvolutions } from './simd/winograd';

/** Epsilon of HiFiC's ChannelNorm (Mentzer et al. 2020). */
const NORM_EPSILON = 1e-3;

interface Convolution {
  readonly x: tf.Tensor4D;
  readonly filter: tf.Tensor4D;
  readonly strides: number;
  readonly pad: number | tf.backend_util.ExplicitPadding;
  readonly bias: tf.Tensor;
  readonly activation?: 'linear' | 'relu';
}

/** Convolution with bias: one kernel, but where gradients are wanted, which it has for all at once only. */
export function convolution(weights: Weights, options: Convolution): tf.Tensor4D {
  if (!weights.learn) return tf.fused.conv2d(options);
  const { x, filter, strides, pad, bias, activation } = options;
  const y = tf.add<tf.Tensor4D>(tf.conv2d(x, filter, strides, pad as number), bias);
  return activation === 'relu' ? tf.relu(y) : y;
}

/** Convolution with bias and PyTorch's symmetric zero padding (kernel − 1) / 2. */
export function conv(
  weights: Weights,
  name: string,
  x: tf.Tensor4D,
  options: { readonly stride?: number; readonly relu?: boolean } = {},
): tf.Tensor4D {
  const { stride = 1, relu = false } = options;
  const filter = weights.get<tf.Rank.R4>(`${name}.kernel`);
  const bias = weights.get<tf.Rank.R1>(`${name}.bias`);
  if (stride === 1 && !weights.learn && isTransformable(filter.shape)) {
    const [inputs, outputs] = filter.shape.slice(2);
    const seen = [{ from: 0, to: inputs }];
    const only = { filters: () => [filter], bias: () => bias, seen, outputs: [outputs] };
    return transformedConvolutions(weights, name, { x, ...only, relu });
  }
  const pad = (filter.shape[0] - 1) / 2;
  const activation = relu ? 'relu' : 'linear';
  return convolution(weights, { x, filter, strides: stride, pad, bias, activation });
}

/**
 * The taps that reach output phase p of a stride-2 transposed convolution with padding
 * (kernel − 1) / 2: out[2m + p] = Σ_o in[m + o] · W[p + pad − 2o].
 */
function phaseTaps(kernel: number, phase: number): { first: number; taps: number[] } {
  const reach = phase + (kernel - 1) / 2;
  const first = Math.ceil((reach - kernel + 1) / 2);
  const taps: number[] = [];
  for (let offset = first; reach - 2 * offset >= 0; offset++) taps.push(reach - 2 * offset);
  return { first, taps };
}

const PHASES = [0, 1].flatMap((py) => [0, 1].map((px) => [py, px] as const));

/** Four convolution kernels [taps, taps, in, out] from a transposed kernel [k, k, out, in]. */
export function phaseKernels(kernel: tf.Tensor4D): tf.Tensor4D[] {
  const apart = (x: tf.Tensor4D, axis: 0 | 1) => tf.split<tf.Tensor4D>(x, x.shape[axis], axis);
  const picked = (taps: readonly tf.Tensor4D[], phase: number, axis: 0 | 1): tf.Tensor4D =>
    tf.concat(
      phaseTaps(taps.length, phase).taps.map((tap) => taps[tap]),
      axis,
    );
  const rows = apart(tf.transpose(kernel, [0, 1, 3, 2]), 0);
  return [0, 1].flatMap((py) => {
    const columns = apart(picked(rows, py, 0), 1);
    return [0, 1].map((px) => picked(columns, px, 1));
  });
}

/**
 * Transposed convolution with bias that doubles the size exactly (PyTorch: stride 2, padding
 * (kernel − 1) / 2, output padding 1), as one small convolution for each of the four output
 * phases: tfjs's own is ten times slower on wasm.
 */
export function convTransposed(
  weights: Weights,
  name: string,
  x: tf.Tensor4D,
  options: { readonly relu?: boolean } = {},
): tf.Tensor4D {
  const kernel = weights.get<tf.Rank.R4>(`${name}.kernel`);
  return upsampled(weights, {
    x,
    size: kernel.shape[0],
    phases: weights.derived(`${name}.phases`, () => phaseKernels(kernel)),
    bias: weights.get(`${name}.bias`),
    activation: options.relu ? 'relu' : 'linear',
  });
}

interface Upsampling extends Pick<Convolution, 'x' | 'bias' | 'activation'> {
  /** Side of the transposed kernel. */
  readonly size: number;
  /** What {@link phaseKernels} made of it. */
  readonly phases: readonly tf.Tensor4D[];
}

/** A transposed convolution by the kernels of its output phases. */
export function upsampled(
  weights: Weights,
  { x, size, phases, bias, activation }: Upsampling,
): tf.Tensor4D {
  const padding = (phase: number): [number, number] => {
    const { first, taps } = phaseTaps(size, phase);
    return [-first, first + taps.length - 1];
  };
  return interleave(
    PHASES.map(([py, px], i) =>
      convolution(weights, {
        x,
        filter: phases[i],
        strides: 1,
        pad: [[0, 0], padding(py), padding(px), [0, 0]],
        bias,
        activation,
      }),
    ),
  );
}

/** Output phases (0,0), (0,1), (1,0), (1,1) of [n, h, w, c] to [n, 2h, 2w, c]. */
function interleave(phases: readonly tf.Tensor4D[]): tf.Tensor4D {
  const [n, height, width, channels] = phases[0].shape;
  const row = (left: tf.Tensor4D, right: tf.Tensor4D) =>
    tf.reshape(tf.concat([left, right], 3), [n * height, 2 * width * channels]);
  const rows = [row(phases[0], phases[1]), row(phases[2], phases[3])];
  return tf.reshape(tf.concat(rows, 1), [n, 2 * height, 2 * width, channels]);
}

/** Normalises each position over its channels, variance over N − 1, with gain and bias. */
export function channelNorm(weights: Weights, name: string, x: tf.Tensor4D): tf.Tensor4D {
  const [gain, bias] = [weights.get(`${name}.gain`), weights.get(`${name}.bias`)];
  if (!weights.learn && isNormable(x)) return fusedChannelNorm(x, gain, bias, NORM_EPSILON);
  const channels = x.shape[3];
  const centred = tf.sub(x, tf.mean(x, 3, true));
  const variance = tf.mul(tf.mean(tf.square(centred), 3, true), channels / (channels - 1));
  const scale = tf.rsqrt(tf.add(variance, NORM_EPSILON));
  return tf.add(tf.mul(tf.mul(centred, scale), gain), bias);
}

/** The largest divisor of a length that is no more than its root. */
function firstStep(length: number): number {
  let step = Math.floor(Math.sqrt(length));
  while (length % step !== 0) step--;
  return step;
}

/** Mean over the whole image [n, c], in two steps: tfjs's WebGPU has one thread for each output. */
function pooled(x: tf.Tensor4D): tf.Tensor2D {
  const [n, height, width, channels] = x.shape;
  const first: [number, number] = [firstStep(height), firstStep(width)];
  const rest: [number, number] = [height / first[0], width / first[1]];
  const parts = tf.avgPool(x, first, first, 'valid');
  return tf.reshape(tf.avgPool(parts, rest, 1, 'valid'), [n, channels]);
}

/** Channel attention (Hu et al. 2017): global average, FC, ReLU, FC, sigmoid, multiply. */
export function squeezeExcitation(net: Network, name: string, x: tf.Tensor4D): tf.Tensor4D {
  const [n, , , channels] = x.shape;
  const dense = (input: tf.Tensor2D, layer: string) =>
    tf.add(
      tf.matMul(input, net.weights.get<tf.Rank.R2>(`${name}.${layer}.kernel`)),
      net.weights.get(`${name}.${layer}.bias`),
    ) as tf.Tensor2D;
  const gates = tf.sigmoid(dense(tf.relu(dense(pooled(x), 'fc1')), 'fc2'));
  const used = net.onGate?.(name, gates) ?? gates;
  return tf.mul(x, tf.reshape(used, [n, 1, 1, channels]));
}

/** An SE block where the spec places one, else `x` itself. */
export function attention(
  net: Network,
  placement: 'input' | 'encoder' | 'generator',
  name: string,
  x: tf.Tensor4D,
): tf.Tensor4D {
  return net.spec.se?.placements.includes(placement) ? squeezeExcitation(net, name, x) : x;
}

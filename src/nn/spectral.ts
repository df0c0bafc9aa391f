import * as tf from '@tensorflow/tfjs-core';
import { conv, convTransposed, phaseKernels, upsampled } from './layers';
import type { Network, Weights } from './network';
import { isTransformable, type Range, transformedConvolutions } from './simd/winograd';
import type { ArchitectureSpec } from './spec';

/**
 * The 3-D convolutions of HiFiC_3D: its ends, and all of E and G in the paper's ablation. A Conv3D with one input channel, spectral stride s and kernel k is a
 * 2-D convolution shared by spectral windows: window j reads bands js − p … js − p + k − 1 with
 * p = (k − 1) / 2 and zeros outside, and writes channels jF … jF + F − 1; with C input channels, band b is
 * channels bC … bC + C − 1. Blocks of neighbouring
 * windows are computed as one convolution with a banded kernel, because kernels of 7 → 3
 * channels leave vector units idle; the result is the same sum. tfjs's conv3d is slower still and
 * its transpose has no gradient.
 */
export type Conv3d = NonNullable<ArchitectureSpec['conv3d']>;

const LARGEST_BLOCK = 8;
/** Spectral size of kernels between the ends, where all of E and G are 3-D: as large as in space. */
export const INNER_TAPS = 3;

export function spectralWindows(bands: number, conv3d: Conv3d): number {
  return Math.floor(bands / conv3d.stride);
}

/** Whether all convolutions of E and G go over the spectrum too. */
export function isVolumetric({ conv3d }: Pick<ArchitectureSpec, 'conv3d'>): boolean {
  return conv3d?.placement === 'all';
}

function blockSize(windows: number): number {
  for (let size = LARGEST_BLOCK; size > 1; size--) if (windows % size === 0) return size;
  return 1;
}

function clip(range: Range, end: number): Range {
  return { from: Math.max(0, range.from), to: Math.min(end, range.to) };
}

/**
 * [h, w, bands · C, windows · F] from a kernel [h, w, taps · C, F]: zero where a window does not see a
 * band.
 */
function bandedKernel(
  kernel: tf.Tensor4D,
  taps: number,
  bands: Range,
  windows: Range,
  stride: number,
) {
  const [height, width, rows, filters] = kernel.shape;
  const inputs = rows / taps;
  const columns: tf.Tensor4D[] = [];
  for (let window = windows.from; window < windows.to; window++) {
    const first = window * stride - (taps - 1) / 2;
    const seen = clip({ from: bands.from - first, to: bands.to - first }, taps);
    const count = (seen.to - seen.from) * inputs;
    const before = (first + seen.from - bands.from) * inputs;
    const after = (bands.to - first - seen.to) * inputs;
    const part = tf.slice(kernel, [0, 0, seen.from * inputs, 0], [height, width, count, filters]);
    columns.push(
      tf.pad(part, [
        [0, 0],
        [0, 0],
        [before, after],
        [0, 0],
      ]),
    );
  }
  return tf.concat(columns, 3);
}

function channels(x: tf.Tensor4D, range: Range): tf.Tensor4D {
  const [n, height, width] = x.shape;
  return tf.slice(x, [0, 0, 0, range.from], [n, height, width, range.to - range.from]);
}

/** Blocks of neighbouring windows, and the bands that each sees. */
function blocksOf(
  windows: number,
  bands: number,
  { taps, stride }: { readonly taps: number; readonly stride: number },
): readonly { readonly own: Range; readonly seen: Range }[] {
  const size = blockSize(windows);
  return Array.from({ length: windows / size }, (_, block) => {
    const own = { from: block * size, to: (block + 1) * size };
    const first = own.from * stride - (taps - 1) / 2;
    return { own, seen: clip({ from: first, to: first + (size - 1) * stride + taps }, bands) };
  });
}

/** Convolutions of neighbouring channels, whose outputs lie one after the other. */
interface Convolutions {
  readonly x: tf.Tensor4D;
  readonly seen: readonly Range[];
  /** Kernels [k, k, in, out], one for each entry of `seen`. */
  readonly kernels: () => tf.Tensor4D[];
  /** Outputs of each. */
  readonly outputs: readonly number[];
  /** Of all outputs. */
  readonly bias: () => tf.Tensor;
  /** Side of the kernels. */
  readonly size: number;
  /** Spatial stride. */
  readonly pace?: number;
}

function convolutions(weights: Weights, name: string, options: Convolutions): tf.Tensor4D {
  const { x, seen, kernels, outputs, bias, size, pace = 1 } = options;
  const widest = Math.max(...seen.map(({ from, to }) => to - from));
  const shape = [size, size, widest, Math.max(...outputs)];
  if (pace === 1 && !weights.learn && isTransformable(shape)) {
    return transformedConvolutions(weights, name, { x, filters: kernels, bias, seen, outputs });
  }
  const own = weights.derived(`${name}.banded`, kernels);
  const pad = (size - 1) / 2;
  const parts = seen.map((range, i) => tf.conv2d(channels(x, range), own[i], pace, pad));
  return tf.add(tf.concat(parts, 3), bias());
}

interface SpectralConvolution {
  /** Spectral size of the kernel, and spectral stride. */
  readonly taps: number;
  readonly stride: number;
  /** Spatial stride. */
  readonly pace?: number;
}

/** [n, h, w, bands · C] → [n, h, w, windows · F], channel = window · F + filter; kernel [k, k, taps · C, F]. */
function spectralConv(
  weights: Weights,
  name: string,
  x: tf.Tensor4D,
  { taps, stride, pace }: SpectralConvolution,
): tf.Tensor4D {
  const kernel = weights.get<tf.Rank.R4>(`${name}.kernel`);
  const [size, , rows, filters] = kernel.shape;
  const inputs = rows / taps;
  const bands = x.shape[3] / inputs;
  const windows = Math.floor(bands / stride);
  const blocks = blocksOf(windows, bands, { taps, stride });
  return convolutions(weights, name, {
    x,
    seen: blocks.map(({ seen }) => ({ from: seen.from * inputs, to: seen.to * inputs })),
    kernels: () => blocks.map(({ own, seen }) => bandedKernel(kernel, taps, seen, own, stride)),
    outputs: blocks.map(({ own }) => (own.to - own.from) * filters),
    bias: () => tf.tile(weights.get<tf.Rank.R1>(`${name}.bias`), [windows]),
    size,
    pace,
  });
}

/** Doubles the size in space, spectral kernel {@link INNER_TAPS}; kernel [k, k, taps · C, F]. */
function spectralUp(weights: Weights, name: string, x: tf.Tensor4D): tf.Tensor4D {
  const kernel = weights.get<tf.Rank.R4>(`${name}.kernel`);
  const inputs = kernel.shape[2] / INNER_TAPS;
  const depth = x.shape[3] / inputs;
  const blocks = blocksOf(depth, depth, { taps: INNER_TAPS, stride: 1 });
  const [{ own }] = blocks;
  const bias = tf.tile(weights.get<tf.Rank.R1>(`${name}.bias`), [own.to - own.from]);
  const outputs = blocks.map(({ own, seen }) =>
    upsampled(weights, {
      x: channels(x, { from: seen.from * inputs, to: seen.to * inputs }),
      size: kernel.shape[0],
      phases: weights.derived(`${name}.phases${own.from}`, () =>
        phaseKernels(tf.transpose(bandedKernel(kernel, INNER_TAPS, seen, own, 1), [0, 1, 3, 2])),
      ),
      bias,
    }),
  );
  return tf.concat(outputs, 3);
}

/** E's first layer: [n, h, w, bands] → [n, h, w, windows · F], channel = window · F + filter. */
export function spectralAnalysis(
  weights: Weights,
  { kernel: taps, stride }: Conv3d,
  name: string,
  x: tf.Tensor4D,
): tf.Tensor4D {
  return spectralConv(weights, name, x, { taps, stride });
}

/**
 * G's last layer: [n, h, w, windows · F] → [n, h, w, bands], the exact transpose of the analysis
 * operator with the same kernel layout, plus one bias a band.
 */
export function spectralSynthesis(
  weights: Weights,
  conv3d: Conv3d,
  name: string,
  x: tf.Tensor4D,
): tf.Tensor4D {
  const { kernel: taps, stride, filters } = conv3d;
  const bias = weights.get<tf.Rank.R1>(`${name}.bias`);
  const bands = bias.shape[0];
  const windows = x.shape[3] / filters;
  const step = blockSize(windows) * stride;
  const pad = (taps - 1) / 2;
  const kernel = weights.get<tf.Rank.R4>(`${name}.kernel`);
  const count = Math.ceil((windows * stride) / step);
  const blocks = Array.from({ length: count }, (_, block) => {
    // Bands that no window covers (bands mod stride) join the last block.
    const own = { from: block * step, to: block === count - 1 ? bands : (block + 1) * step };
    const from = Math.ceil((own.from + pad - taps + 1) / stride);
    const to = Math.floor((own.to - 1 + pad) / stride) + 1;
    return { own, seen: clip({ from, to }, windows) };
  });
  return convolutions(weights, name, {
    x,
    seen: blocks.map(({ seen }) => ({ from: seen.from * filters, to: seen.to * filters })),
    kernels: () =>
      blocks.map(({ own, seen }) => {
        const banded = bandedKernel(kernel, taps, own, seen, stride);
        return tf.transpose(tf.reverse(banded, [0, 1]), [0, 1, 3, 2]);
      }),
    outputs: blocks.map(({ own }) => own.to - own.from),
    bias: () => bias,
    size: kernel.shape[0],
  });
}

/** A convolution of E or G between the ends: over the spectrum too, where all of them are. */
export function stackConv(
  { spec, weights }: Network,
  name: string,
  x: tf.Tensor4D,
  stride = 1,
): tf.Tensor4D {
  return isVolumetric(spec)
    ? spectralConv(weights, name, x, { taps: INNER_TAPS, stride: 1, pace: stride })
    : conv(weights, name, x, { stride });
}

/** A step of G's way up, likewise. */
export function stackUp({ spec, weights }: Network, name: string, x: tf.Tensor4D): tf.Tensor4D {
  return isVolumetric(spec) ? spectralUp(weights, name, x) : convTransposed(weights, name, x);
}

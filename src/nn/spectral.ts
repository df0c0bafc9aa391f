import * as tf from '@tensorflow/tfjs-core';
import { convolution } from './layers';
import type { Weights } from './network';
import type { ArchitectureSpec } from './spec';

/**
 * The 3-D ends of HiFiC_3D. A Conv3D with one input channel, spectral stride s and kernel k is a
 * 2-D convolution shared by spectral windows: window j reads bands js − p … js − p + k − 1 with
 * p = (k − 1) / 2 and zeros outside, and writes channels jF … jF + F − 1. Blocks of neighbouring
 * windows are computed as one convolution with a banded kernel, because kernels of 7 → 3
 * channels leave vector units idle; the result is the same sum. tfjs's conv3d is slower still and
 * its transpose has no gradient.
 */
export type Conv3d = NonNullable<ArchitectureSpec['conv3d']>;

interface Range {
  readonly from: number;
  readonly to: number;
}

const LARGEST_BLOCK = 8;

export function spectralWindows(bands: number, conv3d: Conv3d): number {
  return Math.floor(bands / conv3d.stride);
}

function blockSize(windows: number): number {
  for (let size = LARGEST_BLOCK; size > 1; size--) if (windows % size === 0) return size;
  return 1;
}

function clip(range: Range, end: number): Range {
  return { from: Math.max(0, range.from), to: Math.min(end, range.to) };
}

/** [h, w, bands, windows · F] from [h, w, k, F]: zero where a window does not see a band. */
function bandedKernel(kernel: tf.Tensor4D, bands: Range, windows: Range, stride: number) {
  const [height, width, taps, filters] = kernel.shape;
  const columns: tf.Tensor4D[] = [];
  for (let window = windows.from; window < windows.to; window++) {
    const first = window * stride - (taps - 1) / 2;
    const seen = clip({ from: bands.from - first, to: bands.to - first }, taps);
    const shape: [number, number, number, number] = [height, width, seen.to - seen.from, filters];
    const before = first + seen.from - bands.from;
    const after = bands.to - first - seen.to;
    const part = tf.slice(kernel, [0, 0, seen.from, 0], shape);
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

/** E's first layer: [n, h, w, bands] → [n, h, w, windows · F], channel = window · F + filter. */
export function spectralAnalysis(
  weights: Weights,
  conv3d: Conv3d,
  name: string,
  x: tf.Tensor4D,
): tf.Tensor4D {
  const { kernel: taps, stride } = conv3d;
  const bands = x.shape[3];
  const windows = spectralWindows(bands, conv3d);
  const size = blockSize(windows);
  const kernel = weights.get<tf.Rank.R4>(`${name}.kernel`);
  const blocks = Array.from({ length: windows / size }, (_, block) => {
    const own = { from: block * size, to: (block + 1) * size };
    const first = own.from * stride - (taps - 1) / 2;
    return { own, seen: clip({ from: first, to: first + (size - 1) * stride + taps }, bands) };
  });
  const kernels = weights.derived(`${name}.banded`, () =>
    blocks.map(({ own, seen }) => bandedKernel(kernel, seen, own, stride)),
  );
  const bias = tf.tile(weights.get<tf.Rank.R1>(`${name}.bias`), [size]);
  const outputs = blocks.map(({ seen }, i) =>
    convolution(weights, {
      x: channels(x, seen),
      filter: kernels[i],
      strides: 1,
      pad: (kernel.shape[0] - 1) / 2,
      bias,
    }),
  );
  return tf.concat(outputs, 3);
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
  const size = blockSize(windows) * stride;
  const pad = (taps - 1) / 2;
  const kernel = weights.get<tf.Rank.R4>(`${name}.kernel`);
  const count = Math.ceil((windows * stride) / size);
  const blocks = Array.from({ length: count }, (_, block) => {
    // Bands that no window covers (bands mod stride) join the last block.
    const own = { from: block * size, to: block === count - 1 ? bands : (block + 1) * size };
    const from = Math.ceil((own.from + pad - taps + 1) / stride);
    const to = Math.floor((own.to - 1 + pad) / stride) + 1;
    return { own, seen: clip({ from, to }, windows) };
  });
  const kernels = weights.derived(`${name}.banded`, () =>
    blocks.map(({ own, seen }) =>
      tf.transpose(tf.reverse(bandedKernel(kernel, own, seen, stride), [0, 1]), [0, 1, 3, 2]),
    ),
  );
  const outputs = blocks.map(({ seen }, i) =>
    tf.conv2d(
      channels(x, { from: seen.from * filters, to: seen.to * filters }),
      kernels[i],
      1,
      (kernel.shape[0] - 1) / 2,
    ),
  );
  return tf.add(tf.concat(outputs, 3), bias);
}

import * as tf from '@tensorflow/tfjs-core';
import type { Weights } from '../network';

/** A three-dimensional convolution, as PyTorch has it, of an image enlarged by repeating its values. */
export interface VolumeConvolution {
  /** Along the spectrum and in the plane. */
  readonly stride: readonly [number, number];
  /** Zeros on both sides along the spectrum; in the plane there are (kernel − 1) / 2. */
  readonly pad: number;
  readonly repeat?: readonly [number, number];
}

/** For every tap the slice that each output reads, −1 for zeros. */
function slicesRead(depth: number, taps: number, options: VolumeConvolution): number[][] {
  const { stride, pad, repeat = [1, 1] } = options;
  const enlarged = depth * repeat[0];
  const outputs = Math.floor((enlarged + 2 * pad - taps) / stride[0]) + 1;
  return Array.from({ length: taps }, (_, tap) =>
    Array.from({ length: outputs }, (_, output) => {
      const at = output * stride[0] + tap - pad;
      return at < 0 || at >= enlarged ? -1 : Math.floor(at / repeat[0]);
    }),
  );
}

/** Groups of items that have the same key, in the order of their first. */
function grouped<T>(items: readonly T[], keyOf: (item: T) => string): number[][] {
  const groups = new Map<string, number[]>();
  for (const [i, item] of items.entries()) {
    const key = keyOf(item);
    groups.set(key, [...(groups.get(key) ?? []), i]);
  }
  return [...groups.values()];
}

/**
 * Volumes [depth, h, w, in] → [depth', h', w', out], the spectrum in the place of the batch: one 2-D convolution
 * for each tap along it, summed. Kernel [taps, k, k, in, out]. Where values are repeated along the
 * spectrum, taps that read the same slices become one, and outputs that would be equal are computed once.
 */
export function volumeConv(
  weights: Weights,
  name: string,
  x: tf.Tensor4D,
  options: VolumeConvolution,
): tf.Tensor4D {
  const kernel = weights.get<tf.Rank.R5>(`${name}.kernel`);
  const [taps, side, , inputs, outputs] = kernel.shape;
  const read = slicesRead(x.shape[0], taps, options);
  const alike = grouped(read, (slices) => slices.join());
  const columns = alike.map(([first]) => read[first]);
  const places = grouped([...columns[0].keys()], (at) => columns.map((own) => own[at]).join());
  const kernels = weights.derived(`${name}.${alike.join('|')}`, () => {
    const each = tf.unstack(tf.reshape(kernel, [taps, side * side * inputs * outputs]));
    return alike.map((own) =>
      tf.reshape(tf.addN(own.map((tap) => each[tap])), [side, side, inputs, outputs]),
    ) as tf.Tensor4D[];
  });

  return tf.tidy(() => {
    const enlarged = repeated(x, options.repeat?.[1] ?? 1);
    const sums = kernels.map((own, i) => {
      const slices = picked(
        enlarged,
        places.map(([at]) => columns[i][at]),
      );
      return tf.conv2d(slices, own, options.stride[1], (side - 1) / 2);
    });
    const sum = tf.add<tf.Tensor4D>(
      sums.reduce((a, b) => tf.add(a, b)),
      weights.get(`${name}.bias`),
    );
    if (places.length === columns[0].length) return sum;
    const order = new Int32Array(columns[0].length);
    for (const [place, own] of places.entries()) for (const at of own) order[at] = place;
    return tf.gather(sum, tf.tensor1d(order, 'int32'));
  });
}

/** Slices of a volume, zeros where the index is −1. */
function picked(x: tf.Tensor4D, slices: readonly number[]): tf.Tensor4D {
  const [depth] = x.shape;
  if (slices.length === depth && slices.every((slice, i) => slice === i)) return x;
  const zeros = tf.zeros<tf.Rank.R4>([1, x.shape[1], x.shape[2], x.shape[3]]);
  const source = slices.includes(-1) ? tf.concat([x, zeros], 0) : x;
  const indices = slices.map((slice) => (slice === -1 ? depth : slice));
  return tf.gather(source, tf.tensor1d(indices, 'int32'));
}

/** Every pixel `times` × `times`. */
function repeated(x: tf.Tensor4D, times: number): tf.Tensor4D {
  if (times === 1) return x;
  const [depth, height, width, channels] = x.shape;
  const row = tf.reshape(tf.tile(x, [1, 1, 1, times]), [depth * height, times * width * channels]);
  return tf.reshape(tf.tile(row, [1, times]), [depth, times * height, times * width, channels]);
}

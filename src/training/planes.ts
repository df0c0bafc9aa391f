import * as tf from '@tensorflow/tfjs-core';

/** Some bands of images [n, h, w, c], one plane a band and image, all of the first band first: [k · n, h, w]. */
export function bandPlanes(images: tf.Tensor4D, bands: readonly number[]): tf.Tensor3D {
  const [n, height, width, channels] = images.shape;
  // A product, because the gradient of gather needs a kernel that wasm lacks.
  const choice = new Float32Array(channels * bands.length);
  for (const [i, band] of bands.entries()) choice[band * bands.length + i] = 1;
  const flat = tf.reshape<tf.Rank.R2>(images, [n * height * width, channels]);
  const chosen = tf.matMul(flat, tf.tensor2d(choice, [channels, bands.length]));
  return tf.reshape(tf.transpose(chosen), [bands.length * n, height, width]);
}

/** The inverse of {@link bandPlanes} for images of `count` bands. */
export function imagesOfPlanes(planes: tf.Tensor3D, count: number): tf.Tensor4D {
  const [all, height, width] = planes.shape;
  const flat = tf.reshape<tf.Rank.R2>(planes, [count, (all / count) * height * width]);
  return tf.reshape(tf.transpose(flat), [all / count, height, width, count]);
}

/** Weights by which new samples mix those along an axis: a matrix [from, to], row-major. */
export interface AxisMap {
  readonly from: number;
  readonly to: number;
  readonly weights: Float32Array;
}

export function axisMap(
  from: number,
  to: number,
  fill: (at: number, add: (source: number, weight: number) => void) => void,
): AxisMap {
  const weights = new Float32Array(from * to);
  for (let at = 0; at < to; at++) {
    fill(at, (source, weight) => {
      weights[source * to + at] += weight;
    });
  }
  return { from, to, weights };
}

/** Planes [m, h, w] mixed along both axes: [m, rows.to, columns.to]. */
export function mixedPlanes(planes: tf.Tensor3D, rows: AxisMap, columns: AxisMap): tf.Tensor3D {
  const along = (x: tf.Tensor3D, { from, to, weights }: AxisMap): tf.Tensor3D => {
    const [count, lines] = x.shape;
    const flat = tf.reshape<tf.Rank.R2>(x, [count * lines, from]);
    return tf.reshape(tf.matMul(flat, tf.tensor2d(weights, [from, to])), [count, lines, to]);
  };
  const turned = (x: tf.Tensor3D) => tf.transpose(x, [0, 2, 1]);
  return turned(along(turned(along(planes, columns)), rows));
}

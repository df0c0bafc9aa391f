import * as tf from '@tensorflow/tfjs-core';
import { axisMap, mixedPlanes } from './planes';

const [SIZE, SIGMA] = [11, 1.5];
const [C1, C2] = [0.01 ** 2, 0.03 ** 2];

/** Gaussian means over windows that lie wholly inside. */
function blurAlong(length: number) {
  const taps = Array.from({ length: SIZE }, (_, i) =>
    Math.exp(-((i - (SIZE - 1) / 2) ** 2) / (2 * SIGMA ** 2)),
  );
  const sum = taps.reduce((a, b) => a + b);
  return axisMap(length, length - SIZE + 1, (at, add) => {
    for (const [i, tap] of taps.entries()) add(at + i, tap / sum);
  });
}

/**
 * Mean SSIM of planes [m, h, w], peak 1, sides of 11 pixels and more; differentiable. The figures are
 * those of `core/metrics/ssim.ts`.
 */
export function ssim(a: tf.Tensor3D, b: tf.Tensor3D): tf.Scalar {
  return tf.tidy(() => {
    const [, height, width] = a.shape;
    const maps = [a, b, tf.square(a), tf.square(b), tf.mul<tf.Tensor3D>(a, b)];
    const means = mixedPlanes(tf.concat(maps, 0), blurAlong(height), blurAlong(width));
    const [meanA, meanB, squareA, squareB, product] = tf.split(means, maps.length, 0);
    const both = tf.mul(meanA, meanB);
    const squares = tf.add(tf.square(meanA), tf.square(meanB));
    const covariance = tf.sub(product, both);
    const variances = tf.sub(tf.add(squareA, squareB), squares);
    const likeness = tf.mul(tf.add(tf.mul(both, 2), C1), tf.add(tf.mul(covariance, 2), C2));
    return tf.mean(tf.div(likeness, tf.mul(tf.add(squares, C1), tf.add(variances, C2))));
  });
}

import * as tf from '@tensorflow/tfjs-core';

/**
 * The sum of any number of scalars. tfjs's `addN` gives wrong values on WebGPU, and no error, where
 * there are more of them than buffers of a shader (8).
 */
export function sumOf(scalars: readonly tf.Scalar[]): tf.Scalar {
  return tf.sum(tf.stack([...scalars]));
}

import * as tf from '@tensorflow/tfjs-core';
import type { Random } from '../core/samples/random';

/** Uniform in −½ … ½. */
export function uniformNoise(
  random: Random,
  shape: readonly [number, number, number, number],
): tf.Tensor4D {
  const size = shape.reduce((product, own) => product * own, 1);
  return tf.tensor4d(
    Float32Array.from({ length: size }, () => random.next() - 0.5),
    [...shape],
  );
}

import type * as tf from '@tensorflow/tfjs-core';
import { HscError } from '../core/errors';

/** Reads and frees a tensor. Throws `device` where its values are not all finite. */
export async function readFinite(tensor: tf.Tensor): Promise<Float32Array> {
  const values = await tensor.data<'float32'>();
  tensor.dispose();
  if (values.every(Number.isFinite)) return values;
  throw new HscError(
    'device',
    'The compute device returned numbers that are not finite: choose another backend.',
  );
}

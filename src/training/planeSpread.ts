import * as tf from '@tensorflow/tfjs-core';
import type { SpectralFrame } from '../codecs/hific/frame';
import { inFrame } from './alignment';
import type { Crop } from './scene';

/**
 * Spreads of the first `count` components of crops in their frames: the units that G sees planes in (`training/hsc_training/initialise.py`, `plane_spread`).
 */
export async function planeSpread(
  crops: readonly Crop[],
  frames: readonly (SpectralFrame | undefined)[],
  count: number,
): Promise<Float32Array> {
  const spread = tf.tidy(() => {
    const all = crops.map((crop, i) => {
      const pixels = crop.side ** 2;
      const c = tf.tensor2d(crop.coordinates, [pixels, crop.coordinates.length / pixels]);
      const frame = frames[i];
      const moved = frame ? inFrame(c, frame) : c;
      return tf.slice(moved, [0, 0], [moved.shape[0], count]);
    });
    const { variance } = tf.moments(tf.concat(all, 0), 0);
    return tf.sqrt(tf.maximum(variance, SMALLEST));
  });
  const values = await spread.data<'float32'>();
  spread.dispose();
  return values;
}

const SMALLEST = 1e-8;

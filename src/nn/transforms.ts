import * as tf from '@tensorflow/tfjs-core';
import { bypassAnalysis, bypassSynthesis } from './bypass';
import { encoder } from './encoder';
import { generator } from './generator';
import type { Network } from './network';
import { bypassLatents } from './spec';

/**
 * Analysis transform: image in 0..1 [n, h, w, bands], sides multiples of 16, in the spectral frame
 * of its file, → latents y [n, h/16, w/16, latents]. The linear bypass adds to the first latents of
 * the conv stack.
 */
export function analysisTransform(net: Network, image: tf.Tensor4D): tf.Tensor4D {
  return tf.tidy(() => {
    const { input, bypass, latentChannels } = net.spec;
    const standardised = tf.div<tf.Tensor4D>(tf.sub(image, input.mean), input.std);
    const y = encoder(net, standardised);
    if (!bypass) return y;
    const linear = bypassAnalysis(net, standardised);
    const spare: [number, number] = [0, latentChannels - bypassLatents(bypass)];
    return tf.add(y, tf.pad(linear, [[0, 0], [0, 0], [0, 0], spare]));
  });
}

/**
 * Synthesis transform: latents ŷ [n, h/16, w/16, latents] → image [n, h, w, bands] in the spectral
 * frame of its file, not clipped.
 */
export function synthesisTransform(net: Network, latents: tf.Tensor4D): tf.Tensor4D {
  return tf.tidy(() => {
    const { input, bypass } = net.spec;
    let image = generator(net, latents);
    if (bypass) {
      const [n, height, width] = latents.shape;
      const linear = tf.slice(latents, [0, 0, 0, 0], [n, height, width, bypassLatents(bypass)]);
      image = tf.add(image, bypassSynthesis(net, linear));
    }
    return tf.add(tf.mul(image, input.std), input.mean);
  });
}

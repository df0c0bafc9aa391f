import * as tf from '@tensorflow/tfjs-core';
import { conv, convTransposed } from './layers';
import type { Network } from './network';

/** Hyper-analysis: scaled latents s [n, h, w, latents] → z [n, ⌈⌈h/2⌉/2⌉, ⌈⌈w/2⌉/2⌉, filters]. */
export function hyperAnalysis(net: Pick<Network, 'weights'>, s: tf.Tensor4D): tf.Tensor4D {
  return tf.tidy(() => {
    const { weights } = net;
    const h0 = conv(weights, 'hyper_analysis.conv0', s, { relu: true });
    const h1 = conv(weights, 'hyper_analysis.conv1', h0, { stride: 2, relu: true });
    return conv(weights, 'hyper_analysis.conv2', h1, { stride: 2 });
  });
}

/**
 * Hyper-synthesis in floats, for training: z → [n, 4h, 4w, latents], top left to be cropped.
 * Files are never coded with it: there the integer hyper-synthesis of `core/entropy` is used.
 */
export function hyperSynthesis(
  net: Network,
  head: 'hyper_mean' | 'hyper_scale',
  z: tf.Tensor4D,
): tf.Tensor4D {
  return tf.tidy(() => {
    const { weights } = net;
    const h0 = convTransposed(weights, `${head}.conv0`, z, { relu: true });
    const h1 = convTransposed(weights, `${head}.conv1`, h0, { relu: true });
    return conv(weights, `${head}.conv2`, h1);
  });
}

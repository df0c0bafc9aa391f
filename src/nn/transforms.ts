import * as tf from '@tensorflow/tfjs-core';
import type { GridSize } from '../core/entropy/hyperSynthesis';
import { bypassAnalysis, bypassBands, bypassPlanes, bypassTargets } from './bypass';
import { encoder } from './encoder';
import { generatorImage, generatorTrunk, latentCorrection } from './generator';
import type { Network } from './network';
import { rateGains } from './rateGains';
import { bypassLatents } from './spec';

/**
 * Analysis transform: image in 0..1 [n, h, w, bands], sides multiples of 16, in the spectral frame
 * of its file, → latents y [n, h/16, w/16, latents]. The linear bypass adds to the first latents of
 * the conv stack. `visible`: size of the part of the image that is not padding, all by default.
 */
export function analysisTransform(
  net: Network,
  image: tf.Tensor4D,
  visible?: GridSize,
): tf.Tensor4D {
  return tf.tidy(() => {
    const { input, bypass, latentChannels } = net.spec;
    const standardised = tf.div<tf.Tensor4D>(tf.sub(image, input.mean), input.std);
    const y = encoder(net, standardised);
    if (!bypass) return y;
    const linear = bypassAnalysis(net, standardised, visible);
    const spare: [number, number] = [0, latentChannels - bypassLatents(bypass)];
    return tf.add(y, tf.pad(linear, [[0, 0], [0, 0], [0, 0], spare]));
  });
}

/**
 * Inner products of the visible part of an image in 0..1 [n, h, w, bands] with the kernels of the
 * linear synthesis, [n, h/16, w/16, bypass latents].
 */
export function synthesisTargets(net: Network, image: tf.Tensor4D, visible: GridSize): tf.Tensor4D {
  return tf.tidy(() => {
    const { mean, std } = net.spec.input;
    return bypassTargets(net, tf.div<tf.Tensor4D>(tf.sub(image, mean), std), visible);
  });
}

/**
 * Synthesis transform: latents ŷ [n, h/16, w/16, latents] coded at a rate position 0 … targets − 1
 * → image [n, h, w, bands] in the spectral frame of its file, not clipped. `visible`: size of the
 * part of the image that is not padding, all by default.
 */
export function synthesisTransform(
  net: Network,
  latents: tf.Tensor4D,
  position: number,
  visible?: GridSize,
): tf.Tensor4D {
  return tf.tidy(() => {
    const { input } = net.spec;
    const image = net.spec.bypass
      ? correctedSynthesis(net, latents, position, visible)
      : generatorImage(net, generatorTrunk(net, latents));
    return tf.add(tf.mul(image, input.std), input.mean);
  });
}

/** G beside a bypass: its trunk corrects the latents that the linear synthesis sees. */
function correctedSynthesis(
  net: Network,
  latents: tf.Tensor4D,
  position: number,
  visible?: GridSize,
): tf.Tensor4D {
  const [n, height, width] = latents.shape;
  const gains = rateGains(net, position);
  const features = generatorTrunk(net, tf.asinh(tf.mul(latents, gains)), position);
  const steps = latentCorrection(net, features);
  const own = steps.shape[3];
  const correction = tf.div(steps, tf.slice(gains, [0, 0, 0, 0], [1, 1, 1, own]));
  const linear = tf.slice(latents, [0, 0, 0, 0], [n, height, width, own]);
  const corrected = tf.add<tf.Tensor4D>(linear, correction);
  const planes = bypassPlanes(net, corrected, visible);
  return tf.add(generatorImage(net, features, planes), bypassBands(net, planes));
}

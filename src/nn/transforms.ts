import * as tf from '@tensorflow/tfjs-core';
import type { GridSize } from '../core/entropy/hyperSynthesis';
import { bypassAnalysis, bypassBands, bypassPlanes, bypassTargets } from './bypass';
import { encoder } from './encoder';
import { generatorImage, generatorTrunk, latentCorrection } from './generator';
import type { Network } from './network';
import { type RatePosition, rateGains } from './rateGains';

/** An image in 0..1 in the units that the networks work in. */
export function standardised({ spec }: Network, image: tf.Tensor4D): tf.Tensor4D {
  return tf.div(tf.sub(image, spec.input.mean), spec.input.std);
}

/** Undoes {@link standardised}. */
export function brightness({ spec }: Network, image: tf.Tensor4D): tf.Tensor4D {
  return tf.add(tf.mul(image, spec.input.std), spec.input.mean);
}

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
    const x = standardised(net, image);
    const y = encoder(net, x);
    return net.spec.bypass ? tf.add(y, widened(net, bypassAnalysis(net, x, visible))) : y;
  });
}

/** The bypass' latents followed by zeros for those that it does not give. */
export function widened({ spec }: Network, linear: tf.Tensor4D): tf.Tensor4D {
  const spare: [number, number] = [0, spec.latentChannels - linear.shape[3]];
  return tf.pad(linear, [[0, 0], [0, 0], [0, 0], spare]);
}

/**
 * Inner products of the visible part of an image in 0..1 [n, h, w, bands] with the kernels of the
 * linear synthesis, [n, h/16, w/16, bypass latents].
 */
export function synthesisTargets(net: Network, image: tf.Tensor4D, visible: GridSize): tf.Tensor4D {
  return tf.tidy(() => {
    return bypassTargets(net, standardised(net, image), visible);
  });
}

/**
 * Synthesis transform: latents ŷ [n, h/16, w/16, latents] coded at rate positions 0 … targets − 1
 * → image [n, h, w, bands] in the spectral frame of its file, not clipped. `visible`: size of the
 * part of the image that is not padding, all by default.
 */
export function synthesisTransform(
  net: Network,
  latents: tf.Tensor4D,
  position: RatePosition,
  visible?: GridSize,
): tf.Tensor4D {
  return tf.tidy(() => {
    return brightness(net, standardisedSynthesis(net, latents, position, visible));
  });
}

/** {@link synthesisTransform} in standardised units. */
export function standardisedSynthesis(
  net: Network,
  latents: tf.Tensor4D,
  position: RatePosition,
  visible?: GridSize,
): tf.Tensor4D {
  if (!net.spec.bypass) return generatorImage(net, generatorTrunk(net, latents));
  const { features, corrected } = correctedLatents(net, latents, position);
  const planes = bypassPlanes(net, corrected, visible);
  return tf.add(generatorImage(net, features, planes), bypassBands(net, planes));
}

/**
 * What G's trunk, beside a bypass, makes of latents ŷ: its features, and the bypass' latents as the
 * linear synthesis is to see them.
 */
export function correctedLatents(
  net: Network,
  latents: tf.Tensor4D,
  position: RatePosition,
): { readonly features: tf.Tensor4D; readonly corrected: tf.Tensor4D } {
  const [n, height, width] = latents.shape;
  const gains = rateGains(net, position);
  const features = generatorTrunk(net, tf.asinh(tf.mul(latents, gains)), position);
  const steps = latentCorrection(net, features);
  const own = steps.shape[3];
  const size: [number, number, number, number] = [gains.shape[0], 1, 1, own];
  const correction = tf.div(steps, tf.slice(gains, [0, 0, 0, 0], size));
  const linear = tf.slice(latents, [0, 0, 0, 0], [n, height, width, own]);
  return { features, corrected: tf.add(linear, correction) };
}

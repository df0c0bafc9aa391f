import * as tf from '@tensorflow/tfjs-core';
import type { Weights } from '../network';
import { type Autoencoder, convolutionShapes, LEAK } from './autoencoder';

/** One-dimensional convolution along the third axis: [1, pixels, bands, in] → [1, pixels, bands, out]. */
function conv(weights: Weights, name: string, x: tf.Tensor4D): tf.Tensor4D {
  const kernel = weights.get<tf.Rank.R4>(`${name}.kernel`);
  return tf.add(tf.conv2d(x, kernel, 1, 'same'), weights.get(`${name}.bias`));
}

function activated(weights: Weights, name: string, x: tf.Tensor4D): tf.Tensor4D {
  return tf.leakyRelu(conv(weights, name, x), LEAK);
}

function halved(x: tf.Tensor4D): tf.Tensor4D {
  return tf.maxPool(x, [1, 2], [1, 2], 'valid');
}

/** Every value twice along the spectrum. */
function doubled(x: tf.Tensor4D): tf.Tensor4D {
  const [n, pixels, bands, channels] = x.shape;
  const twice = tf.concat([x, x], 3);
  return tf.reshape(twice, [n, pixels, 2 * bands, channels]);
}

/**
 * 1D-CAE: the spectrum of every pixel alone, 11–11–9–7 taps, two poolings.
 * Kuester, Gross and Middelmann, ISPRS Archives XLIII-B1-2021, 15–21.
 */
export const CAE_1D: Autoencoder = {
  stride: 1,
  halo: 0,
  core: 48,
  depth: 3,
  components: ({ bands }) => bands / 4,

  shapes({ widths }) {
    const [a, b, c] = widths.hidden;
    return new Map([
      ...convolutionShapes('encoder', [
        [[1, 11], 1, a],
        [[1, 11], a, b],
        [[1, 9], b, c],
        [[1, 7], c, 1],
      ]),
      ...convolutionShapes('decoder', [
        [[1, 7], 1, c],
        [[1, 9], c, b],
        [[1, 11], b, a],
      ]),
      ...convolutionShapes('head', [[[1, 11], a, 1]]),
    ]);
  },

  analyse(weights, image) {
    const [, height, width, bands] = image.shape;
    let x = tf.reshape(image, [1, height * width, bands, 1]) as tf.Tensor4D;
    x = halved(activated(weights, 'encoder.0', x));
    x = halved(activated(weights, 'encoder.1', x));
    x = activated(weights, 'encoder.3', activated(weights, 'encoder.2', x));
    return tf.reshape(x, [1, height, width, bands / 4]);
  },

  synthesise(weights, latents) {
    const [, height, width, components] = latents.shape;
    let x = tf.reshape(latents, [1, height * width, components, 1]) as tf.Tensor4D;
    x = activated(weights, 'decoder.1', activated(weights, 'decoder.0', x));
    x = doubled(activated(weights, 'decoder.2', doubled(x)));
    x = tf.sigmoid(conv(weights, 'head.0', x));
    return tf.reshape(x, [1, height, width, 4 * components]);
  },
};

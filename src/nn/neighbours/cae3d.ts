import * as tf from '@tensorflow/tfjs-core';
import type { Weights } from '../network';
import { type Autoencoder, convolutionShapes, LEAK } from './autoencoder';
import { type VolumeConvolution, volumeConv } from './volume';

const RESIDUAL_BLOCKS = 3;
const HALVING: VolumeConvolution = { stride: [2, 2], pad: 2 };
const KEEPING: VolumeConvolution = { stride: [1, 1], pad: 1 };
const FIRST: VolumeConvolution = { stride: [1, 2], pad: 0 };
/** The decoder's: the spectrum 1, 2 and 2 times as fine, the plane 2 times each. */
const UP: readonly VolumeConvolution[] = [
  { stride: [2, 2], pad: 2, repeat: [2, 4] },
  { stride: [2, 1], pad: 2, repeat: [4, 2] },
  { stride: [2, 1], pad: 0, repeat: [4, 2] },
];

/** Batch normalisation is folded into the convolution. */
function layer(weights: Weights, name: string, x: tf.Tensor4D, how: VolumeConvolution) {
  return tf.tidy(() => tf.leakyRelu(volumeConv(weights, name, x, how), LEAK));
}

/** The residual blocks of a part, of which the first has that number. */
function residuals(weights: Weights, part: string, first: number, x: tf.Tensor4D): tf.Tensor4D {
  let own = x;
  for (let block = 0; block < RESIDUAL_BLOCKS; block++) {
    const at = first + 2 * block;
    const before = own;
    own = tf.tidy(() => {
      const inner = layer(weights, `${part}.${at}`, before, KEEPING);
      const sum = tf.add(volumeConv(weights, `${part}.${at + 1}`, inner, KEEPING), before);
      return tf.leakyRelu<tf.Tensor4D>(sum as tf.Tensor4D, LEAK);
    });
  }
  return own;
}

/**
 * 3D-CAE: the image is one volume of a single feature map; strided 3-D convolutions, residual blocks,
 * enlargement by repetition. Chong, Chen and Pan, J. Electronic Imaging 30(4) 041403, 2021.
 */
export const CAE_3D: Autoencoder = {
  stride: 8,
  halo: 5,
  core: 16,
  depth: 2,
  components: ({ widths, bands }) => (widths.latents * bands) / 4,

  shapes({ widths }) {
    const [[a, b], { latents }] = [widths.hidden, widths];
    const inner = Array.from(
      { length: 2 * RESIDUAL_BLOCKS },
      () => [[3, 3, 3], b, b] as [number[], number, number],
    );
    return new Map([
      ...convolutionShapes('encoder', [
        [[2, 5, 5], 1, a],
        [[5, 5, 5], a, b],
        ...inner,
        [[5, 5, 5], b, latents],
      ]),
      ...convolutionShapes('decoder', [[[5, 5, 5], latents, b], ...inner, [[5, 3, 3], b, a]]),
      ...convolutionShapes('head', [[[2, 3, 3], a, 1]]),
    ]);
  },

  analyse(weights, image) {
    let x = tf.transpose(image, [3, 1, 2, 0]);
    x = layer(weights, 'encoder.1', layer(weights, 'encoder.0', x, FIRST), HALVING);
    x = residuals(weights, 'encoder', 2, x);
    x = layer(weights, `encoder.${2 + 2 * RESIDUAL_BLOCKS}`, x, HALVING);
    const [depth, height, width, latents] = x.shape;
    return tf.reshape(tf.transpose(x, [1, 2, 3, 0]), [1, height, width, latents * depth]);
  },

  synthesise(weights, latents, { widths }) {
    const [, height, width, components] = latents.shape;
    const maps = widths.latents;
    const volume = tf.reshape<tf.Rank.R4>(latents, [height, width, maps, components / maps]);
    let x = tf.transpose(volume, [3, 0, 1, 2]);
    x = residuals(weights, 'decoder', 1, layer(weights, 'decoder.0', x, UP[0]));
    x = layer(weights, `decoder.${1 + 2 * RESIDUAL_BLOCKS}`, x, UP[1]);
    return tf.transpose(layer(weights, 'head.0', x, UP[2]), [3, 1, 2, 0]);
  },
};

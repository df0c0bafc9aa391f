import * as tf from '@tensorflow/tfjs-core';
import { conv } from '../layers';
import type { Weights } from '../network';
import { type Autoencoder, convolutionShapes } from './autoencoder';

function sloped(weights: Weights, name: string, x: tf.Tensor4D): tf.Tensor4D {
  return tf.prelu(x, weights.get(`${name}.slope`));
}

function layer(weights: Weights, name: string, x: tf.Tensor4D): tf.Tensor4D {
  return sloped(weights, name, conv(weights, name, x));
}

function halved(x: tf.Tensor4D): tf.Tensor4D {
  return tf.maxPool(x, 2, 2, 'valid');
}

/** A transposed convolution of 2 × 2 with stride 2: four pixels of each, which do not overlap. */
function up(weights: Weights, name: string, x: tf.Tensor4D): tf.Tensor4D {
  const four = tf.conv2d(x, weights.get<tf.Rank.R4>(`${name}.kernel`), 1, 'valid');
  const doubled = tf.depthToSpace(four, 2, 'NHWC');
  return sloped(weights, name, tf.add(doubled, weights.get(`${name}.bias`)));
}

/**
 * SSCNet: the bands are feature maps, three 2 × 2 poolings and three 2 × 2 transposed convolutions.
 * La Grassa et al., Remote Sensing 14(10) 2472, 2022.
 */
export const SSCNET: Autoencoder = {
  stride: 8,
  halo: 2,
  core: 16,
  depth: 2,
  components: ({ widths }) => widths.latents,

  shapes({ widths, bands }) {
    const [[a, b], { latents }] = [widths.hidden, widths];
    const side = [3, 3];
    const encoder = [
      [bands, a],
      [a, a],
      [a, a],
      [a, b],
      [b, latents],
    ] as const;
    const ups = [
      [b, a],
      [a, a],
      [a, a],
    ] as const;
    const slopes = (part: string, outputs: readonly number[]) =>
      outputs.map((count, i): [string, readonly number[]] => [`${part}.${i}.slope`, [count]]);
    return new Map([
      ...convolutionShapes(
        'encoder',
        encoder.map(([inputs, outputs]) => [side, inputs, outputs]),
      ),
      ...slopes(
        'encoder',
        encoder.map(([, outputs]) => outputs),
      ),
      ...convolutionShapes('decoder', [[side, latents, b]]),
      ...ups.flatMap(([inputs, outputs], i): [string, readonly number[]][] => [
        [`decoder.${i + 1}.kernel`, [1, 1, inputs, 4 * outputs]],
        [`decoder.${i + 1}.bias`, [outputs]],
      ]),
      ...slopes('decoder', [b, a, a, a]),
      ...convolutionShapes('head', [[side, a, bands]]),
    ]);
  },

  analyse(weights, image) {
    let x = layer(weights, 'encoder.1', layer(weights, 'encoder.0', image));
    for (const name of ['encoder.2', 'encoder.3', 'encoder.4']) x = layer(weights, name, halved(x));
    return x;
  },

  synthesise(weights, latents) {
    let x = layer(weights, 'decoder.0', latents);
    for (const name of ['decoder.1', 'decoder.2', 'decoder.3']) x = up(weights, name, x);
    return tf.sigmoid(conv(weights, 'head.0', x));
  },
};

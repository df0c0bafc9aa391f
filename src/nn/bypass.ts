import * as tf from '@tensorflow/tfjs-core';
import { conv } from './layers';
import type { Weights } from './network';

/** Blocks of b×b pixels as rows: [n, h, w, c] → [n · h/b · w/b, b · b · c], and what undoes it. */
function blocksToRows(x: tf.Tensor4D, block: number): tf.Tensor2D {
  const [n, height, width, channels] = x.shape;
  const [rows, columns] = [height / block, width / block];
  const split = tf.reshape(x, [n * rows, block, columns, block * channels]);
  return tf.reshape(tf.transpose(split, [0, 2, 1, 3]), [
    n * rows * columns,
    block * block * channels,
  ]);
}

function rowsToBlocks(
  rows: tf.Tensor2D,
  block: number,
  [n, height, width, channels]: [number, number, number, number],
): tf.Tensor4D {
  const split = tf.reshape(rows, [n * height, width, block, block * channels]);
  return tf.reshape(tf.transpose(split, [0, 2, 1, 3]), [
    n,
    height * block,
    width * block,
    channels,
  ]);
}

/**
 * Linear analysis beside E: standardised image [n, h, w, bands] → [n, h/16, w/16, bypass latents].
 * A spectral KLT (1×1), then a block×block convolution with stride block, as a matrix product.
 */
export function bypassAnalysis(weights: Weights, image: tf.Tensor4D): tf.Tensor4D {
  const components = conv(weights, 'bypass.analysis.klt', image);
  const kernel = weights.get<tf.Rank.R4>('bypass.analysis.conv.kernel');
  const [block, , inputs, latents] = kernel.shape;
  const matrix = tf.reshape(kernel, [block * block * inputs, latents]);
  const [n, height, width] = image.shape;
  return tf.reshape(tf.matMul(blocksToRows(components, block), matrix), [
    n,
    height / block,
    width / block,
    latents,
  ]);
}

/** The transposed kernel [b, b, out, in] as a 1×1 kernel [1, 1, in, b · b · out]. */
function blockKernel(kernel: tf.Tensor4D): tf.Tensor4D {
  const [block, , outputs, inputs] = kernel.shape;
  const rows = tf.reshape(kernel, [block * block * outputs, inputs]);
  return tf.reshape(tf.transpose(rows), [1, 1, inputs, block * block * outputs]);
}

/**
 * Linear synthesis beside G: [n, h/16, w/16, bypass latents] → standardised image
 * [n, h, w, bands]. A block×block transposed convolution with stride block, then a 1×1.
 */
export function bypassSynthesis(weights: Weights, latents: tf.Tensor4D): tf.Tensor4D {
  const name = 'bypass.synthesis.conv';
  const kernel = weights.get<tf.Rank.R4>(`${name}.kernel`);
  const [block, , components] = kernel.shape;
  const [matrix] = weights.derived(`${name}.matrix`, () => [blockKernel(kernel)]);
  const [n, height, width] = latents.shape;
  const rows = tf.reshape(tf.conv2d(latents, matrix, 1, 'valid'), [
    n * height * width,
    block * block * components,
  ]);
  const blocks = rowsToBlocks(rows as tf.Tensor2D, block, [n, height, width, components]);
  return conv(weights, 'bypass.synthesis.klt', blocks);
}

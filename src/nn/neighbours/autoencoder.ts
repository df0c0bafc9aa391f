import type * as tf from '@tensorflow/tfjs-core';
import type { Weights } from '../network';
import type { ParameterShapes } from '../parameters';

/** Feature maps of a network; `latents`: those of its innermost layer. */
export interface Widths {
  readonly hidden: readonly number[];
  readonly latents: number;
}

export interface Architecture {
  readonly widths: Widths;
  /** Of the spectral grid. */
  readonly bands: number;
}

/** What a network sees of an image at once. */
export interface Reach {
  /** Pixels a side that one position of the latents stands for. */
  readonly stride: number;
  /** Latents beside a window that make what is computed within it exact. */
  readonly halo: number;
  /** Largest side of such a window in latents: bounds the memory of a forward pass. */
  readonly core: number;
}

export type LatentValues = Int32Array | Float32Array;

/** Trained weights that run on one window at a time. */
export interface Windowed {
  readonly network: Reach;
  /** Bands of the images. */
  readonly bands: number;
  /** Latents at every position. */
  readonly components: number;
  /** [height, width, bands] in 0..1, sides multiples of the stride → [h / stride, w / stride, components]. */
  analyse(image: Float32Array, height: number, width: number): Promise<Float32Array>;
  /** The reverse, of latents as they were quantised. */
  synthesise(latents: LatentValues, height: number, width: number): Promise<Float32Array>;
}

/** A convolutional autoencoder as a pair of functions. All images are [1, height, width, channels]. */
export interface Autoencoder extends Reach {
  /** Entries of `widths.hidden`. */
  readonly depth: number;
  /** Latents at every position. */
  components(architecture: Architecture): number;
  /** Parameters of the weights file. */
  shapes(architecture: Architecture): ParameterShapes;
  /** [1, h, w, bands] in 0..1, sides multiples of the stride → [1, h / stride, w / stride, components]. */
  analyse(weights: Weights, x: tf.Tensor4D): tf.Tensor4D;
  /** The reverse; 0..1 but for overshoot. */
  synthesise(weights: Weights, y: tf.Tensor4D, architecture: Architecture): tf.Tensor4D;
}

/** PyTorch's slope of LeakyReLU. */
export const LEAK = 0.01;

/** Shapes of convolutions, numbered in order within a part: kernels [...kernel, in, out], biases. */
export function convolutionShapes(
  part: string,
  layers: readonly (readonly [kernel: readonly number[], inputs: number, outputs: number])[],
): [string, readonly number[]][] {
  return layers.flatMap(([kernel, inputs, outputs], i): [string, readonly number[]][] => [
    [`${part}.${i}.kernel`, [...kernel, inputs, outputs]],
    [`${part}.${i}.bias`, [outputs]],
  ]);
}

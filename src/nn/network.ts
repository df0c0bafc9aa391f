import type * as tf from '@tensorflow/tfjs-core';
import type { ArchitectureSpec } from './spec';

/** Named parameters of a network, as tensors of the current backend. */
export interface Weights {
  /** True where gradients are to reach the parameters. */
  readonly learn?: boolean;
  /** Throws `bad-file` naming the parameter where there is none of that name. */
  get<R extends tf.Rank = tf.Rank>(name: string): tf.Tensor<R>;
  /**
   * Kernels computed from parameters. Weights that never change keep them under `key`; weights
   * in training compute them anew each time, so that gradients reach the parameters.
   */
  derived<T extends tf.Tensor>(key: string, make: () => T[]): T[];
}

/**
 * Told the gates of every SE block that runs: [batch, channels], in 0..1, valid for the call. What
 * it returns, of the same shape, takes their place.
 */
export type GateHook = (block: string, gates: tf.Tensor2D) => tf.Tensor2D | undefined;

/** What a forward pass needs. All tensors are NHWC: [batch, height, width, channels]. */
export interface Network {
  readonly spec: ArchitectureSpec;
  readonly weights: Weights;
  readonly onGate?: GateHook;
}

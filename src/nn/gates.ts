import * as tf from '@tensorflow/tfjs-core';
import type { GateHook } from './network';

/** Collects the gates of SE blocks during forward passes, to be read back afterwards. */
export class GateRecorder {
  private readonly kept: { block: string; gates: tf.Tensor2D }[] = [];

  readonly hook: GateHook = (block, gates) => {
    this.kept.push({ block, gates: tf.keep(tf.clone(gates)) });
    return undefined;
  };

  /** Gates in 0..1 of every block that ran, in order; one array [batch · channels] a pass. */
  async read(): Promise<{ block: string; values: Float32Array }[]> {
    const recorded = this.kept.splice(0);
    try {
      return await Promise.all(
        recorded.map(async ({ block, gates }) => ({
          block,
          values: (await gates.data()) as Float32Array,
        })),
      );
    } finally {
      for (const { gates } of recorded) gates.dispose();
    }
  }
}

/** Multiplies gates by factors, [channels] for each block; blocks that are not named keep theirs. */
export function scaleGates(factors: ReadonlyMap<string, Float32Array>): GateHook {
  return (block, gates) => {
    const own = factors.get(block);
    return own && tf.tidy(() => tf.mul(gates, tf.tensor2d(own, [1, own.length])));
  };
}

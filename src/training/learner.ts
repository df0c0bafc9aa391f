import * as tf from '@tensorflow/tfjs-core';
import type { SpectralFrame } from '../codecs/hific/frame';
import { HscError } from '../core/errors';
import type { Random } from '../core/samples/random';
import { type Adam, clipping } from './adam';
import type { Checkpoint } from './checkpoint';
import type { RateDraws } from './entropy';
import type { Crop } from './scene';
import type { Step, Terms } from './step';

/** What a step learns from; its tensors are the run's to dispose. */
export interface Batch {
  readonly crops: readonly Crop[];
  /** Frames of the crops at the rates that they are trained at. */
  readonly frames: readonly (SpectralFrame | undefined)[];
  /** The crops in these frames: [n, side, side, bands], 0..1. */
  readonly aligned: tf.Tensor4D;
  readonly draws: RateDraws;
}

/** What one step told: means over the batch, in the units of the field. */
export interface Told {
  readonly terms: Readonly<Record<string, number>>;
  /** l2 norm of the gradient before clipping. */
  readonly gradient: number;
}

/** How a codec's parameters learn by one objective. */
export interface Learner {
  /** Names of what learns. */
  readonly names: readonly string[];
  /** Highest rate position that is trained. */
  readonly lastPosition: number;
  /** Makes an optimiser step. Throws `limit` where its gradient is not finite; nothing has changed then. */
  learn(batch: Batch, rate: number, step: number, random: Random): Promise<Told>;
  /** What the steps to come depend on, besides the codec's parameters. */
  state(): Promise<Checkpoint>;
  /** Goes on from such a state; false where it is of another kind of run. */
  restore(state: Checkpoint): boolean;
  dispose(): void;
}

/** Norms of gradients above this are brought down to it. */
const GRADIENT_LIMIT = 1;
/** Factors on the learning rate: the linear parts come trained longest (`train.RATE_FACTORS`). */
const RATE_FACTORS: readonly (readonly [start: string, factor: number])[] = [
  ['bypass.', 0.1],
  ['generator.norm_in', 0.5],
  ['generator.se_in', 0.5],
  ['generator.conv_in', 0.5],
  ['generator.block', 0.5],
  ['generator.correction', 0.5],
];

/** Factor of a parameter on the learning rate in the fidelity stage. */
export function rateFactor(name: string): number {
  return RATE_FACTORS.find(([start]) => name.startsWith(start))?.[1] ?? 1;
}

/** Clips a pass' gradients and lets Adam take them; gives their norm. */
export async function applied(
  adam: Adam,
  { gradients }: Step,
  rateOf: (name: string) => number,
): Promise<number> {
  const { norm, scale } = tf.tidy(() => clipping([...gradients.values()], GRADIENT_LIMIT));
  try {
    const [gradient] = await norm.data();
    if (!Number.isFinite(gradient)) {
      throw new HscError('limit', 'The gradient is not finite: lower the learning rate.');
    }
    adam.apply(gradients, scale, rateOf);
    return gradient;
  } finally {
    tf.dispose([norm, scale]);
  }
}

/** Means of terms by name. */
export async function meansOf(terms: Terms): Promise<Record<string, number>> {
  const read = Object.entries(terms).map(async ([name, tensor]) => {
    const values = await tensor.data<'float32'>();
    return [name, values.reduce((a, b) => a + b, 0) / values.length] as const;
  });
  return Object.fromEntries(await Promise.all(read));
}

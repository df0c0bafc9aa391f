import * as tf from '@tensorflow/tfjs-core';
import { bypassComponents } from '../nn/bypass';
import { type ArchitectureSpec, inputVariance } from '../nn/spec';
import { standardised } from '../nn/transforms';
import { Adam } from './adam';
import type { Checkpoint } from './checkpoint';
import { coreStep, fidelityStep } from './fidelity';
import { applied, type Batch, type Learner, meansOf, rateFactor, type Told } from './learner';
import { learnsAtLatents, parameterNames } from './parts';
import { disposeStep, type Step } from './step';
import type { TrainingNetwork } from './trainingWeights';
import type { TunedPart } from './types';

/** Rate and squared error (`training/hsc_training/train.py`, `latent_stage.py`). */
export class FidelityLearner implements Learner {
  readonly names: readonly string[];
  readonly lastPosition: number;
  private readonly adam: Adam;

  constructor(
    private readonly net: TrainingNetwork,
    private readonly part: TunedPart,
    /** Of a parameter's name, on the learning rate. */
    private readonly factor = rateFactor,
  ) {
    this.names = parameterNames(net.spec, part);
    this.lastPosition = net.spec.targetRates.length - 1;
    this.adam = new Adam(new Map(this.names.map((name) => [name, net.weights.variable(name)])));
  }

  async learn(batch: Batch, rate: number): Promise<Told> {
    const step = this.pass(batch);
    try {
      const gradient = await applied(this.adam, step, (name) => rate * this.factor(name));
      return { terms: await termsOf(step, this.net.spec), gradient };
    } finally {
      disposeStep(step);
    }
  }

  async state(): Promise<Checkpoint> {
    const { steps, first, second } = await this.adam.state();
    return { tensors: { first, second }, values: { adam: steps } };
  }

  restore({ tensors: { first, second }, values }: Checkpoint): boolean {
    return this.adam.restore({ steps: values.adam, first, second });
  }

  dispose(): void {
    this.adam.dispose();
  }

  private pass({ aligned, draws }: Batch): Step {
    const { net, names } = this;
    if (!learnsAtLatents(this.part)) return fidelityStep(net, aligned, draws, names);
    const coordinates = tf.tidy(() => bypassComponents(net, standardised(net, aligned)));
    try {
      return coreStep(net, coordinates, draws, names);
    } finally {
      coordinates.dispose();
    }
  }
}

/** PSNR in the place of the squared error. */
async function termsOf(
  step: Step,
  { input, bands }: ArchitectureSpec,
): Promise<Record<string, number>> {
  const { distortion: _, ...means } = await meansOf(step.terms);
  const squares = await step.terms.distortion.data<'float32'>();
  const decibels = squares.map((own) => -10 * Math.log10((own * inputVariance(input)) / bands));
  return { ...means, psnr: decibels.reduce((a, b) => a + b, 0) / decibels.length };
}

import * as tf from '@tensorflow/tfjs-core';
import { RATE_STEPS } from '../core/entropy/model';
import { HscError } from '../core/errors';
import { Random } from '../core/samples/random';
import type { ModelFile } from '../nn/modelFile';
import { DOWNSAMPLING } from '../nn/spec';
import { assign } from './adam';
import { Alignment } from './alignment';
import { formatCheckpoint, parseCheckpoint } from './checkpoint';
import { hyperShape } from './entropy';
import { FidelityLearner } from './fidelityLearner';
import type { FloatCodec, FloatTensor } from './floatCodec';
import { GanLearner } from './ganLearner';
import type { Batch, Learner } from './learner';
import { uniformNoise } from './noise';
import { planeSpread } from './planeSpread';
import { restoreCodec } from './restore';
import type { Crop, TrainingScene } from './scene';
import { learningRateAt } from './schedule';
import { type TrainingNetwork, TrainingWeights, trainingShapes } from './trainingWeights';
import type { TuningSettings, TuningStep } from './types';

/** Crops whose planes' spread sets the units that G sees planes in. */
const SPREAD_CROPS = 12;

export interface RunStart {
  /** The weights file to start from, and what it says. */
  readonly weights: Uint8Array<ArrayBuffer>;
  readonly file: ModelFile;
  readonly scenes: readonly TrainingScene[];
  /** Side of the crops in pixels. */
  readonly side: number;
  readonly settings: TuningSettings;
  /** The file of TripletNet, which the GAN stage needs. */
  readonly perceptual: () => Promise<Uint8Array>;
}

/**
 * One fine-tuning run on the current backend. Everything random comes from the seed, and a
 * checkpoint holds all that a step depends on: a run that was resumed makes the same steps.
 */
export class TrainingRun {
  private readonly alignment: Alignment;
  private done = 0;

  private constructor(
    private readonly start: RunStart,
    private readonly net: TrainingNetwork,
    private readonly learner: Learner,
    private readonly random: Random,
  ) {
    this.alignment = new Alignment(start.file);
  }

  /** Throws what `restoreCodec` and `perceptual` throw. */
  static async prepare(start: RunStart): Promise<TrainingRun> {
    const { weights, file, settings } = start;
    const random = new Random(settings.seed);
    const codec = await restoreCodec(weights, await spreadOf(start, random));
    const net = { spec: file.spec, weights: new TrainingWeights(codec) };
    const learner =
      settings.objective === 'gan'
        ? await GanLearner.of(net, await start.perceptual(), random)
        : new FidelityLearner(net, settings.part);
    return new TrainingRun(start, net, learner, random);
  }

  /** Steps made. */
  get step(): number {
    return this.done;
  }

  /** Names of the parameters that learn. */
  get learned(): readonly string[] {
    return this.learner.names;
  }

  /** Numbers that learn, and those that there are. */
  get size(): { readonly trained: number; readonly parameters: number } {
    const sum = (names: Iterable<string>) =>
      [...names].reduce((total, name) => total + this.net.weights.variable(name).size, 0);
    return { trained: sum(this.learned), parameters: sum(trainingShapes(this.net.spec).keys()) };
  }

  /** Makes a step. Throws as `Learner.learn`. */
  async next(): Promise<TuningStep> {
    const began = performance.now();
    const rate = learningRateAt(this.start.settings, this.done);
    const batch = this.batch();
    try {
      const { terms, gradient } = await this.learner.learn(batch, rate, this.done, this.random);
      this.done++;
      const milliseconds = performance.now() - began;
      return { step: this.done, terms, learningRate: rate, gradient, milliseconds };
    } finally {
      tf.dispose([batch.aligned, batch.draws.latentNoise, batch.draws.hyperNoise]);
    }
  }

  /** The codec as it is now. */
  floats(): Promise<FloatCodec> {
    return this.net.weights.download();
  }

  /** Everything that the steps to come depend on. */
  async save(): Promise<Uint8Array<ArrayBuffer>> {
    const { tensors, values } = await this.learner.state();
    const { parameters } = await this.floats();
    const learned = new Map(this.learned.map((name) => [name, parameters.get(name)!]));
    return formatCheckpoint({
      tensors: { ...tensors, parameters: learned },
      values: { ...values, step: this.done, random: this.random.state },
    });
  }

  /** Goes on from what {@link save} gave. Throws `bad-file` where it is of another run. */
  restore(bytes: Uint8Array): void {
    const checkpoint = parseCheckpoint(bytes);
    const { parameters } = checkpoint.tensors;
    const fits = this.learned.every((name) => {
      const { size } = this.net.weights.variable(name);
      return parameters?.get(name)?.data.length === size;
    });
    if (!fits || !this.learner.restore(checkpoint)) {
      throw new HscError('bad-file', 'The checkpoint is of a run of another kind: start it anew.');
    }
    for (const name of this.learned) {
      assign(this.net.weights.variable(name), parameters.get(name) as FloatTensor);
    }
    this.random.state = checkpoint.values.random;
    this.done = checkpoint.values.step;
  }

  /** Training crops in frames like those of files, at rates of all targets: [n, side, side, bands]. */
  alignedCrops(count: number, seed: number): tf.Tensor4D {
    const random = new Random(seed);
    const crops = Array.from({ length: count }, () => this.draw(random));
    const rates = randomRates(count, this.start.file, random);
    return this.alignment.aligned(crops, this.alignment.framesOf(crops, rates));
  }

  dispose(): void {
    this.learner.dispose();
    this.net.weights.dispose();
  }

  private draw(random: Random): Crop {
    const { scenes } = this.start;
    return scenes[random.integer(scenes.length)].crop(random);
  }

  private batch(): Batch {
    const { random, alignment, start, learner } = this;
    const { latentChannels, hyperFilters } = start.file.spec;
    const n = start.settings.batch;
    const positions = Array.from({ length: n }, () => random.between(0, learner.lastPosition));
    const crops = positions.map(() => this.draw(random));
    const rates = positions.map((position) => Math.round(position * RATE_STEPS));
    const frames = alignment.framesOf(crops, rates);
    const side = start.side / DOWNSAMPLING;
    const latents = [n, side, side, latentChannels] as const;
    const latentNoise = uniformNoise(random, latents);
    const hyperNoise = uniformNoise(random, hyperShape(latents, hyperFilters));
    const draws = { positions, latentNoise, hyperNoise };
    return { crops, frames, aligned: alignment.aligned(crops, frames), draws };
  }
}

function randomRates(count: number, { spec }: ModelFile, random: Random): number[] {
  const highest = (spec.targetRates.length - 1) * RATE_STEPS;
  return Array.from({ length: count }, () => random.integer(highest + 1));
}

async function spreadOf({ file, scenes }: RunStart, random: Random): Promise<Float32Array | null> {
  const { bypass } = file.spec;
  if (!bypass) return null;
  const crops = Array.from({ length: SPREAD_CROPS }, (_, i) =>
    scenes[i % scenes.length].crop(random),
  );
  const frames = new Alignment(file).framesOf(crops, randomRates(crops.length, file, random));
  return planeSpread(crops, frames, bypass.counts.length);
}

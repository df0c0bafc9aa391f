import type { Random } from '../core/samples/random';
import type { DeviceWeights } from '../nn/deviceWeights';
import { uploadTripletNet } from '../nn/tripletNet';
import { Adam } from './adam';
import { originalsOf } from './alignment';
import type { Checkpoint } from './checkpoint';
import { DiscriminatorWeights, firstDiscriminator } from './discriminatorWeights';
import type { FloatTensor } from './floatCodec';
import {
  codedSamples,
  discriminatorStep,
  disposeSamples,
  type GanSamples,
  generatorStep,
} from './gan';
import { applied, type Batch, type Learner, meansOf, type Told } from './learner';
import { randomBands, randomLook } from './looks';
import { parameterNames } from './parts';
import { disposeStep, type Step } from './step';
import type { TrainingNetwork } from './trainingWeights';

/** Steps in which D learns before it has a say. */
const DISCRIMINATOR_FIRST = 60;
/** Factor on D's learning rate: real and made images differ little, and it learns the slower. */
const DISCRIMINATOR_FACTOR = 3;
const DISCRIMINATOR_BETAS = [0.5, 0.9] as const;
/** Factor on the rate of the linear synthesis, which comes trained longest. */
const LINEAR_FACTOR = 0.1;
const SSIM_BANDS = 6;
/** Files of up to 1 bit per pixel lie below this position, but for the smoothest images. */
const LAST_POSITION = 3.3;

/** The paper's final objective for G (`training/hsc_training/gan_stage.py`). */
export class GanLearner implements Learner {
  readonly names: readonly string[];
  readonly lastPosition: number;
  private readonly adam: Adam;
  private readonly judgeAdam: Adam;

  private constructor(
    private readonly net: TrainingNetwork,
    private readonly perceptual: DeviceWeights,
    private judge: DiscriminatorWeights,
  ) {
    this.names = parameterNames(net.spec, 'generator');
    this.lastPosition = Math.min(LAST_POSITION, net.spec.targetRates.length - 1);
    this.adam = new Adam(new Map(this.names.map((name) => [name, net.weights.variable(name)])));
    const own = judge.names.map((name) => [name, judge.variable(name)] as const);
    this.judgeAdam = new Adam(new Map(own), DISCRIMINATOR_BETAS);
  }

  /** `tripletNet`: the file of the perceptual network. Throws as `parseTripletNet`. */
  static async of(
    net: TrainingNetwork,
    tripletNet: Uint8Array,
    random: Random,
  ): Promise<GanLearner> {
    const judge = new DiscriminatorWeights(net.spec, await firstDiscriminator(net.spec, random));
    return new GanLearner(net, uploadTripletNet(tripletNet), judge);
  }

  async learn(batch: Batch, rate: number, step: number, random: Random): Promise<Told> {
    const { net } = this;
    const originals = originalsOf(batch.crops);
    const { aligned, frames } = batch;
    const samples = codedSamples(net, { originals, aligned, frames }, batch.draws);
    try {
      const discriminator = await this.teachJudge(samples, rate);
      const pass = this.pass(batch, samples, step, random);
      try {
        const rateOf = (name: string) => rate * (name.startsWith('bypass.') ? LINEAR_FACTOR : 1);
        const gradient = await applied(this.adam, pass, rateOf);
        this.judge.commit(pass.state);
        const means = await meansOf({ ...pass.terms, rate: samples.rate });
        return { terms: { ...means, discriminator }, gradient };
      } finally {
        disposeStep(pass);
      }
    } finally {
      disposeSamples(samples);
      originals.dispose();
    }
  }

  async state(): Promise<Checkpoint> {
    const [own, judge] = await Promise.all([this.adam.state(), this.judgeAdam.state()]);
    return {
      tensors: {
        first: own.first,
        second: own.second,
        judge: await this.judge.download(),
        judgeFirst: judge.first,
        judgeSecond: judge.second,
      },
      values: { adam: own.steps, judgeAdam: judge.steps },
    };
  }

  restore({ tensors, values }: Checkpoint): boolean {
    const { first, second, judge, judgeFirst, judgeSecond } = tensors;
    if (!judge || !this.adam.restore({ steps: values.adam, first, second })) return false;
    this.judge.restore(judge as ReadonlyMap<string, FloatTensor>);
    const moments = { steps: values.judgeAdam, first: judgeFirst, second: judgeSecond };
    return this.judgeAdam.restore(moments);
  }

  dispose(): void {
    this.adam.dispose();
    this.judgeAdam.dispose();
    this.judge.dispose();
    this.perceptual.dispose();
  }

  private async teachJudge(samples: GanSamples, rate: number): Promise<number> {
    const pass = discriminatorStep(this.net, this.judge, samples);
    try {
      await applied(this.judgeAdam, pass, () => rate * DISCRIMINATOR_FACTOR);
      this.judge.commit(pass.state);
      return (await meansOf(pass.terms)).discriminator;
    } finally {
      disposeStep(pass);
    }
  }

  private pass({ crops }: Batch, samples: GanSamples, step: number, random: Random): Step {
    const { spec } = this.net;
    const originals = crops.map((crop) => crop.samples);
    const draws = {
      ssimBands: randomBands(spec.bands, SSIM_BANDS, random),
      looks: (['view', 'random'] as const).map((kind) => randomLook(spec, originals, kind, random)),
    };
    const judge = step >= DISCRIMINATOR_FIRST ? this.judge : null;
    const critics = { perceptual: this.perceptual, judge };
    return generatorStep(this.net, critics, samples, draws, this.names);
  }
}

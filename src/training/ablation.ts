import * as tf from '@tensorflow/tfjs-core';
import { planBands } from '../codecs/bands';
import type { EncodeOptions, JobContext } from '../codecs/types';
import { gridFor } from '../core/cube/gridChoice';
import type { CubeSource, PixelWindow } from '../core/cube/types';
import { loadWindow } from '../core/cube/window';
import { Random } from '../core/samples/random';
import { elementCount } from '../nn/parameters';
import { DOWNSAMPLING } from '../nn/spec';
import { ablationSpec } from './ablationSpec';
import { startedNetwork } from './ablationStart';
import { originalsOf } from './alignment';
import { hyperShape, type RateDraws } from './entropy';
import { fidelityEstimate } from './fidelity';
import { FidelityLearner } from './fidelityLearner';
import type { Batch } from './learner';
import { uniformNoise } from './noise';
import { samplesOnGrid, TrainingScene } from './scene';
import { learningRateAt } from './schedule';
import { cropsOf } from './split';
import { type TrainingNetwork, trainingShapes } from './trainingWeights';
import type { AblationCheck, AblationSettings, AblationStep, Placement } from './types';
import { validationWindows } from './validation';

/** Crops that the networks' start is fitted to. */
const START_CROPS = 8;

export interface AblationStart {
  readonly source: CubeSource;
  readonly heldBack: PixelWindow;
  readonly settings: AblationSettings;
  readonly bandPolicy: EncodeOptions['bandPolicy'];
  /** Names of the spectral grids to choose from: those of the weights that are installed. */
  readonly grids: readonly string[];
}

/** What is known before the first step. */
export interface AblationFacts {
  readonly grid: string;
  readonly side: number;
  readonly places: number;
  readonly parameters: Readonly<Partial<Record<Placement, number>>>;
}

interface Lane {
  readonly placement: Placement;
  readonly net: TrainingNetwork;
  readonly learner: FidelityLearner;
}

/**
 * The paper's ablation (Byju et al., Table II): networks that differ in where their SE blocks or 3-D convolutions
 * stand, trained side by side from the same start on the same crops and noise, at the highest target's
 * multiplier. Source: `training/hsc_training/ablation.py`.
 */
export class AblationRun {
  private done = 0;

  private constructor(
    private readonly settings: AblationSettings,
    private readonly scene: TrainingScene,
    private readonly heldBack: readonly tf.Tensor4D[],
    private readonly lanes: readonly Lane[],
    private readonly random: Random,
    readonly facts: AblationFacts,
  ) {}

  /**
   * Reads the scene and builds the networks. Throws `bad-argument` for a scene too small, `band-range`,
   * `aborted`, `device`, and what the source throws.
   */
  static async prepare(start: AblationStart, job: JobContext = {}): Promise<AblationRun> {
    const { source, heldBack, settings, bandPolicy, grids } = start;
    const grid = gridFor({ label: 'The ablation', grids }, source.info, undefined);
    const plan = planBands(grid, source.info, bandPolicy);
    const { side, places } = cropsOf([{ scene: source.info, heldBack }], settings.side);
    const reading = {
      signal: job.signal,
      onProgress: (done: number) => job.onProgress?.(done / 2, `reading ${source.info.name}`),
    };
    const scene = await TrainingScene.read(source, { plan, heldBack, side, basis: null }, reading);
    const parts: tf.Tensor4D[] = [];
    for (const window of validationWindows(heldBack)) {
      const cube = await loadWindow(source, window, job.signal);
      parts.push(wholeBlocks(samplesOnGrid(cube, plan, scene.range), cube, grid.bands));
    }
    const random = new Random(settings.seed);
    const first = originalsOf(Array.from({ length: START_CROPS }, () => scene.crop(random)));
    const lanes: Lane[] = [];
    for (const placement of settings.placements) {
      job.onProgress?.(0.5 + lanes.length / (2 * settings.placements.length), 'building networks');
      const net = await startedNetwork(ablationSpec(grid.name, placement), first, settings.seed);
      lanes.push({ placement, net, learner: new FidelityLearner(net, 'all', () => 1) });
    }
    first.dispose();
    const sizes = lanes.map(({ placement, net }) => [placement, sizeOf(net)] as const);
    const facts = { grid: grid.name, side, places, parameters: Object.fromEntries(sizes) };
    return new AblationRun(settings, scene, parts, lanes, random, facts);
  }

  /** Steps that every network has made. */
  get step(): number {
    return this.done;
  }

  /**
   * Makes a step of every network, one after the other, each when the next value is asked for. Throws as
   * `Learner.learn`.
   */
  async *next(): AsyncGenerator<AblationStep> {
    const batch = this.draw();
    const rate = learningRateAt(this.settings, this.done);
    try {
      for (const { placement, learner } of this.lanes) {
        const began = performance.now();
        const { terms, gradient } = await learner.learn(batch, rate);
        const milliseconds = performance.now() - began;
        yield { placement, step: this.done + 1, terms, gradient, learningRate: rate, milliseconds };
      }
      this.done++;
    } finally {
      tf.dispose([batch.aligned, batch.draws.latentNoise, batch.draws.hyperNoise]);
    }
  }

  /** Every network on the part that is held back, each when the next value is asked for. */
  async *check(): AsyncGenerator<AblationCheck> {
    for (const { placement, net } of this.lanes) {
      let [squares, bits, pixels] = [0, 0, 0];
      for (const image of this.heldBack) {
        const own = image.shape[1] * image.shape[2];
        const { mse, bpp } = await fidelityEstimate(net, image, this.position(net));
        squares += own * mse;
        bits += own * bpp;
        pixels += own;
      }
      const psnr = -10 * Math.log10(squares / pixels);
      yield { placement, step: this.done, psnr, bpp: bits / pixels };
    }
  }

  dispose(): void {
    tf.dispose([...this.heldBack]);
    for (const { net, learner } of this.lanes) {
      learner.dispose();
      net.weights.dispose();
    }
  }

  /** The highest target's. */
  private position({ spec }: TrainingNetwork): number {
    return spec.targetRates.length - 1;
  }

  private draw(): Batch {
    const { random, scene, settings, facts } = this;
    const [{ net }] = this.lanes;
    const crops = Array.from({ length: settings.batch }, () => scene.crop(random));
    const aligned = originalsOf(crops);
    const side = facts.side / DOWNSAMPLING;
    const latents = [settings.batch, side, side, net.spec.latentChannels] as const;
    const draws: RateDraws = {
      positions: crops.map(() => this.position(net)),
      latentNoise: uniformNoise(random, latents),
      hyperNoise: uniformNoise(random, hyperShape(latents, net.spec.hyperFilters)),
    };
    return { crops, frames: crops.map(() => undefined), aligned, draws };
  }
}

function sizeOf({ spec }: TrainingNetwork): number {
  return elementCount(trainingShapes(spec));
}

/** The whole 16 × 16 blocks of an image [height, width, bands], as a batch of one. */
function wholeBlocks(
  samples: Float32Array,
  { width, height }: { readonly width: number; readonly height: number },
  bands: number,
): tf.Tensor4D {
  const blocks = (side: number) => side - (side % DOWNSAMPLING);
  return tf.tidy(() => {
    const image = tf.tensor4d(samples, [1, height, width, bands]);
    return tf.slice(image, [0, 0, 0, 0], [1, blocks(height), blocks(width), bands]);
  });
}

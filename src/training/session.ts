import { type BandPlan, planBands } from '../codecs/bands';
import type { EncodeOptions, JobContext } from '../codecs/types';
import { gridFor } from '../core/cube/gridChoice';
import type { CubeSource, HyperspectralCube, PixelWindow } from '../core/cube/types';
import { loadWindow, withBands } from '../core/cube/window';
import { HscError } from '../core/errors';
import { type ModelFile, parseModelFile } from '../nn/modelFile';
import type { ModelStore } from '../nn/models';
import { Alignment } from './alignment';
import { exportModel } from './exportModel';
import { TrainingRun } from './run';
import { TrainingScene } from './scene';
import { soloCodec } from './soloCodec';
import { cropsOf } from './split';
import type { Lineage, TuningSettings, TuningStep, Validation, ValidationPoint } from './types';
import { gainOver, validate, validationWindows } from './validation';

/** A cube to train on and the part of it that is never trained on. */
export interface SplitScene {
  readonly source: CubeSource;
  readonly heldBack: PixelWindow;
}

export interface SessionStart {
  /** What the tuned weights are to be called. */
  readonly name: string;
  /** The codec whose weights are the start. */
  readonly codec: string;
  readonly settings: TuningSettings;
  readonly bandPolicy: EncodeOptions['bandPolicy'];
  /** All on the same spectral grid. */
  readonly scenes: readonly SplitScene[];
}

/** What is known of a session before its first step. */
export interface SessionFacts {
  /** The spectral grid that the scenes lie on. */
  readonly grid: string;
  /** Side of the crops in pixels, and how many different ones there are. */
  readonly side: number;
  readonly places: number;
  /** Numbers that learn, of all of the network. */
  readonly trained: number;
  readonly parameters: number;
}

/** Weights as they were at a validation. */
export interface SavedWeights {
  readonly file: Uint8Array<ArrayBuffer>;
  readonly lineage: Lineage;
}

/** The weights that a session starts from. */
interface Parent {
  readonly codec: string;
  readonly weights: Uint8Array<ArrayBuffer>;
  readonly file: ModelFile;
}

/** Rates of validation files, as shares of a model's range of targets. */
const VALIDATED = [0, 0.5, 1] as const;
/** Crops that set the ranges and tables of exported weights, and their seed. */
const EXPORT_CROPS = 24;
const EXPORT_SEED = 7;

/** Fine-tuning of a codec's weights on the user's scenes, validated with real files. */
export class TuningSession {
  /** Validations so far, the untuned weights' first. */
  readonly validations: Validation[] = [];
  private lastSaved: SavedWeights | undefined;
  private bestSaved: SavedWeights | undefined;

  private constructor(
    private readonly start: SessionStart,
    private readonly parent: Parent,
    private readonly heldBack: readonly HyperspectralCube[],
    private readonly run: TrainingRun,
    readonly facts: SessionFacts,
  ) {}

  /**
   * Reads the scenes and the weights. Throws `bad-argument` where scenes are too small or on
   * different grids, `band-range`, `model-missing`, `aborted`, and what sources throw.
   */
  static async prepare(
    start: SessionStart,
    models: ModelStore,
    job: JobContext = {},
  ): Promise<TuningSession> {
    const { parent, plans } = await planned(start, models);
    const { side, places } = cropsOf(
      start.scenes.map(({ source, heldBack }) => ({ scene: source.info, heldBack })),
      start.settings.side,
    );
    const { basis } = new Alignment(parent.file);
    const scenes: TrainingScene[] = [];
    const heldBack: HyperspectralCube[] = [];
    for (const [i, { source, heldBack: window }] of start.scenes.entries()) {
      const plan = plans[i];
      const report = (done: number) =>
        job.onProgress?.((i + done) / start.scenes.length, `reading ${source.info.name}`);
      const parts = { plan, heldBack: window, side, basis };
      const reading = { signal: job.signal, onProgress: report };
      scenes.push(await TrainingScene.read(source, parts, reading));
      for (const part of validationWindows(window)) {
        heldBack.push(withBands(await loadWindow(source, part, job.signal), plan.codedBands));
      }
    }
    const { weights, file } = parent;
    const run = await TrainingRun.prepare({
      weights,
      file,
      scenes,
      side,
      settings: start.settings,
      perceptual: () => models.perceptualFile(),
    });
    const { grid } = file.spec;
    const facts = { grid, side, places, ...run.size };
    return new TuningSession(start, parent, heldBack, run, facts);
  }

  get step(): number {
    return this.run.step;
  }

  get last(): SavedWeights | undefined {
    return this.lastSaved;
  }

  /** Of the validation with the highest gain; none before the first that gained anything. */
  get best(): SavedWeights | undefined {
    return this.bestSaved;
  }

  /** Makes a step. Throws as `TrainingRun.next`. */
  next(): Promise<TuningStep> {
    return this.run.next();
  }

  /** Exports the weights and codes what is held back with them, or at step 0 with the parent's. */
  async validate(job: JobContext = {}): Promise<Validation> {
    const { step } = this;
    const file = step === 0 ? this.parent.weights : await this.exported();
    const points = await this.measured(file, job);
    const untuned = this.validations[0]?.points ?? points;
    const validation = { step, points, gain: gainOver(untuned, points) };
    this.validations.push(validation);
    if (step > 0) this.remember({ file, lineage: this.lineage(validation) });
    return validation;
  }

  /** Everything that the steps to come depend on. */
  save(): Promise<Uint8Array<ArrayBuffer>> {
    return this.run.save();
  }

  /** Goes on from a checkpoint of the same start. Throws `bad-file`. */
  restore(
    checkpoint: Uint8Array,
    validations: readonly Validation[],
    best: SavedWeights | undefined,
  ): void {
    this.run.restore(checkpoint);
    this.validations.splice(0, this.validations.length, ...validations);
    this.bestSaved = best;
  }

  dispose(): void {
    this.run.dispose();
  }

  private async exported(): Promise<Uint8Array<ArrayBuffer>> {
    return exportModel({
      parent: this.parent.weights,
      codec: await this.run.floats(),
      learned: this.run.learned,
      crops: () => this.run.alignedCrops(EXPORT_CROPS, EXPORT_SEED),
      training: { name: this.start.name, lineage: this.lineage(undefined) },
    });
  }

  private async measured(
    file: Uint8Array<ArrayBuffer>,
    job: JobContext,
  ): Promise<readonly ValidationPoint[]> {
    const { codec, release } = await soloCodec(file);
    const { targetRates } = this.parent.file.spec;
    const last = targetRates.length - 1;
    try {
      const targets = VALIDATED.map((share) => targetRates[Math.round(share * last)]);
      return await validate(codec, this.heldBack, targets, this.validations[0]?.points, job);
    } finally {
      await release();
    }
  }

  private remember(saved: SavedWeights): void {
    this.lastSaved = saved;
    const best = this.bestSaved?.lineage.gain ?? 0;
    if ((saved.lineage.gain ?? 0) > best) this.bestSaved = saved;
  }

  private lineage(validation: Validation | undefined): Lineage {
    const { settings, codec, scenes } = this.start;
    return {
      parent: codec,
      parentDigest: this.parent.file.sha256,
      scenes: scenes.map(({ source }) => source.info.name),
      settings: { ...settings },
      step: this.step,
      gain: validation?.gain,
      date: new Date().toISOString(),
    };
  }
}

/** The weights that all scenes are coded with, and the bands that they take of each. */
async function planned(
  { codec, scenes, bandPolicy }: SessionStart,
  models: ModelStore,
): Promise<{ readonly parent: Parent; readonly plans: readonly BandPlan[] }> {
  const entries = await models.entriesOf(codec);
  if (entries.length === 0) {
    throw new HscError('model-missing', `No weights for the model ${codec} are installed.`);
  }
  const meta = { label: codec, grids: entries.map(({ grid }) => grid) };
  const grids = scenes.map(({ source }) => gridFor(meta, source.info, undefined));
  const [grid] = grids;
  if (grids.some(({ name }) => name !== grid.name)) {
    throw new HscError(
      'bad-argument',
      'The cubes lie on different spectral grids: train on those of one grid at a time.',
    );
  }
  const weights = await models.weightsFor(codec, grid.name);
  const plans = scenes.map(({ source }) => planBands(grid, source.info, bandPolicy));
  return { parent: { codec, weights, file: await parseModelFile(weights) }, plans };
}

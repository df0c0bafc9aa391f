import type { CubeSource, PixelWindow } from '../core/cube/types';
import type { AblationRun, AblationStart } from '../training/ablation';
import type { SessionStart, TuningSession } from '../training/session';
import { AblationWork } from './ablation';
import type { BackendReport, CubeId } from './api';
import { Jobs } from './jobs';
import { RunControls } from './runControls';
import type { Shelf } from './shelf';
import { type LocalStore, TunedShelf } from './tunedShelf';
import { TuningWork } from './tuning';
import { RunLedger } from './tuningLedger';
import type {
  AblationListener,
  AblationOutcome,
  AblationRequest,
  InterruptedRun,
  RunId,
  TunedWeights,
  TuningApi,
  TuningListener,
  TuningOrder,
  TuningOutcome,
  TuningRequest,
} from './tuningTypes';
import type { Turnstile } from './turnstile';

interface ToldJob {
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, label: string) => void;
}

/** What the networks' side does for fine-tuning; loaded when first used. */
export interface TuningTools {
  /** Throws `bad-argument` for a size too small to be split. */
  suggestHeldBack(size: { readonly width: number; readonly height: number }): PixelWindow;
  prepare(start: SessionStart, job: ToldJob): Promise<TuningSession>;
  prepareAblation(start: Omit<AblationStart, 'grids'>, job: ToldJob): Promise<AblationRun>;
}

/** What the desk needs of the engine around it. */
export interface TuningBench {
  readonly device: Turnstile;
  source(cube: CubeId): CubeSource;
  tools(): Promise<TuningTools>;
  store(): Promise<LocalStore>;
  /** The backend in use; none before the engine has started. */
  backend(): BackendReport | undefined;
  /** Folders for checkpoints and for tuned weights. */
  shelf(folder: 'runs' | 'tuned'): Shelf;
}

/** Fine-tuning and what comes of it, for the worker to offer. */
export class TuningDesk implements TuningApi {
  private readonly ledger: RunLedger;
  private readonly work: TuningWork;
  private readonly ablations: AblationWork;
  private readonly controls = new RunControls();
  private readonly jobs = new Jobs();
  private kept: Promise<TunedShelf> | undefined;

  constructor(private readonly bench: TuningBench) {
    this.ledger = new RunLedger(bench.shelf('runs'));
    const shared = {
      device: bench.device,
      controls: this.controls,
      source: (cube: CubeId) => bench.source(cube),
      tools: () => bench.tools(),
      backend: () => bench.backend(),
    };
    this.ablations = new AblationWork(shared);
    this.work = new TuningWork({
      ...shared,
      ledger: this.ledger,
      install: async ({ file, lineage }, name) =>
        (await this.shelf()).keep(file, { name, gain: lineage.gain }),
    });
  }

  async suggestHeldBack(cube: CubeId): Promise<PixelWindow> {
    return (await this.bench.tools()).suggestHeldBack(this.bench.source(cube).info);
  }

  async tune(request: TuningRequest, onEvent: TuningListener): Promise<TuningOutcome> {
    return this.jobs.run(request.run, (signal) => this.work.tune(request, signal, onEvent));
  }

  async ablate(request: AblationRequest, onEvent: AblationListener): Promise<AblationOutcome> {
    return this.jobs.run(request.run, (signal) => this.ablations.ablate(request, signal, onEvent));
  }

  async steer(run: RunId, order: TuningOrder): Promise<void> {
    this.controls.steer(run, order);
  }

  async leaveRun(run: RunId): Promise<void> {
    this.jobs.cancel(run);
  }

  async interruptedRuns(): Promise<InterruptedRun[]> {
    const runs = await this.ledger.interrupted();
    return runs.filter(({ request }) => !this.controls.isRunning(request.run));
  }

  async forgetRun(run: RunId): Promise<void> {
    await this.ledger.forget(run);
  }

  async tunedWeights(): Promise<TunedWeights[]> {
    return (await this.shelf()).list();
  }

  async exportWeights(codec: string): Promise<Uint8Array<ArrayBuffer>> {
    return (await this.shelf()).file(codec);
  }

  async importWeights(file: Uint8Array<ArrayBuffer>, name: string): Promise<TunedWeights> {
    return (await this.shelf()).keep(file, { name });
  }

  async renameWeights(codec: string, name: string): Promise<TunedWeights> {
    return (await this.shelf()).rename(codec, name);
  }

  async removeWeights(codec: string): Promise<void> {
    await (await this.shelf()).remove(codec);
  }

  /** Makes codecs of the weights that are kept. */
  async install(): Promise<void> {
    await (await this.shelf()).installAll();
  }

  private shelf(): Promise<TunedShelf> {
    this.kept ??= this.bench
      .store()
      .then((store) => new TunedShelf(this.bench.shelf('tuned'), store))
      .catch((error: unknown) => {
        this.kept = undefined;
        throw error;
      });
    return this.kept;
  }
}

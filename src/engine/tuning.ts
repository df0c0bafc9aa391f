import { nextTurn } from '../codecs/turn';
import type { CubeSource } from '../core/cube/types';
import { throwIfAborted } from '../core/errors';
import type { SavedWeights, TuningSession } from '../training/session';
import type { TuningStep } from '../training/types';
import type { BackendReport, CubeId } from './api';
import type { RunControl, RunControls } from './runControls';
import type { TuningTools } from './tuningDesk';
import type { RunLedger } from './tuningLedger';
import {
  isGpu,
  type TunedWeights,
  type TuningEnd,
  type TuningEvent,
  type TuningListener,
  type TuningOutcome,
  type TuningRequest,
} from './tuningTypes';
import type { Turnstile } from './turnstile';

/** What the work needs of the engine around it. */
interface Bench {
  readonly device: Turnstile;
  readonly ledger: RunLedger;
  readonly controls: RunControls;
  source(cube: CubeId): CubeSource;
  tools(): Promise<TuningTools>;
  backend(): BackendReport | undefined;
  /** Makes weights a codec and keeps them. */
  install(weights: SavedWeights, name: string): Promise<TunedWeights>;
}

/** Most steps that a run remembers one by one; of a longer one every n-th is kept. */
const LOGGED_STEPS = 2000;

/** Fine-tuning runs: one at a time on the device, in turns with other work. */
export class TuningWork {
  constructor(private readonly bench: Bench) {}

  /** See `TuningApi.tune`. */
  tune(
    request: TuningRequest,
    signal: AbortSignal,
    onEvent: TuningListener,
  ): Promise<TuningOutcome> {
    return this.bench.controls.during(request.run, (control) =>
      this.run(request, control, signal, onEvent),
    );
  }

  private async run(
    request: TuningRequest,
    control: RunControl,
    signal: AbortSignal,
    onEvent: TuningListener,
  ): Promise<TuningOutcome> {
    const { device } = this.bench;
    const tools = await this.bench.tools();
    const onProgress = (done: number, label: string) => onEvent({ kind: 'progress', done, label });
    const scenes = request.scenes.map(({ cube, heldBack }) => ({
      source: this.bench.source(cube),
      heldBack,
    }));
    const session = await device.pass(signal, () =>
      tools.prepare({ ...request, scenes }, { signal, onProgress }),
    );
    try {
      const loop = new TuningLoop(request, session, this.bench, control, signal, onEvent);
      const end = await loop.run();
      return await this.outcome(request, session, end);
    } finally {
      session.dispose();
    }
  }

  private async outcome(
    request: TuningRequest,
    session: TuningSession,
    end: TuningEnd,
  ): Promise<TuningOutcome> {
    const { last, best } = session;
    const keep = (weights: SavedWeights) => this.bench.install(weights, request.name);
    const kept = last && (await keep(last));
    const outcome = {
      end,
      step: session.step,
      last: kept,
      best: best && (best === last ? kept : await keep(best)),
    };
    await this.bench.ledger.forget(request.run);
    return outcome;
  }
}

/** The steps, validations and checkpoints of one run. */
class TuningLoop {
  private steps: TuningStep[] = [];
  private every = 1;
  private seconds = 0;

  constructor(
    private readonly request: TuningRequest,
    private readonly session: TuningSession,
    private readonly bench: Bench,
    private readonly control: RunControl,
    private readonly signal: AbortSignal,
    private readonly tell: (event: TuningEvent) => void,
  ) {}

  async run(): Promise<TuningEnd> {
    const { session, request, control } = this;
    const { settings } = request;
    await this.resume();
    const report = this.bench.backend();
    const [backend, gpu] = [report?.name ?? 'cpu', isGpu(report)];
    this.tell({ kind: 'prepared', ...session.facts, backend, gpu, step: session.step });
    for (const validation of session.validations) this.tell({ kind: 'validation', ...validation });
    if (session.validations.length === 0) await this.validate();
    while (session.step < settings.steps) {
      throwIfAborted(this.signal);
      if (control.stopped || this.overBudget()) break;
      if (control.holds()) {
        await this.pause();
        continue;
      }
      await this.step();
      if (session.step % settings.validateEvery === 0) await this.validate();
    }
    if (session.validations.at(-1)?.step !== session.step) await this.validate();
    if (session.step >= settings.steps) return 'finished';
    return control.stopped ? 'stopped' : 'budget';
  }

  private overBudget(): boolean {
    const { budgetSeconds } = this.request.settings;
    return budgetSeconds !== undefined && this.seconds >= budgetSeconds;
  }

  private async step(): Promise<void> {
    const step = await this.bench.device.pass(this.signal, () => this.session.next());
    this.seconds += step.milliseconds / 1000;
    if (step.step % this.every === 0) this.steps.push(step);
    if (this.steps.length > LOGGED_STEPS) {
      this.every *= 2;
      this.steps = this.steps.filter((one) => one.step % this.every === 0);
    }
    this.tell({ kind: 'step', ...step });
    // On a CPU nothing in a step lets other events run: orders, pictures, encodes.
    await nextTurn();
  }

  private async validate(): Promise<void> {
    const { signal, session } = this;
    const onProgress = (done: number, label: string) =>
      this.tell({ kind: 'progress', done, label });
    const validation = await this.bench.device.pass(signal, () =>
      session.validate({ signal, onProgress }),
    );
    this.tell({ kind: 'validation', ...validation });
    await this.checkpoint();
  }

  private async checkpoint(): Promise<void> {
    const { session, request } = this;
    await this.bench.ledger.keep(request, {
      state: await session.save(),
      step: session.step,
      seconds: this.seconds,
      validations: session.validations,
      steps: this.steps,
      best: session.best,
    });
    this.tell({ kind: 'checkpoint', step: session.step });
  }

  private async resume(): Promise<void> {
    const kept = await this.bench.ledger.read(this.request.run);
    if (!kept) return;
    this.session.restore(kept.state, kept.validations, kept.best);
    this.steps = [...kept.steps];
    this.seconds = kept.seconds;
  }

  /** Waits for an order; a pause is a checkpoint, for a tab may be closed meanwhile. */
  private async pause(): Promise<void> {
    if (this.session.step > 0) await this.checkpoint();
    this.tell({ kind: 'paused', step: this.session.step });
    await this.control.order(this.signal);
  }
}

import { nextTurn } from '../codecs/turn';
import type { CubeSource } from '../core/cube/types';
import { throwIfAborted } from '../core/errors';
import type { AblationRun } from '../training/ablation';
import type { BackendReport, CubeId } from './api';
import type { RunControl, RunControls } from './runControls';
import type { TuningTools } from './tuningDesk';
import type { AblationListener, AblationOutcome, AblationRequest } from './tuningTypes';
import { isGpu } from './tuningTypes';
import type { Turnstile } from './turnstile';

/** What the work needs of the engine around it. */
interface Bench {
  readonly device: Turnstile;
  readonly controls: RunControls;
  source(cube: CubeId): CubeSource;
  tools(): Promise<TuningTools>;
  backend(): BackendReport | undefined;
}

/** Ablation runs: networks of several placements in turns with one another and with other work. */
export class AblationWork {
  constructor(private readonly bench: Bench) {}

  /** See `TuningApi.ablate`. */
  ablate(
    request: AblationRequest,
    signal: AbortSignal,
    tell: AblationListener,
  ): Promise<AblationOutcome> {
    return this.bench.controls.during(request.run, (control) =>
      this.run(request, control, signal, tell),
    );
  }

  private async run(
    { scene, settings, bandPolicy }: AblationRequest,
    control: RunControl,
    signal: AbortSignal,
    tell: AblationListener,
  ): Promise<AblationOutcome> {
    const { device } = this.bench;
    const tools = await this.bench.tools();
    const source = this.bench.source(scene.cube);
    const onProgress = (done: number, label: string) => tell({ kind: 'progress', done, label });
    const run = await device.pass(signal, () =>
      tools.prepareAblation(
        { source, heldBack: scene.heldBack, settings, bandPolicy },
        { signal, onProgress },
      ),
    );
    try {
      tell({ kind: 'prepared', ...run.facts, ...backendOf(this.bench.backend()) });
      await this.each(run.check(), signal, (check) => tell({ kind: 'check', ...check }));
      while (run.step < settings.steps && !control.stopped) {
        throwIfAborted(signal);
        if (control.holds()) {
          tell({ kind: 'paused', step: run.step });
          await control.order(signal);
          continue;
        }
        await this.each(run.next(), signal, (step) => tell({ kind: 'step', ...step }));
        if (isDue(run, settings)) {
          await this.each(run.check(), signal, (check) => tell({ kind: 'check', ...check }));
        }
      }
      return { end: control.stopped ? 'stopped' : 'finished', step: run.step };
    } finally {
      run.dispose();
    }
  }

  /** Takes values one by one, the device in turns with other work. */
  private async each<T>(
    values: AsyncGenerator<T>,
    signal: AbortSignal,
    tell: (value: T) => void,
  ): Promise<void> {
    try {
      for (;;) {
        const { value, done } = await this.bench.device.pass(signal, () => values.next());
        if (done) return;
        tell(value);
        // On a CPU nothing in a step lets other events run: orders, pictures, encodes.
        await nextTurn();
      }
    } finally {
      // Not waited for: after a loss of the device its last value may never come.
      values.return(undefined).catch(() => {});
    }
  }
}

function isDue({ step }: AblationRun, { steps, checkEvery }: AblationRequest['settings']): boolean {
  return step % checkEvery === 0 || step === steps;
}

function backendOf(report: BackendReport | undefined) {
  return { backend: report?.name ?? 'cpu', gpu: isGpu(report) } as const;
}

import { isHscError } from '../core/errors';
import type { TuningApi, TuningEvent, TuningOutcome } from '../engine/tuningTypes';
import { noticeOf } from './notice';
import { afterAll, type StudioRequest, type Told, type TuningRun } from './tuningRun';

/** Quick steps are shown together. */
const SHOWN_EVERY_MS = 200;
/** How often a run goes on by itself after its worker was ended. */
const MOST_RESTARTS = 3;

type Change = (change: (run: TuningRun) => TuningRun) => void;

/** Collects what a run tells, and hands it on at a pace that can be drawn. */
class Listener {
  private told: Told[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly change: Change) {}

  readonly tell = (event: TuningEvent): void => {
    this.told.push({ event, at: performance.now() });
    this.timer ??= setTimeout(() => this.flush(), SHOWN_EVERY_MS);
  };

  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const { told } = this;
    this.told = [];
    if (told.length > 0) this.change((run) => afterAll(run, told));
  }
}

/**
 * Makes a run and keeps its record by `change`. A run whose worker was ended for another job's sake
 * goes on from its checkpoint by itself; one that fails is interrupted. Throws what the engine
 * throws before the first of all steps.
 */
export async function followRun(
  engine: Pick<TuningApi, 'tune'>,
  request: StudioRequest,
  run: () => TuningRun | undefined,
  change: Change,
): Promise<TuningOutcome | undefined> {
  const listener = new Listener(change);
  for (let restarts = 0; ; restarts++) {
    try {
      const outcome = await engine.tune(request, listener.tell);
      listener.flush();
      const { end: state, step } = outcome;
      change((one) => ({ ...one, state, step, outcome, progress: undefined }));
      return outcome;
    } catch (error) {
      listener.flush();
      if (!run()?.facts && !isEnded(error)) throw error;
      const goesOn = isEnded(error) && restarts < MOST_RESTARTS && isGoingOn(run());
      const reason = noticeOf(error)?.message ?? 'The engine was restarted.';
      change((one) => ({
        ...one,
        state: goesOn ? 'preparing' : 'interrupted',
        reason: goesOn ? undefined : reason,
        progress: undefined,
      }));
      if (!goesOn) return undefined;
    }
  }
}

/** The worker was ended by another job, which takes the run along. */
const isEnded = (error: unknown) => isHscError(error) && error.code === 'aborted';

/** A run that is paused or about to stop is not started anew. */
const isGoingOn = (run: TuningRun | undefined) =>
  run?.state === 'running' || run?.state === 'preparing';

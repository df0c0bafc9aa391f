import { HscError } from '../core/errors';
import type { RunId, TuningOrder } from './tuningTypes';

/** How a run is to go on after the current step. */
export class RunControl {
  /** Steps to make although it is paused. */
  private single = 0;
  private paused = false;
  private over = false;
  private wake: () => void = () => {};

  get stopped(): boolean {
    return this.over;
  }

  obey(order: TuningOrder): void {
    if (order === 'pause') this.paused = true;
    if (order === 'resume') this.paused = false;
    if (order === 'step') this.single++;
    if (order === 'stop') this.over = true;
    this.wake();
  }

  /** True where the next step is not to be made yet; else that step is taken off what was ordered. */
  holds(): boolean {
    if (this.paused && this.single === 0) return true;
    this.single = Math.max(0, this.single - 1);
    return false;
  }

  /** Waits for an order that lets the run go on or end. */
  async order(signal: AbortSignal): Promise<void> {
    await new Promise<void>((resolve) => {
      this.wake = resolve;
      signal.addEventListener('abort', () => resolve(), { once: true });
      if (!this.paused || this.single > 0 || this.over || signal.aborted) resolve();
    });
  }
}

/** The runs that are going on, by name. */
export class RunControls {
  private readonly running = new Map<RunId, RunControl>();

  isRunning(run: RunId): boolean {
    return this.running.has(run);
  }

  steer(run: RunId, order: TuningOrder): void {
    const control = this.running.get(run);
    if (!control) throw new HscError('bad-argument', 'That run is not going on.');
    control.obey(order);
  }

  /** Lets a run be steered while `work` goes on. */
  async during<T>(run: RunId, work: (control: RunControl) => Promise<T>): Promise<T> {
    if (this.running.has(run)) {
      throw new HscError('bad-argument', `A run named ${run} is going on already.`);
    }
    const control = new RunControl();
    this.running.set(run, control);
    try {
      return await work(control);
    } finally {
      this.running.delete(run);
    }
  }
}

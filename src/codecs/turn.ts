import { throwIfAborted } from '../core/errors';
import type { JobContext } from './types';

/** Longest stretch of work without giving up the thread, in ms. */
const STRETCH_MS = 30;

/** Lets other events run. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

/** Keeps a long loop on the CPU responsive: call {@link due} between its steps. */
export class Turns {
  private last = performance.now();

  constructor(
    private readonly job: JobContext,
    private readonly label: string,
  ) {}

  /** True where {@link take} should be awaited. */
  due(): boolean {
    return performance.now() - this.last > STRETCH_MS;
  }

  /** Reports progress and lets other events run. Throws `aborted`. */
  async take(done: number): Promise<void> {
    this.job.onProgress?.(done, this.label);
    await nextTurn();
    throwIfAborted(this.job.signal);
    this.last = performance.now();
  }
}

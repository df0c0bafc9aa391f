import { HscError } from '../core/errors';

/** Lets one piece of work through at a time, in the order of asking. */
export class Turnstile {
  private last: Promise<unknown> = Promise.resolve();

  /** Throws `aborted` where the signal fires while waiting; the work is then never begun. */
  async pass<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    const before = this.last;
    let leave: () => void = () => {};
    this.last = new Promise<void>((resolve) => {
      leave = resolve;
    }).then(() => before);
    const waiting = new AbortController();
    try {
      await Promise.race([before, aborted(signal, waiting.signal)]);
      waiting.abort();
      return await work();
    } finally {
      leave();
    }
  }
}

/** Rejects once `signal` fires, unless `until` has fired before: a long job passes many times. */
function aborted(signal: AbortSignal | undefined, until: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const stop = () => reject(new HscError('aborted', 'The job was cancelled.'));
    if (signal?.aborted) stop();
    else signal?.addEventListener('abort', stop, { once: true, signal: until });
  });
}

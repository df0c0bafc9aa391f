import { HscError, isHscError } from '../core/errors';

/** How long a loss may be told of after the work that it broke, in ms. */
const NEWS_MS = 200;

/** Lets one piece of work through to the device at a time, in the order of asking. */
export class Turnstile {
  private last: Promise<unknown> = Promise.resolve();
  private readonly lost = new AbortController();

  /** From now on, work fails with `device` once the device is lost; `reason` resolves with why. */
  watch(reason: Promise<string>): void {
    reason.then((why) => {
      this.lost.abort(new HscError('device', `The graphics device was lost: ${why}.`));
    });
  }

  /**
   * Throws `aborted` where the signal fires while waiting; the work is then never begun. Throws
   * `device` where the device is lost: work that waits for it would wait for ever.
   */
  async pass<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    const before = this.last;
    let leave: () => void = () => {};
    this.last = new Promise<void>((resolve) => {
      leave = resolve;
    }).then(() => before);
    try {
      await unless(signal, () => new HscError('aborted', 'The job was cancelled.'), before);
      this.lost.signal.throwIfAborted();
      return await unless(this.lost.signal, (reason) => reason, this.explained(work));
    } finally {
      leave();
    }
  }

  /** What a lost device breaks fails in words of its own, often before the loss is known. */
  private async explained<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!isHscError(error)) await new Promise((resolve) => setTimeout(resolve, NEWS_MS));
      throw error;
    }
  }
}

/** What `work` gives, unless the signal fires before. Lets go of the signal: a long job passes many times. */
async function unless<T>(
  signal: AbortSignal | undefined,
  fault: (reason: unknown) => unknown,
  work: Promise<T>,
): Promise<T> {
  const done = new AbortController();
  const fired = new Promise<never>((_, reject) => {
    const stop = () => reject(fault(signal?.reason));
    if (signal?.aborted) stop();
    else signal?.addEventListener('abort', stop, { once: true, signal: done.signal });
  });
  try {
    return await Promise.race([work, fired]);
  } finally {
    done.abort();
  }
}

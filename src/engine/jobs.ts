import { HscError } from '../core/errors';
import type { JobId } from './api';

/** Running jobs by name. Invariant: a job is in the table exactly while its work is pending. */
export class Jobs {
  private readonly running = new Map<JobId, AbortController>();

  async run<T>(id: JobId, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    if (this.running.has(id)) {
      throw new HscError('bad-argument', `A job named ${id} is running already.`);
    }
    const controller = new AbortController();
    this.running.set(id, controller);
    try {
      return await work(controller.signal);
    } finally {
      this.running.delete(id);
    }
  }

  cancel(id: JobId): boolean {
    const controller = this.running.get(id);
    controller?.abort();
    return controller !== undefined;
  }
}

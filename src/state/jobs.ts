import { HscError } from '../core/errors';
import type { SliceTools } from './store';

export interface RunningJob {
  readonly kind: 'encode' | 'decode';
  readonly label: string;
  /** 0..1 */
  readonly done: number;
  readonly cancelling: boolean;
}

export interface JobOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, label: string) => void;
}

export interface JobsSlice {
  readonly job: RunningJob | undefined;
  cancel(): void;
  /** Runs a job of the engine under the store's progress and cancel. One runs at a time. */
  runJob<T>(kind: RunningJob['kind'], work: (options: JobOptions) => Promise<T>): Promise<T>;
  /** Asks the running job to stop and waits until it has. */
  stopJob(): Promise<void>;
}

export function jobsSlice({ set, get }: SliceTools): JobsSlice {
  let controller: AbortController | undefined;
  let running: Promise<unknown> = Promise.resolve();

  async function run<T>(
    kind: RunningJob['kind'],
    work: (options: JobOptions) => Promise<T>,
  ): Promise<T> {
    const own = new AbortController();
    controller = own;
    const report = (done: number, label: string) =>
      set({ job: { kind, done, label, cancelling: own.signal.aborted } });
    report(0, kind === 'encode' ? 'Starting' : 'Reading the file');
    try {
      return await work({
        signal: own.signal,
        // A report that arrives after the job has ended must not bring it back.
        onProgress: (done, label) => controller === own && report(done, label),
      });
    } finally {
      controller = undefined;
      set({ job: undefined });
      await get().refreshMemory();
    }
  }

  return {
    job: undefined,

    cancel() {
      if (!controller || controller.signal.aborted) return;
      controller.abort();
      const { job } = get();
      if (job) set({ job: { ...job, cancelling: true } });
    },

    async runJob(kind, work) {
      if (get().job) {
        throw new HscError('bad-argument', 'Wait for the running job to end, or cancel it.');
      }
      const own = run(kind, work);
      running = own.catch(() => {});
      return own;
    },

    async stopJob() {
      get().cancel();
      await running;
    },
  };
}

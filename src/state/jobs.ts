import { HscError } from '../core/errors';
import type { JobId, ProgressListener, TilesKept } from '../engine/api';
import type { SliceTools } from './store';

export interface RunningJob {
  readonly kind: 'encode' | 'decode';
  readonly label: string;
  /** 0..1 */
  readonly done: number;
  readonly cancelling: boolean;
  /** Of a large image: what is coded is kept, and the job can be paused. */
  readonly tiles?: TilesKept;
  /** It is to stop, or has, after its present step. */
  readonly paused: boolean;
}

export interface JobOptions {
  readonly signal: AbortSignal;
  readonly onProgress: ProgressListener;
  readonly onJob: (job: JobId) => void;
}

export interface JobsSlice {
  readonly job: RunningJob | undefined;
  cancel(): void;
  /** Holds the running job up, or lets it go on. */
  pauseJob(paused: boolean): Promise<void>;
  /** Runs a job of the engine under the store's progress and cancel. One runs at a time. */
  runJob<T>(kind: RunningJob['kind'], work: (options: JobOptions) => Promise<T>): Promise<T>;
  /** Asks the running job to stop and waits until it has. */
  stopJob(): Promise<void>;
}

export function jobsSlice({ set, get, engine }: SliceTools): JobsSlice {
  let controller: AbortController | undefined;
  let id: JobId | undefined;
  let running: Promise<unknown> = Promise.resolve();

  async function run<T>(
    kind: RunningJob['kind'],
    work: (options: JobOptions) => Promise<T>,
  ): Promise<T> {
    const own = new AbortController();
    controller = own;
    const report: ProgressListener = (done, label, tiles) => {
      const paused = get().job?.paused ?? false;
      set({ job: { kind, done, label, cancelling: own.signal.aborted, tiles, paused } });
    };
    report(0, kind === 'encode' ? 'Starting' : 'Reading the file');
    try {
      return await work({
        signal: own.signal,
        // A report that arrives after the job has ended must not bring it back.
        onProgress: (...told) => controller === own && report(...told),
        // A job that is repeated on another device is not paused any more.
        onJob: (name) => {
          if (controller !== own) return;
          id = name;
          const { job } = get();
          if (job?.paused) set({ job: { ...job, paused: false } });
        },
      });
    } finally {
      controller = undefined;
      id = undefined;
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

    async pauseJob(paused) {
      const name = id;
      if (!name || !(await engine.hold(name, paused))) return;
      const { job } = get();
      if (job && id === name) set({ job: { ...job, paused } });
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

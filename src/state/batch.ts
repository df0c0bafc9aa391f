import { HscError } from '../core/errors';
import { type FileGroup, groupFiles } from '../formats/groups';
import { type BatchOutput, memoryOutput } from './batchOutput';
import { type BatchChoice, type BatchTask, planBatch } from './batchPlan';
import { runBatch } from './batchRun';
import { type Notice, noticeOf } from './notice';
import { activePaneOf } from './panes';
import type { SliceTools, StudioState } from './store';
import { TimeLeft } from './timeLeft';

/** `pausing` and `cancelling` end with the file that is being made. */
export type BatchState = 'running' | 'pausing' | 'paused' | 'cancelling' | 'cancelled' | 'done';

/** A batch that runs or ran. */
export interface Batch {
  readonly state: BatchState;
  readonly tasks: readonly BatchTask[];
  /** 0..1 */
  readonly done: number;
  readonly secondsLeft: number | undefined;
  /** What is being done to the present file. */
  readonly label: string;
}

export interface BatchSlice {
  readonly batchOpen: boolean;
  readonly batchCubes: readonly FileGroup<File>[];
  readonly batchChoice: BatchChoice;
  readonly batchOutput: BatchOutput | undefined;
  readonly batch: Batch | undefined;
  readonly batchNotice: Notice | undefined;
  setBatchOpen(open: boolean): void;
  /** The cubes among these files, in place of those chosen before. */
  setBatchFiles(files: readonly File[]): void;
  setBatch(choice: Partial<BatchChoice>): void;
  setBatchOutput(output: BatchOutput | undefined): void;
  startBatch(): Promise<void>;
  pauseBatch(): void;
  resumeBatch(): void;
  cancelBatch(): void;
  dismissBatchNotice(): void;
}

const POLL_MS = 100;
const PROGRESS_MS = 200;

/** The codec of a batch: the one chosen for it, else the one that is encoded with. */
export function batchCodec(
  state: Pick<StudioState, 'codecs' | 'batchChoice' | 'panes' | 'activePane'>,
): string | undefined {
  const wanted = state.batchChoice.codecId ?? activePaneOf(state).codecId;
  return state.codecs.find(({ id }) => id === wanted)?.id;
}

export function isBusy(batch: Batch | undefined): boolean {
  return batch !== undefined && batch.state !== 'done' && batch.state !== 'cancelled';
}

export function batchSlice({ set, get, engine }: SliceTools): BatchSlice {
  let controller = new AbortController();
  let paused = false;
  /** Time spent waiting, which says nothing of how long files take. */
  let idleMs = 0;
  const update = (change: Partial<Batch>) => {
    const { batch } = get();
    if (batch) set({ batch: { ...batch, ...change } });
  };

  /** Waits while the batch is paused; an interactive job goes first. */
  async function proceed(signal: AbortSignal): Promise<void> {
    const from = performance.now();
    while (!signal.aborted && (paused || get().job)) {
      if (paused && get().batch?.state === 'pausing') update({ state: 'paused' });
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
    idleMs += performance.now() - from;
    if (signal.aborted) throw new HscError('aborted', 'The batch was cancelled.');
  }

  function events(tasks: readonly BatchTask[]) {
    const names = tasks.map(() => 'file');
    const clock = new TimeLeft(names, () => performance.now() - idleMs);
    let shown = 0;
    const progress = () => ({ done: clock.done(), secondsLeft: clock.secondsLeft() });
    return {
      onTask(id: string, change: Partial<BatchTask>) {
        const ended = change.state !== 'running' && change.state !== 'waiting';
        if (ended) clock.finish('file', change.state !== 'done');
        const now = get().batch?.tasks ?? tasks;
        update({
          tasks: now.map((task) => (task.id === id ? { ...task, ...change } : task)),
          ...progress(),
        });
      },
      onProgress(_: string, part: number, label: string) {
        const now = performance.now();
        if (now - shown < PROGRESS_MS) return;
        shown = now;
        clock.working(part);
        update({ label, ...progress() });
      },
    };
  }

  return {
    batchOpen: false,
    batchCubes: [],
    batchChoice: {
      codecId: undefined,
      rates: undefined,
      window: 'whole',
      metadata: 'spectral',
      bandPolicy: 'covered',
    },
    batchOutput: undefined,
    batch: undefined,
    batchNotice: undefined,

    setBatchOpen: (batchOpen) => set({ batchOpen }),

    setBatchFiles(files) {
      if (isBusy(get().batch)) return;
      const batchCubes = groupFiles(files);
      const nothing = { message: 'There is no image among these files.' };
      set({
        batchCubes,
        batch: undefined,
        batchNotice: batchCubes.length === 0 ? nothing : undefined,
      });
    },

    setBatch(choice) {
      if (!isBusy(get().batch)) {
        set({ batchChoice: { ...get().batchChoice, ...choice }, batch: undefined });
      }
    },

    setBatchOutput(batchOutput) {
      if (!isBusy(get().batch)) set({ batchOutput, batch: undefined });
    },

    async startBatch() {
      const { batchCubes, batchChoice: choice, codecs, batch } = get();
      const codec = codecs.find(({ id }) => id === batchCodec(get()));
      if (isBusy(batch) || !codec || batchCubes.length === 0) return;
      const tasks = planBatch(batchCubes, codec, choice.rates);
      if (tasks.length === 0) return;
      const output = get().batchOutput ?? memoryOutput();
      controller = new AbortController();
      const { signal } = controller;
      paused = false;
      idleMs = 0;
      const started = { tasks, done: 0, secondsLeft: undefined, label: 'Starting' };
      set({ batch: { state: 'running', ...started }, batchOutput: output, batchNotice: undefined });
      try {
        await runBatch({ tasks, choice, codec: codec.id }, { engine, output }, events(tasks), {
          signal,
          proceed: () => proceed(signal),
        });
        update({ state: 'done', done: 1, secondsLeft: 0 });
      } catch (error) {
        const now = get().batch?.tasks ?? tasks;
        const left = now.map(
          (task): BatchTask => (task.state === 'running' ? { ...task, state: 'waiting' } : task),
        );
        update({ state: 'cancelled', tasks: left });
        set({ batchNotice: noticeOf(error) });
      } finally {
        await get().refreshMemory();
      }
    },

    pauseBatch() {
      if (get().batch?.state !== 'running') return;
      paused = true;
      update({ state: 'pausing' });
    },

    resumeBatch() {
      const state = get().batch?.state;
      if (state !== 'pausing' && state !== 'paused') return;
      paused = false;
      update({ state: 'running' });
    },

    cancelBatch() {
      if (!isBusy(get().batch)) return;
      controller.abort();
      update({ state: 'cancelling' });
    },

    dismissBatchNotice: () => set({ batchNotice: undefined }),
  };
}

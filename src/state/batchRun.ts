import { csvTable, parseCsv } from '../core/csv';
import { isHscError, messageOf, throwIfAborted } from '../core/errors';
import type { Figures } from '../core/metrics/figures';
import { type Rate, rate as rateOf } from '../core/metrics/rate';
import type { Encoded, OpenedCube } from '../engine/api';
import type { BatchOutput } from './batchOutput';
import {
  type BatchChoice,
  type BatchRow,
  type BatchTask,
  batchWindow,
  isSameFile,
  settingsOf,
} from './batchPlan';
import type { Engine } from './store';
import { repeatingOnce } from './sweepRun';

/** The table of figures, among the files that a batch makes. */
export const TABLE_NAME = 'batch.csv';

export interface BatchPlan {
  readonly tasks: readonly BatchTask[];
  readonly choice: BatchChoice;
  readonly codec: string;
}

interface BatchTools {
  readonly engine: Pick<Engine, 'open' | 'encode' | 'figures' | 'close'>;
  readonly output: BatchOutput;
}

export interface BatchEvents {
  onTask(id: string, change: Partial<BatchTask>): void;
  /** `done` of the file that is made now, 0..1. */
  onProgress(id: string, done: number, label: string): void;
}

export interface BatchControl {
  readonly signal: AbortSignal;
  /** Comes back when the next file may be begun. Throws `aborted`. */
  proceed(): Promise<void>;
}

/**
 * Makes the files of a batch one after the other and writes each with the table as soon as it is
 * made. Files that the output has already, with the same settings in its table, are kept. A cube
 * or file that fails is told and the rest goes on. Throws `aborted` only.
 */
export async function runBatch(
  plan: BatchPlan,
  { engine, output }: BatchTools,
  events: BatchEvents,
  control: BatchControl,
): Promise<void> {
  const table = new Table(plan, output);
  const open = new Set(await table.recall((id, row) => events.onTask(id, { state: 'kept', row })));
  for (const cube of new Set(plan.tasks.map((task) => task.cube))) {
    const tasks = plan.tasks.filter((task) => task.cube === cube && open.has(task.id));
    if (tasks.length === 0) continue;
    await control.proceed();
    const fail = async (task: BatchTask, error: unknown) => {
      throwIfAborted(control.signal);
      const message = messageOf(error);
      const row = { ...settingsOf(task, plan.choice, plan.codec), error: message };
      events.onTask(task.id, { state: 'failed', message, row });
      await table.add(task.id, row);
    };
    const id = `batch ${tasks[0].id}`;
    events.onTask(tasks[0].id, { state: 'running' });
    try {
      const opened = await engine.open(id, cube.files);
      for (const task of tasks) {
        await control.proceed();
        events.onTask(task.id, { state: 'running' });
        try {
          const row = await makeFile(task, opened, plan, { engine, output }, events, control);
          await table.add(task.id, row);
          events.onTask(task.id, { state: 'done', row });
        } catch (error) {
          await fail(task, error);
        }
      }
    } catch (error) {
      for (const task of tasks) await fail(task, error);
    } finally {
      await engine.close(id).catch(() => {});
    }
  }
}

async function makeFile(
  task: BatchTask,
  cube: OpenedCube,
  { choice, codec }: BatchPlan,
  { engine, output }: BatchTools,
  events: BatchEvents,
  { signal }: BatchControl,
): Promise<BatchRow> {
  const window = batchWindow(choice.window, cube.info);
  const { bandPolicy, metadata } = choice;
  const reconstruction = `${cube.id} decoded`;
  const request = {
    cube: cube.id,
    window,
    codec,
    options: { rate: task.rate ?? Number.POSITIVE_INFINITY, bandPolicy, metadata },
    reconstruction,
  };
  const onProgress = (done: number, label: string) => events.onProgress(task.id, done, label);
  try {
    const encoded = await repeatingOnce(signal, () =>
      engine.encode(request, { signal, onProgress }),
    );
    const figures = await engine.figures({ original: cube.id, reconstruction, window });
    throwIfAborted(signal);
    await output.write(task.output, encoded.file);
    const settings = settingsOf(task, choice, codec);
    return { ...settings, ...figuresRow(cube, encoded, figures) };
  } finally {
    await engine.close(reconstruction).catch(() => {});
  }
}

/** Figures under the names that `hsc evaluate` gives them. */
function figuresRow(cube: OpenedCube, encoded: Encoded, figures: Figures): BatchRow {
  const { reconstruction, report, file } = encoded;
  const { info, sections, storedType, codedBands } = reconstruction;
  const { bpp, bpppc, bytes, ratio }: Rate = rateOf(file.byteLength, info, storedType);
  const notes = [
    ...(cube.info.notes ?? []),
    ...(codedBands.length < cube.info.bands
      ? [`The file holds ${codedBands.length} of ${cube.info.bands} bands.`]
      : []),
  ];
  return {
    cube: cube.info.name,
    psnr: figures.psnr,
    ssim: figures.ssim,
    sam: figures.samDegrees,
    samMax: figures.samMaxDegrees,
    gmsd: figures.gmsd,
    bpp,
    bpppc,
    bytes,
    ratio,
    estimatedBits: reconstruction.estimatedBits,
    encodeMs: report.encodeMs,
    decodeMs: reconstruction.decodeMs,
    width: info.width,
    height: info.height,
    bands: info.bands,
    metadataBytes: sections.metadata,
    rmse: figures.rmse,
    maxError: figures.maxError,
    clippedShare: figures.clippedShare,
    backend: reconstruction.backend,
    notes: notes.join(' '),
    error: undefined,
  };
}

/** The table in the output: rows of this batch in their order, after those of others. */
class Table {
  private others: BatchRow[] = [];
  private readonly rows = new Map<string, BatchRow>();

  constructor(
    private readonly plan: BatchPlan,
    private readonly output: BatchOutput,
  ) {}

  /** Takes over what an earlier run made; returns the ids of the files still to be made. */
  async recall(onKept: (id: string, row: BatchRow) => void): Promise<string[]> {
    const { tasks, choice, codec } = this.plan;
    const known = parseCsv((await this.output.read(TABLE_NAME)) ?? '');
    const own = new Set(tasks.map((task) => task.output));
    this.others = known.filter(({ file }) => !own.has(file));
    const missing: string[] = [];
    for (const task of tasks) {
      const settings = settingsOf(task, choice, codec);
      const row = known.find((one) => isSameFile(one, settings));
      if (row && (await this.output.has(task.output))) {
        this.rows.set(task.id, row);
        onKept(task.id, row);
      } else missing.push(task.id);
    }
    return missing;
  }

  async add(id: string, row: BatchRow): Promise<void> {
    this.rows.set(id, row);
    const rows = this.plan.tasks
      .map((task) => this.rows.get(task.id))
      .filter((one) => one !== undefined);
    const text = csvTable([...this.others, ...rows]);
    try {
      await this.output.write(TABLE_NAME, new TextEncoder().encode(text));
    } catch (error) {
      // The next row writes the whole table again; a folder that is gone fails its files too.
      if (!isHscError(error)) throw error;
    }
  }
}

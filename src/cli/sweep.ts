import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Codec, CodecMeta, EncodeOptions, MetadataChoice } from '../codecs/types';
import type { SpectralGrid } from '../core/cube/grids';
import { cubeOnGrid } from '../core/cube/onGrid';
import type { HyperspectralCube } from '../core/cube/types';
import { stemOf } from '../formats/bytes';
import type { OpenOptions } from '../formats/types';
import type { Perceptual } from './lpips';
import { type Measured, measure } from './measure';
import { loadCube } from './studio';
import { explain, type ProgressLine } from './terminal';

/** What to measure: every codec at its rates on every cube. */
export interface SweepPlan {
  readonly inputs: readonly string[];
  readonly open: OpenOptions;
  readonly codecs: readonly Codec[];
  /** Target rates in bpp; each codec's own by default. */
  readonly rates?: readonly number[];
  readonly grid?: SpectralGrid;
  readonly metadata: MetadataChoice;
  readonly backend: string;
  readonly perceptual?: Perceptual;
  readonly plainRounding?: boolean;
  readonly perceptualFit?: boolean;
  readonly weights?: EncodeOptions['weights'];
  /** Folder that keeps the files; a temporary one is removed afterwards by default. */
  readonly keep?: string;
}

/** The rates at which a codec is measured; the one entry `undefined` where it takes none. */
export interface CodecRates {
  readonly rates: readonly (number | undefined)[];
  /** Rates that were asked for and that the codec would clamp. */
  readonly outside: readonly number[];
}

/** False where the codec would take another rate than the one asked for. */
export function servesRate({ rateRange }: CodecMeta, rate: number): boolean {
  const [low, high] = rateRange ?? [0, Infinity];
  return rate >= low && rate <= high;
}

export function ratesOf(meta: CodecMeta, asked: readonly number[] | undefined): CodecRates {
  if (meta.targetRates.length === 0) return { rates: [undefined], outside: [] };
  const serves = (rate: number) => servesRate(meta, rate);
  const wanted = [...new Set(asked ?? meta.targetRates)];
  return { rates: wanted.filter(serves), outside: wanted.filter((rate) => !serves(rate)) };
}

/** Runs with a folder that is removed afterwards, or with one that is kept. */
async function withFolder<T>(
  kept: string | undefined,
  run: (folder: string) => Promise<T>,
): Promise<T> {
  if (kept !== undefined) {
    await mkdir(kept, { recursive: true });
    return run(kept);
  }
  const folder = await mkdtemp(join(tmpdir(), 'hsc-'));
  try {
    return await run(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** What a cube is called in figures and file names. */
export function cubeName(input: string): string {
  return stemOf(basename(input)).replace(':', '-');
}

async function openCube(input: string, { open, grid }: SweepPlan): Promise<HyperspectralCube> {
  const loaded = await loadCube(input, open);
  const cube = { ...loaded, name: cubeName(input) };
  return grid ? cubeOnGrid(cube, grid) : cube;
}

/** Runs each step; one that fails is told on stderr and the rest goes on. Returns what was told. */
async function each<T>(
  items: readonly T[],
  nameOf: (item: T) => string,
  step: (item: T) => Promise<void>,
  progress: ProgressLine,
  signal: AbortSignal,
): Promise<string[]> {
  const failures: string[] = [];
  for (const item of items) {
    try {
      await step(item);
    } catch (error) {
      if (signal.aborted) throw error;
      failures.push(`${nameOf(item)}: ${explain(error)}`);
      progress.print(failures[failures.length - 1]);
    }
  }
  return failures;
}

interface Task {
  readonly codec: Codec;
  readonly rate: number | undefined;
}

function tasksOf({ codecs, rates: asked, grid }: SweepPlan, progress: ProgressLine): Task[] {
  return codecs.flatMap((codec) => {
    const { id, grids, rateRange = [] } = codec.meta;
    if (grid && grids && !grids.includes(grid.name)) {
      progress.print(`${id} does not work on ${grid.name}: left out.`);
      return [];
    }
    const { rates, outside } = ratesOf(codec.meta, asked);
    if (outside.length > 0) {
      const [low, high] = rateRange;
      progress.print(`${id} serves ${low} to ${high} bpp: ${outside.join(', ')} left out.`);
    }
    return rates.map((rate) => ({ codec, rate }));
  });
}

/**
 * Measures cube by cube, codec by codec, in the order of the rates. Returns what failed: points
 * or whole cubes, one sentence each. Throws `aborted` when interrupted.
 */
export async function sweep(
  plan: SweepPlan,
  onPoint: (measured: Measured) => void,
  progress: ProgressLine,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const tasks = tasksOf(plan, progress);
  const { metadata, backend, grid, keep, perceptual, plainRounding, perceptualFit, weights } = plan;
  return withFolder(keep, async (folder) => {
    const choices = { metadata, plainRounding, perceptualFit, weights };
    const setup = { ...choices, folder, backend, perceptual, grid: grid?.name };
    const failedPoints: string[] = [];
    const measureCube = async (input: string) => {
      const cube = await openCube(input, plan);
      const nameOf = ({ codec, rate }: Task) => [cube.name, codec.meta.id, rate].join(' ').trim();
      const measurePoint = async (task: Task) => {
        const onProgress = (done: number, label: string) =>
          progress.update(nameOf(task), done, label);
        onPoint(await measure(cube, task.codec, task.rate, setup, { signal, onProgress }));
      };
      failedPoints.push(...(await each(tasks, nameOf, measurePoint, progress, signal)));
    };
    const failedCubes = await each(
      plan.inputs,
      (input) => basename(input),
      measureCube,
      progress,
      signal,
    );
    return [...failedCubes, ...failedPoints];
  });
}

import { version } from '../../package.json';
import { isHscError, messageOf, throwIfAborted } from '../core/errors';
import type { Figures } from '../core/metrics/figures';
import type { Rate } from '../core/metrics/rate';
import type { BackendName, Measured, Survey } from '../engine/api';
import type { PointCache } from './pointCache';
import type { Engine } from './store';
import type { SweepTarget, SweepTask } from './sweepPlan';

/** Longest side of a point's picture in pixels. */
export const PICTURE_SIDE = 192;

/** A measured point; its file and pictures are in the cache under `key`. */
export interface SweepPoint {
  readonly id: string;
  readonly codec: string;
  readonly label: string;
  /** In bpp; undefined for codecs that take none. */
  readonly targetRate: number | undefined;
  /** Place in the sweep's list of targets. */
  readonly target: number;
  readonly figures: Figures;
  readonly rate: Rate;
  readonly encodeMs: number;
  readonly decodeMs: number;
  readonly backend: BackendName;
  readonly key: string;
  /** Measured before, not now. */
  readonly cached: boolean;
}

export interface SweepFailure {
  readonly id: string;
  readonly codec: string;
  readonly label: string;
  readonly targetRate: number | undefined;
  readonly target: number;
  readonly message: string;
}

export interface SweepPlan {
  readonly targets: readonly SweepTarget[];
  /** The bands of the cube that every codec gets; all where undefined. */
  readonly bands: readonly number[] | undefined;
  readonly tasks: readonly SweepTask[];
}

export interface SweepEvents {
  onSurvey(target: number, survey: Survey): void;
  onPoints(points: readonly SweepPoint[]): void;
  onFailure(failure: SweepFailure): void;
  /** `done` of the task that is measured now, 0..1. */
  onProgress(task: SweepTask, done: number): void;
}

interface SweepTools {
  readonly engine: Pick<Engine, 'survey' | 'measure' | 'endSurvey'>;
  readonly cache: PointCache;
}

interface Keyed {
  readonly task: SweepTask;
  readonly key: string;
}

/**
 * Measures what a plan asks for: first everything that was measured before is reported, in one
 * go, then the rest is measured, one file after the other. A file that fails is reported and the
 * sweep goes on. With `recall` nothing is measured. Throws `aborted`, and what reading a target
 * throws.
 */
export async function runSweep(
  plan: SweepPlan,
  { engine, cache }: SweepTools,
  events: SweepEvents,
  options: { readonly signal: AbortSignal; readonly recall: boolean },
): Promise<void> {
  const { signal, recall } = options;
  try {
    const keyed = await survey(plan, engine, events, signal);
    const missing: Keyed[] = [];
    const known: SweepPoint[] = [];
    for (const { task, key } of keyed) {
      const measured = await cache.get(key);
      throwIfAborted(signal);
      if (measured) known.push(pointOf(task, key, measured, true));
      else missing.push({ task, key });
    }
    if (known.length > 0) events.onPoints(known);
    for (const { task, key } of recall ? [] : missing) {
      throwIfAborted(signal);
      await measure(plan, { task, key }, { engine, cache }, events, signal);
    }
  } finally {
    // An engine that has just been lost keeps nothing that could be freed.
    await engine.endSurvey().catch(() => {});
  }
}

async function survey(
  plan: SweepPlan,
  engine: SweepTools['engine'],
  events: SweepEvents,
  signal: AbortSignal,
): Promise<Keyed[]> {
  const digests: string[] = [];
  for (const [index, target] of plan.targets.entries()) {
    const request = { ...target, bands: plan.bands, maxSide: PICTURE_SIDE };
    const surveyed = await engine.survey(request);
    throwIfAborted(signal);
    digests.push(surveyed.digest);
    events.onSurvey(index, surveyed);
  }
  return plan.tasks.map((task) => ({ task, key: keyOf(task, digests[task.target]) }));
}

/** Everything that a measured file depends on. */
function keyOf({ codec, rate }: SweepTask, digest: string): string {
  return [digest, codec.id, codec.version, version, rate ?? 'only', PICTURE_SIDE].join(' ');
}

async function measure(
  plan: SweepPlan,
  { task, key }: Keyed,
  { engine, cache }: SweepTools,
  events: SweepEvents,
  signal: AbortSignal,
): Promise<void> {
  const onProgress = (done: number) => events.onProgress(task, done);
  try {
    const measured = await repeatingOnce(signal, () =>
      engine.measure(measureRequest(plan, task), { signal, onProgress }),
    );
    cache.put(key, measured);
    events.onPoints([pointOf(task, key, measured, false)]);
  } catch (error) {
    if (signal.aborted) throw error;
    const { codec, rate, target } = task;
    const { id, label } = codec;
    const message = messageOf(error);
    events.onFailure({ id: idOf(task), codec: id, label, targetRate: rate, target, message });
  }
}

export function measureRequest({ targets, bands }: SweepPlan, { codec, rate, target }: SweepTask) {
  return { ...targets[target], bands, maxSide: PICTURE_SIDE, codec: codec.id, rate: rate ?? 0 };
}

/** A worker that is ended by another job takes this one along: it is begun once more. */
export async function repeatingOnce<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (signal.aborted || !isHscError(error) || error.code !== 'aborted') throw error;
    return work();
  }
}

const idOf = ({ codec, rate, target }: SweepTask) => `${codec.id} ${rate ?? 'only'} ${target}`;

function pointOf(task: SweepTask, key: string, measured: Measured, cached: boolean): SweepPoint {
  const { figures, rate, encodeMs, decodeMs, backend } = measured;
  const { codec, target } = task;
  return {
    id: idOf(task),
    codec: codec.id,
    label: codec.label,
    targetRate: task.rate,
    target,
    figures,
    rate,
    encodeMs,
    decodeMs,
    backend,
    key,
    cached,
  };
}

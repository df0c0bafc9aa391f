import { keptOnly } from '../core/cube/bandRanges';
import type { ValueRange } from '../core/cube/normalize';
import type { CubeInfo } from '../core/cube/types';
import type { CodecCard, Picture } from '../engine/api';
import { type Notice, noticeOf } from './notice';
import type { PointCache } from './pointCache';
import type { SliceTools } from './store';
import {
  type CommonBands,
  commonBands,
  planTasks,
  type SweepChoice,
  type SweepTarget,
  scopeWindows,
} from './sweepPlan';
import {
  measureRequest,
  runSweep,
  type SweepEvents,
  type SweepFailure,
  type SweepPlan,
  type SweepPoint,
} from './sweepRun';
import { TimeLeft } from './timeLeft';

export type RateUnit = 'bpp' | 'bpppc' | 'bytes';
export type QualityFigure = 'psnr' | 'ssim' | 'sam';

/** How the curves are drawn. */
export interface CurvesView {
  readonly x: RateUnit;
  readonly scale: 'linear' | 'log';
  readonly y: QualityFigure;
  /** A chart, or the picture of every point. */
  readonly drawn: 'chart' | 'pictures';
  /** Codec that the Bjøntegaard deltas are taken against; the first one measured by default. */
  readonly anchor: string | undefined;
  /** Headings whose codecs are not drawn. */
  readonly hidden: readonly string[];
  /** Published figures of others are shown. */
  readonly references: boolean;
}

/** A sweep over codecs and rates, running or ended. Its points stay until the next one starts. */
export interface Sweep extends SweepPlan {
  readonly info: CubeInfo;
  readonly codecs: readonly CodecCard[];
  /** Digest and value range of each target, as far as they have been read. */
  readonly surveys: readonly { readonly digest: string; readonly range: ValueRange }[];
  readonly points: readonly SweepPoint[];
  readonly failures: readonly SweepFailure[];
  readonly state: 'running' | 'cancelling' | 'cancelled' | 'done' | 'recalled';
  /** 0..1 */
  readonly done: number;
  /** What is measured now. */
  readonly label: string;
  /** Undefined until the first point has been measured. */
  readonly secondsLeft: number | undefined;
}

export interface SweepSlice {
  /** Undefined until the user has chosen: see {@link sweptCodecs}. */
  readonly sweepCodecs: readonly string[] | undefined;
  readonly sweepRates: SweepChoice['rates'];
  readonly sweepScope: SweepChoice['scope'];
  readonly sweep: Sweep | undefined;
  readonly sweepNotice: Notice | undefined;
  /** Set while the user has to decide about bands that some codecs do not cover. */
  readonly sweepBandQuestion: CommonBands | undefined;
  readonly curves: CurvesView;
  setSweep(choice: Partial<Pick<SweepSlice, 'sweepCodecs' | 'sweepRates' | 'sweepScope'>>): void;
  setCurves(view: Partial<CurvesView>): void;
  /** Measures the choice on the open cube, or on the targets given. */
  startSweep(targets?: readonly SweepTarget[]): Promise<void>;
  /** Shows what was measured before of the choice, and measures nothing. */
  recallSweep(): Promise<void>;
  answerSweepBands(answer: 'covered' | 'all' | 'cancel'): Promise<void>;
  cancelSweep(): void;
  /** Ends a sweep and forgets its points: they belong to a cube that is closed. */
  leaveSweep(): void;
  /** Makes a point the current result: its file is decoded into the compare view. */
  pickPoint(id: string): Promise<void>;
  /** Pictures of a point, where they are still in memory. */
  pointPictures(id: string): { readonly original?: Picture; readonly reconstruction?: Picture };
  clearMeasured(): Promise<void>;
  dismissSweepNotice(): void;
}

/** How often progress within a point is shown. */
const PROGRESS_MS = 250;

interface Run {
  readonly controller: AbortController;
  readonly recall: boolean;
  /** Shows that the run is about to end. */
  cancelled?: () => void;
}

/**
 * The codecs that the user has chosen for a sweep; where nothing was chosen, all but those that are
 * not made for its figures and those that are measured on request only.
 */
export function sweptCodecs(state: {
  readonly codecs: readonly CodecCard[];
  readonly sweepCodecs: readonly string[] | undefined;
}): readonly CodecCard[] {
  const { codecs, sweepCodecs } = state;
  return codecs.filter(
    ({ id, perceptual, onRequest }) => sweepCodecs?.includes(id) ?? !(perceptual || onRequest),
  );
}

export function sweepSlice({ set, get, engine }: SliceTools, cache: PointCache): SweepSlice {
  let current: Run | undefined;
  let pictures: Picture[] = [];
  /** What the question about bands was asked for. */
  let waiting: readonly SweepTarget[] = [];

  function targetsOfChoice(): readonly SweepTarget[] {
    const { cube, patch, sweepScope } = get();
    if (!cube || !patch) return [];
    return scopeWindows(sweepScope, patch, cube.info).map((window) => ({ cube: cube.id, window }));
  }

  /** A recall makes way for a measurement; nothing else does. */
  const busy = () => current !== undefined && !current.recall;

  async function run(
    targets: readonly SweepTarget[],
    bands: readonly number[] | undefined,
    recall: boolean,
  ): Promise<void> {
    const { cube, sweepRates } = get();
    const codecs = sweptCodecs(get());
    const tasks = planTasks(codecs, sweepRates, targets.length);
    if (!cube || busy() || tasks.length === 0) return;
    current?.controller.abort();
    const own: Run = { controller: new AbortController(), recall };
    current = own;
    pictures = [];
    let sweep: Sweep = {
      ...{ targets, bands: bands ?? keptOnly(cube.info), tasks, codecs, info: cube.info },
      ...{ surveys: [], points: [], failures: [], done: 0, secondsLeft: undefined },
      label: 'reading the samples',
      state: recall ? 'recalled' : 'running',
    };
    const update = (change: Partial<Sweep>) => {
      if (current !== own) return;
      const cancelling = own.controller.signal.aborted && sweep.state === 'running';
      sweep = { ...sweep, ...(cancelling ? { state: 'cancelling' } : {}), ...change };
      // What was measured before is shown once something is found, and not announced.
      if (!recall || sweep.points.length > 0) set({ sweep });
    };
    own.cancelled = () => update({});
    set({ sweepNotice: undefined, sweepBandQuestion: undefined });
    update({});
    try {
      const { signal } = own.controller;
      const events = eventsInto(() => sweep, update, pictures);
      await runSweep(sweep, { engine, cache }, events, { signal, recall });
      if (!recall) update({ state: 'done', done: 1 });
    } catch (error) {
      if (current !== own || recall) return;
      update({ state: 'cancelled' });
      set({ sweepNotice: noticeOf(error) });
    } finally {
      if (current === own) current = undefined;
      await get().refreshMemory();
    }
  }

  return {
    sweepCodecs: undefined,
    sweepRates: undefined,
    sweepScope: 'patch',
    sweep: undefined,
    sweepNotice: undefined,
    sweepBandQuestion: undefined,
    curves: {
      x: 'bpp',
      scale: 'linear',
      y: 'psnr',
      anchor: undefined,
      hidden: [],
      references: false,
      drawn: 'chart',
    },

    setSweep: (choice) => set({ ...choice, sweepBandQuestion: undefined }),
    setCurves: (view) => set({ curves: { ...get().curves, ...view } }),

    async startSweep(targets = targetsOfChoice()) {
      const { cube, coveredOnly } = get();
      if (!cube || busy()) return;
      const common = commonBands(sweptCodecs(get()), cube.info);
      if (common && !coveredOnly.has(cube.id)) {
        waiting = targets;
        set({ sweepBandQuestion: common });
      } else {
        await run(targets, common?.bands, false);
      }
    },

    async recallSweep() {
      const { cube, sweep, coveredOnly } = get();
      if (!cube || sweep || current) return;
      const common = commonBands(sweptCodecs(get()), cube.info);
      const inside = coveredOnly.has(cube.id) ? common?.bands : undefined;
      await run(targetsOfChoice(), inside, true);
    },

    async answerSweepBands(answer) {
      const { cube, coveredOnly } = get();
      set({ sweepBandQuestion: undefined });
      if (!cube || answer === 'cancel') return;
      if (answer === 'covered') {
        set({ coveredOnly: new Set([...coveredOnly, cube.id]) });
        await get().startSweep(waiting);
      } else {
        await run(waiting, undefined, false);
      }
    },

    cancelSweep() {
      current?.controller.abort();
      current?.cancelled?.();
    },

    leaveSweep() {
      current?.controller.abort();
      current = undefined;
      pictures = [];
      set({ sweep: undefined, sweepNotice: undefined, sweepBandQuestion: undefined });
    },

    async pickPoint(id) {
      const { sweep, cube } = get();
      const point = sweep?.points.find((one) => one.id === id);
      const task = sweep?.tasks.find(
        ({ codec, rate, target }) =>
          codec.id === point?.codec && rate === point.targetRate && target === point.target,
      );
      if (!sweep || !point || !task || !cube) return;
      set({ sweepNotice: undefined });
      try {
        const measured =
          (await cache.get(point.key)) ?? (await engine.measure(measureRequest(sweep, task)));
        await get().adoptMeasured(cube, sweep.targets[point.target].window, point, {
          file: measured.file,
          bands: sweep.bands,
        });
      } catch (error) {
        set({ sweepNotice: noticeOf(error) });
      }
    },

    pointPictures(id) {
      const point = get().sweep?.points.find((one) => one.id === id);
      if (!point) return {};
      return {
        original: pictures[point.target],
        reconstruction: cache.peek(point.key)?.picture,
      };
    },

    async clearMeasured() {
      if (busy()) return;
      await cache.clear();
      get().leaveSweep();
    },

    dismissSweepNotice: () => set({ sweepNotice: undefined }),
  };
}

/** What a running sweep tells, written into its record. */
function eventsInto(
  sweep: () => Sweep,
  update: (change: Partial<Sweep>) => void,
  pictures: Picture[],
): SweepEvents {
  const clock = new TimeLeft(sweep().tasks.map(({ codec }) => codec.id));
  let shown = 0;
  const progress = () => ({ done: clock.done(), secondsLeft: clock.secondsLeft() });
  return {
    onSurvey(target, { digest, range, picture }) {
      pictures[target] = picture;
      update({ surveys: [...sweep().surveys, { digest, range }] });
    },
    onPoints(points) {
      for (const point of points) clock.finish(point.codec, point.cached);
      update({ points: [...sweep().points, ...points], ...progress() });
    },
    onFailure(failure) {
      clock.finish(failure.codec, true);
      update({ failures: [...sweep().failures, failure], ...progress() });
    },
    onProgress({ codec, rate }, part) {
      const now = performance.now();
      if (now - shown < PROGRESS_MS) return;
      shown = now;
      clock.working(part);
      const label = rate === undefined ? codec.label : `${codec.label} at ${rate} bpp`;
      update({ label, ...progress() });
    },
  };
}

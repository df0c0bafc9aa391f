import type { PixelWindow } from '../core/cube/types';
import type { CubeId, OpenedCube } from '../engine/api';
import type {
  InterruptedRun,
  RunId,
  TuningOrder,
  TuningOutcome,
  TuningRequest,
  TuningSettings,
} from '../engine/tuningTypes';
import { isAblating } from './ablation';
import { type BandQuestion, bandsOutside } from './encoding';
import { type Notice, noticeOf } from './notice';
import { activePaneOf } from './panes';
import type { SliceTools, StudioState } from './store';
import { runsElsewhere, whileHeld } from './tabs';
import { named, newestFirst } from './tuned';
import { followRun } from './tuningFollow';
import { isActive, type NamedScene, newRun, type StudioRequest, type TuningRun } from './tuningRun';
import { canBeTuned, changed, DEFAULT_SETTINGS } from './tuningSettings';
import { fitHeldBack, LEAST_CROP, largestCrop } from './tuningSplit';

/** The part of a cube that is held back, or why there is none. */
export interface Split {
  readonly heldBack?: PixelWindow;
  readonly fault?: string;
}

/** Bands of a cube that would not be trained on. */
export interface TuningBandQuestion extends BandQuestion {
  readonly cube: CubeId;
  readonly name: string;
}

/** What the room's stage shows. */
export type TuningShown = 'split' | 'progress' | 'ablation';

export interface TuningSlice {
  /** Undefined until the user has chosen: see {@link tuningCodec}. */
  readonly tuningCodecId: string | undefined;
  /** Undefined until the user has chosen: see {@link tuningCubes}. */
  readonly tuningCubeIds: readonly CubeId[] | undefined;
  /** What the weights will be called; the scene's name where undefined. */
  readonly tuningName: string | undefined;
  readonly tuningSettings: TuningSettings;
  readonly splits: Readonly<Record<CubeId, Split>>;
  readonly tuningBandQuestion: TuningBandQuestion | undefined;
  readonly tuningNotice: Notice | undefined;
  readonly tuningRun: TuningRun | undefined;
  /** Runs of earlier visits that can go on, newest first. */
  readonly interruptedRuns: readonly InterruptedRun[];
  readonly tuningShown: TuningShown;
  setTuning(
    choice: Partial<
      Pick<TuningSlice, 'tuningCodecId' | 'tuningCubeIds' | 'tuningName' | 'tuningShown'>
    >,
  ): void;
  setTuningSettings(change: Partial<TuningSettings>): void;
  /** Holds back what the engine suggests, where nothing is held back yet. */
  suggestSplit(cube: CubeId): Promise<void>;
  setHeldBack(cube: CubeId, window: PixelWindow): void;
  startTuning(): Promise<void>;
  answerTuningBands(answer: 'covered' | 'cancel'): Promise<void>;
  steerTuning(order: TuningOrder): Promise<void>;
  /** Goes on with an interrupted run, of this visit or an earlier one. */
  resumeRun(run: RunId): Promise<void>;
  /** Forgets an interrupted run. */
  discardRun(run: RunId): Promise<void>;
  /** Reads what is kept on this machine: weights and interrupted runs. */
  loadTuning(): Promise<void>;
  dismissTuningNotice(): void;
}

/** The codec whose weights training starts from; undefined where none can be trained. */
export function tuningCodec(
  state: Pick<StudioState, 'codecs' | 'tuningCodecId' | 'panes' | 'activePane'>,
): StudioState['codecs'][number] | undefined {
  const able = state.codecs.filter(canBeTuned);
  const named = (id: string | undefined) => able.find((codec) => codec.id === id);
  return named(state.tuningCodecId) ?? named(activePaneOf(state).codecId) ?? able[0];
}

/** The open cubes to train on: those chosen, else the one looked at. */
export function tuningCubes(
  state: Pick<StudioState, 'cubes' | 'cube' | 'tuningCubeIds'>,
): readonly OpenedCube[] {
  const { cubes, cube, tuningCubeIds } = state;
  if (!tuningCubeIds) return cube ? [cube] : [];
  return cubes.map((entry) => entry.cube).filter(({ id }) => tuningCubeIds.includes(id));
}

/** What tuned weights of the choice are called. */
export function tuningName(
  state: Pick<StudioState, 'cubes' | 'cube' | 'tuningCubeIds' | 'tuningName'>,
): string {
  const [first] = tuningCubes(state);
  const scene = first?.info.name.replace(/\.[A-Za-z0-9]{1,4}$/, '') ?? '';
  return state.tuningName?.trim() || scene;
}

/** Why training cannot start; undefined where it can. */
export function startFault(state: StudioState): string | undefined {
  const cubes = tuningCubes(state);
  if (!state.backend) return 'The engine is starting.';
  if (isAblating(state.ablation)) return 'An ablation is going on: stop it first.';
  if (!tuningCodec(state)) return 'No codec with weights that learn is installed.';
  if (cubes.length === 0) return 'Choose a scene to train on.';
  for (const { id, info } of cubes) {
    const { heldBack, fault } = state.splits[id] ?? {};
    if (fault) return fault;
    if (!heldBack) return 'The scene is being split.';
    if (largestCrop(heldBack, info) < LEAST_CROP) {
      return `Beside what is held back of ${info.name} no crop of ${LEAST_CROP} × ${LEAST_CROP} pixels fits: make that part smaller.`;
    }
  }
  return undefined;
}

/** The open cube that a scene of a request is: by its id in this visit, else by name and size. */
export function cubeOfScene(
  scene: NamedScene,
  { cubes }: Pick<StudioState, 'cubes'>,
): OpenedCube | undefined {
  const same = ({ info }: OpenedCube) =>
    info.name === scene.name &&
    info.width === scene.width &&
    info.height === scene.height &&
    info.bands === scene.bands;
  const alike = cubes.map(({ cube }) => cube).filter(same);
  return alike.find(({ id }) => id === scene.cube) ?? alike[0];
}

/** Interrupted runs that are offered: not the one whose record is shown. */
export function offeredRuns(
  state: Pick<StudioState, 'interruptedRuns' | 'tuningRun'>,
): readonly InterruptedRun[] {
  const { interruptedRuns, tuningRun } = state;
  return interruptedRuns.filter(({ request }) => request.run !== tuningRun?.request.run);
}

/** A request of an earlier visit; its scenes may lack what they are found by. */
export function asStudioRequest(request: TuningRequest): StudioRequest {
  const scenes = request.scenes.map((scene) => ({
    ...{ name: '', width: 0, height: 0, bands: 0 },
    ...scene,
  }));
  return { ...request, scenes };
}

export function tuningSlice({ set, get, engine }: SliceTools): TuningSlice {
  const change = (run: RunId, next: (run: TuningRun) => TuningRun) => {
    const { tuningRun } = get();
    if (tuningRun?.request.run === run) set({ tuningRun: next(tuningRun) });
  };

  /** Where a run has left two sets of weights, the last one is named by its step. */
  async function nameLast(name: string, { best, last, step }: TuningOutcome): Promise<void> {
    if (!best || !last || best.codec === last.codec) return;
    await engine.renameWeights(last.codec, `${name}, step ${step}`);
  }

  async function go(run: TuningRun): Promise<void> {
    const { request } = run;
    const before = get().tuningRun;
    const record = () => {
      const { tuningRun } = get();
      return tuningRun?.request.run === request.run ? tuningRun : undefined;
    };
    set({ tuningRun: run, tuningNotice: undefined, tuningShown: 'progress' });
    try {
      const outcome = await whileHeld(request.run, () =>
        followRun(engine, request, record, (next) => change(request.run, next)),
      );
      if (outcome) await nameLast(request.name, outcome);
    } catch (error) {
      if (record()?.outcome) {
        set({ tuningNotice: noticeOf(error) });
      } else if (run.safe !== undefined) {
        const reason = noticeOf(error)?.message;
        change(request.run, (one) => ({
          ...one,
          state: 'interrupted',
          reason,
          progress: undefined,
        }));
      } else {
        const shown = before && !isActive(before) ? before : undefined;
        set({ tuningRun: shown, tuningNotice: noticeOf(error), tuningShown: 'split' });
      }
    }
    await get().refreshMemory();
    await get().reloadTuned();
  }

  function requestOf(state: StudioState): StudioRequest | undefined {
    const codec = tuningCodec(state);
    if (!codec || startFault(state)) return undefined;
    const scenes = tuningCubes(state).map(({ id, info }) => ({
      cube: id,
      heldBack: state.splits[id].heldBack as PixelWindow,
      ...{ name: info.name, width: info.width, height: info.height, bands: info.bands },
    }));
    const covered = scenes.some(({ cube }) => state.coveredOnly.has(cube));
    return {
      run: `run-${Date.now()}`,
      name: tuningName(state),
      codec: codec.id,
      scenes,
      settings: state.tuningSettings,
      bandPolicy: covered ? 'covered' : 'refuse',
    };
  }

  /** The first cube with bands that would be left out and that nobody was asked about. */
  function questionFor(state: StudioState): TuningBandQuestion | undefined {
    const codec = tuningCodec(state);
    for (const cube of tuningCubes(state)) {
      const question = bandsOutside(cube, codec);
      if (question && !state.coveredOnly.has(cube.id)) {
        return { ...question, cube: cube.id, name: cube.info.name };
      }
    }
    return undefined;
  }

  return {
    tuningCodecId: undefined,
    tuningCubeIds: undefined,
    tuningName: undefined,
    tuningSettings: DEFAULT_SETTINGS,
    splits: {},
    tuningBandQuestion: undefined,
    tuningNotice: undefined,
    tuningRun: undefined,
    interruptedRuns: [],
    tuningShown: 'split',

    setTuning: (choice) => set({ ...choice, tuningBandQuestion: undefined }),
    setTuningSettings: (settings) =>
      set({ tuningSettings: changed(get().tuningSettings, settings) }),

    async suggestSplit(cube) {
      const put = (split: Split) => {
        if (!get().splits[cube]?.heldBack) set({ splits: { ...get().splits, [cube]: split } });
      };
      if (get().splits[cube]) return;
      try {
        put({ heldBack: await engine.suggestHeldBack(cube) });
      } catch (error) {
        put({ fault: noticeOf(error)?.message });
      }
    },

    setHeldBack(id, window) {
      const info = get().cubes.find(({ cube }) => cube.id === id)?.cube.info;
      if (!info) return;
      set({ splits: { ...get().splits, [id]: { heldBack: fitHeldBack(window, info) } } });
    },

    async startTuning() {
      if (isActive(get().tuningRun)) return;
      const request = requestOf(get());
      if (!request) return;
      const question = questionFor(get());
      set({ tuningBandQuestion: question, tuningNotice: undefined });
      if (!question) await go(newRun(request));
    },

    async answerTuningBands(answer) {
      const { tuningBandQuestion: question, coveredOnly } = get();
      set({ tuningBandQuestion: undefined });
      if (!question || answer === 'cancel') return;
      set({ coveredOnly: new Set([...coveredOnly, question.cube]) });
      await get().startTuning();
    },

    async steerTuning(order) {
      const { tuningRun } = get();
      if (!tuningRun || !isActive(tuningRun)) return;
      const { run } = tuningRun.request;
      const states = {
        pause: 'pausing',
        resume: 'running',
        step: 'stepping',
        stop: 'stopping',
      } as const;
      change(run, (one) => ({ ...one, state: states[order] }));
      try {
        await engine.steer(run, order);
      } catch (error) {
        change(run, (one) => (isActive(one) ? { ...one, state: tuningRun.state } : one));
        set({ tuningNotice: noticeOf(error) });
      }
    },

    async resumeRun(id) {
      const { tuningRun, interruptedRuns } = get();
      if (isActive(tuningRun)) return;
      const kept = interruptedRuns.find(({ request }) => request.run === id);
      const known = tuningRun?.request.run === id ? tuningRun : undefined;
      const request = known?.request ?? (kept && asStudioRequest(kept.request));
      if (!request) return;
      const scenes: NamedScene[] = [];
      for (const scene of request.scenes) {
        const cube = cubeOfScene(scene, get());
        if (!cube) {
          const message = `Open ${scene.name || 'the scenes of the run'} to go on: it was trained on that.`;
          set({ tuningNotice: { message } });
          return;
        }
        scenes.push({ ...scene, cube: cube.id });
      }
      const moved = { ...request, scenes };
      await go(
        known
          ? { ...known, request: moved, state: 'preparing', facts: undefined, reason: undefined }
          : newRun(moved, kept),
      );
    },

    async discardRun(id) {
      try {
        await engine.forgetRun(id);
      } catch (error) {
        set({ tuningNotice: noticeOf(error) });
      }
      if (get().tuningRun?.request.run === id) set({ tuningRun: undefined });
      await get().loadTuning();
    },

    async loadTuning() {
      try {
        const [runs, weights, elsewhere] = await Promise.all([
          engine.interruptedRuns(),
          engine.tunedWeights(),
          runsElsewhere(),
        ]);
        const interruptedRuns = runs.filter(({ request }) => !elsewhere.has(request.run));
        const tunedWeights = newestFirst(weights);
        set({ interruptedRuns, tunedWeights, codecs: named(get().codecs, tunedWeights) });
      } catch (error) {
        set({ tuningNotice: noticeOf(error) });
      }
    },

    dismissTuningNotice: () => set({ tuningNotice: undefined }),
  };
}

import type {
  AblationCheck,
  AblationEvent,
  AblationOutcome,
  AblationRequest,
  AblationSettings,
  Placement,
  TuningOrder,
} from '../engine/tuningTypes';
import { PLACEMENTS } from '../engine/tuningTypes';
import { type Notice, noticeOf } from './notice';
import type { SliceTools, StudioState } from './store';
import { isActive } from './tuningRun';
import { LEAST_CROP, largestCrop } from './tuningSplit';

/** What the networks of a placement have shown so far. */
export interface AblationLane {
  /** On the held-back part, the first before any step. */
  readonly checks: readonly AblationCheck[];
  /** Loss of single steps; of a long run every n-th. */
  readonly losses: readonly { readonly step: number; readonly loss: number }[];
  /** Of the last steps. */
  readonly milliseconds: readonly number[];
}

export type AblationState =
  | 'preparing'
  | 'running'
  | 'pausing'
  | 'paused'
  | 'stopping'
  | 'failed'
  | AblationOutcome['end'];

/** An ablation that goes on, or has ended. */
export interface Ablation {
  readonly request: AblationRequest;
  /** Of the scene. */
  readonly name: string;
  readonly state: AblationState;
  readonly facts: Omit<Extract<AblationEvent, { kind: 'prepared' }>, 'kind'> | undefined;
  readonly progress: { readonly done: number; readonly label: string } | undefined;
  /** Steps that every network has made. */
  readonly step: number;
  readonly lanes: Readonly<Partial<Record<Placement, AblationLane>>>;
}

export interface AblationSlice {
  readonly ablationSettings: AblationSettings;
  readonly ablation: Ablation | undefined;
  readonly ablationNotice: Notice | undefined;
  setAblationSettings(change: Partial<AblationSettings>): void;
  togglePlacement(placement: Placement): void;
  /** Trains the chosen placements on the cube that is looked at. */
  startAblation(): Promise<void>;
  steerAblation(order: TuningOrder): Promise<void>;
  dismissAblationNotice(): void;
}

export const DEFAULT_ABLATION: AblationSettings = {
  placements: PLACEMENTS,
  steps: 1000,
  batch: 4,
  learningRate: 1e-3,
  seed: 1,
  checkEvery: 50,
};

/** Losses that are remembered one by one, and steps that the speed is taken over. */
const MOST_LOSSES = 500;
const RECENT = 50;
const SHOWN_EVERY_MS = 200;

const EMPTY: AblationLane = { checks: [], losses: [], milliseconds: [] };

export function isAblating(ablation: Ablation | undefined): boolean {
  return ablation !== undefined && !['finished', 'stopped', 'failed'].includes(ablation.state);
}

/** Steps a second of a placement's network, by the median of its last steps. */
export function stepsPerSecond({ milliseconds }: AblationLane): number | undefined {
  const sorted = [...milliseconds].sort((a, b) => a - b);
  const middle = sorted[sorted.length >> 1];
  return middle ? 1000 / middle : undefined;
}

/** Seconds until all steps are done; undefined before every network has made one. */
export function ablationSecondsLeft({ request, step, lanes }: Ablation): number | undefined {
  const { placements, steps } = request.settings;
  const each = placements.map((own) => stepsPerSecond(lanes[own] ?? EMPTY));
  if (each.some((own) => own === undefined)) return undefined;
  return (steps - step) * each.reduce<number>((sum, own) => sum + 1 / (own ?? 1), 0);
}

/** Why an ablation cannot start; undefined where it can. */
export function ablationFault(state: StudioState): string | undefined {
  const { cube, splits, backend, tuningRun, ablationSettings } = state;
  if (!backend) return 'The engine is starting.';
  if (!cube) return 'Choose a scene to train on.';
  if (isActive(tuningRun)) return 'A fine-tuning run is going on: stop it first.';
  if (ablationSettings.placements.length === 0) return 'Choose at least one placement.';
  const { heldBack, fault } = splits[cube.id] ?? {};
  if (fault) return fault;
  if (!heldBack) return 'The scene is being split.';
  if (largestCrop(heldBack, cube.info) < LEAST_CROP) {
    return `Beside what is held back no crop of ${LEAST_CROP} × ${LEAST_CROP} pixels fits: make that part smaller.`;
  }
  return undefined;
}

/** The record after an event. */
export function afterAblation(ablation: Ablation, event: AblationEvent): Ablation {
  switch (event.kind) {
    case 'prepared': {
      const { kind: _, ...facts } = event;
      const state = ablation.state === 'preparing' ? 'running' : ablation.state;
      return { ...ablation, state, facts, progress: undefined };
    }
    case 'progress':
      return { ...ablation, progress: { done: event.done, label: event.label } };
    case 'step': {
      const { placement, step, terms, milliseconds } = event;
      const lane = ablation.lanes[placement] ?? EMPTY;
      const last = ablation.request.settings.placements.at(-1) === placement;
      return withLane({ ...ablation, step: last ? step : ablation.step }, placement, {
        ...lane,
        losses: thinned([...lane.losses, { step, loss: terms.loss }]),
        // A first step builds kernels and says nothing of the speed.
        milliseconds: step === 1 ? [] : [...lane.milliseconds, milliseconds].slice(-RECENT),
      });
    }
    case 'check': {
      const { kind: _, ...check } = event;
      const lane = ablation.lanes[check.placement] ?? EMPTY;
      return withLane(ablation, check.placement, { ...lane, checks: [...lane.checks, check] });
    }
    case 'paused':
      return ablation.state === 'pausing' ? { ...ablation, state: 'paused' } : ablation;
  }
}

function withLane(ablation: Ablation, placement: Placement, lane: AblationLane): Ablation {
  return { ...ablation, lanes: { ...ablation.lanes, [placement]: lane } };
}

function thinned(losses: AblationLane['losses']): AblationLane['losses'] {
  return losses.length <= MOST_LOSSES ? losses : losses.filter((_, i) => i % 2 === 0);
}

export function ablationSlice({ set, get, engine }: SliceTools): AblationSlice {
  const change = (run: string, next: (ablation: Ablation) => Ablation) => {
    const { ablation } = get();
    if (ablation?.request.run === run) set({ ablation: next(ablation) });
  };

  /** Hands events on at a pace that can be drawn. */
  function listener(run: string) {
    let told: AblationEvent[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    const flush = () => {
      clearTimeout(timer);
      timer = undefined;
      const events = told;
      told = [];
      change(run, (ablation) => events.reduce(afterAblation, ablation));
    };
    const tell = (event: AblationEvent) => {
      told.push(event);
      timer ??= setTimeout(flush, SHOWN_EVERY_MS);
    };
    return { tell, flush };
  }

  return {
    ablationSettings: DEFAULT_ABLATION,
    ablation: undefined,
    ablationNotice: undefined,

    setAblationSettings: (settings) =>
      set({ ablationSettings: { ...get().ablationSettings, ...settings } }),

    togglePlacement(placement) {
      const { placements } = get().ablationSettings;
      const wanted = (one: Placement) => placements.includes(one) !== (one === placement);
      get().setAblationSettings({ placements: PLACEMENTS.filter(wanted) });
    },

    async startAblation() {
      const { cube, splits, ablationSettings: settings } = get();
      const heldBack = cube && splits[cube.id]?.heldBack;
      if (!cube || !heldBack || isAblating(get().ablation) || ablationFault(get())) return;
      const run = `ablation-${Date.now()}`;
      const scene = { cube: cube.id, heldBack };
      const request: AblationRequest = { run, scene, settings, bandPolicy: 'covered' };
      const fresh = { facts: undefined, progress: undefined, step: 0, lanes: {} };
      const ablation: Ablation = { request, name: cube.info.name, state: 'preparing', ...fresh };
      set({ ablation, ablationNotice: undefined });
      const { tell, flush } = listener(run);
      try {
        const { end: state } = await engine.ablate(request, tell);
        flush();
        change(run, (one) => ({ ...one, state, progress: undefined }));
      } catch (error) {
        flush();
        change(run, (one) => ({ ...one, state: 'failed', progress: undefined }));
        set({ ablationNotice: noticeOf(error) ?? { message: 'The engine was restarted.' } });
      }
      await get().refreshMemory();
    },

    async steerAblation(order) {
      const { ablation } = get();
      if (!ablation || !isAblating(ablation)) return;
      const states = {
        pause: 'pausing',
        resume: 'running',
        step: 'pausing',
        stop: 'stopping',
      } as const;
      const { run } = ablation.request;
      change(run, (one) => ({ ...one, state: states[order] }));
      try {
        await engine.steer(run, order);
      } catch (error) {
        change(run, (one) => (isAblating(one) ? { ...one, state: ablation.state } : one));
        set({ ablationNotice: noticeOf(error) });
      }
    },

    dismissAblationNotice: () => set({ ablationNotice: undefined }),
  };
}

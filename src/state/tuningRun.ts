import type {
  InterruptedRun,
  TuningEnd,
  TuningEvent,
  TuningOutcome,
  TuningRequest,
  TuningScene,
  TuningStep,
  Validation,
} from '../engine/tuningTypes';

/** A scene with what it takes to find it again after a reload, when ids are others. */
export interface NamedScene extends TuningScene {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly bands: number;
}

/** What the studio asks for; the engine keeps requests whole. */
export interface StudioRequest extends TuningRequest {
  readonly scenes: readonly NamedScene[];
}

/** `pausing` and `stopping` end with the current step; `interrupted` can be resumed. */
export type TuningState =
  | 'preparing'
  | 'running'
  | 'pausing'
  | 'paused'
  | 'stepping'
  | 'stopping'
  | 'interrupted'
  | TuningEnd;

export type Prepared = Omit<Extract<TuningEvent, { kind: 'prepared' }>, 'kind' | 'step'>;

/** A run that goes on, or has ended. */
export interface TuningRun {
  readonly request: StudioRequest;
  readonly state: TuningState;
  /** What was found out before the first step. */
  readonly facts: Prepared | undefined;
  /** What is being done besides steps: reading, validating. */
  readonly progress: { readonly done: number; readonly label: string } | undefined;
  readonly step: number;
  /** Steps that the last checkpoint holds; undefined before the first one. */
  readonly safe: number | undefined;
  /** Those whose number is a multiple of `every`: long runs are thinned out. */
  readonly steps: readonly TuningStep[];
  readonly every: number;
  readonly validations: readonly Validation[];
  /** How long the last validation took. */
  readonly validationSeconds: number | undefined;
  /** When the last step, validation or start was told, ms. */
  readonly toldAt: number;
  readonly outcome: TuningOutcome | undefined;
  /** Why it was interrupted. */
  readonly reason: string | undefined;
}

/** What a run told, and when (ms). */
export interface Told {
  readonly event: TuningEvent;
  readonly at: number;
}

/** Steps that are remembered one by one. */
const MOST_STEPS = 2000;

/** A run that is about to start, or to go on from what it had reached. */
export function newRun(request: StudioRequest, from?: Omit<InterruptedRun, 'request'>): TuningRun {
  const run: TuningRun = {
    request,
    state: 'preparing',
    facts: undefined,
    progress: undefined,
    step: from?.step ?? 0,
    safe: from?.step,
    steps: [],
    every: 1,
    validations: from?.validations ?? [],
    validationSeconds: undefined,
    toldAt: 0,
    outcome: undefined,
    reason: undefined,
  };
  return { ...run, ...thinned([...(from?.steps ?? [])], 1) };
}

function thinned(steps: readonly TuningStep[], every: number): Pick<TuningRun, 'steps' | 'every'> {
  if (steps.length <= MOST_STEPS) return { steps, every };
  return thinned(
    steps.filter(({ step }) => step % (2 * every) === 0),
    2 * every,
  );
}

/** The run after all that it told. */
export function afterAll(run: TuningRun, told: readonly Told[]): TuningRun {
  return told.reduce(after, run);
}

function after(run: TuningRun, { event, at }: Told): TuningRun {
  switch (event.kind) {
    case 'prepared': {
      const { kind: _, step, ...facts } = event;
      // What a run had done beyond its checkpoint is lost, and is done again.
      const kept = <T extends { readonly step: number }>(all: readonly T[]) =>
        all.filter((one) => one.step <= step);
      const state = run.state === 'preparing' ? 'running' : run.state;
      const { steps, validations } = run;
      const known = { steps: kept(steps), validations: kept(validations) };
      return { ...run, ...known, facts, state, step, progress: undefined, toldAt: at };
    }
    case 'progress':
      return { ...run, progress: { done: event.done, label: event.label } };
    case 'step': {
      const { kind: _, ...step } = event;
      const logged = step.step % run.every === 0 ? [...run.steps, step] : run.steps;
      return { ...run, ...thinned(logged, run.every), step: step.step, toldAt: at };
    }
    case 'validation': {
      const { kind: _, ...validation } = event;
      const others = run.validations.filter(({ step }) => step !== validation.step);
      // Those of before an interruption are told again at once.
      const measured = run.progress && (at - run.toldAt) / 1000;
      return {
        ...run,
        validations: [...others, validation].sort((a, b) => a.step - b.step),
        validationSeconds: measured ?? run.validationSeconds,
        progress: undefined,
        toldAt: at,
      };
    }
    case 'checkpoint':
      return { ...run, safe: event.step };
    case 'paused': {
      const waited = run.state === 'pausing' || run.state === 'stepping';
      return waited ? { ...run, state: 'paused' } : run;
    }
  }
}

export function isActive(run: TuningRun | undefined): boolean {
  return run !== undefined && !['interrupted', 'finished', 'stopped', 'budget'].includes(run.state);
}

/** 0..1 */
export function shareDone({ step, request }: TuningRun): number {
  return Math.min(1, step / request.settings.steps);
}

/** Whether the present step is validated before the next one. */
export function isValidationDue({ step, request, validations }: TuningRun): boolean {
  const { steps, validateEvery } = request.settings;
  if (step === 0 || validations.at(-1)?.step === step) return false;
  return step % validateEvery === 0 || step >= steps;
}

/** How fast a run is, and how long it still takes. */
export interface Pace {
  /** Of a step; undefined before the first. */
  readonly stepSeconds: number | undefined;
  /** Of training so far, without validations. */
  readonly spentSeconds: number;
  /** Until it ends by its steps or its budget; undefined before the first step. */
  readonly secondsLeft: number | undefined;
}

/** Recent steps that the pace is taken over. */
const RECENT = 20;

export function paceOf(run: TuningRun): Pace {
  const { steps, step, request, validationSeconds = 0 } = run;
  const { settings } = request;
  const recent = steps.slice(-RECENT).map(({ milliseconds }) => milliseconds);
  const middle = recent.sort((a, b) => a - b)[recent.length >> 1];
  const stepSeconds = middle === undefined ? undefined : middle / 1000;
  const spent = steps.reduce(
    (sum, one, i) => sum + (one.milliseconds * (one.step - (steps[i - 1]?.step ?? 0))) / 1000,
    0,
  );
  const spentSeconds = spent + (step - (steps.at(-1)?.step ?? step)) * (stepSeconds ?? 0);
  if (stepSeconds === undefined) return { stepSeconds, spentSeconds, secondsLeft: undefined };
  const bySteps = settings.steps - step;
  const budget = settings.budgetSeconds ?? Number.POSITIVE_INFINITY;
  const byBudget = Math.max(0, Math.ceil((budget - spentSeconds) / stepSeconds));
  const left = Math.min(bySteps, byBudget);
  const [to, every] = [step + left, settings.validateEvery];
  const validations =
    Math.floor(to / every) -
    Math.floor(step / every) +
    (left > 0 && to % every > 0 ? 1 : 0) +
    (isValidationDue(run) ? 1 : 0);
  return {
    stepSeconds,
    spentSeconds,
    secondsLeft: left * stepSeconds + validations * validationSeconds,
  };
}

/** The validation with the highest gain; undefined where none gained anything. */
export function bestValidation(validations: readonly Validation[]): Validation | undefined {
  return validations
    .filter(({ gain }) => gain > 0)
    .reduce<Validation | undefined>(
      (best, one) => (best && best.gain >= one.gain ? best : one),
      undefined,
    );
}

/** Less is noise of the files. */
const FALL_DB = 0.02;

/** Whether the last validation is worse than an earlier one, the untuned weights' included. */
export function isFalling(validations: readonly Validation[]): boolean {
  const last = validations.at(-1);
  if (!last || validations.length < 2) return false;
  const most = Math.max(...validations.map(({ gain }) => gain));
  return last.gain < most - FALL_DB;
}

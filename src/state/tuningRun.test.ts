import { describe, expect, it } from 'vitest';
import { PREPARED, tuningStep, tuningValidation } from './testing';
import {
  afterAll,
  bestValidation,
  isFalling,
  newRun,
  paceOf,
  type StudioRequest,
  shareDone,
} from './tuningRun';
import { DEFAULT_SETTINGS, isPossible } from './tuningSettings';
import { edgeRange, largestCrop, pullEdge, trainedShare, trainingPart } from './tuningSplit';

const REQUEST: StudioRequest = {
  run: 'run-1',
  name: 'field',
  codec: 'hific-opt',
  scenes: [],
  bandPolicy: 'refuse',
  settings: { ...DEFAULT_SETTINGS, steps: 100, validateEvery: 40 },
};

const told = (...events: Parameters<typeof afterAll>[1][number]['event'][]) =>
  events.map((event, i) => ({ event, at: 1000 * i }));

describe('the record of a run', () => {
  it('thins out the steps of long runs evenly', () => {
    const steps = Array.from({ length: 5000 }, (_, i) => tuningStep(i + 1));
    const run = afterAll(newRun(REQUEST), told(PREPARED, ...steps));
    expect(run.every).toBe(4);
    expect(run.steps.map(({ step }) => step)).toEqual(
      Array.from({ length: 1250 }, (_, i) => 4 * (i + 1)),
    );
    expect(run.step).toBe(5000);
  });

  it('tells how long it still takes, validations included', () => {
    const steps = Array.from({ length: 40 }, (_, i) => tuningStep(i + 1));
    const progress = { kind: 'progress', done: 0.5, label: 'validating' } as const;
    const events = told(PREPARED, ...steps, progress, tuningValidation(40, 0.1));
    const run = afterAll(newRun(REQUEST), events);
    expect(run.validationSeconds).toBe(2);
    expect(shareDone(run)).toBe(0.4);
    const { stepSeconds, spentSeconds, secondsLeft } = paceOf(run);
    expect(stepSeconds).toBe(0.1);
    expect(spentSeconds).toBeCloseTo(4);
    // 60 steps, and validations after 80 and 100.
    expect(secondsLeft).toBeCloseTo(6 + 2 * 2);
    const settings = { ...REQUEST.settings, budgetSeconds: 5 };
    expect(paceOf({ ...run, request: { ...REQUEST, settings } }).secondsLeft).toBeCloseTo(1 + 2);
    expect(paceOf(newRun(REQUEST)).secondsLeft).toBeUndefined();
  });

  it('counts a validation once, however often it is told', () => {
    const from = {
      step: 40,
      validations: [tuningValidation(0, 0), tuningValidation(40, 0.2)],
      steps: [],
    };
    const events = told(
      { ...PREPARED, step: 40 },
      tuningValidation(0, 0),
      tuningValidation(40, 0.2),
    );
    const run = afterAll(newRun(REQUEST, from), events);
    expect(run.validations.map(({ step }) => step)).toEqual([0, 40]);
    expect(run.validationSeconds).toBeUndefined();
  });

  it('finds the best validation, and warns when the last one falls', () => {
    const all = [0, 0.2, 0.5, 0.49, 0.3].map((gain, i) => tuningValidation(10 * i, gain));
    expect(bestValidation(all)?.step).toBe(20);
    expect(isFalling(all.slice(0, 3))).toBe(false);
    expect(isFalling(all.slice(0, 4))).toBe(false);
    expect(isFalling(all)).toBe(true);
    expect(isFalling([tuningValidation(0, 0), tuningValidation(10, -0.1)])).toBe(true);
    expect(bestValidation(all.slice(0, 1))).toBeUndefined();
    expect(bestValidation([all[0], tuningValidation(10, -0.1)])).toBeUndefined();
  });
});

describe('settings', () => {
  it('are numbers in their limits', () => {
    expect(isPossible('steps', 1.5)).toBe(false);
    expect(isPossible('learningRate', 3e-5)).toBe(true);
    expect(isPossible('learningRate', 0)).toBe(false);
    expect(isPossible('seed', 0)).toBe(true);
  });
});

describe('the split of a scene', () => {
  const scene = { width: 200, height: 100 };
  const heldBack = { x: 140, y: 0, width: 60, height: 100 };

  it('moves by its edges and keeps a least size', () => {
    expect(pullEdge(heldBack, 'left', 100, scene)).toEqual({ ...heldBack, x: 100, width: 100 });
    expect(pullEdge(heldBack, 'left', 199, scene)).toEqual({ ...heldBack, x: 168, width: 32 });
    expect(pullEdge(heldBack, 'right', 400, scene)).toEqual(heldBack);
    expect(pullEdge(heldBack, 'top', 20.4, scene)).toEqual({ ...heldBack, y: 20, height: 80 });
    expect(pullEdge(heldBack, 'bottom', 10, scene)).toEqual({ ...heldBack, height: 32 });
    expect(edgeRange(heldBack, 'bottom', scene)).toEqual([32, 100]);
  });

  it('knows what is left to train on', () => {
    expect(largestCrop(heldBack, scene)).toBe(100);
    expect(trainedShare(heldBack, scene)).toBeCloseTo(0.7);
    expect(trainingPart(heldBack, scene)).toEqual({ x: 0, y: 0, width: 140, height: 100 });
    expect(largestCrop({ x: 10, y: 10, width: 180, height: 80 }, scene)).toBe(10);
  });
});

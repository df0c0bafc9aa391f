import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { memorySource } from '../core/cube/window';
import { ModelStore } from '../nn/models';
import { goldenModels, useBackend } from '../nn/testing';
import { AblationRun } from '../training/ablation';
import { TuningSession } from '../training/session';
import { suggestedValidation } from '../training/split';
import { trainingScene } from '../training/testing';
import { memoryShelf } from './shelf';
import { TuningDesk, type TuningTools } from './tuningDesk';
import type { TuningEvent, TuningRequest } from './tuningTypes';
import { Turnstile } from './turnstile';

const CUBE = memorySource(trainingScene());
const HELD_BACK = suggestedValidation(CUBE.info);

const REQUEST: TuningRequest = {
  run: 'run-1',
  name: 'Hills',
  codec: 'hific-opt',
  scenes: [{ cube: 'hills', heldBack: HELD_BACK }],
  bandPolicy: 'refuse',
  settings: {
    part: 'all',
    objective: 'fidelity',
    steps: 6,
    batch: 1,
    side: 32,
    learningRate: 1e-3,
    seed: 2,
    validateEvery: 3,
  },
};

/** A desk with everything that outlives a worker; `tools` of one worker. */
async function place() {
  const shelves = { runs: memoryShelf(), tuned: memoryShelf() };
  const { fetch } = await goldenModels();
  return (device = new Turnstile()) => {
    const store = new ModelStore(fetch);
    const tools: TuningTools = {
      suggestHeldBack: suggestedValidation,
      prepare: (start, job) => TuningSession.prepare(start, store, job),
      prepareAblation: (start, job) => AblationRun.prepare({ ...start, grids: ['tiny-16'] }, job),
    };
    const desk = new TuningDesk({
      device,
      source: () => CUBE,
      tools: async () => tools,
      store: async () => store,
      backend: () => ({ name: 'wasm', adapter: 'CPU', software: false }),
      shelf: (folder) => shelves[folder],
    });
    return { desk, store };
  };
}

const kinds = (events: readonly TuningEvent[]) =>
  events.flatMap(({ kind }) => (kind === 'progress' ? [] : [kind]));

describe('fine-tuning in the engine', () => {
  beforeAll(async () => {
    // The date is in the weights file.
    vi.useFakeTimers({ toFake: ['Date'] });
    await useBackend('wasm');
  });
  afterAll(() => {
    vi.useRealTimers();
  });

  it('tunes, validates with files, keeps weights and makes a codec of them', async () => {
    const worker = await place();
    const { desk, store } = worker();
    const events: TuningEvent[] = [];
    const outcome = await desk.tune(REQUEST, (event) => events.push(event));
    const steps = ['step', 'step', 'step', 'validation', 'checkpoint'];
    expect(kinds(events)).toEqual(['prepared', 'validation', 'checkpoint', ...steps, ...steps]);
    expect(outcome).toMatchObject({ end: 'finished', step: 6 });
    const { last } = outcome;
    expect(last).toMatchObject({ name: 'Hills', like: 'hific-opt', grid: 'tiny-16' });
    expect(last?.lineage).toMatchObject({ parent: 'hific-opt', step: 6, scenes: ['hills'] });
    expect((await store.entriesOf(last?.codec ?? ''))[0].label).toBe('hific-opt, tuned: Hills');
    expect(await desk.interruptedRuns()).toEqual([]);

    const later = worker();
    expect(await later.desk.tunedWeights()).toEqual(await desk.tunedWeights());
    await later.desk.removeWeights(last?.codec ?? '');
    expect((await worker().desk.tunedWeights()).map(({ codec }) => codec)).not.toContain(
      last?.codec,
    );
  });

  it('loses no step of a checkpoint with the device, and goes on to the same weights', async () => {
    const whole = await place();
    const expected = await whole().desk.tune(REQUEST, () => {});

    const worker = await place();
    let lose: (reason: string) => void = () => {};
    const lost = new Promise<string>((resolve) => {
      lose = resolve;
    });
    const device = new Turnstile();
    device.watch(lost);
    const { desk } = worker(device);
    const tuning = desk.tune(REQUEST, (event) => {
      if (event.kind === 'step' && event.step === 5) lose('pulled out');
    });
    await expect(tuning).rejects.toMatchObject({ code: 'device' });

    const next = worker().desk;
    const [kept] = await next.interruptedRuns();
    expect(kept).toMatchObject({ step: 3, request: REQUEST });
    expect(kept.validations.map(({ step }) => step)).toEqual([0, 3]);
    const events: TuningEvent[] = [];
    const outcome = await next.tune(kept.request, (event) => events.push(event));
    expect(events.find(({ kind }) => kind === 'prepared')).toMatchObject({ step: 3 });
    expect(outcome).toEqual(expected);
    expect(await next.exportWeights(outcome.last?.codec ?? '')).toEqual(
      await whole().desk.exportWeights(expected.last?.codec ?? ''),
    );
  });

  it('pauses, makes single steps, goes on and stops', async () => {
    const { desk } = (await place())();
    const { run } = REQUEST;
    const paused: number[] = [];
    const outcome = await desk.tune(REQUEST, (event) => {
      if (event.kind === 'step' && event.step === 1) desk.steer(run, 'pause');
      if (event.kind === 'step' && event.step === 4) desk.steer(run, 'stop');
      if (event.kind !== 'paused') return;
      paused.push(event.step);
      setTimeout(() => desk.steer(run, event.step < 3 ? 'step' : 'resume'));
    });
    expect(paused).toEqual([1, 2, 3]);
    expect(outcome).toMatchObject({ end: 'stopped', step: 4 });
    expect(outcome.last?.lineage?.step).toBe(4);
  });

  it('imports what it exports, and nothing else', async () => {
    const { desk } = (await place())();
    const { last } = await desk.tune(REQUEST, () => {});
    const file = await desk.exportWeights(last?.codec ?? '');
    const other = (await place())().desk;
    const imported = await other.importWeights(file, 'Of a colleague');
    expect(imported).toMatchObject({ codec: last?.codec, name: 'Of a colleague' });
    expect(await other.renameWeights(imported.codec, 'Mine')).toMatchObject({ name: 'Mine' });
    expect(await other.exportWeights(imported.codec)).toEqual(file);
    await expect(other.importWeights(file.subarray(0, 900), '')).rejects.toMatchObject({
      code: 'truncated',
    });
    await expect(other.exportWeights('hific-opt@00000000')).rejects.toThrow(/kept on this machine/);
  });

  it('says why a scene cannot be trained on', async () => {
    const { desk } = (await place())();
    const all = { x: 0, y: 0, width: CUBE.info.width, height: CUBE.info.height };
    const request = { ...REQUEST, scenes: [{ cube: 'hills', heldBack: all }] };
    await expect(desk.tune(request, () => {})).rejects.toThrow(/leaves no room to train/);
    await expect(desk.tune({ ...REQUEST, codec: 'hific-x' }, () => {})).rejects.toMatchObject({
      code: 'model-missing',
    });
  });
});

import { beforeAll, describe, expect, it } from 'vitest';
import { memorySource } from '../core/cube/window';
import { ModelStore } from '../nn/models';
import { goldenModels, useBackend } from '../nn/testing';
import { AblationRun } from '../training/ablation';
import { TuningSession } from '../training/session';
import { suggestedValidation } from '../training/split';
import { trainingScene } from '../training/testing';
import { memoryShelf } from './shelf';
import { TuningDesk, type TuningTools } from './tuningDesk';
import type { AblationEvent, AblationRequest } from './tuningTypes';
import { Turnstile } from './turnstile';

const CUBE = memorySource(trainingScene());

const REQUEST: AblationRequest = {
  run: 'ablation-1',
  scene: { cube: 'hills', heldBack: suggestedValidation(CUBE.info) },
  bandPolicy: 'covered',
  settings: {
    placements: ['plain', 'se-both'],
    steps: 4,
    batch: 1,
    side: 32,
    learningRate: 1e-3,
    seed: 2,
    checkEvery: 2,
  },
};

async function desk(device = new Turnstile()) {
  const { fetch } = await goldenModels();
  const store = new ModelStore(fetch);
  const tools: TuningTools = {
    suggestHeldBack: suggestedValidation,
    prepare: (start, job) => TuningSession.prepare(start, store, job),
    prepareAblation: (start, job) => AblationRun.prepare({ ...start, grids: ['tiny-16'] }, job),
  };
  return new TuningDesk({
    device,
    source: () => CUBE,
    tools: async () => tools,
    store: async () => store,
    backend: () => ({ name: 'wasm', adapter: 'CPU', software: false }),
    shelf: () => memoryShelf(),
  });
}

const told = (events: readonly AblationEvent[]) =>
  events.flatMap((event) => {
    if (event.kind === 'step' || event.kind === 'check') {
      return [`${event.kind} ${event.step} ${event.placement}`];
    }
    return event.kind === 'paused' ? [`paused ${event.step}`] : [];
  });

describe('ablations in the engine', () => {
  beforeAll(() => useBackend('wasm'));

  it('steps every network in turn, checks them all, and can be paused and stopped', async () => {
    const engine = await desk();
    const events: AblationEvent[] = [];
    const { run } = REQUEST;
    const outcome = await engine.ablate(REQUEST, (event) => {
      events.push(event);
      if (event.kind === 'step' && event.step === 1) engine.steer(run, 'pause');
      if (event.kind === 'paused') setTimeout(() => engine.steer(run, 'resume'));
      if (event.kind === 'step' && event.step === 3) engine.steer(run, 'stop');
    });
    expect(outcome).toEqual({ end: 'stopped', step: 3 });
    expect(told(events)).toEqual([
      'check 0 plain',
      'check 0 se-both',
      'step 1 plain',
      'step 1 se-both',
      'paused 1',
      'step 2 plain',
      'step 2 se-both',
      'check 2 plain',
      'check 2 se-both',
      'step 3 plain',
      'step 3 se-both',
    ]);
    const prepared = events.find(({ kind }) => kind === 'prepared');
    expect(prepared).toMatchObject({ grid: 'tiny-16', side: 32, gpu: false });
  });

  it('ends with the device, with a sentence', async () => {
    let lose: (reason: string) => void = () => {};
    const lost = new Promise<string>((resolve) => {
      lose = resolve;
    });
    const device = new Turnstile();
    device.watch(lost);
    const engine = await desk(device);
    const ablating = engine.ablate(REQUEST, ({ kind }) => {
      if (kind === 'check') lose('pulled out');
    });
    await expect(ablating).rejects.toMatchObject({ code: 'device' });
    await expect(engine.steer(REQUEST.run, 'stop')).rejects.toThrow(/not going on/);
  });
});

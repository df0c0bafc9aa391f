import { describe, expect, it, vi } from 'vitest';
import { HscError } from '../core/errors';
import type {
  InterruptedRun,
  TuningEvent,
  TuningOutcome,
  TuningRequest,
} from '../engine/tuningTypes';
import { activePaneOf } from './panes';
import {
  fakeEngine,
  INFO,
  opened,
  PREPARED,
  slowWork,
  splitStudio,
  tuned,
  tuningStep,
  tuningValidation,
} from './testing';
import { asStudioRequest, offeredRuns, startFault, tuningCubes, tuningName } from './tuning';
import { isActive } from './tuningRun';

const slowTune = () => slowWork<TuningRequest, TuningEvent, TuningOutcome>();

const DEVICE = new HscError('device', 'The graphics device was lost.');

describe('what a run is asked for', () => {
  it('is the open scene, split by the engine, with the codec of the active pane', async () => {
    const { engine, state } = await splitStudio();
    expect(startFault(state())).toBeUndefined();
    await state().startTuning();
    const [request] = vi.mocked(engine.tune).mock.calls[0];
    expect(request).toMatchObject({
      name: 'field',
      codec: 'hific-opt',
      bandPolicy: 'refuse',
      scenes: [{ cube: state().cube?.id, heldBack: { x: 80, y: 0, width: 40, height: 100 } }],
    });
  });

  it('holds back what the user draws, inside the scene', async () => {
    const { state } = await splitStudio();
    const id = state().cube?.id ?? '';
    state().setHeldBack(id, { x: 100, y: -20, width: 10, height: 400 });
    expect(state().splits[id].heldBack).toEqual({ x: 88, y: 0, width: 32, height: 100 });
    state().setHeldBack(id, { x: 10, y: 10, width: 100, height: 80 });
    expect(startFault(state())).toMatch(/no crop of 32 × 32 pixels fits/);
  });

  it('says where a scene is too small, and starts nothing', async () => {
    const fault = new HscError('bad-argument', 'Too small to be split.');
    const { engine, state } = await splitStudio({
      suggestHeldBack: async () => {
        throw fault;
      },
    });
    expect(startFault(state())).toBe('Too small to be split.');
    await state().startTuning();
    expect(engine.tune).not.toHaveBeenCalled();
  });

  it('may be several open scenes', async () => {
    const { engine, state } = await splitStudio();
    await state().openSample('field');
    const ids = state().cubes.map(({ cube }) => cube.id);
    expect(tuningCubes(state()).map(({ id }) => id)).toEqual([ids[1]]);
    state().setTuning({ tuningCubeIds: ids, tuningName: ' two fields ' });
    expect(startFault(state())).toBe('The scene is being split.');
    await state().suggestSplit(ids[1]);
    expect(tuningName(state())).toBe('two fields');
    await state().startTuning();
    expect(vi.mocked(engine.tune).mock.calls[0][0].scenes).toHaveLength(2);
  });

  it('leaves bands out only where the user agrees', async () => {
    const info = { ...INFO, wavelengthsNm: [450, 550, 1650] };
    const { engine, state } = await splitStudio({ openSample: async (id) => opened(id, info) });
    await state().startTuning();
    expect(engine.tune).not.toHaveBeenCalled();
    expect(state().tuningBandQuestion).toMatchObject({ name: 'field', inside: 2, outside: 1 });
    await state().answerTuningBands('covered');
    expect(vi.mocked(engine.tune).mock.calls[0][0].bandPolicy).toBe('covered');
  });

  it('trains the generator alone by the adversarial objective', async () => {
    const { state } = await splitStudio();
    state().setTuningSettings({ objective: 'gan' });
    expect(state().tuningSettings).toMatchObject({ objective: 'gan', part: 'generator' });
    state().setTuningSettings({ part: 'all' });
    expect(state().tuningSettings).toMatchObject({ objective: 'fidelity', part: 'all' });
  });

  it('is refused beside the button where the engine refuses it', async () => {
    const refusal = new HscError('bad-argument', 'The cubes lie on different spectral grids.');
    const { state } = await splitStudio({
      tune: async () => {
        throw refusal;
      },
    });
    await state().startTuning();
    expect(state().tuningRun).toBeUndefined();
    expect(state().tuningNotice?.message).toBe(refusal.message);
  });
});

describe('a run', () => {
  it('keeps its curves and adds its weights to the codecs', async () => {
    const card = { ...(await fakeEngine().codecs())[0], id: 'hific-opt@1a2b3c4d' };
    const { engine, state } = await splitStudio();
    state().setTuningSettings({ steps: 60, validateEvery: 20 });
    vi.mocked(engine.codecs).mockResolvedValue([card]);
    vi.mocked(engine.tunedWeights).mockResolvedValue([tuned(card.id)]);
    await state().startTuning();
    const { tuningRun } = state();
    expect(tuningRun).toMatchObject({ state: 'finished', step: 60, safe: 60 });
    expect(tuningRun?.steps).toHaveLength(60);
    expect(tuningRun?.validations.map(({ step }) => step)).toEqual([0, 20, 40, 60]);
    expect(state().codecs.map(({ id }) => id)).toEqual([card.id]);
    expect(state().tunedWeights).toHaveLength(1);
  });

  it('pauses, makes one step, goes on and stops', async () => {
    const { work: tune, tell, finish } = slowTune();
    const { engine, state } = await splitStudio({ tune });
    const running = state().startTuning();
    await vi.waitFor(() => expect(tune).toHaveBeenCalled());
    expect(state().tuningRun?.state).toBe('preparing');
    tell(PREPARED, tuningValidation(0, 0), { kind: 'checkpoint', step: 0 }, tuningStep(1));
    await vi.waitFor(() => expect(state().tuningRun?.state).toBe('running'));
    await state().steerTuning('pause');
    expect(state().tuningRun?.state).toBe('pausing');
    tell({ kind: 'paused', step: 1 });
    await vi.waitFor(() => expect(state().tuningRun?.state).toBe('paused'));
    await state().steerTuning('step');
    tell(tuningStep(2));
    await vi.waitFor(() => expect(state().tuningRun?.step).toBe(2));
    expect(state().tuningRun?.state).toBe('stepping');
    tell({ kind: 'paused', step: 2 });
    await vi.waitFor(() => expect(state().tuningRun?.state).toBe('paused'));
    await state().steerTuning('resume');
    // The pause that was told before the engine heard of going on.
    tell({ kind: 'paused', step: 2 }, tuningStep(3));
    await vi.waitFor(() => expect(state().tuningRun?.step).toBe(3));
    expect(state().tuningRun?.state).toBe('running');
    await state().steerTuning('stop');
    expect(state().tuningRun?.state).toBe('stopping');
    finish({ end: 'stopped', step: 3 });
    await running;
    expect(state().tuningRun?.state).toBe('stopped');
    const orders = vi.mocked(engine.steer).mock.calls.map(([, order]) => order);
    expect(orders).toEqual(['pause', 'step', 'resume', 'stop']);
  });

  it('is one at a time, and other work goes on beside it', async () => {
    const { work: tune, finish } = slowTune();
    const { state } = await splitStudio({ tune });
    const running = state().startTuning();
    await state().startTuning();
    await state().encode();
    expect(activePaneOf(state()).result).toBeDefined();
    expect(tune).toHaveBeenCalledOnce();
    finish({ end: 'stopped', step: 0 });
    await running;
  });

  it('says what is safe when the device is lost, and goes on from there', async () => {
    const { work: tune, tell, fail, finish } = slowTune();
    const { state } = await splitStudio({ tune });
    const running = state().startTuning();
    await vi.waitFor(() => expect(tune).toHaveBeenCalled());
    const early = Array.from({ length: 50 }, (_, i) => tuningStep(i + 1));
    tell(PREPARED, tuningValidation(0, 0), ...early, tuningValidation(50, 0.2));
    tell({ kind: 'checkpoint', step: 50 }, tuningStep(51), tuningStep(52));
    fail(DEVICE);
    await running;
    expect(state().tuningRun).toMatchObject({
      state: 'interrupted',
      step: 52,
      safe: 50,
      reason: DEVICE.message,
    });
    const request = state().tuningRun?.request;
    const again = state().resumeRun(request?.run ?? '');
    await vi.waitFor(() => expect(tune).toHaveBeenCalledTimes(2));
    expect(tune.mock.calls[1][0]).toEqual(request);
    tell({ ...PREPARED, step: 50 }, tuningStep(51));
    finish({ end: 'finished', step: 51 });
    await again;
    expect(state().tuningRun?.steps.map(({ step }) => step)).toEqual(
      Array.from({ length: 51 }, (_, i) => i + 1),
    );
  });

  it('goes on by itself where another job ended the worker', async () => {
    const { work: tune, tell, fail, finish } = slowTune();
    const { state } = await splitStudio({ tune });
    const running = state().startTuning();
    await vi.waitFor(() => expect(tune).toHaveBeenCalled());
    tell(PREPARED, tuningStep(1));
    fail(new HscError('aborted', 'The job was cancelled.'));
    await vi.waitFor(() => expect(tune).toHaveBeenCalledTimes(2));
    expect(state().tuningRun?.state).toBe('preparing');
    tell(PREPARED, tuningStep(1));
    finish({ end: 'finished', step: 1 });
    await running;
    expect(state().tuningRun?.state).toBe('finished');
  });

  it('does not go on by itself where it was paused', async () => {
    const { work: tune, tell, fail } = slowTune();
    const { state } = await splitStudio({ tune });
    const running = state().startTuning();
    await vi.waitFor(() => expect(tune).toHaveBeenCalled());
    tell(PREPARED, tuningStep(1));
    await state().steerTuning('pause');
    tell({ kind: 'paused', step: 1 });
    fail(new HscError('aborted', 'The job was cancelled.'));
    await running;
    expect(state().tuningRun).toMatchObject({
      state: 'interrupted',
      reason: 'The engine was restarted.',
    });
    expect(tune).toHaveBeenCalledOnce();
  });
});

describe('a run of an earlier visit', () => {
  const scene = { cube: 'cube 77', heldBack: { x: 0, y: 0, width: 40, height: 40 } };
  const named = { ...scene, name: 'field', width: 120, height: 100, bands: 3 };
  const kept = (scenes: readonly (typeof scene)[]): InterruptedRun => ({
    request: {
      run: 'run-1',
      name: 'field',
      codec: 'hific-opt',
      scenes,
      bandPolicy: 'refuse',
      settings: {
        ...{ part: 'all', objective: 'fidelity', steps: 100, batch: 2, seed: 1 },
        ...{ learningRate: 1e-4, validateEvery: 50 },
      },
    },
    step: 50,
    validations: [tuningValidation(0, 0), tuningValidation(50, 0.3)],
    steps: [tuningStep(50)],
  });

  it('is offered, and goes on with the scene that is open now', async () => {
    const interruptedRuns = async () => [kept([named])];
    const { engine, state } = await splitStudio({ interruptedRuns });
    expect(offeredRuns(state())).toHaveLength(1);
    const going = state().resumeRun('run-1');
    expect(isActive(state().tuningRun)).toBe(true);
    expect(state().tuningRun).toMatchObject({ step: 50, safe: 50 });
    expect(state().tuningRun?.validations).toHaveLength(2);
    await going;
    const [request] = vi.mocked(engine.tune).mock.calls[0];
    expect(request.scenes[0].cube).toBe(state().cube?.id);
  });

  it('waits for its scene to be opened', async () => {
    const other = { ...named, name: 'samson' };
    const { engine, state } = await splitStudio({ interruptedRuns: async () => [kept([other])] });
    await state().resumeRun('run-1');
    expect(engine.tune).not.toHaveBeenCalled();
    expect(state().tuningNotice?.message).toMatch(/^Open samson/);
    expect(asStudioRequest(kept([scene]).request).scenes[0].name).toBe('');
  });

  it('is discarded for good', async () => {
    const interruptedRuns = vi.fn(async () => [kept([named])]);
    const { engine, state } = await splitStudio({ interruptedRuns });
    interruptedRuns.mockResolvedValue([]);
    await state().discardRun('run-1');
    expect(engine.forgetRun).toHaveBeenCalledWith('run-1');
    expect(state().interruptedRuns).toEqual([]);
  });
});

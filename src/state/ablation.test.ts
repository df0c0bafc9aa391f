import { describe, expect, it, vi } from 'vitest';
import { HscError } from '../core/errors';
import type { AblationEvent, AblationOutcome, AblationRequest } from '../engine/tuningTypes';
import { ablationFault, ablationSecondsLeft, isAblating, stepsPerSecond } from './ablation';
import { slowWork, splitStudio } from './testing';
import { startFault } from './tuning';

const slowAblation = () => slowWork<AblationRequest, AblationEvent, AblationOutcome>();

describe('an ablation', () => {
  it('trains the chosen placements on the open scene and keeps what they showed', async () => {
    const { engine, state } = await splitStudio();
    state().togglePlacement('se-input');
    state().setAblationSettings({ steps: 40, checkEvery: 20 });
    expect(ablationFault(state())).toBeUndefined();
    await state().startAblation();
    const [request] = vi.mocked(engine.ablate).mock.calls[0];
    expect(request.settings.placements).toEqual([
      'plain',
      'se-encoder',
      'se-both',
      '3d-ends',
      '3d-all',
    ]);
    expect(request.scene.heldBack).toEqual({ x: 80, y: 0, width: 40, height: 100 });
    const { ablation } = state();
    expect(ablation).toMatchObject({ state: 'finished', step: 40, name: 'field' });
    const lane = ablation?.lanes['se-both'];
    expect(lane?.checks.map(({ step }) => step)).toEqual([0, 20, 40]);
    expect(lane?.checks.at(-1)?.psnr).toBe(26);
    expect(lane?.losses).toHaveLength(40);
    expect(lane && stepsPerSecond(lane)).toBeCloseTo(1 / 0.15);
  });

  it('says how long it still takes once every network has made two steps', async () => {
    const slow = slowAblation();
    const { state } = await splitStudio({ ablate: slow.work });
    state().setAblationSettings({ placements: ['plain', '3d-all'], steps: 10 });
    const running = state().startAblation();
    await vi.waitFor(() => expect(slow.work).toHaveBeenCalled());
    const step = (placement: 'plain' | '3d-all', own: number, milliseconds: number) => {
      const rest = { terms: { loss: 1 }, learningRate: 1e-3, gradient: 1, milliseconds };
      slow.tell({ kind: 'step', placement, step: own, ...rest });
    };
    const facts = { grid: 'vnir-128', side: 64, places: 9, parameters: {} };
    slow.tell({ kind: 'prepared', backend: 'wasm', gpu: false, ...facts });
    step('plain', 1, 9000);
    step('3d-all', 1, 9000);
    step('plain', 2, 1000);
    await vi.waitFor(() => expect(state().ablation?.lanes.plain?.losses).toHaveLength(2));
    expect(ablationSecondsLeft(state().ablation!)).toBeUndefined();
    step('3d-all', 2, 2000);
    await vi.waitFor(() => expect(state().ablation?.step).toBe(2));
    expect(ablationSecondsLeft(state().ablation!)).toBe(24);
    slow.finish({ end: 'stopped', step: 2 });
    await running;
    expect(state().ablation).toMatchObject({ state: 'stopped', step: 2 });
  });

  it('is paused, goes on and stops by orders, alone on the device', async () => {
    const slow = slowAblation();
    const { engine, state } = await splitStudio({ ablate: slow.work });
    const running = state().startAblation();
    await vi.waitFor(() => expect(slow.work).toHaveBeenCalled());
    expect(isAblating(state().ablation)).toBe(true);
    expect(startFault(state())).toMatch(/ablation is going on/);
    await state().startAblation();
    expect(slow.work).toHaveBeenCalledTimes(1);
    await state().steerAblation('pause');
    expect(state().ablation?.state).toBe('pausing');
    slow.tell({ kind: 'paused', step: 0 });
    await vi.waitFor(() => expect(state().ablation?.state).toBe('paused'));
    await state().steerAblation('resume');
    expect(state().ablation?.state).toBe('running');
    await state().steerAblation('stop');
    expect(vi.mocked(engine.steer).mock.calls.map(([, order]) => order)).toEqual([
      'pause',
      'resume',
      'stop',
    ]);
    slow.finish({ end: 'stopped', step: 0 });
    await running;
    expect(startFault(state())).toBeUndefined();
  });

  it('says what went wrong and can be started again', async () => {
    const slow = slowAblation();
    const { state } = await splitStudio({ ablate: slow.work });
    const running = state().startAblation();
    await vi.waitFor(() => expect(slow.work).toHaveBeenCalled());
    slow.fail(new HscError('device', 'The graphics device was lost: pulled out.'));
    await running;
    expect(state().ablation?.state).toBe('failed');
    expect(state().ablationNotice?.message).toMatch(/pulled out/);
    expect(ablationFault(state())).toBeUndefined();
  });
});

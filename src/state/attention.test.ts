import { describe, expect, it, vi } from 'vitest';
import { HscError } from '../core/errors';
import { surveyWindows } from './attentionSurvey';
import { createStudio, type Engine } from './store';
import { ATTENTION, fakeEngine, INFO, opened } from './testing';

const SE = {
  id: 'hific-se',
  label: 'HiFiC SE',
  family: 'hific',
  description: '',
  targetRates: [0.2, 1],
  rateRange: [0.2, 1] as const,
  grids: ['vnir-128'],
  attention: true,
  version: '1',
};

async function room(parts: Partial<Engine> = {}) {
  const engine = fakeEngine({ codecs: vi.fn(async () => [SE]), ...parts });
  const store = createStudio(engine);
  await store.getState().startEngine();
  await store.getState().openSample('field');
  store.getState().setStage('attention');
  await store.getState().settleAttention();
  return { engine, state: store.getState };
}

const MUTED = { block: 'generator.upse3', channel: 1, factor: 0 };

describe('attention', () => {
  it('reads the patch when the room is shown, once', async () => {
    const { engine, state } = await room();
    expect(state().attention?.blocks).toBe(ATTENTION.blocks);
    await state().settleAttention();
    expect(engine.attend).toHaveBeenCalledOnce();
    expect(engine.attend).toHaveBeenCalledWith(
      {
        cube: state().cube?.id,
        window: state().patch,
        codec: 'hific-se',
        options: { rate: 0.6, bandPolicy: 'refuse', metadata: 'none' },
        reconstruction: 'attended 1',
      },
      expect.anything(),
    );
  });

  it('reads nothing while another room is shown', async () => {
    const { engine, state } = await room();
    state().setStage('scene');
    state().movePatch(0, 0);
    await state().settleAttention();
    expect(engine.attend).toHaveBeenCalledOnce();
    state().setStage('attention');
    await state().settleAttention();
    expect(engine.attend).toHaveBeenCalledTimes(2);
    expect(engine.close).toHaveBeenCalledWith('attended 1');
  });

  it('follows what is asked for while it works, and skips what lies between', async () => {
    let finish: () => void = () => {};
    const { engine, state } = await room();
    vi.mocked(engine.attend).mockImplementationOnce(async () => {
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
      return ATTENTION;
    });
    state().movePatch(1, 0);
    const settled = state().settleAttention();
    state().movePatch(2, 0);
    state().movePatch(3, 0);
    finish();
    await settled;
    expect(engine.attend).toHaveBeenCalledTimes(3);
    expect(state().attention?.of.window.x).toBe(3);
  });

  it('applies edits, keeps them on another patch and takes them back', async () => {
    const { engine, state } = await room();
    state().scaleGate(MUTED, 0.5);
    state().scaleGate(MUTED, 0);
    state().scaleBand(2, 0);
    await state().settleAttention();
    expect(engine.editAttention).toHaveBeenCalledOnce();
    const edits = { gates: [MUTED], bands: [{ band: 2, factor: 0 }] };
    expect(vi.mocked(engine.editAttention).mock.calls[0][0]).toMatchObject({
      edits,
      reconstruction: 'attended 1',
      edited: 'edited 2',
      difference: 'difference 2',
    });
    expect(state().attentionApplied?.edits).toEqual(edits);

    state().movePatch(0, 0);
    await state().settleAttention();
    expect(engine.editAttention).toHaveBeenCalledTimes(2);
    expect(state().attentionApplied?.edits).toEqual(edits);
    expect(engine.close).toHaveBeenCalledWith('edited 2');
    expect(engine.close).toHaveBeenCalledWith('difference 2');

    state().scaleBand(2, 1);
    expect(state().attentionEdits).toEqual({ gates: [MUTED], bands: [] });
    state().resetEdits();
    await state().settleAttention();
    expect(state().attentionApplied).toBeUndefined();
    expect(engine.editAttention).toHaveBeenCalledTimes(2);
  });

  it('forgets edits of bands on another cube, and keeps A to compare with', async () => {
    const { engine, state } = await room();
    state().scaleGate(MUTED, 0);
    state().scaleBand(2, 0);
    await state().settleAttention();
    state().holdAttention();
    const held = state().attention;
    await state().openSample('other');
    expect(state().attention).toBeUndefined();
    expect(state().stage).toBe('scene');
    state().setStage('attention');
    await state().settleAttention();
    expect(state().attentionEdits).toEqual({ gates: [MUTED], bands: [] });
    expect(state().attentionHeld).toBe(held);
    expect(state().attention?.of.cube).not.toBe(held?.of.cube);
    expect(engine.close).toHaveBeenCalledWith('attended 1');
  });

  it('does not try again what was cancelled until it is asked to', async () => {
    const { engine, state } = await room();
    vi.mocked(engine.attend).mockImplementationOnce(
      (_, options) =>
        new Promise((_resolve, reject) => {
          options?.signal?.addEventListener('abort', () =>
            reject(new HscError('aborted', 'The job was cancelled.')),
          );
        }),
    );
    state().movePatch(0, 0);
    const settled = state().settleAttention();
    expect(state().attentionJob).toMatchObject({ done: 0, cancelling: false });
    expect(state().cancelAttention()).toBe(true);
    await settled;
    expect(state().attentionNotice).toBeUndefined();
    expect(state().attentionJob).toBeUndefined();
    expect(state().cancelAttention()).toBe(false);
    await state().settleAttention();
    expect(engine.attend).toHaveBeenCalledTimes(2);
    await state().retryAttention();
    expect(state().attention?.of.window).toEqual(state().patch);
  });

  it('says what was wrong', async () => {
    const { engine, state } = await room();
    vi.mocked(engine.attend).mockRejectedValueOnce(new HscError('limit', 'Too large.'));
    state().setPatchSize('whole');
    await state().settleAttention();
    expect(state().attentionNotice).toEqual({ code: 'limit', message: 'Too large.' });
    state().setPatchSize(64);
    await state().settleAttention();
    expect(state().attentionNotice).toBeUndefined();
    expect(state().attention?.of.window.width).toBe(64);
  });

  it('asks about bands that the model does not cover', async () => {
    const attend = vi.fn(async () => ATTENTION);
    attend.mockRejectedValueOnce(new HscError('band-range', '1 of 3 bands lie outside.'));
    const wide = opened('cube 1', { ...INFO, wavelengthsNm: [450, 550, 1650] });
    const { state } = await room({ attend, openSample: vi.fn(async () => wide) });
    expect(state().attentionQuestion).toMatchObject({ total: 3, inside: 2, outside: 1 });
    await state().answerAttentionBands('covered');
    expect(state().attentionQuestion).toBeUndefined();
    expect(state().attention?.of.options.bandPolicy).toBe('covered');
  });

  it('reads a population, and keeps what was read when cancelled', async () => {
    const { engine, state } = await room();
    await state().surveyAttention(4);
    expect(state().attentionPopulation).toMatchObject({ state: 'done', done: 1 });
    expect(state().attentionPopulation?.patches).toHaveLength(4);
    const requests = vi.mocked(engine.attend).mock.calls.slice(1);
    expect(requests.every(([request]) => request.reconstruction === undefined)).toBe(true);

    let reads = 0;
    vi.mocked(engine.attend).mockImplementation(async (_, options) => {
      if (++reads === 3) state().cancelAttention();
      if (options?.signal?.aborted) throw new HscError('aborted', 'The job was cancelled.');
      return ATTENTION;
    });
    await state().surveyAttention(9);
    expect(state().attentionPopulation).toMatchObject({ state: 'cancelled' });
    expect(state().attentionPopulation?.patches).toHaveLength(2);
    expect(state().attentionNotice).toBeUndefined();
  });
});

describe('surveyWindows', () => {
  it.each([4, 9, 16, 25] as const)('spreads %i windows that share no pixel', (count) => {
    const windows = surveyWindows(count, { width: 96, height: 96 }, { width: 95, height: 200 });
    expect(windows).toHaveLength(count);
    const taken = new Set<number>();
    for (const { x, y, width, height } of windows) {
      expect(x >= 0 && y >= 0 && x + width <= 95 && y + height <= 200).toBe(true);
      for (let v = y; v < y + height; v++)
        for (let u = x; u < x + width; u++) taken.add(v * 95 + u);
    }
    const { width, height } = windows[0];
    expect(taken.size).toBe(count * width * height);
  });
});

import { describe, expect, it, vi } from 'vitest';
import { HscError } from '../core/errors';
import { activePaneOf } from './panes';
import { createStudio } from './store';
import { fakeEngine, tuned } from './testing';

const CODEC = 'hific-opt@1a2b3c4d';

/** A studio that keeps one set of tuned weights. */
async function studio() {
  const engine = fakeEngine();
  const [shipped] = await engine.codecs();
  const card = { ...shipped, id: CODEC, label: 'field' };
  vi.mocked(engine.codecs).mockResolvedValue([shipped, card]);
  vi.mocked(engine.tunedWeights).mockResolvedValue([tuned(CODEC)]);
  const store = createStudio(engine);
  await store.getState().startEngine();
  await store.getState().openSample('field');
  const state = store.getState;
  const codecs = () => state().panes.map(({ codecId }) => codecId);
  const remove = () => {
    vi.mocked(engine.codecs).mockResolvedValue([shipped]);
    vi.mocked(engine.tunedWeights).mockResolvedValue([]);
  };
  return { engine, state, codecs, remove };
}

describe('tuned weights', () => {
  it('are used in the active pane, and left again', async () => {
    const { engine, state, codecs } = await studio();
    await state().useTuned(CODEC);
    expect(state().stage).toBe('compare');
    expect(vi.mocked(engine.encode).mock.calls[0][0].codec).toBe(CODEC);
    state().useOriginal();
    expect(codecs()).toEqual(['hific-opt']);
  });

  it('stand beside their parent on what is held back', async () => {
    const { engine, state, codecs } = await studio();
    await state().suggestSplit(state().cube?.id ?? '');
    await state().compareTuned(CODEC);
    expect(codecs()).toEqual(['hific-opt', CODEC]);
    const windows = vi.mocked(engine.encode).mock.calls.map(([{ window }]) => window);
    expect(windows).toEqual(Array(2).fill({ x: 80, y: 0, width: 40, height: 100 }));
    expect(state().panes.every(({ grid }) => grid === 'vnir-128')).toBe(true);
  });

  it('are compared on what their own run held back', async () => {
    const { engine, state } = await studio();
    const id = state().cube?.id ?? '';
    state().setHeldBack(id, { x: 0, y: 0, width: 48, height: 48 });
    await state().startTuning();
    state().setHeldBack(id, { x: 60, y: 40, width: 40, height: 40 });
    await state().compareTuned(CODEC);
    expect(vi.mocked(engine.encode).mock.calls[0][0].window).toMatchObject({ width: 48 });
  });

  it('leave panes to the shipped ones when they are removed', async () => {
    const { engine, state, codecs, remove } = await studio();
    state().setCodec(CODEC);
    remove();
    await state().removeTuned(CODEC);
    expect(engine.removeWeights).toHaveBeenCalledWith(CODEC);
    expect(codecs()).toEqual(['hific-opt']);
    expect(state().tunedWeights).toEqual([]);
  });

  it('are imported by name, or refused in a sentence', async () => {
    const { engine, state } = await studio();
    const file = new File([new Uint8Array(4)], 'meadow.safetensors');
    await state().importTuned(file);
    expect(vi.mocked(engine.importWeights).mock.calls[0][1]).toBe('meadow');
    vi.mocked(engine.importWeights).mockRejectedValueOnce(
      new HscError('bad-file', 'That is no weights file of the studio.'),
    );
    await state().openFiles([file]);
    expect(state().tuningNotice?.message).toMatch(/no weights file/);
    expect(activePaneOf(state()).codecId).toBe('hific-opt');
  });
});

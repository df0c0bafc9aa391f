import { describe, expect, it, vi } from 'vitest';
import { HscError } from '../core/errors';
import { comparedWindow, fitsWindow } from './canvas';
import { activePaneOf, currentResult, isUpToDate, MOST_PANES } from './panes';
import { createStudio, type Engine } from './store';
import { fakeEngine, opened } from './testing';

const CODECS = ['hific-opt', 'hific-se', 'klt-jpeg2000'].map((id) => ({
  id,
  label: id,
  family: 'hific',
  description: 'A codec.',
  targetRates: [0.2, 1],
  rateRange: [0.2, 1] as const,
  version: '1',
}));

async function studio(parts: Partial<Engine> = {}) {
  const engine = fakeEngine({ codecs: async () => CODECS, ...parts });
  const store = createStudio(engine);
  await store.getState().startEngine();
  await store.getState().openSample('field');
  return { engine, store, state: store.getState };
}

const encodings = (engine: Engine) =>
  vi.mocked(engine.encode).mock.calls.map(([{ codec, options }]) => [codec, options.rate]);

describe('panes', () => {
  it('begin with the next codec that none shows, up to a limit', async () => {
    const { state } = await studio();
    state().addPane();
    state().addPane();
    expect(state().panes.map(({ codecId }) => codecId)).toEqual(CODECS.map(({ id }) => id));
    expect(activePaneOf(state())).toBe(state().panes[2]);
    for (let i = 0; i < 10; i++) state().addPane();
    expect(state().panes).toHaveLength(MOST_PANES);
  });

  it('are encoded together: the active one, and those that show something else', async () => {
    const { engine, state } = await studio();
    state().addPane();
    state().setRate(0.4);
    await state().encode();
    expect(encodings(engine)).toEqual([
      ['hific-se', 0.4],
      ['hific-opt', 0.6],
    ]);
    await state().encode();
    expect(encodings(engine)).toHaveLength(3);
    state().movePatch(0, 0);
    await state().encode();
    expect(encodings(engine)).toHaveLength(5);
  });

  it('are fitted by looks where asked for and trained for it, and do not follow sliders then', async () => {
    vi.useFakeTimers();
    try {
      const gan = { ...CODECS[0], id: 'hific-opt-gan', perceptual: true };
      const { engine, state } = await studio({ codecs: async () => [...CODECS, gan] });
      const asked = () =>
        vi.mocked(engine.encode).mock.calls.map(([{ options }]) => options.perceptualFit ?? false);
      state().setPerceptualFit(true);
      await state().encode();
      state().setCodec(gan.id);
      await vi.advanceTimersByTimeAsync(1000);
      expect(asked()).toEqual([false]);
      expect(isUpToDate(activePaneOf(state()), state())).toBe(false);
      await state().encode();
      expect(isUpToDate(activePaneOf(state()), state())).toBe(true);
      state().setPerceptualFit(false);
      await vi.advanceTimersByTimeAsync(1000);
      expect(asked()).toEqual([false, true, false]);
    } finally {
      vi.useRealTimers();
    }
  });

  it('free what they held, and leave at least one', async () => {
    const { engine, state } = await studio();
    state().addPane();
    await state().encode();
    const [first, second] = state().panes;
    await state().removePane(second.id);
    expect(engine.close).toHaveBeenCalledWith(second.result?.reconstruction.id);
    expect(state().activePane).toBe(first.id);
    await state().removePane(first.id);
    expect(state().panes).toHaveLength(1);
  });

  it('follow their settings once they hold a file, and not before', async () => {
    vi.useFakeTimers();
    try {
      const { engine, state } = await studio();
      state().setRate(0.3);
      await vi.advanceTimersByTimeAsync(1000);
      expect(engine.encode).not.toHaveBeenCalled();
      await state().encode();
      for (const rate of [0.4, 0.5, 0.7]) state().setRate(rate);
      await vi.advanceTimersByTimeAsync(1000);
      expect(encodings(engine)).toEqual([
        ['hific-opt', 0.3],
        ['hific-opt', 0.7],
      ]);
      state().setLive(false);
      state().setRate(0.9);
      await vi.advanceTimersByTimeAsync(1000);
      expect(engine.encode).toHaveBeenCalledTimes(2);
    } finally {
      vi.useRealTimers();
    }
  });

  it('go on after one that failed, and stop at a cancel', async () => {
    const { engine, state } = await studio();
    state().addPane();
    state().addPane();
    vi.mocked(engine.encode).mockRejectedValueOnce(new HscError('limit', 'Too large.'));
    await state().encode();
    expect(state().panes.map(({ result }) => result !== undefined)).toEqual([true, true, false]);
    expect(state().codingNotice?.message).toBe('Too large.');
    vi.mocked(engine.encode).mockRejectedValueOnce(new HscError('aborted', 'Cancelled.'));
    const before = vi.mocked(engine.encode).mock.calls.length;
    state().movePatch(0, 0);
    await state().encode();
    expect(engine.encode).toHaveBeenCalledTimes(before + 1);
    expect(state().codingNotice).toBeUndefined();
  });

  it('show one window, and none that was made of another', async () => {
    const { state } = await studio();
    await state().encode();
    const made = state().patch;
    state().addPane();
    state().movePatch(0, 0);
    expect(comparedWindow(state())).toEqual(made);
    await state().encodePane(state().activePane);
    const window = comparedWindow(state());
    expect(window).toEqual(state().patch);
    const [old, current] = state().panes;
    expect(window && fitsWindow(old, window, state().cube?.id)).toBe(false);
    expect(window && fitsWindow(current, window, state().cube?.id)).toBe(true);
  });
});

describe('a workspace of several cubes', () => {
  it('keeps the work on each', async () => {
    const { engine, state } = await studio();
    await state().encode();
    const first = { cube: state().cube, result: currentResult(state()), patch: state().patch };
    vi.mocked(engine.openSample).mockImplementationOnce(async (id) => opened(id));
    await state().openSample('field');
    expect(state().cubes).toHaveLength(2);
    expect(currentResult(state())).toBeUndefined();
    expect(engine.close).not.toHaveBeenCalled();
    state().movePatch(3, 4);
    state().activateCube(first.cube?.id ?? '');
    expect(currentResult(state())).toBe(first.result);
    expect(state().patch).toEqual(first.patch);
    state().activateCube(state().cubes[1].cube.id);
    expect(state().patch?.x).toBe(3);
  });

  it('gives back what a closed cube held', async () => {
    const { engine, state } = await studio();
    await state().encode();
    const held = currentResult(state())?.reconstruction.id;
    const id = state().cube?.id;
    await state().openSample('field');
    await state().closeCube(id);
    expect(engine.close).toHaveBeenCalledWith(held);
    expect(engine.close).toHaveBeenCalledWith(id);
    expect(state().cubes).toHaveLength(1);
    await state().closeCube();
    expect(state().cube).toBeUndefined();
    expect(state().cubes).toEqual([]);
  });
});

describe('several cubes at once', () => {
  const file = (name: string) => new File([new Uint8Array(4)], name);

  it('are opened one by one, and what cannot be read is said at the end', async () => {
    const { engine, state } = await studio();
    await state().closeAll();
    vi.mocked(engine.open).mockImplementation(async (id, files) => {
      if (files[0].name === 'b.npy') throw new HscError('truncated', 'b.npy ends too early.');
      return opened(id);
    });
    await state().openFiles(['a.mat', 'b.npy', 'c.hdr', 'c.img'].map(file));
    const names = vi
      .mocked(engine.open)
      .mock.calls.map(([, files]) => files.map(({ name }) => name));
    expect(names).toEqual([['a.mat'], ['b.npy'], ['c.hdr', 'c.img']]);
    expect(state().cubes).toHaveLength(2);
    expect(state().openNotice?.message).toBe('b.npy ends too early.');
  });

  it('are one where the files are those of a product', async () => {
    const { engine, state } = await studio();
    await state().openFiles(
      ['ENMAP01-METADATA.XML', 'ENMAP01-SPECTRAL_IMAGE.TIF', 'ENMAP01-QL_SWIR.TIF'].map(file),
    );
    expect(engine.open).toHaveBeenCalledOnce();
  });
});

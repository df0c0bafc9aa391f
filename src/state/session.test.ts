import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import { describe, expect, it, vi } from 'vitest';
import { packExperiment, unpackExperiment } from './experimentFile';
import { activePaneOf, currentResult } from './panes';
import { RecentKeeper } from './recent';
import { createStudio, type Engine } from './store';
import { DISTORTION, decoded, fakeEngine, INFO } from './testing';

async function studio(parts: Partial<Engine> = {}) {
  const engine = fakeEngine(parts);
  const store = createStudio(engine);
  await store.getState().startEngine();
  await store.getState().loadSamples();
  return { engine, store, state: store.getState };
}

const asFile = (bytes: Uint8Array<ArrayBuffer>) => new File([bytes], 'a.hsx');

describe('history', () => {
  it('goes back and forth, a pause apart, and begins anew with another cube', async () => {
    vi.useFakeTimers();
    try {
      const { state } = await studio();
      await state().openSample('field');
      const first = state().patch;
      vi.advanceTimersByTime(1000);
      state().movePatch(0, 0);
      state().movePatch(1, 1);
      vi.advanceTimersByTime(1000);
      state().setRate(0.2);
      expect(activePaneOf(state()).rate).toBe(0.2);
      state().undo();
      expect(activePaneOf(state()).rate).toBe(0.6);
      state().undo();
      expect(state().patch).toEqual(first);
      state().redo();
      expect(state().patch?.x).toBe(1);
      expect(state().canRedo).toBe(true);
      vi.advanceTimersByTime(1000);
      state().setRate(0.9);
      expect(state().canRedo).toBe(false);
      await state().openSample('field');
      expect(state().canUndo).toBe(false);
    } finally {
      vi.useRealTimers();
    }
  });

  it('brings a removed pane back empty, and frees one that goes', async () => {
    const { engine, state } = await studio();
    await state().openSample('field');
    state().addPane();
    await state().encode();
    const held = currentResult(state())?.reconstruction.id;
    state().undo();
    expect(state().panes).toHaveLength(1);
    expect(engine.close).toHaveBeenCalledWith(held);
    state().redo();
    expect(state().panes).toHaveLength(2);
    expect(state().panes[1].result).toBeUndefined();
  });
});

describe('views', () => {
  it('come back as they were, one after the other while presenting', async () => {
    const { state } = await studio();
    await state().openSample('field');
    state().saveView();
    state().setCanvas({ shown: 'sam' });
    state().saveView('Angles');
    expect(state().savedViews.map(({ name }) => name)).toEqual(['View 1', 'Angles']);
    state().present(true);
    expect([state().presented, state().shown]).toEqual([0, 'picture']);
    state().stepView(1);
    state().stepView(1);
    expect([state().presented, state().shown]).toEqual([1, 'sam']);
    state().present(false);
    state().stepView(-1);
    expect(state().shown).toBe('sam');
  });
});

const FLAT_REGION = {
  id: 'region 1',
  name: 'Flat',
  colour: 0,
  window: { x: 1, y: 1, width: 5, height: 1 },
  polygon: [
    { x: 1, y: 1 },
    { x: 6, y: 1 },
    { x: 4, y: 1 },
  ],
};

/** The archive with the first member stated to be of that size. */
function claiming(bytes: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  const changed = new Uint8Array(bytes);
  const view = new DataView(changed.buffer);
  view.setUint32(view.getUint32(changed.length - 6, true) + 24, size, true);
  return changed;
}

describe('experiments', () => {
  async function saved() {
    const { state } = await studio();
    await state().openSample('field');
    state().addPane();
    await state().encode();
    state().addCloseUp({ x: 50, y: 50 });
    state().saveView('Close');
    const written = await state().saveExperiment();
    expect(written?.name).toBe('field.hsx');
    return { bytes: written?.bytes ?? new Uint8Array(), before: state() };
  }

  it('bring back files, figures and arrangement elsewhere', async () => {
    const { bytes, before } = await saved();
    const { engine, state } = await studio();
    await state().openFiles([asFile(bytes)]);
    expect(state().openNotice).toBeUndefined();
    expect(engine.openSample).toHaveBeenCalledWith(expect.any(String), 'field');
    expect(state().panes.map(({ rate }) => rate)).toEqual(before.panes.map(({ rate }) => rate));
    expect(state().panes.every(({ result }) => result?.distortion === DISTORTION)).toBe(true);
    expect(state().patch).toEqual(before.patch);
    expect(state().closeUps).toEqual(before.closeUps);
    expect(state().savedViews.map(({ name }) => name)).toEqual(['Close']);
    await state().encode();
    expect(engine.encode).toHaveBeenCalledOnce();
  });

  it('hold the original without loss where it came from a file', async () => {
    const { engine, state } = await studio();
    await state().openFiles([new File([new Uint8Array(9)], 'scene.mat')]);
    await state().encode();
    const written = await state().saveExperiment();
    const original = vi.mocked(engine.encode).mock.calls.at(-1)?.[0];
    expect(original?.codec).toBe('lossless');
    expect(original?.window).toEqual({ x: 0, y: 0, width: INFO.width, height: INFO.height });
    const { content, members } = await unpackExperiment(written?.bytes ?? new Uint8Array());
    expect(content.cube?.member).toBe('original.hsc');
    expect(Object.keys(members).sort()).toEqual(['original.hsc', 'pane-1.hsc']);
  });

  it('keep polygons, in the second version of the format and only there', async () => {
    const { state } = await studio();
    await state().openSample('field');
    const formatIn = (bytes: Uint8Array | undefined) =>
      JSON.parse(strFromU8(unzipSync(bytes ?? new Uint8Array())['experiment.json'])).format;
    state().addRegion({ x: 1, y: 1, width: 4, height: 4 });
    expect(formatIn((await state().saveExperiment())?.bytes)).toBe('hsc-experiment-1');
    state().startPolygon();
    for (const [x, y] of [
      [2, 3],
      [20, 4],
      [7, 30],
    ])
      state().addCorner({ x, y });
    state().closePolygon();
    const written = await state().saveExperiment();
    expect(formatIn(written?.bytes)).toBe('hsc-experiment-2');
    const { state: other } = await studio();
    await other().openFiles([asFile(written?.bytes ?? new Uint8Array())]);
    expect(other().openNotice).toBeUndefined();
    expect(other().regions).toEqual(state().regions);
  });

  it('that the first version wrote still open', async () => {
    const { bytes } = await saved();
    const files = unzipSync(bytes);
    const manifest = JSON.parse(strFromU8(files['experiment.json']));
    const window = { x: 3, y: 4, width: 5, height: 6 };
    // As it was written before there were polygons: no word of them.
    manifest.format = 'hsc-experiment-1';
    manifest.document.regions = [{ id: 'region 1', name: 'Field', colour: 0, window }];
    const old = zipSync({ ...files, 'experiment.json': strToU8(JSON.stringify(manifest)) });
    const { state } = await studio();
    await state().openFiles([asFile(new Uint8Array(old))]);
    expect(state().openNotice).toBeUndefined();
    expect(state().regions).toEqual([{ id: 'region 1', name: 'Field', colour: 0, window }]);
  });

  it('say where figures are not those that were saved', async () => {
    const { bytes } = await saved();
    const { state } = await studio({ compare: async () => ({ ...DISTORTION, psnr: 20 }) });
    await state().openFiles([asFile(bytes)]);
    expect(state().openNotice?.message).toMatch(/differ from those saved/);
  });

  it('that are damaged leave a sentence and everything as it was', async () => {
    const { bytes } = await saved();
    const { content, members } = await unpackExperiment(bytes);
    const { state } = await studio();
    await state().openSample('field');
    const cube = state().cube;
    const cases: readonly (readonly [Uint8Array<ArrayBuffer>, RegExp])[] = [
      [bytes.slice(0, bytes.length >> 1), /damaged/],
      [new Uint8Array(zipSync({ 'a.txt': strToU8('a') })), /holds no experiment/],
      [new Uint8Array(zipSync({ 'experiment.json': strToU8('{') })), /no JSON/],
      [packExperiment(content, {}), /lacks its file/],
      [claiming(bytes, 2 ** 31), /damaged/],
      [
        packExperiment(
          { ...content, document: { ...content.document, rgbBands: [1, 2, -3] } },
          members,
        ),
        /document\.rgbBands/,
      ],
      [
        packExperiment(
          { ...content, document: { ...content.document, regions: [FLAT_REGION] } },
          members,
        ),
        /document\.regions.*no polygon around a pixel/,
      ],
    ];
    for (const [wrong, words] of cases) {
      await state().openFiles([asFile(wrong)]);
      expect(state().openNotice?.message).toMatch(words);
      expect(state().cube).toBe(cube);
      expect(state().opening).toBeUndefined();
    }
  });
});

describe('the last visit', () => {
  const memory = () => {
    const values = new Map<string, unknown>();
    return {
      values,
      get: async (key: string) => structuredClone(values.get(key)),
      set: async (key: string, value: unknown) => void values.set(key, structuredClone(value)),
      delete: async (key: string) => void values.delete(key),
      clear: async () => values.clear(),
      keys: async () => [...values.keys()],
    };
  };
  const tab = (name: string, ...living: string[]) => ({
    name,
    living: async () => new Set(living),
  });

  async function visited(store = memory()) {
    const { store: studioStore, state } = await studio();
    new RecentKeeper(store).follow(studioStore);
    await state().openSample('field');
    await state().encode();
    await vi.waitFor(() => expect(store.values.has('work ')).toBe(true), { timeout: 3000 });
    return { store, state };
  }

  it('is brought back with its files', async () => {
    const { store } = await visited();
    const last = await new RecentKeeper(store).last();
    expect(last?.about).toMatchObject({ name: 'field', panes: 1 });
    const { engine, state } = await studio({ decode: async (id) => decoded(id) });
    state().offerRecent(last);
    await state().continueRecent();
    expect(state().openNotice).toBeUndefined();
    expect(engine.openSample).toHaveBeenCalledOnce();
    expect(currentResult(state())?.distortion).toBe(DISTORTION);
  });

  it('brings back all open cubes, each with its own work, and looks at the same one', async () => {
    const { store, state } = await visited();
    state().saveView();
    const files = [new File(['scene'], 'scene.npy')];
    await state().openFiles(files);
    state().setColourMode('grey');
    state().saveView();
    state().saveView();
    const names = () => state().cubes.map(({ cube }) => cube.info.name);
    const open = names();
    expect(open).toHaveLength(2);
    state().activateCube(state().cubes[0].cube.id);
    await vi.waitFor(
      async () => expect((await new RecentKeeper(store).last())?.about.cubes).toBe(2),
      {
        timeout: 3000,
      },
    );
    const last = await new RecentKeeper(store).last();
    expect(last?.about).toMatchObject({ panes: 1, cubes: 2 });

    const later = await studio({ decode: async (id) => decoded(id) });
    later.state().offerRecent(last);
    await later.state().continueRecent();
    expect(later.engine.open).toHaveBeenCalledOnce();
    expect(later.engine.openSample).toHaveBeenCalledOnce();
    const again = later.state();
    expect(again.cubes).toHaveLength(2);
    expect(again.cubeOrigin).toEqual({ kind: 'sample', sample: 'field' });
    expect(currentResult(again)?.distortion).toBe(DISTORTION);
    expect(again.savedViews).toHaveLength(3);
    again.activateCube(again.cubes[0].cube.id);
    expect(later.state().cubeOrigin).toMatchObject({ kind: 'files' });
    expect(later.state().colourMode).toBe('grey');
  });

  it('is kept now and then while the studio never rests, and it is told when all is kept', async () => {
    const store = memory();
    const { store: studioStore, state } = await studio();
    const told: boolean[] = [];
    vi.useFakeTimers();
    try {
      new RecentKeeper(store, undefined, undefined, (kept) => told.push(kept)).follow(studioStore);
      await state().openSample('field');
      for (let i = 0; i < 20 && !store.values.has('work '); i++) {
        state().setColourMode(i % 2 ? 'grey' : 'colour');
        await vi.advanceTimersByTimeAsync(900);
      }
      expect(store.values.has('work ')).toBe(true);
      await vi.advanceTimersByTimeAsync(1000);
      expect(told.at(-1)).toBe(true);
      state().setColourMode('components');
      state().setColourMode('grey');
      expect(told.at(-1)).toBe(false);
    } finally {
      vi.useRealTimers();
    }
  });

  it('is every tab’s own: one that lives keeps its work from the others', async () => {
    const store = memory();
    for (const name of ['a', 'b']) {
      const { store: studioStore, state } = await studio();
      new RecentKeeper(store, tab(name, 'a', 'b')).follow(studioStore);
      await state().openSample('field');
      if (name === 'b') await state().encode();
      const kept = () => expect(store.values.has(`work ${name}`)).toBe(true);
      await vi.waitFor(kept, { timeout: 3000 });
    }
    const panes = async (...living: string[]) =>
      (await new RecentKeeper(store, tab(living[0], ...living)).last())?.about.panes;
    expect(await panes('a', 'b')).toBe(0);
    expect(await panes('b', 'a')).toBe(1);
    expect(await panes('c', 'a', 'b')).toBeUndefined();
    expect(await panes('c', 'a')).toBe(1);
    expect(await panes('c', 'b')).toBe(0);
  });

  it('gives way to what is open where storage is full, and is said to be lost where that is not enough', async () => {
    const { store } = await visited();
    store.values.set('work gone', store.values.get('work '));
    const full = {
      ...store,
      set: vi.fn(async (key: string, value: unknown) => {
        if (store.values.has('work gone')) throw new DOMException('full', 'QuotaExceededError');
        return store.set(key, value);
      }),
    };
    const told: unknown[] = [];
    const next = await studio();
    new RecentKeeper(full, tab('next'), (notice) => told.push(notice?.message)).follow(next.store);
    await next.state().openSample('field');
    await vi.waitFor(() => expect(store.values.has('work next')).toBe(true), { timeout: 3000 });
    expect([...store.values.keys()].some((key) => key.endsWith('gone'))).toBe(false);
    expect(told).toEqual([]);

    full.set.mockRejectedValue(new DOMException('full', 'QuotaExceededError'));
    await next.state().encode();
    await vi.waitFor(() => expect(told).toEqual([expect.stringMatching(/is full/)]), {
      timeout: 3000,
    });
    full.set.mockImplementation(store.set);
    next.state().setColourMode('grey');
    await vi.waitFor(() => expect(told).toHaveLength(2), { timeout: 3000 });
    expect(told[1]).toBeUndefined();
  });

  it('is forgotten when everything is closed, and never fails the studio', async () => {
    const { store, state } = await visited();
    await state().closeAll();
    await vi.waitFor(() => expect(store.values.size).toBe(0), { timeout: 3000 });
    const broken = { ...store, get: async () => Promise.reject(new Error('blocked')) };
    expect(await new RecentKeeper(broken).last()).toBeUndefined();
  });
});

import { describe, expect, it, vi } from 'vitest';
import { activePaneOf, currentResult } from '../state/panes';
import { createStudio } from '../state/store';
import { fakeEngine } from '../state/testing';
import { commandsFor } from './commands';

async function studio(engine = fakeEngine()) {
  const store = createStudio(engine);
  await store.getState().loadSamples();
  await store.getState().startEngine();
  const titles = () => commandsFor(store.getState()).map(({ title }) => title);
  const run = (title: string) => {
    const found = commandsFor(store.getState()).find((one) => one.title === title);
    if (!found) throw new Error(`There is no “${title}”: ${titles().join(', ')}`);
    return found.run(store);
  };
  return { store, state: store.getState, engine, titles, run };
}

describe('commands', () => {
  it('offer on the start page what can be done there', async () => {
    const { titles, state } = await studio();
    expect(titles()).toContain('Open files');
    for (const { title } of state().samples) expect(titles()).toContain(`Open ${title}`);
    expect(titles()).not.toContain('Encode');
    expect(titles().some((title) => title.startsWith('Use '))).toBe(false);
    expect(titles().some((title) => title.startsWith('Export'))).toBe(false);
  });

  it('choose codec, rate, patch and bands of an open cube', async () => {
    const { run, state } = await studio();
    await state().openSample('field');
    const other = state().codecs.find(({ id }) => id !== activePaneOf(state()).codecId);
    if (other) {
      run(`Use ${other.label}`);
      expect(activePaneOf(state()).codecId).toBe(other.id);
    }
    const rates =
      state().codecs.find(({ id }) => id === activePaneOf(state()).codecId)?.targetRates ?? [];
    for (const rate of rates) {
      run(`Target rate ${rate} bpp`);
      expect(activePaneOf(state()).rate).toBe(rate);
    }
    run('Encode the whole scene');
    expect(state().patchSize).toBe('whole');
    run('One band, grey');
    expect(state().colourMode).toBe('grey');
    run('True colour');
    expect(state().colourMode).toBe('colour');
  });

  it('encode, then offer to save and export', async () => {
    const { run, state, titles, engine } = await studio();
    await state().openSample('field');
    await run('Encode');
    await vi.waitFor(() => expect(currentResult(state())).toBeDefined());
    expect(titles()).toContain('Save the .hsc file');
    vi.mocked(engine.exportCube).mockResolvedValueOnce([]);
    expect(titles()).toContain('Export as GeoTIFF');
  });

  it('have names of their own', async () => {
    const { store } = await studio();
    await store.getState().openSample('field');
    const all = commandsFor(store.getState());
    const titles = all.map(({ title }) => title);
    expect(new Set(titles).size).toBe(titles.length);
    const ids = all.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

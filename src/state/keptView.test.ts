import { describe, expect, it } from 'vitest';
import type { CubeInfo } from '../core/cube/types';
import { createStudio } from './store';
import { fakeEngine, INFO, opened } from './testing';

const NAMELESS: CubeInfo = { ...INFO, bands: 31, wavelengthsNm: undefined };
const nm = Array.from({ length: 31 }, (_, band) => 400 + 10 * band);

async function studio(reopenedAs: CubeInfo) {
  const infos = [NAMELESS, reopenedAs];
  const open = async (id: string) => opened(id, infos.shift());
  const state = createStudio(fakeEngine({ open })).getState;
  await state().openFiles([new File([], 'field.npy')]);
  state().movePatch(20, 3);
  state().setCamera('scene', { zoom: 4 });
  return state;
}

describe('a cube that is opened again', () => {
  it('keeps patch and camera, and shows true colour once its wavelengths are known', async () => {
    const state = await studio({ ...NAMELESS, wavelengthsNm: nm });
    const { patch } = state();
    await state().reopen({ overrides: { wavelengths: { nm, source: 'typed' } } });
    expect(state().patch).toEqual(patch);
    expect(state().sceneCamera).toEqual({ zoom: 4 });
    expect(state().rgbBands).toEqual([25, 15, 5]);
    expect(state().openOptions.overrides?.wavelengths?.source).toBe('typed');
  });

  it('keeps the bands that the user chose, and shows first what the user says', async () => {
    const chosen = await studio({ ...NAMELESS, wavelengthsNm: nm });
    chosen().setRgbBands([9, 8, 7]);
    await chosen().reopen({ overrides: {} });
    expect(chosen().rgbBands).toEqual([9, 8, 7]);
    const shown = await studio({ ...NAMELESS, wavelengthsNm: nm, defaultBands: [3, 2, 1] });
    await shown().reopen({ overrides: { defaultBands: [3, 2, 1] } });
    expect(shown().rgbBands).toEqual([3, 2, 1]);
  });

  it('starts anew where its size has changed', async () => {
    const state = await studio({ ...NAMELESS, width: 300 });
    await state().reopen({ axes: 'byx' });
    expect(state().sceneCamera).toEqual({ zoom: 'fit' });
    expect(state().patch?.x).toBe(102);
  });
});

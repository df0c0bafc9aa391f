import { expect, it, vi } from 'vitest';
import { HscError } from '../core/errors';
import { createStudio } from './store';
import { fakeEngine, INFO, opened } from './testing';

/** Band 2 is left out; of the others one lies outside of what the codec covers. */
const INFO_LEFT_OUT = {
  ...INFO,
  bands: 4,
  wavelengthsNm: [450, 550, 650, 1650],
  leftOutBands: [1],
};

async function studio() {
  const engine = fakeEngine({ openSample: async (id) => opened(id, INFO_LEFT_OUT) });
  const state = createStudio(engine).getState;
  await state().startEngine();
  await state().openSample('field');
  return { engine, state };
}

it('bands that the user leaves out are no part of the question about bands', async () => {
  const { engine, state } = await studio();
  vi.mocked(engine.encode).mockRejectedValueOnce(new HscError('band-range', 'Outside.'));
  await state().encode();
  expect(state().bandQuestion).toMatchObject({ total: 3, inside: 2, outside: 1 });
});

it('no codec of a sweep gets the bands that the user leaves out', async () => {
  const { engine, state } = await studio();
  await state().startSweep();
  expect(state().sweepBandQuestion?.bands).toEqual([0, 2]);
  await state().answerSweepBands('all');
  const asked = vi.mocked(engine.measure).mock.calls.map(([{ bands }]) => bands);
  expect(asked.length).toBeGreaterThan(0);
  expect(new Set(asked.map((bands) => bands?.join()))).toEqual(new Set(['0,2,3']));
});

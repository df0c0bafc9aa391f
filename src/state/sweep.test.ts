import { describe, expect, it, vi } from 'vitest';
import { HscError } from '../core/errors';
import type { CodecCard } from '../engine/api';
import { activePaneOf, currentResult } from './panes';
import { PointCache } from './pointCache';
import { createStudio, type Engine } from './store';
import { commonBands, parseRates, planTasks, ratesFor, spreadWindows } from './sweepPlan';
import { fakeEngine, INFO, measured, opened } from './testing';
import { TimeLeft } from './timeLeft';

function codec(id: string, parts: Partial<CodecCard> = {}): CodecCard {
  const rates = { targetRates: [0.2, 0.6, 1], rateRange: [0.2, 1] as const };
  return { id, label: id, family: id, description: '', version: '1', ...rates, ...parts };
}

const LEARNED = codec('learned', { grids: ['vnir-128'] });
const CLASSICAL = codec('classical', { rateRange: [0.05, 16] });
const LOSSLESS = codec('lossless', { targetRates: [], rateRange: undefined });

async function studio(parts: Partial<Engine> = {}, cache = new PointCache()) {
  const engine = fakeEngine({ codecs: async () => [LEARNED, CLASSICAL, LOSSLESS], ...parts });
  const store = createStudio(engine, cache);
  await store.getState().startEngine();
  await store.getState().openSample('field');
  return { engine, state: store.getState };
}

describe('the plan of a sweep', () => {
  it('takes the rates that a codec serves, and one result where it takes none', () => {
    expect(ratesFor(LEARNED, [0.1, 0.5, 4])).toEqual([0.5]);
    expect(ratesFor(CLASSICAL, [0.1, 0.5, 4])).toEqual([0.1, 0.5, 4]);
    expect(ratesFor(LOSSLESS, [0.1])).toEqual([undefined]);
    const tasks = planTasks([LEARNED, LOSSLESS], undefined, 2);
    expect(tasks.map(({ codec: { id }, rate, target }) => [id, rate, target])).toEqual([
      ['learned', 0.2, 0],
      ['lossless', undefined, 0],
      ['learned', 0.6, 0],
      ['learned', 1, 0],
      ['learned', 0.2, 1],
      ['lossless', undefined, 1],
      ['learned', 0.6, 1],
      ['learned', 1, 1],
    ]);
  });

  it('spreads patches that do not overlap', () => {
    const windows = spreadWindows(4, { width: 40, height: 40 }, INFO);
    expect(windows).toHaveLength(4);
    expect(windows[0]).toEqual({ x: 10, y: 5, width: 40, height: 40 });
    expect(windows[3]).toEqual({ x: 70, y: 55, width: 40, height: 40 });
    expect(spreadWindows(9, { width: 40, height: 40 }, INFO)).toEqual([]);
  });

  it('finds the bands that all codecs take', () => {
    const info = { ...INFO, wavelengthsNm: [450, 550, 1650] };
    expect(commonBands([CLASSICAL], info)).toBeUndefined();
    expect(commonBands([CLASSICAL, LEARNED], info)).toEqual({
      bands: [0, 1],
      limitedBy: ['learned'],
      ranges: ['400–1000 nm'],
    });
    expect(commonBands([LEARNED], INFO)).toBeUndefined();
  });

  it('reads lists of rates', () => {
    expect(parseRates('0.6, 0.2;1 0.6')).toEqual([0.2, 0.6, 1]);
    expect(parseRates('0.2, x')).toBeUndefined();
    expect(parseRates(' ')).toBeUndefined();
  });
});

describe('time left', () => {
  it('follows each codec’s own pace', () => {
    let now = 0;
    const clock = new TimeLeft(['slow', 'quick', 'slow', 'quick'], () => now);
    expect(clock.secondsLeft()).toBeUndefined();
    now = 3000;
    clock.finish('slow', false);
    now = 4000;
    clock.finish('quick', false);
    expect(clock.done()).toBe(0.5);
    expect(clock.secondsLeft()).toBe(4);
    clock.finish('slow', true);
    expect(clock.secondsLeft()).toBe(1);
  });
});

describe('a sweep', () => {
  it('measures every codec on the same window and bands', async () => {
    const { engine, state } = await studio();
    await state().startSweep();
    const { sweep } = state();
    expect(sweep?.state).toBe('done');
    expect(sweep?.points).toHaveLength(7);
    expect(sweep?.done).toBe(1);
    const requests = vi.mocked(engine.measure).mock.calls.map(([request]) => request);
    expect(new Set(requests.map(({ window }) => JSON.stringify(window))).size).toBe(1);
    expect(engine.survey).toHaveBeenCalledOnce();
    expect(engine.endSurvey).toHaveBeenCalled();
    const { original, reconstruction } = state().pointPictures('learned 0.2 0');
    expect(original?.rgba).toBeDefined();
    expect(reconstruction?.rgba).toBeDefined();
  });

  it('goes on where a codec fails, and says what failed', async () => {
    const measure: Engine['measure'] = async (request) => {
      if (request.codec === 'classical') throw new HscError('limit', 'Too small for its basis.');
      return measured(request.rate);
    };
    const { state } = await studio({ measure });
    await state().startSweep();
    expect(state().sweep?.points).toHaveLength(4);
    expect(state().sweep?.failures.map(({ message }) => message)).toEqual(
      Array(3).fill('Too small for its basis.'),
    );
    expect(state().sweep?.state).toBe('done');
  });

  it('asks about bands outside, and measures all codecs on those inside', async () => {
    const info = { ...INFO, wavelengthsNm: [450, 550, 1650] };
    const { engine, state } = await studio({ openSample: async (id) => opened(id, info) });
    await state().startSweep();
    expect(state().sweepBandQuestion?.bands).toEqual([0, 1]);
    expect(engine.measure).not.toHaveBeenCalled();
    await state().answerSweepBands('covered');
    const asked = vi.mocked(engine.measure).mock.calls.map(([{ bands }]) => bands);
    expect(asked).toEqual(Array(7).fill([0, 1]));
    expect(state().coveredOnly.has(state().cube?.id ?? '')).toBe(true);
  });

  it('measures nothing twice, and goes on where it was cancelled', async () => {
    const { engine, state } = await studio();
    vi.mocked(engine.measure).mockImplementation(async ({ rate }, options) => {
      if (vi.mocked(engine.measure).mock.calls.length === 3) {
        state().cancelSweep();
        expect(state().sweep?.state).toBe('cancelling');
      }
      if (options?.signal?.aborted) throw new HscError('aborted', 'The job was cancelled.');
      return measured(rate);
    });
    await state().startSweep();
    expect(state().sweep?.state).toBe('cancelled');
    expect(state().sweep?.points).toHaveLength(2);
    expect(state().sweepNotice).toBeUndefined();
    await state().startSweep();
    expect(state().sweep?.points.filter(({ cached }) => cached)).toHaveLength(2);
    expect(engine.measure).toHaveBeenCalledTimes(3 + 5);
  });

  it('begins a file once more where another job ended the worker', async () => {
    const { engine, state } = await studio();
    vi.mocked(engine.measure).mockRejectedValueOnce(new HscError('aborted', 'Ended.'));
    await state().startSweep();
    expect(state().sweep?.points).toHaveLength(7);
    expect(state().sweep?.failures).toEqual([]);
  });

  it('is forgotten with its cube, and late answers change nothing', async () => {
    const { engine, state } = await studio();
    let finish: () => void = () => {};
    vi.mocked(engine.measure).mockImplementationOnce(
      ({ rate }) =>
        new Promise((resolve) => {
          finish = () => resolve(measured(rate));
        }),
    );
    const sweeping = state().startSweep();
    await vi.waitFor(() => expect(engine.measure).toHaveBeenCalledOnce());
    await state().closeCube();
    finish();
    await sweeping;
    expect(state().sweep).toBeUndefined();
  });

  it('is recalled from what was measured before, without measuring', async () => {
    const cache = new PointCache();
    const first = await studio({}, cache);
    await first.state().recallSweep();
    expect(first.state().sweep).toBeUndefined();
    await first.state().startSweep();
    const second = await studio({}, cache);
    await second.state().recallSweep();
    expect(second.state().sweep?.points).toHaveLength(7);
    expect(second.state().sweep?.points.every(({ cached }) => cached)).toBe(true);
    expect(second.engine.measure).not.toHaveBeenCalled();
  });

  it('makes a point the result, with its codec and rate', async () => {
    const { engine, state } = await studio();
    await state().startSweep();
    await state().pickPoint('classical 0.6 0');
    expect(engine.decode).toHaveBeenCalledOnce();
    const [, file, , origin] = vi.mocked(engine.decode).mock.calls[0];
    expect(file).toHaveLength(measured(0.6).rate.bytes);
    expect(origin).toEqual({ bands: [0, 1, 2], wavelengthsNm: INFO.wavelengthsNm });
    expect(state().stage).toBe('compare');
    expect(activePaneOf(state()).codecId).toBe('classical');
    expect(activePaneOf(state()).rate).toBe(0.6);
    expect(currentResult(state())?.distortion).toBeDefined();
  });
});

// @vitest-environment jsdom
import { act, cleanup, fireEvent, render, screen, within } from '@testing-library/react';
import { Tooltip } from 'radix-ui';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { parseCsv } from '../../core/csv';
import { HscError } from '../../core/errors';
import type { TuningListener } from '../../engine/tuningTypes';
import { StudioProvider } from '../../state/react';
import type { Engine } from '../../state/store';
import {
  fakeEngine,
  PREPARED,
  splitStudio,
  tuned,
  tuningStep,
  tuningValidation,
} from '../../state/testing';
import type { TuningRun } from '../../state/tuningRun';
import { codecChoices, underVariants } from '../codecs';
import { TuningStatus } from '../tuning/TuningStatus';
import { smoothed, stepCurves, validationCurves } from './curves';
import { settingsOf, toCsv } from './exports';
import { HeldBackFrame } from './HeldBackFrame';
import { rateSeries } from './rateCurves';
import TunePanel from './TunePanel';
import { announcement, fallingText, safeText } from './words';

beforeAll(() => {
  vi.stubGlobal(
    'ResizeObserver',
    class {
      observe() {}
      unobserve() {}
      disconnect() {}
    },
  );
});
afterEach(cleanup);

async function studio(parts: Partial<Engine> = {}) {
  const { engine, store, state } = await splitStudio(parts);
  const show = () =>
    render(
      <StudioProvider studio={{ store, engine }}>
        <Tooltip.Provider>
          <TunePanel />
          <TuningStatus />
        </Tooltip.Provider>
      </StudioProvider>,
    );
  return { engine, state, show };
}

/** A run of 40 steps, measured every 20. */
async function finished(): Promise<TuningRun> {
  const { state } = await studio();
  state().setTuningSettings({ steps: 40, validateEvery: 20 });
  await state().startTuning();
  const { tuningRun } = state();
  if (!tuningRun) throw new Error('There is no run.');
  return tuningRun;
}

describe('the curves of a run', () => {
  it('have a chart for each term, the gradient and the learning rate', async () => {
    const curves = stepCurves(await finished());
    expect(curves.map(({ id }) => id)).toEqual([
      'loss',
      'rate',
      'psnr',
      'gradient',
      'learningRate',
    ]);
    expect(curves[0].axis.scale).toBe('log');
    expect(curves[2].axis.scale).toBe('linear');
    expect(curves[0].lines[0].dots).toHaveLength(40);
  });

  it('leave the logarithm where a loss crosses zero', () => {
    const steps = [1, -1, 2].map((loss, i) => ({ ...tuningStep(i + 1), terms: { loss } }));
    expect(stepCurves({ steps })[0].axis.scale).toBe('linear');
  });

  it('are smoothed without the pull of a start at zero', () => {
    const even = Array.from({ length: 50 }, (_, i) => ({ x: i + 1, y: 3 }));
    for (const { y } of smoothed(even)) expect(y).toBeCloseTo(3);
    const jump = smoothed([...even, { x: 51, y: 23 }]);
    expect(jump[50].y).toBeGreaterThan(3.5);
    expect(jump[50].y).toBeLessThan(6);
  });

  it('show validations by rate, and one rate–distortion curve each', () => {
    const all = [0, 0.3, 0.5, 0.2].map((gain, i) => tuningValidation(10 * i, gain));
    const [gain, psnr] = validationCurves(all);
    expect(gain.lines[0].dots.map(({ y }) => y)).toEqual([0, 0.3, 0.5, 0.2]);
    expect(psnr.lines.map(({ label }) => label)).toEqual(['0.2 bpp', '0.6 bpp', '1 bpp']);
    const series = rateSeries(all);
    expect(series.map(({ label }) => label)).toEqual(['Untuned', 'Step 20, best', 'Step 30']);
    expect(series[2].singles).toHaveLength(1);
    expect(rateSeries(all.slice(0, 2)).map(({ label }) => label)).toEqual([
      'Untuned',
      'Step 10, best',
    ]);
  });

  it('are written as a row a step and a row a file', async () => {
    const run = await finished();
    const rows = parseCsv(toCsv(run));
    expect(rows.filter(({ kind }) => kind === 'step')).toHaveLength(40);
    const files = rows.filter(({ kind }) => kind === 'validation');
    expect(files).toHaveLength(3 * 3);
    expect(files[3]).toMatchObject({ step: '20', target_rate_bpp: '0.2', gain_db: '0.1' });
    const caption = settingsOf(run, 'HiFiC opt').join(' ');
    expect(caption).toContain('HiFiC opt tuned on field (held back: 40 × 100 pixels at 80, 0)');
    expect(caption).toContain('step 40 of 40, 4 crops of 64 × 64 pixels a step');
  });
});

describe('what is said of a run', () => {
  it('is its state and its last validation', async () => {
    const run = await finished();
    expect(announcement(run)).toBe('Finished. Step 40: +0.20 dB.');
    expect(fallingText(run)).toBeUndefined();
    const fallen = [...run.validations, tuningValidation(60, 0.05)];
    expect(fallingText({ validations: fallen })).toMatch(
      /fallen from \+0\.20 dB at step 40 to \+0\.05 dB. The weights of step 40 are kept/,
    );
    const worse = [tuningValidation(0, 0), tuningValidation(20, -0.3)];
    expect(fallingText({ validations: worse })).toMatch(
      /worse than the untuned ones \(−0\.30 dB\)/,
    );
    expect(safeText({ step: 52, safe: 50 })).toBe(
      'Steps 1 to 50 are safe; the 2 after them are done again.',
    );
    expect(safeText({ step: 3, safe: 0 })).toMatch(/resuming begins again/);
  });
});

describe('the panel', () => {
  it('sets numbers within their limits, and starts', async () => {
    const { engine, state, show } = await studio();
    show();
    const type = (label: string, value: string) => {
      const input = screen.getByRole('textbox', { name: label });
      fireEvent.focus(input);
      fireEvent.change(input, { target: { value } });
      fireEvent.keyDown(input, { key: 'Enter' });
      return input;
    };
    expect(type('Steps', '0').getAttribute('aria-invalid')).toBe('true');
    type('Steps', '60');
    type('Validate every', '30');
    type('Learning rate', '2e-5');
    type('Minutes of training at most; 0: no limit', '2');
    expect(state().tuningSettings).toMatchObject({
      steps: 60,
      learningRate: 2e-5,
      budgetSeconds: 120,
    });
    expect(screen.getByText(/No graphics card does the work here/)).toBeDefined();
    await act(async () => fireEvent.click(screen.getByTestId('start-tuning')));
    expect(vi.mocked(engine.tune).mock.calls[0][0].settings.steps).toBe(60);
    expect(screen.getByTestId('tuning-state').textContent).toBe('Finished');
    expect(screen.getByTestId('tuning-outcome').textContent).toMatch(/^\+0\.20 dB/);
    expect(screen.getByTestId('tuning-announcement').textContent).toBe(
      'Finished. Step 60: +0.20 dB.',
    );
    expect(screen.getByTestId('tuning-status').textContent).toBe('Tuning ended: +0.20 dB');
    await act(async () => state().setStage('tune'));
    expect(screen.queryByTestId('tuning-status')).toBeNull();
    await act(async () => state().setStage('scene'));
    expect(screen.queryByTestId('tuning-status')).toBeNull();
  });

  it('says why nothing can be started', async () => {
    const { state, show } = await studio();
    show();
    const id = state().cube?.id ?? '';
    await act(async () => state().setHeldBack(id, { x: 5, y: 5, width: 110, height: 90 }));
    expect(screen.getByTestId('start-tuning').hasAttribute('disabled')).toBe(true);
    expect(
      screen.getByText(/no crop of 32 × 32 pixels fits: make that part smaller/),
    ).toBeDefined();
  });

  it('shows how a run goes, from any room, and what can be ordered', async () => {
    let tell: TuningListener = () => {};
    const tune: Engine['tune'] = (_, listener) => {
      tell = listener;
      return new Promise(() => {});
    };
    const { engine, state, show } = await studio({ tune });
    state().setTuningSettings({ steps: 50 });
    show();
    act(() => void state().startTuning());
    await act(async () => {
      for (const event of [PREPARED, tuningValidation(0, 0), tuningStep(1)]) tell(event);
      tell({ kind: 'checkpoint', step: 0 });
      await new Promise((resolve) => setTimeout(resolve, 300));
    });
    expect(screen.getByTestId('tuning-state').textContent).toBe('Training');
    expect(screen.getByText('64 × 64, 629 places')).toBeDefined();
    expect(screen.getByTestId('tuning-status').textContent).toBe('Tuning 2 %');
    expect(screen.queryByTestId('start-tuning')).toBeNull();
    await act(async () => fireEvent.click(screen.getByRole('button', { name: 'Pause' })));
    expect(engine.steer).toHaveBeenCalledWith(state().tuningRun?.request.run, 'pause');
    expect(screen.getByRole('button', { name: 'One step' }).hasAttribute('disabled')).toBe(true);
  });

  it('offers to resume what a lost device interrupted', async () => {
    const lost = new HscError('device', 'The graphics device was lost.');
    const tune = vi.fn<Engine['tune']>(async (_, tell) => {
      tell(PREPARED);
      tell({ kind: 'checkpoint', step: 0 });
      tell(tuningStep(1));
      throw lost;
    });
    const { show } = await studio({ tune });
    show();
    await act(async () => fireEvent.click(screen.getByTestId('start-tuning')));
    const notice = screen.getByRole('alert');
    expect(notice.textContent).toMatch(/interrupted at step 1\. The graphics device was lost\./);
    await act(async () => fireEvent.click(within(notice).getByRole('button', { name: 'Resume' })));
    expect(tune).toHaveBeenCalledTimes(2);
    expect(tune.mock.calls[1][0].run).toBe(tune.mock.calls[0][0].run);
  });

  it('lists tuned weights with where they come from; deletes them after a question', async () => {
    const lineage = {
      ...{ parent: 'hific-opt', parentDigest: 'ab', scenes: ['field'], step: 200, gain: 0.42 },
      settings: { part: 'coder', objective: 'fidelity' },
      date: '2026-03-01T10:00:00Z',
    };
    const weights = tuned('hific-opt@1a2b3c4d', { name: 'meadow', lineage });
    const { engine, show } = await studio({ tunedWeights: vi.fn(async () => [weights]) });
    show();
    const item = screen.getByTestId('weights-hific-opt@1a2b3c4d');
    expect(item.textContent).toMatch(
      /meadow.*Coder, 200 steps, \+0\.42 dB; from HiFiC opt on field, 01\/03\/2026\. 11 MB, vnir-128, 1a2b3c4d/,
    );
    const choose = async (name: string) => {
      fireEvent.keyDown(screen.getByRole('button', { name: 'More for meadow' }), { key: 'Enter' });
      const found = await screen.findByRole('menuitem', { name });
      await act(async () => fireEvent.click(found));
    };
    await choose('Rename');
    const input = screen.getByRole('textbox', { name: 'New name of meadow' });
    fireEvent.change(input, { target: { value: 'pasture' } });
    await act(async () => fireEvent.keyDown(input, { key: 'Enter' }));
    expect(engine.renameWeights).toHaveBeenCalledWith(weights.codec, 'pasture');
    await choose('Delete…');
    expect(engine.removeWeights).not.toHaveBeenCalled();
    expect(screen.getByText(/Delete “meadow”\?/)).toBeDefined();
    await act(async () => fireEvent.click(screen.getByRole('button', { name: 'Delete' })));
    expect(engine.removeWeights).toHaveBeenCalledWith(weights.codec);
  });
});

describe('the part held back', () => {
  it('is pulled by its edges with the keyboard', () => {
    const onChange = vi.fn();
    render(
      <HeldBackFrame
        heldBack={{ x: 80, y: 0, width: 40, height: 100 }}
        scene={{ width: 120, height: 100 }}
        placement={{ zoom: 2, left: 0, top: 0 }}
        fixed={false}
        onChange={onChange}
      />,
    );
    const edge = screen.getByRole('slider', { name: 'Left edge of the part held back' });
    expect(edge.getAttribute('aria-valuetext')).toBe('column 80');
    fireEvent.keyDown(edge, { key: 'ArrowLeft' });
    expect(onChange).toHaveBeenLastCalledWith({ x: 79, y: 0, width: 41, height: 100 });
    fireEvent.keyDown(edge, { key: 'ArrowLeft', shiftKey: true });
    expect(onChange).toHaveBeenLastCalledWith({ x: 64, y: 0, width: 56, height: 100 });
    fireEvent.keyDown(edge, { key: 'End' });
    expect(onChange).toHaveBeenLastCalledWith({ x: 88, y: 0, width: 32, height: 100 });
  });
});

describe('tuned weights among the codecs', () => {
  it('stand under the variant that they come from', async () => {
    const [card] = await fakeEngine().codecs();
    const own = { ...card, id: 'hific-opt@1a2b3c4d', label: 'HiFiC opt, tuned: meadow' };
    const other = { ...card, id: 'hific-se', label: 'HiFiC SE' };
    expect(underVariants([card, other, own]).map(({ id }) => id)).toEqual([
      card.id,
      own.id,
      other.id,
    ]);
    const [, choice] = codecChoices([card, other, own], [tuned(own.id)]);
    expect(choice).toMatchObject({ value: own.id, group: 'Learned' });
  });
});

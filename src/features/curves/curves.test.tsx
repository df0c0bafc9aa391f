// @vitest-environment jsdom
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import { Tooltip } from 'radix-ui';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { HscError } from '../../core/errors';
import type { CodecCard } from '../../engine/api';
import { activePaneOf } from '../../state/panes';
import { StudioProvider } from '../../state/react';
import { createStudio, type Engine } from '../../state/store';
import type { Sweep } from '../../state/sweep';
import { fakeEngine, measured } from '../../state/testing';
import { plannedRates, qualityAxis, rateAxis, referencesOf, seriesOf } from './axes';
import CurvesRoom from './CurvesRoom';
import { CARD, cardCorner } from './cardCorner';
import { bestOf, deltasAgainst } from './deltas';
import { settingsOf, toCsv, toJson } from './exports';
import { curvesOf, meanQuality, typicalMember } from './points';
import SweepPanel from './SweepPanel';

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

function codec(id: string, label: string, parts: Partial<CodecCard> = {}): CodecCard {
  const rates = { targetRates: [0.2, 0.6, 1], rateRange: [0.2, 1] as const };
  const text = { description: `${label} does it. A citation.`, version: '1' };
  return { id, label, family: id, ...text, ...rates, ...parts };
}

const CODECS = [
  codec('hific-se', 'HiFiC SE', { family: 'hific' }),
  codec('jpeg2000', 'JPEG 2000'),
  codec('lossless', 'Lossless, exact', { targetRates: [], rateRange: undefined }),
];

/** JPEG 2000 is 2 dB below; lossless coding has no error. */
const measure: Engine['measure'] = async (request) => {
  const point = measured(request.rate || 40);
  const psnr = {
    jpeg2000: point.figures.psnr - 2,
    lossless: Number.POSITIVE_INFINITY,
  }[request.codec];
  return { ...point, figures: { ...point.figures, psnr: psnr ?? point.figures.psnr } };
};

async function studio(parts: Partial<Engine> = {}) {
  const engine = fakeEngine({ codecs: async () => CODECS, measure: vi.fn(measure), ...parts });
  const store = createStudio(engine);
  await store.getState().startEngine();
  await store.getState().openSample('field');
  store.getState().setStage('curves');
  const show = () =>
    render(
      <StudioProvider studio={{ store, engine }}>
        <Tooltip.Provider>
          <CurvesRoom />
          <SweepPanel />
        </Tooltip.Provider>
      </StudioProvider>,
    );
  return { engine, state: store.getState, show };
}

async function swept(): Promise<Sweep> {
  const { state } = await studio();
  await state().startSweep();
  const { sweep } = state();
  if (!sweep) throw new Error('There is no sweep.');
  return sweep;
}

/** Rows of a CSV file as objects. */
function parseCsv(text: string): Record<string, string>[] {
  const cells = (line: string) =>
    line
      .split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/)
      .map((cell) => (cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell));
  const [names, ...rows] = text.trim().split('\r\n').map(cells);
  return rows.map((row) => Object.fromEntries(names.map((name, i) => [name, row[i]])));
}

describe('exports of the curves', () => {
  it('CSV has one row a file with every figure', async () => {
    const sweep = await swept();
    const rows = parseCsv(toCsv(sweep));
    expect(rows).toHaveLength(7);
    expect(rows.map((row) => row.codec)).toEqual([
      ...Array(3).fill('hific-se'),
      ...Array(3).fill('jpeg2000'),
      'lossless',
    ]);
    expect(rows[1]).toMatchObject({ target_rate_bpp: '0.6', rate_bpp: '0.6', file_bytes: '691' });
    expect(Number(rows[1].psnr_db)).toBe(sweep.points[3].figures.psnr);
    expect(rows[6]).toMatchObject({
      codec_name: 'Lossless, exact',
      target_rate_bpp: '',
      psnr_db: 'inf',
    });
  });

  it('JSON has the settings as well', async () => {
    const content = JSON.parse(toJson(await swept()));
    expect(content.points).toHaveLength(7);
    expect(content.targets[0]).toMatchObject({ normalisationRange: { low: 0, high: 1 } });
    expect(content.codecs[0]).toEqual({ id: 'hific-se', label: 'HiFiC SE', version: '1' });
    expect(content.metadataInFiles).toBe('none');
  });

  it('drawings say what they were made of', async () => {
    const lines = settingsOf(await swept(), CODECS);
    expect(lines[0]).toContain('field: patch at (12, 2), 96 × 96 pixels, 3 bands');
    expect(lines.join(' ')).toContain('7 files');
    expect(lines.join(' ')).toContain('Weights: HiFiC SE, fidelity stage.');
  });
});

describe('what the chart draws', () => {
  const view = {
    x: 'bpp',
    y: 'psnr',
    scale: 'linear',
    anchor: undefined,
    hidden: [],
    references: false,
    drawn: 'chart',
  } as const;
  const extent = { pixels: 96 * 96, bands: 3 };

  it('is the mean of the patches, with a thin curve each', async () => {
    const { points } = await swept();
    const other = points.map((point) => ({
      ...point,
      target: 1,
      figures: { ...point.figures, psnr: point.figures.psnr + 2 },
    }));
    const curves = curvesOf(CODECS, [...points, ...other]);
    const [first] = curves[0].points;
    expect(first.members).toHaveLength(2);
    expect(meanQuality(first, 'psnr')).toBeCloseTo(points[0].figures.psnr + 1);
    expect(first.members).toContain(typicalMember(first));
    const [series] = seriesOf(curves, view);
    expect(series.singles).toHaveLength(2);
    expect(series.points[0].name).toContain('mean of 2 patches');
  });

  it('has axes that lossless points do not stretch, and that stand while points arrive', async () => {
    const { points } = await swept();
    const planned = plannedRates(CODECS, undefined);
    const axis = (count: number, growing: boolean) => {
      const series = seriesOf(curvesOf(CODECS, points.slice(0, count)), view);
      const context = { view, series, planned, extent, growing };
      return { x: rateAxis(context).domain, y: qualityAxis(context).domain };
    };
    expect(axis(0, false)).toEqual({ x: [0, 1.2], y: [20, 35] });
    expect(axis(7, false).x).toEqual([0, 1.2]);
    for (const count of [3, 4, 5, 7]) expect(axis(count, true)).toEqual(axis(3, true));
  });

  it('shows published figures on the PSNR axis only', () => {
    expect(referencesOf({ ...view, references: true }).map(({ y }) => y)).toEqual([
      38.99, 30.89, 29.24,
    ]);
    expect(referencesOf({ ...view, references: true, x: 'bytes' })).toHaveLength(2);
    expect(referencesOf({ ...view, references: true, y: 'sam' })).toEqual([]);
  });

  it('compares curves by Bjøntegaard deltas and says where there are none', async () => {
    const curves = curvesOf(CODECS, (await swept()).points);
    const rows = deltasAgainst('jpeg2000', curves);
    expect(rows[0].psnr.delta).toBeCloseTo(2);
    expect(rows[1].psnr.delta).toBeCloseTo(0);
    expect(rows.map(({ codec }) => codec)).toEqual(['hific-se', 'jpeg2000']);
    const [few] = deltasAgainst('jpeg2000', curvesOf(CODECS, (await swept()).points.slice(0, 4)));
    expect(few.psnr).toEqual({ delta: undefined, reason: 'too-few-points' });
    expect(bestOf(curves, 'psnr')).toBe('hific-se');
    expect(bestOf(curves, 'rate')).toBe('hific-se');
    expect(bestOf(curves, 'ssim')).toBeUndefined();
  });

  it('puts the card where it covers neither its point nor more others than it must', () => {
    const frame = { left: 50, right: 800, top: 40, bottom: 600 };
    const rising = [100, 300, 500, 700].map((x) => ({ x, y: 640 - 0.7 * x }));
    for (const own of rising) {
      const { left, top } = cardCorner(frame, own, rising);
      const inside = own.x > left && own.x < left + CARD.width;
      expect(inside && own.y > top && own.y < top + CARD.height).toBe(false);
    }
    expect(cardCorner(frame, rising[0], rising)).toEqual({ left: 58, top: 8 });
    const low = { x: 760, y: 560 };
    expect(cardCorner(frame, low, [low]).top).toBeLessThan(100);
  });
});

describe('the room of the curves', () => {
  it('invites to start, shows points as buttons, and lists what failed', async () => {
    const refusing: Engine['measure'] = async (request, options) => {
      if (request.codec === 'lossless') throw new HscError('limit', 'Too large to be coded.');
      return measure(request, options);
    };
    const { state, show } = await studio({ measure: refusing });
    show();
    expect(screen.getByText(/Nothing measured yet/)).toBeDefined();
    await act(async () => fireEvent.click(screen.getByTestId('start-sweep')));
    expect(screen.getByTestId('sweep-summary').textContent).toBe('6 of 7 measured.');
    expect(screen.getByText('Too large to be coded.')).toBeDefined();
    const points = screen.getAllByRole('button', { name: /target .* bpp: / });
    expect(points).toHaveLength(6);
    expect(points.filter((point) => point.getAttribute('tabindex') === '0')).toHaveLength(1);
    await act(async () => points[0].focus());
    expect(screen.getByTestId('card-psnr').textContent).toBe('18.39 dB');
    await act(async () => fireEvent.keyDown(points[0], { key: 'ArrowRight' }));
    expect(document.activeElement?.getAttribute('data-point')).toBe('hific-se 0.6');
    await act(async () => fireEvent.keyDown(points[1], { key: 'Enter' }));
    expect(state().stage).toBe('compare');
    expect(activePaneOf(state()).codecId).toBe('hific-se');
  });

  it('shows the picture of every point, and opens one', async () => {
    const { state, show } = await studio();
    show();
    await act(async () => state().startSweep());
    await act(async () => state().setCurves({ drawn: 'pictures' }));
    expect(screen.getAllByRole('columnheader').map(({ textContent }) => textContent)).toContain(
      '0.60 bpp',
    );
    const cell = screen.getByTestId('matrix hific-se 0.6');
    expect(cell.textContent).toMatch(/dB · 0\.600 bpp$/);
    await act(async () => fireEvent.click(cell));
    expect(state().stage).toBe('compare');
    expect(activePaneOf(state())).toMatchObject({ codecId: 'hific-se', rate: 0.6 });
  });

  it('draws no codec of a family that is hidden', async () => {
    const { state, show } = await studio();
    show();
    await act(async () => state().startSweep());
    const chart = () => screen.getByTestId('chart').textContent;
    expect(chart()).toContain('JPEG 2000');
    await act(async () => state().setCurves({ hidden: ['JPEG 2000'] }));
    expect(chart()).not.toContain('JPEG 2000');
    expect(chart()).toContain('HiFiC SE');
  });

  it('says which rates a codec does not serve, and what is no rate', async () => {
    const { state, show } = await studio();
    show();
    const input = screen.getByRole('textbox', { name: 'Target rates, bpp' });
    await act(async () => fireEvent.change(input, { target: { value: '0.5, 4' } }));
    expect(state().sweepRates).toEqual([0.5, 4]);
    expect(screen.getByText('HiFiC SE, JPEG 2000: 0.2–1 bpp only.')).toBeDefined();
    await act(async () => fireEvent.change(input, { target: { value: 'much' } }));
    expect(screen.getByText(/Write rates above 0/)).toBeDefined();
    await act(async () => fireEvent.click(screen.getByRole('checkbox', { name: 'JPEG 2000' })));
    expect(state().sweepCodecs).toEqual(['hific-se', 'lossless']);
  });
});

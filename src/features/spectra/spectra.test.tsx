// @vitest-environment jsdom
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import { Tooltip } from 'radix-ui';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { CubeInfo } from '../../core/cube/types';
import { StudioProvider } from '../../state/react';
import { createStudio } from '../../state/store';
import { fakeEngine } from '../../state/testing';
import { layoutOf, ribbonPath } from './chartLayout';
import { settingsOf, toCsv } from './exports';
import { likenessOf, linesOf, residualsOf, type SpectrumLine } from './lines';
import type { Place } from './places';
import { SpectrumStrip } from './SpectrumStrip';
import type { SpectrumSource } from './sources';
import type { Spectra, Spectrum } from './useSpectra';

const info: CubeInfo = {
  name: 'field "A".mat',
  width: 20,
  height: 20,
  bands: 4,
  sampleType: 'uint16',
  wavelengthsNm: [400, 500, 600, 700],
};
const shades = { light: '#000000', dark: '#ffffff' };
const whole = { x: 0, y: 0, width: 20, height: 20 };
const original: SpectrumSource = {
  key: 'original',
  role: 'original',
  name: 'Original',
  about: 'field, uint16',
  shades,
  cube: 'a',
  window: whole,
  bands: [0, 1, 2, 3],
  xs: [400, 500, 600, 700],
  info,
};
/** Holds bands 2 and 4 (counted from 1). */
const restored: SpectrumSource = {
  ...original,
  key: 'one',
  role: 'reconstruction',
  name: 'Reconstruction',
  about: 'HiFiC opt, 0.6 bpp',
  cube: 'b',
  bands: [1, 3],
  xs: [500, 700],
  info: { ...info, bands: 2, wavelengthsNm: [500, 700] },
};
const pin: Place = {
  key: 'pin 1',
  name: 'Pin 1',
  shades,
  window: { x: 3, y: 4, width: 1, height: 1 },
  kind: 'pixel',
  marked: true,
};
const region: Place = { ...pin, key: 'region 1', name: 'Maize, ripe', kind: 'region' };

const table: Record<string, Spectrum> = {
  'pin 1 original': { values: [1, 3, 5, 4], pixels: 1 },
  'pin 1 one': { values: [6, 8], pixels: 1 },
  'region 1 original': {
    values: [1, Number.NaN, 3, 4],
    deviation: [0.5, Number.NaN, 0.5, 1],
    pixels: 9,
  },
};
const spectra: Spectra = { of: (place, source) => table[`${place.key} ${source.key}`] };
const sources = [original, restored];

describe('spectra side by side', () => {
  it('are compared over the bands that both have', () => {
    const likeness = likenessOf(pin, original, restored, spectra);
    // (3, 4) against (6, 8): the same direction, twice as long.
    expect(likeness?.samDegrees).toBeCloseTo(0, 5);
    expect(likeness?.rmse).toBeCloseTo(Math.sqrt((9 + 16) / 2), 10);
    expect(residualsOf([pin], sources, spectra).map(({ values }) => values)).toEqual([[3, 4]]);
    expect(residualsOf([region], sources, spectra)).toEqual([]);
  });

  it('are told apart by place where there are marks', () => {
    const one = linesOf([{ ...pin, marked: false }], sources, spectra);
    expect(one.map(({ name, dash }) => [name, dash])).toEqual([
      ['Original', undefined],
      ['Reconstruction', undefined],
    ]);
    const several = linesOf([pin, region], sources, spectra);
    expect(several.map(({ name }) => name)).toEqual([
      'Pin 1, original',
      'Pin 1, reconstruction',
      'Maize, ripe, original',
    ]);
    expect(several[1].dash).toBeDefined();
  });

  it('keep every error in the plot', () => {
    const line = (values: readonly number[]): SpectrumLine => ({
      key: 'x',
      name: 'x',
      shades,
      xs: values.map((_, i) => i),
      values,
    });
    const residuals = [line([...Array(99).fill(1), -40])];
    const layout = layoutOf({
      width: 400,
      height: 300,
      limits: [0, 99],
      lines: [line([1, 2])],
      residuals,
    });
    expect(layout.residual?.low).toBeLessThanOrEqual(-40);
    expect(layout.residual?.high).toBe(-(layout.residual?.low ?? 0));
  });

  it('have ribbons that break where there is no data', () => {
    const scale = { low: 0, high: 10, from: 0, to: 10 };
    const ribbon = (deviation: readonly number[]) =>
      ribbonPath(
        { key: '', name: '', shades, xs: [0, 1, 2, 3, 4], values: [5, 5, 5, 5, 5], deviation },
        scale,
        scale,
      );
    expect(ribbon([1, 1, 1, 1, 1]).match(/M/g)).toHaveLength(1);
    expect(ribbon([1, 1, Number.NaN, 1, 1]).match(/M/g)).toHaveLength(2);
  });
});

describe('spectra as CSV', () => {
  const lines = toCsv({ places: [pin, region], sources, spectra }).split('\r\n');
  const comments = lines.filter((line) => line.startsWith('#'));
  const rows = lines.filter((line) => line && !line.startsWith('#'));

  it('say what they are in comment lines', () => {
    expect(comments.join('\n')).toContain('HiFiC opt, 0.6 bpp');
    expect(comments.join('\n')).toMatch(/Pin 1: pixel x 3, y 4; Reconstruction: SAM 0\.000°/);
    expect(comments.join('\n')).toContain('mean of 9 pixels');
  });

  it('name every corner of a polygon, which figures only count', () => {
    const polygon = [
      { x: 3, y: 4 },
      { x: 9, y: 5 },
      { x: 6, y: 9 },
    ];
    const drawn = { ...region, window: { x: 3, y: 4, width: 6, height: 5 }, polygon };
    const content = { places: [drawn], sources, spectra };
    expect(toCsv(content)).toContain(
      'Maize, ripe: mean of 9 pixels inside the polygon with corners at 3 4, 9 5, 6 9',
    );
    const [, , caption] = settingsOf(content);
    expect(caption.text).toContain('inside the polygon of 3 corners in x 3, y 4, 6 × 5');
  });

  it('have a row a band, empty where there is nothing', () => {
    expect(rows).toEqual([
      'band,wavelength_nm,Pin 1 original,Pin 1 reconstruction,"Maize, ripe original mean","Maize, ripe original std"',
      '1,400,1,,1,0.5',
      '2,500,3,6,,',
      '3,600,5,,3,0.5',
      '4,700,4,8,4,1',
    ]);
  });
});

describe('the strip', () => {
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

  it('lists pins and regions, renames and removes them', async () => {
    const engine = fakeEngine();
    const store = createStudio(engine);
    await store.getState().startEngine();
    await store.getState().openSample('field');
    render(
      <StudioProvider studio={{ store, engine }}>
        <Tooltip.Provider>
          <SpectrumStrip />
        </Tooltip.Provider>
      </StudioProvider>,
    );
    expect(screen.getByTestId('pixel').textContent).toBe('Centre (60, 50)');
    await act(async () => {
      store.getState().togglePin({ x: 5, y: 6 });
      store.getState().addRegion({ x: 1, y: 2, width: 3, height: 4 });
    });
    expect(engine.spectrum).toHaveBeenCalledWith('cube 1', 5, 6);
    expect(engine.regionSpectrum).toHaveBeenCalledWith(
      'cube 1',
      { window: { x: 1, y: 2, width: 3, height: 4 } },
      expect.anything(),
    );
    const name = screen.getByRole('textbox', { name: 'Name of Pin 1' });
    fireEvent.change(name, { target: { value: 'Road' } });
    fireEvent.blur(name);
    expect(store.getState().pins[0].name).toBe('Road');
    fireEvent.click(screen.getByRole('button', { name: 'Remove Road' }));
    fireEvent.click(screen.getByRole('button', { name: 'Remove Region 1' }));
    expect(screen.queryByRole('list')).toBeNull();
  });

  it('reads of the pixels that pass by only the last', async () => {
    let answer: (values: Float32Array<ArrayBuffer>) => void = () => {};
    const spectrum = vi.fn(
      (..._: unknown[]) =>
        new Promise<Float32Array<ArrayBuffer>>((resolve) => {
          answer = resolve;
        }),
    );
    const engine = fakeEngine({ spectrum });
    const store = createStudio(engine);
    await store.getState().startEngine();
    await store.getState().openSample('field');
    render(
      <StudioProvider studio={{ store, engine }}>
        <Tooltip.Provider>
          <SpectrumStrip />
        </Tooltip.Provider>
      </StudioProvider>,
    );
    for (const x of [1, 2, 3]) await act(async () => store.getState().hover({ x, y: 0 }));
    await act(async () => answer(Float32Array.of(1, 2, 3)));
    await act(async () => answer(Float32Array.of(4, 5, 6)));
    expect(spectrum.mock.calls.map(([, x]) => x)).toEqual([60, 3]);
  });
});

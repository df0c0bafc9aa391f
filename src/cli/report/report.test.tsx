import { describe, expect, it } from 'vitest';
import type { CodecMeta } from '../../codecs/types';
import type { HyperspectralCube } from '../../core/cube/types';
import type { Measured, Measurement } from '../measure';
import { point } from '../testing';
import { Collector } from './collect';
import { commonTop, mapPicture } from './pictures';
import type { Report } from './ReportPage';
import { renderReport } from './render';

const RATES = [0.2, 0.4, 0.6];

function codec(id: string, targetRates: readonly number[] = RATES): CodecMeta {
  return { id, label: id.toUpperCase(), family: id, description: `What ${id} is.`, targetRates };
}

function cube(name: string, value: (i: number) => number): HyperspectralCube {
  const wavelengthsNm = [650, 450, 550];
  const data = Float32Array.from({ length: 48 }, (_, i) => value(i));
  return { name, width: 4, height: 4, bands: 3, sampleType: 'float32', wavelengthsNm, data };
}

function measured(figures: Partial<Measurement>): Measured {
  const name = figures.cube ?? 'town';
  const noise = 1 / (1 + (figures.rate ?? Infinity));
  return {
    point: point({ cube: name, ...figures }),
    original: cube(name, (i) => 1 + (i % 7)),
    reconstruction: cube(name, (i) => 1 + (i % 7) + noise * (i % 2)),
  };
}

function report(): Report {
  const collector = new Collector(0.4);
  for (const name of ['town', 'coast']) {
    for (const id of ['a', 'b']) {
      for (const rate of RATES) {
        const gain = id === 'b' ? 1 : 0;
        const psnr = 30 + 3 * Math.log2(rate) + gain;
        collector.add(measured({ cube: name, codec: id, rate, bpp: rate, psnr }));
      }
    }
    collector.add(measured({ cube: name, codec: 'lossless', rate: undefined, psnr: Infinity }));
  }
  const codecs = [codec('a'), codec('b'), codec('lossless', [])];
  return {
    title: 'A < B & C',
    setting: {
      version: '1.2.3',
      backend: 'wasm',
      machine: 'a machine',
      date: new Date('2025-06-01T00:00:00Z'),
      weights: { a: 'deadbeef' },
      metadata: 'none',
      shownRate: 0.4,
    },
    codecs,
    cubes: collector.cubes,
    anchor: codecs[0],
    failures: ['town b 0.8: It does not fit.'],
  };
}

describe('Collector', () => {
  const [town] = report().cubes;

  it('shows every codec with rates at the wanted one', () => {
    expect(town.exhibits.map(({ point: { codec: id, rate } }) => [id, rate])).toEqual([
      ['a', 0.4],
      ['b', 0.4],
    ]);
    expect(town.points).toHaveLength(7);
  });

  it('shows a codec that was not measured there at its nearest rate', () => {
    const collector = new Collector(0.4);
    for (const rate of [0.1, 0.5, 0.9]) collector.add(measured({ rate }));
    expect(collector.cubes[0].exhibits.map((exhibit) => exhibit.point.rate)).toEqual([0.5]);
  });

  it('orders spectra by wavelength', () => {
    expect(town.mean.xs).toEqual([450, 550, 650]);
    expect(town.exhibits[0].rmse.xs).toEqual([450, 550, 650]);
  });

  it('describes a cube by the codec that kept most of its bands', () => {
    const collector = new Collector(0.4);
    const whole = measured({ codec: 'whole', rate: 0.4 });
    const part = { ...cube('town', (i) => i), bands: 2, wavelengthsNm: [650, 450], width: 6 };
    const point1 = point({ codec: 'part', bands: 2 });
    collector.add({ point: point1, original: part, reconstruction: part });
    collector.add(whole);
    expect(collector.cubes).toHaveLength(1);
    expect(collector.cubes[0].info.bands).toBe(3);
    expect(collector.cubes[0].points).toHaveLength(2);
  });
});

describe('renderReport', () => {
  const page = renderReport(report());

  it('needs nothing but itself', () => {
    expect(page.startsWith('<!doctype html>\n<html lang="en">')).toBe(true);
    expect(page).not.toMatch(/<script|<link|@import/);
    const addresses = [...page.matchAll(/(?:src|href|url)(?:=|\()"?([^")\s]*)/g)];
    expect(addresses.length).toBeGreaterThan(0);
    for (const [, address] of addresses) expect(address).toMatch(/^data:image\/png;base64,/);
  });

  it('says what was measured, how, and what was not', () => {
    expect(page).toContain('A &lt; B &amp; C');
    expect(page).toContain('3 codecs · 2 cubes · 14 written and re-read files');
    expect(page).toContain('weights deadbeef');
    expect(page).toContain('town b 0.8: It does not fit.');
    expect(page).toContain('What lossless is.');
    expect(page).toContain('2025-06-01');
  });

  it('compares with the anchor', () => {
    expect(page).toContain('+1.00');
    expect(page).toContain('2 of 2 cubes');
  });

  it('draws both qualities of the mean and of every cube', () => {
    expect(page.match(/aria-label="PSNR, dB against/g)).toHaveLength(3);
    expect(page.match(/aria-label="Mean spectral angle/g)).toHaveLength(3);
    expect(page).toContain('∞');
  });

  it('draws the single cubes behind the means of few codecs only', () => {
    expect(page).toContain('Thin: the single cubes.');
    const crowd = ['c', 'd', 'e', 'f'].map((id) => codec(id));
    const crowded = renderReport({ ...report(), codecs: [...report().codecs, ...crowd] });
    expect(crowded).not.toContain('Thin:');
    expect(crowded.match(/<path/g)?.length).toBeLessThan(page.match(/<path/g)?.length ?? 0);
  });

  it('hides a family everywhere by a box, without a script', () => {
    expect(page).toContain('<input type="checkbox" id="family-1" checked=""/>Others');
    expect(page).toContain(
      'body:has(#family-0:not(:checked)) [data-family="Lossless"] { display: none; }',
    );
    expect(page).toMatch(/<tbody data-family="Lossless">/);
    expect(page).toMatch(/<g [^>]*data-family="Others"/);
    const only = renderReport({ ...report(), codecs: [codec('a')] });
    expect(only).not.toContain('type="checkbox"');
  });

  it('warns where codecs left out different bands', () => {
    expect(page).not.toContain('Not compared on the same samples');
    const collector = new Collector(0.4);
    collector.add(measured({ codec: 'a', bands: 3 }));
    collector.add(measured({ codec: 'b', bands: 2 }));
    const unequal = renderReport({ ...report(), cubes: collector.cubes });
    expect(unequal).toContain('Not compared on the same samples');
  });
});

describe('error maps', () => {
  it('share a round scale that all but the largest errors lie on', () => {
    const many = Float32Array.from({ length: 1000 }, (_, i) => (i === 0 ? 90 : i / 300));
    expect(commonTop([many, Float32Array.of(Number.NaN)])).toBe(4);
    expect(commonTop([new Float32Array(9)])).toBe(1);
    expect(commonTop([])).toBe(1);
  });

  it('are pictures', () => {
    expect(mapPicture(Float32Array.of(0, 1, 2, Number.NaN), 2, 2)).toMatch(/^data:image\/png/);
  });
});

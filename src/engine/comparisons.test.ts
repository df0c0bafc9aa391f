import { describe, expect, it } from 'vitest';
import type { HyperspectralCube } from '../core/cube/types';
import { memorySource } from '../core/cube/window';
import { Comparisons } from './comparisons';
import { CubeTable } from './cubes';
import type { HeldFacts } from './heldFacts';
import { Pictures } from './pictures';

const [WIDTH, HEIGHT, BANDS] = [40, 24, 4];
/** The left half of the decoded file. */
const LOST = { x: 0, y: 0, width: 20, height: HEIGHT };

const info = {
  name: 'a',
  width: WIDTH,
  height: HEIGHT,
  bands: BANDS,
  wavelengthsNm: [450, 550, 650, 750],
};
const at = (i: number) => {
  const pixel = Math.floor(i / BANDS);
  return { x: pixel % WIDTH, y: Math.floor(pixel / WIDTH), band: i % BANDS };
};
const original: HyperspectralCube = {
  ...info,
  sampleType: 'uint16',
  data: Uint16Array.from({ length: WIDTH * HEIGHT * BANDS }, (_, i) => {
    const { x, y, band } = at(i);
    return 500 + 20 * x + 9 * y + 100 * band + Math.round(90 * Math.sin(x * y));
  }),
};
const errors = (i: number) => ((7 * i) % 11) - 5;
/** With other errors in the half that is lost, so that it would show. */
const restored = Float32Array.from(
  original.data as Uint16Array,
  (value, i) => value + (at(i).x < 20 ? 300 : errors(i)),
);
const damaged = restored.map((value, i) => (at(i).x < 20 ? Number.NaN : value));

const FACTS: HeldFacts = {
  codec: 'hific-opt',
  sections: { header: 1, metadata: 0, sideInformation: 1, latents: 2 },
  storedType: 'uint16',
  range: { low: 0, high: 2000 },
  codedBands: [0, 1, 2, 3],
};

async function held() {
  const cubes = new CubeTable();
  await cubes.put('original', memorySource(original));
  await cubes.put('damaged', memorySource({ ...info, sampleType: 'float32', data: damaged }));
  await cubes.put('right', memorySource(rightHalf()));
  const facts = new Map([
    ['damaged', { ...FACTS, lost: [LOST] }],
    ['right', FACTS],
  ]);
  return { comparisons: new Comparisons({ cubes, facts }), pictures: new Pictures(cubes) };
}

/** What is left of the decoded file, as a file of its own. */
function rightHalf(): HyperspectralCube {
  const data = restored.filter((_, i) => at(i).x >= 20);
  return { ...info, width: 20, sampleType: 'float32', data };
}

const whole = {
  original: 'original',
  reconstruction: 'damaged',
  window: { x: 0, y: 0, width: WIDTH, height: HEIGHT },
};
const right = {
  original: 'original',
  reconstruction: 'right',
  window: { x: 20, y: 0, width: 20, height: HEIGHT },
};

describe('a damaged file against its original', () => {
  it('is measured on what was restored and nothing else', async () => {
    const { comparisons } = await held();
    const figures = await comparisons.figures(whole);
    const expected = await comparisons.figures(right);
    expect(figures.samples).toBe(20 * HEIGHT * BANDS);
    // GMSD halves the image, at whose edge a window of the half alone sees zeros.
    const { gmsd, ...exact } = figures;
    const { gmsd: _, ...wanted } = expected;
    expect(exact).toEqual(wanted);
    expect(gmsd).toBeGreaterThan(0);
    expect(await comparisons.compare(whole)).toEqual(await comparisons.compare(right));
    expect(await comparisons.errorSpectrum(whole)).toEqual(await comparisons.errorSpectrum(right));
  });

  it('has no difference where it has no data, and the true one elsewhere', async () => {
    const { comparisons } = await held();
    for (const kind of ['shown', 'all', 'sam'] as const) {
      for (const maxSide of [64, 13]) {
        const request = { kind, bands: [0, 2], maxSide };
        const { values, width, stride } = await comparisons.difference({ ...whole, ...request });
        expect(values.length).toBeGreaterThan(0);
        for (const [i, value] of values.entries()) {
          expect(Number.isNaN(value)).toBe((i % width) * stride < 20);
        }
      }
    }
  });

  it('is found in its original and stretched by what it has', async () => {
    const { comparisons, pictures } = await held();
    expect(await comparisons.locate('original', 'damaged')).toEqual(whole.window);
    const look = { bands: [2, 1, 0], maxSide: 64, stretch: [2, 98] as const };
    const picture = await pictures.picture({ cube: 'damaged', ...look });
    const expected = await pictures.picture({ cube: 'right', ...look });
    expect(picture.stretch).toEqual(expected.stretch);
    const opaque = Array.from({ length: WIDTH * HEIGHT }, (_, i) => picture.rgba[4 * i + 3]);
    expect(opaque).toEqual(opaque.map((_, i) => (i % WIDTH < 20 ? 0 : 255)));
    const [histogram] = await pictures.histogram({ cube: 'damaged', bands: [0], maxSide: 64 });
    expect(histogram.counts.reduce((sum, own) => sum + own)).toBe(20 * HEIGHT);
  });
});

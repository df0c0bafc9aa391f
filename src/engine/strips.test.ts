/** Comparisons of images of several strips against the same of whole arrays. */
import { beforeAll, describe, expect, it } from 'vitest';
import { withoutPixels } from '../core/cube/lostPixels';
import { rowsAtOnce } from '../core/cube/survey';
import type { HyperspectralCube, SampleArray } from '../core/cube/types';
import { memorySource } from '../core/cube/window';
import { distortion } from '../core/metrics/distortion';
import { errorSpectrum, samMap } from '../core/metrics/spectral';
import { Comparisons } from './comparisons';
import { CubeTable } from './cubes';

const [WIDTH, HEIGHT, BANDS] = [150, 130, 250];
const info = { name: 'a', width: WIDTH, height: HEIGHT, bands: BANDS } as const;
const length = WIDTH * HEIGHT * BANDS;
const wave = (i: number) => 500 + 400 * Math.sin(i / 977) * Math.cos(i / 31);
const original: HyperspectralCube = {
  ...info,
  sampleType: 'uint16',
  data: Uint16Array.from({ length }, (_, i) => Math.round(wave(i))),
};
const restored: HyperspectralCube = {
  ...info,
  sampleType: 'float32',
  data: Float32Array.from({ length }, (_, i) => wave(i) + ((i * 7) % 23) - 11),
};
const range = { low: 100, high: 900 };
/** Across the border of the first two strips, and in the last. */
const border = rowsAtOnce(WIDTH * BANDS);
const lost = [
  { x: 5, y: border - 9, width: 40, height: 13 },
  { x: 90, y: HEIGHT - 4, width: 60, height: 4 },
];
const request = {
  original: 'original',
  reconstruction: 'restored',
  window: { x: 0, y: 0, width: WIDTH, height: HEIGHT },
};

describe('an image of several strips', () => {
  let comparisons: Comparisons;
  const x = withoutPixels(original.data, { width: WIDTH, bands: BANDS }, lost);
  const y = restored.data;

  beforeAll(async () => {
    expect(border).toBeLessThan(HEIGHT - 10);
    const cubes = new CubeTable();
    await cubes.put('original', memorySource(original));
    await cubes.put('restored', memorySource(restored));
    const facts = {
      codec: 'hific-opt',
      sections: { header: 1, metadata: 0, sideInformation: 1, latents: 2 },
      storedType: 'uint16',
      range,
      codedBands: Array.from({ length: BANDS }, (_, band) => band),
      lost,
    } as const;
    comparisons = new Comparisons({ cubes, facts: new Map([['restored', facts]]) });
  });

  it('has the figures and errors of the whole', async () => {
    expect(await comparisons.compare(request)).toEqual(distortion(x, y, BANDS, range));
    expect(await comparisons.errorSpectrum(request)).toEqual(errorSpectrum(x, y, BANDS, range));
  });

  it.each([1, 3])('has the difference maps of the whole, every %i. pixel', async (stride) => {
    const maxSide = Math.ceil(WIDTH / stride);
    const map = await comparisons.difference({ ...request, kind: 'sam', bands: [], maxSide });
    expect(map.stride).toBe(stride);
    const thinned = [thin(x, stride), thin(y, stride)] as const;
    expect(map.values).toEqual(samMap(...thinned, BANDS));
    const all = await comparisons.difference({ ...request, kind: 'all', bands: [], maxSide });
    const squares = (pixel: number) => {
      const [a, b] = thinned.map((own) => own.subarray(pixel * BANDS, (pixel + 1) * BANDS));
      let sum = 0;
      for (let band = 0; band < BANDS; band++) sum += ((b[band] - a[band]) / 800) ** 2;
      return Math.sqrt(sum / BANDS);
    };
    for (const pixel of [0, 17, 300]) {
      const expected = squares(pixel);
      if (Number.isNaN(expected)) expect(all.values[pixel]).toBeNaN();
      else expect(all.values[pixel]).toBeCloseTo(expected, 5);
    }
  });

  it('is not compared with a window of another size', async () => {
    const window = { ...request.window, height: HEIGHT - 1 };
    await expect(comparisons.compare({ ...request, window })).rejects.toThrow('differ in size');
  });
});

/** Every `stride`-th pixel of every `stride`-th row. */
function thin(samples: SampleArray, stride: number): SampleArray {
  if (stride === 1) return samples;
  const kept: number[] = [];
  for (let row = 0; row < HEIGHT; row += stride) {
    for (let column = 0; column < WIDTH; column += stride) {
      const from = (row * WIDTH + column) * BANDS;
      kept.push(...samples.subarray(from, from + BANDS));
    }
  }
  return Float32Array.from(kept);
}

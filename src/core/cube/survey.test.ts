import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { valueRange } from './normalize';
import { strips, surveyValues } from './survey';
import { type HyperspectralCube, SAMPLE_ARRAYS, type SampleType } from './types';
import { memorySource } from './window';

function cubeOf(values: readonly number[], sampleType: SampleType, noDataValue?: number) {
  const data = SAMPLE_ARRAYS[sampleType].from(values);
  const [width, height, bands] = [1, values.length / 2, 2];
  return { name: 'c', width, height, bands, sampleType, data, noDataValue } as HyperspectralCube;
}

const survey = (cube: HyperspectralCube) => surveyValues(memorySource(cube), [0, 1]);

describe('the value range of an image that is read strip by strip', () => {
  const limits: Record<string, [number, number]> = {
    uint8: [0, 255],
    int8: [-128, 127],
    uint16: [0, 65535],
    int16: [-32768, 32767],
  };

  it.each(Object.keys(limits) as SampleType[])('of %s is that of the samples', async (type) => {
    const [min, max] = limits[type];
    const pairs = fc.array(fc.tuple(fc.integer({ min, max }), fc.integer({ min, max })), {
      minLength: 1,
      maxLength: 60,
    });
    await fc.assert(
      fc.asyncProperty(pairs, async (values) => {
        const cube = cubeOf(values.flat(), type);
        expect((await survey(cube)).range).toEqual(valueRange(cube));
      }),
    );
  });

  it('of float32 is that of the samples, those without data apart', async () => {
    const number = fc.oneof(fc.float(), fc.float({ min: 0, max: 1, noNaN: true }), fc.constant(-1));
    const pairs = fc.array(fc.tuple(number, number), { minLength: 1, maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(pairs, async (values) => {
        const cube = cubeOf([...values.flat(), 0.5, 0.25], 'float32', -1);
        const { range, pixelsWithGaps } = await survey(cube);
        expect(range.low).toBe(valueRange(cube).low + 0);
        expect(range.high).toBe(valueRange(cube).high);
        const gap = (value: number) => !Number.isFinite(value) || value === -1;
        expect(pixelsWithGaps).toBe(values.filter((pair) => pair.some(gap)).length);
      }),
    );
  });

  it('of wider types is right to float32 precision', async () => {
    const values = Array.from({ length: 4000 }, (_, i) => 1e5 + 1e6 * Math.sin(i) ** 2);
    for (const type of ['uint32', 'int32', 'float64'] as const) {
      const cube = cubeOf(values, type);
      const { range } = await survey(cube);
      expect(range.low / valueRange(cube).low).toBeCloseTo(1, 6);
      expect(range.high / valueRange(cube).high).toBeCloseTo(1, 6);
    }
  });

  it('refuses an image without data', async () => {
    const cube = cubeOf([7, 7, 7, 7], 'int16', 7);
    await expect(survey(cube)).rejects.toMatchObject({ code: 'bad-file' });
  });

  it('looks at the chosen bands alone', async () => {
    const cube = cubeOf([1, 100, 2, 200, 3, 300], 'uint16');
    const { range } = await surveyValues(memorySource(cube), [0]);
    expect(range.high).toBeLessThan(4);
  });
});

describe('strips', () => {
  it('are all rows once, in order, and stop when told to', async () => {
    const data = Float32Array.from({ length: 3000 * 4000 }, (_, i) => i);
    const cube = { name: 'c', width: 3000, height: 4000, bands: 1, sampleType: 'float32', data };
    const controller = new AbortController();
    let next = 0;
    const read = async () => {
      const source = memorySource(cube as HyperspectralCube);
      for await (const { y, rows, samples } of strips(source, [0], controller.signal)) {
        expect(y * 3000).toBe(next);
        expect(samples[0]).toBe(Math.fround(next));
        next += samples.length;
        expect(samples.length).toBe(rows * 3000);
        if (y > 1000) controller.abort();
      }
    };
    await expect(read()).rejects.toMatchObject({ code: 'aborted' });
    expect(next).toBeGreaterThan(3000 * 2000);
  });
});

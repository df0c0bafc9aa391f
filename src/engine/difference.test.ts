import { describe, expect, it } from 'vitest';
import type { HyperspectralCube } from '../core/cube/types';
import { memorySource } from '../core/cube/window';
import { type ComparedPair, differenceMap, errorSpectrumOf } from './difference';

function cube(width: number, height: number, bands: number, data: Float32Array<ArrayBuffer>) {
  const info = { name: 'a', width, height, bands, sampleType: 'float32' as const };
  return memorySource({ ...info, noDataValue: -1, data } satisfies HyperspectralCube);
}

/** A scene of 3 × 1 pixels and 3 bands; the file holds its last two pixels at bands 0 and 2. */
const pair: ComparedPair = {
  original: cube(3, 1, 3, Float32Array.of(9, 9, 9, 1, 5, 0, 3, 5, -1)),
  window: { x: 1, y: 0, width: 2, height: 1 },
  decoded: cube(2, 1, 2, Float32Array.of(1, 1, 2, 8)),
  codedBands: [0, 2],
  range: { low: 0, high: 10 },
  lost: [],
};

const map = async (kind: 'shown' | 'all' | 'sam', bands: readonly number[] = []) => [
  ...(await differenceMap(pair, { kind, bands, maxSide: 64 })).values,
];

describe('differences', () => {
  it('are shares of the range at the bands shown', async () => {
    const shown = await map('shown', [1, 0]);
    expect(shown[0]).toBeCloseTo((0.1 + 0) / 2);
    expect(shown[1]).toBeCloseTo(0.1);
    expect(await map('shown', [1])).toEqual([expect.closeTo(0.1), Number.NaN]);
  });

  it('are root mean squares over all bands, and angles', async () => {
    const all = await map('all');
    expect(all[0]).toBeCloseTo(Math.sqrt(0.01 / 2));
    expect(all[1]).toBeCloseTo(0.1);
    const sam = await map('sam');
    expect(sam[0]).toBeCloseTo(45);
    expect(sam[1]).toBeCloseTo(0, 4);
  });

  it('band by band count what there is', async () => {
    const { rmse, psnr, samples } = await errorSpectrumOf(pair);
    expect([...samples]).toEqual([2, 1]);
    expect([...rmse]).toEqual([expect.closeTo(Math.SQRT1_2), 1]);
    expect(psnr[1]).toBeCloseTo(20);
  });
});

import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { DATA_FOLDER, describeWithData } from '../formats/testData';
import { Lpips } from '../nn/lpips';
import { useBackend } from '../nn/testing';
import { loadPerceptual, lpipsTensors } from './lpips';

const WEIGHTS = join(DATA_FOLDER, 'lpips', 'squeeze.npz');

/** Three plane waves, the same as those that the figures below were computed for in PyTorch. */
function waves(height: number, width: number, phase: number): Float32Array {
  return Float32Array.from({ length: height * width * 3 }, (_, i) => {
    const [y, x, c] = [Math.floor(i / (3 * width)), Math.floor(i / 3) % width, i % 3];
    return 0.5 + 0.4 * Math.sin((x * (c + 1)) / 5 + y / 7 + phase);
  });
}

describeWithData('LPIPS', () => {
  beforeAll(() => useBackend('wasm'));

  it.each([
    [90, 77, 0.0433337],
    [96, 96, 0.0424788],
  ])('agrees with PyTorch at %i × %i', async (height, width, expected) => {
    const lpips = new Lpips(await lpipsTensors(WEIGHTS));
    const distance = (phase: number) =>
      lpips.distance(waves(height, width, 0), waves(height, width, phase), { width, height });
    expect(await distance(0.5)).toBeCloseTo(expected, 5);
    expect(await distance(0)).toBe(0);
    lpips.dispose();
  });

  it('is zero for a perfect reconstruction and has no value without wavelengths', async () => {
    const perceptual = await loadPerceptual(WEIGHTS);
    const cube = {
      name: 'waves',
      width: 40,
      height: 32,
      bands: 3,
      sampleType: 'float32',
      data: waves(32, 40, 0),
      wavelengthsNm: [450, 550, 650],
    } as const;
    expect(await perceptual(cube, cube)).toBe(0);
    const blurred = { ...cube, data: cube.data.map((value) => 0.5 + 0.5 * (value - 0.5)) };
    expect(await perceptual(cube, blurred)).toBeGreaterThan(0.01);
    const unknown = { ...cube, wavelengthsNm: undefined };
    expect(await perceptual(unknown, unknown)).toBeUndefined();
  });

  it('refuses what is no archive of arrays', async () => {
    await expect(lpipsTensors('package.json')).rejects.toMatchObject({ code: 'bad-file' });
  });
});

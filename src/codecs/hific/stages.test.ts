import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { valueRange } from '../../core/cube/normalize';
import { loadWindow, withBands } from '../../core/cube/window';
import { figures } from '../../core/metrics/figures';
import { sampleScenes } from '../../core/samples';
import { codecId } from '../../nn/modelFile';
import { ModelStore } from '../../nn/models';
import { fetchFromFolder } from '../../nn/modelsNode';
import { VARIANTS } from '../../nn/spec';
import { useBackend } from '../../nn/testing';
import { openJpegFromPackage } from '../openjpeg/openjpegNode';
import { createCodecs } from '../registry';

const MODELS = fileURLToPath(new URL('../../../models', import.meta.url));
const OPTIONS = { rate: 0.4, bandPolicy: 'covered', metadata: 'none' } as const;

describe('the two stages as shipped', () => {
  beforeAll(() => useBackend('wasm'));

  const cases = VARIANTS.flatMap((variant) => [
    { variant, grid: 'vnir-128', scene: sampleScenes[0] },
    { variant, grid: 'vswir-200', scene: sampleScenes[2] },
  ]);

  it.each(cases)(
    '$variant on $grid: same entropy model and budget, another picture',
    async ({ variant, grid, scene }) => {
      const store = new ModelStore(fetchFromFolder(MODELS));
      const codecs = await createCodecs(store, openJpegFromPackage);
      const window = { x: 20, y: 30, width: 80, height: 64 };
      const cube = await loadWindow(scene.open(), window);
      const coded = await Promise.all(
        (['fidelity', 'gan'] as const).map(async (stage) => {
          const id = codecId(variant, stage);
          const codec = codecs.find(({ meta }) => meta.id === id) ?? expect.fail(`no model ${id}`);
          const { file, codedBands } = await codec.encode(cube, OPTIONS);
          const coded = withBands(cube, codedBands);
          const decoded = await codec.decode(file, { bandsFrom: coded.wavelengthsNm });
          const { psnr } = figures(coded.data, decoded.cube.data, coded, valueRange(coded));
          return { bytes: file.length, psnr, model: (await store.loadFor(id, grid)).file };
        }),
      );
      const [fidelity, gan] = coded;
      expect(gan.model.entropy.yTables).toEqual(fidelity.model.entropy.yTables);
      expect(gan.model.entropy.context).toEqual(fidelity.model.entropy.context);
      expect(gan.bytes / fidelity.bytes).toBeCloseTo(1, 1);
      expect(gan.psnr).toBeLessThan(fidelity.psnr);
      expect(gan.psnr).toBeGreaterThan(fidelity.psnr - 1.5);
    },
  );

  it('bits weigh more to the gan stage where nothing fits otherwise', async () => {
    const codecs = await createCodecs(new ModelStore(fetchFromFolder(MODELS)), openJpegFromPackage);
    const cube = await loadWindow(sampleScenes[1].open(), { x: 10, y: 10, width: 96, height: 96 });
    const encode = async (id: string, rate: number) => {
      const codec = codecs.find(({ meta }) => meta.id === id) ?? expect.fail(`no model ${id}`);
      return (await codec.encode(cube, { ...OPTIONS, rate })).file.length;
    };
    const least = await encode('hific-opt', 0.001);
    const budget = 1.08 * least;
    expect(await encode('hific-opt-gan', (8 * budget) / 96 ** 2)).toBeLessThanOrEqual(budget);
    expect(await encode('hific-opt-gan', 0.001)).toBeLessThanOrEqual(budget);
  });
});

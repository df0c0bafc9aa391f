import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseFile } from '../../core/bitstream/container';
import { valueRange } from '../../core/cube/normalize';
import { withBands } from '../../core/cube/window';
import { figures } from '../../core/metrics/figures';
import { ModelStore } from '../../nn/models';
import { fetchFromFolder } from '../../nn/modelsNode';
import { useBackend } from '../../nn/testing';
import { openJpegFromPackage } from '../openjpeg/openjpegNode';
import { createCodecs } from '../registry';
import { hificHeader, modelOfFile } from './inspect';
import { evenly, OPTIONS, smoothCube } from './testing';

const store = new ModelStore(
  fetchFromFolder(fileURLToPath(new URL('../../../models', import.meta.url))),
);

async function codecNamed(id: string) {
  const codecs = await createCodecs(store, openJpegFromPackage);
  return codecs.find(({ meta }) => meta.id === id) ?? expect.fail(`no codec ${id}`);
}

/** As imaging spectrometers of the whole reflected range have them: 10 nm, water vapour and all. */
const WHOLE_RANGE = evenly(205, 405, 2445);
const CUBE = smoothCube(48, 40, WHOLE_RANGE);

describe('a cube of the whole reflected range', () => {
  beforeAll(() => useBackend('wasm'));

  it.each(['hific-opt', 'hific-se', 'hific-3d', 'hific-opt-gan'])(
    'is coded by %s but for the bands of water vapour',
    async (id) => {
      const codec = await codecNamed(id);
      const { file, codedBands, notes } = await codec.encode(CUBE, OPTIONS);
      const { file: weights } = await modelOfFile(hificHeader(parseFile(file)), store);
      expect(weights.spec.grid).toBe('vswir-200');
      const dark = WHOLE_RANGE.filter((_, band) => !codedBands.includes(band));
      expect(dark.length).toBeGreaterThan(20);
      expect(dark.every((nm) => (nm > 1334 && nm < 1465) || (nm > 1784 && nm < 1965))).toBe(true);
      expect(notes?.join()).toMatch(`${codedBands.length} of 205 bands`);

      const decoded = await codec.decode(file);
      expect(decoded.codec).toBe(id);
      const coded = withBands(CUBE, codedBands);
      expect(decoded.cube.wavelengthsNm).toEqual(coded.wavelengthsNm);
      const { psnr } = figures(coded.data, decoded.cube.data, coded, valueRange(coded));
      expect(psnr).toBeGreaterThan(25);
    },
  );

  it('is coded in the range asked for', async () => {
    const codec = await codecNamed('hific-se');
    const asked = { ...OPTIONS, grid: 'vnir-128' };
    await expect(codec.encode(CUBE, asked)).rejects.toThrow(/145 of 205 bands lie outside/);
    const { file, codedBands } = await codec.encode(CUBE, { ...asked, bandPolicy: 'covered' });
    expect(codedBands).toHaveLength(60);
    const { file: weights } = await modelOfFile(hificHeader(parseFile(file)), store);
    expect(weights.spec.grid).toBe('vnir-128');
    await expect(codec.encode(CUBE, { ...OPTIONS, grid: 'vnir-369' })).rejects.toThrow(
      /vnir-128 or vswir-200/,
    );
  });

  it('is asked about where it begins below the range', async () => {
    const codec = await codecNamed('hific-opt');
    const cube = smoothCube(20, 20, evenly(213, 375, 2495));
    await expect(codec.encode(cube, OPTIONS)).rejects.toMatchObject({ code: 'band-range' });
    const { codedBands } = await codec.encode(cube, { ...OPTIONS, bandPolicy: 'covered' });
    expect(codedBands.length).toBeGreaterThan(170);
  });
});

import { beforeAll, describe, expect, it } from 'vitest';
import { tileLayout } from '../../core/bitstream/tiles';
import { gridCenters, TINY_16 } from '../../core/cube/grids';
import { resampleMatrix } from '../../core/cube/resample';
import type { HyperspectralCube } from '../../core/cube/types';
import { hyperSynthesis } from '../../core/entropy/hyperSynthesis';
import { VARIANTS } from '../../nn/spec';
import { golden, relativeError, useBackend } from '../../nn/testing';
import { planBands } from '../bands';
import { analyse } from './analysis';
import { dequantise, latentsOf, quantise } from './latents';
import { gainsAt } from './rate';
import { synthesise } from './synthesis';
import { tinyStore } from './testing';

const TOLERANCE = 1e-4;
const CENTERS = gridCenters(TINY_16);

describe.each(VARIANTS)('the whole path of the tiny %s against PyTorch', (variant) => {
  const io = golden(`tiny-${variant}-io`);
  const expected = (name: string) => io.get(name)?.data ?? expect.fail(`no golden ${name}`);
  beforeAll(() => useBackend('wasm'));

  const [height, width, bands] = io.get('cube')?.shape ?? [];
  const cube: HyperspectralCube = {
    name: 'golden',
    width,
    height,
    bands,
    sampleType: 'float32',
    wavelengthsNm: CENTERS,
    data: expected('cube') as Float32Array,
  };

  it.each([
    ['low', 0],
    ['between', 150],
  ])('latents, symbols and picture at rate %s', async (name, stored) => {
    const model = await (await tinyStore()).load(variant);
    const { file } = model;
    const net = model.network();
    const plan = planBands(TINY_16, cube, 'refuse');
    const latents = await analyse(net, cube, plan, { low: 0, high: 1 }, {});
    expect(relativeError(latents.data, expected('y'))).toBeLessThan(TOLERANCE);

    const logGains = file.parameters.get('log_gains')?.data ?? expect.fail('no gains');
    const gains = gainsAt(logGains, file.spec.latentChannels, stored);
    const { tiles } = tileLayout(width, height);
    const [{ zq, q }] = await quantise(net, file.entropy, latents, tiles, gains, {});
    expect([...zq]).toEqual([...expected(`${name}.zq`)]);
    expect([...q]).toEqual([...expected(`${name}.q`)]);

    const prior = hyperSynthesis(file.entropy, zq, tiles[0]);
    expect([...prior.mean]).toEqual([...expected(`${name}.mean64`)]);
    expect([...prior.scaleIndex]).toEqual([...expected(`${name}.index`)]);

    const decoded = latentsOf(cube, file.spec.latentChannels);
    dequantise(decoded, tiles[0], { q, mean: prior.mean }, gains);
    expect(relativeError(decoded.data, expected(`${name}.y_hat`))).toBeLessThan(TOLERANCE);
    const picture = await synthesise(net, decoded, cube, resampleMatrix(CENTERS, CENTERS), {});
    const clipped = Float32Array.from(expected(`${name}.reconstruction`), (value) =>
      Math.min(1, Math.max(0, value)),
    );
    expect(relativeError(picture, clipped)).toBeLessThan(TOLERANCE);
  });
});

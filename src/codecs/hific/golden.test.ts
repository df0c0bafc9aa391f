import { beforeAll, describe, expect, it } from 'vitest';
import { tileLayout } from '../../core/bitstream/tiles';
import { gridCenters, TINY_16 } from '../../core/cube/grids';
import { resampleMatrix } from '../../core/cube/resample';
import type { HyperspectralCube } from '../../core/cube/types';
import { VARIANTS } from '../../nn/spec';
import { golden, relativeError, useBackend } from '../../nn/testing';
import { planBands } from '../bands';
import { analyse } from './analysis';
import { align, frameOfSymbols, restore } from './frame';
import { FrameBasis } from './frameBasis';
import { dequantise, gainsOf, latentsOf, quantiseTile } from './latents';
import { SymbolChoice } from './symbolChoice';
import { synthesise } from './synthesis';
import { tinyStore } from './testing';

const TOLERANCE = 1e-4;
const CENTERS = gridCenters(TINY_16);

const PLAIN_ROUNDING = 0;

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

  const [rows, components] = io.get('frame.symbols')?.shape ?? [];
  const frameSymbols = {
    precision: [...expected('frame.precision')],
    symbols: Array.from({ length: rows }, (_, i) =>
      Int32Array.from(expected('frame.symbols').slice(i * components, (i + 1) * components)),
    ),
  };

  it.each([
    ['low', 0],
    ['between', 150],
  ])('latents, symbols and picture at rate %s', async (name, stored) => {
    const model = await (await tinyStore()).load(variant);
    const { file } = model;
    const net = model.network();
    const axes = file.frame ?? expect.fail('no frame');
    const basis = new FrameBasis(axes, file.spec.input);
    const frame = frameOfSymbols(file.entropy, frameSymbols);
    expect(relativeError(frame.shift, expected('frame.shift'))).toBeLessThan(1e-6);
    const rotation = frame.rotation.flatMap((row) => [...row]);
    expect(relativeError(rotation, expected('frame.rotation'))).toBeLessThan(1e-6);
    const aligned = cube.data.slice() as Float32Array;
    align(basis, frame, aligned);
    expect(relativeError(aligned, expected('aligned'))).toBeLessThan(TOLERANCE);

    const image = { cube, plan: planBands(TINY_16, cube, 'refuse'), range: { low: 0, high: 1 } };
    const toFrame = (samples: Float32Array) => align(basis, frame, samples);
    const { latents } = await analyse(net, image, {}, toFrame);
    expect(relativeError(latents.data, expected('y'))).toBeLessThan(TOLERANCE);

    const { entropy } = file;
    const { tiles } = tileLayout(width, height);
    const gains = gainsOf(file, stored);
    const quantiser = { rate: stored, gains, bitWeights: gains.map(() => PLAIN_ROUNDING) };
    const choice = new SymbolChoice(entropy.yTables);
    const tile = await quantiseTile(net, entropy, latents, tiles[0], quantiser, choice);
    const { zq, q, prior } = tile;
    expect([...zq]).toEqual([...expected(`${name}.zq`)]);
    expect([...q]).toEqual([...expected(`${name}.q`)]);
    expect([...prior.mean]).toEqual([...expected(`${name}.mean64`)]);
    expect([...prior.scaleIndex]).toEqual([...expected(`${name}.index`)]);

    const decoded = latentsOf(cube, file.spec.latentChannels);
    dequantise(decoded, tiles[0], { q, mean: prior.mean }, gains);
    expect(relativeError(decoded.data, expected(`${name}.y_hat`))).toBeLessThan(TOLERANCE);
    const out = {
      toNative: resampleMatrix(CENTERS, CENTERS),
      restore: (samples: Float32Array) => restore(basis, frame, samples),
    };
    const picture = await synthesise(net, decoded, stored, cube, out, {});
    const clipped = Float32Array.from(expected(`${name}.reconstruction`), (value) =>
      Math.min(1, Math.max(0, value)),
    );
    expect(relativeError(picture, clipped)).toBeLessThan(TOLERANCE);
  });
});

import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { tileLayout } from '../../core/bitstream/tiles';
import { gridCenters, TINY_16 } from '../../core/cube/grids';
import type { HyperspectralCube } from '../../core/cube/types';
import { memorySource, wholeWindow } from '../../core/cube/window';
import { VARIANTS } from '../../nn/spec';
import { golden, relativeError, useBackend } from '../../nn/testing';
import { planBands } from '../bands';
import { Analysis } from './analysis';
import { frameOfSymbols, intoFrame, outOfFrame } from './frame';
import { FrameBasis } from './frameBasis';
import { dequantise, gainsOf, latentsOf, quantiseTile } from './latents';
import { mapSpectra } from './spectralMap';
import { SymbolChoice } from './symbolChoice';
import { synthesiseRows } from './synthesis';
import { collected, tinyStore } from './testing';

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
    const basis = new FrameBasis(axes, file.spec);
    const frame = frameOfSymbols(file.entropy, frameSymbols);
    expect(relativeError(frame.shift, expected('frame.shift'))).toBeLessThan(1e-6);
    const rotation = frame.rotation.flatMap((row) => [...row]);
    expect(relativeError(rotation, expected('frame.rotation'))).toBeLessThan(1e-6);
    const toFrame = intoFrame(basis, frame);
    const aligned = mapSpectra(
      tf.tensor4d(cube.data as Float32Array, [1, height, width, bands]),
      toFrame,
    );
    expect(relativeError(await aligned.data(), expected('aligned'))).toBeLessThan(TOLERANCE);
    aligned.dispose();

    const image = {
      source: memorySource(cube),
      plan: planBands(TINY_16, cube, 'refuse'),
      range: { low: 0, high: 1 },
    };
    const analysis = new Analysis(net, image, toFrame);
    await analysis.cover({});
    const { latents } = analysis;
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
    const out = outOfFrame(basis, frame);
    const area = wholeWindow(cube);
    const rows = synthesiseRows(net, decoded, stored, cube, area, out, {});
    const { samples: picture } = (await collected(rows))[0];
    const clipped = Float32Array.from(expected(`${name}.reconstruction`), (value) =>
      Math.min(1, Math.max(0, value)),
    );
    expect(relativeError(picture, clipped)).toBeLessThan(TOLERANCE);
  });
});

import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { gridCenters, TINY_16 } from '../../core/cube/grids';
import { normalize, valueRange } from '../../core/cube/normalize';
import type { HyperspectralCube } from '../../core/cube/types';
import { memorySource, wholeWindow } from '../../core/cube/window';
import { ModelStore } from '../../nn/models';
import { fetchFromFolder } from '../../nn/modelsNode';
import { VARIANTS } from '../../nn/spec';
import { relativeError, useBackend } from '../../nn/testing';
import { analysisTransform, synthesisTransform } from '../../nn/transforms';
import { planBands } from '../bands';
import { openJpegFromPackage } from '../openjpeg/openjpegNode';
import { createCodecs } from '../registry';
import { Analysis } from './analysis';
import { identityMap } from './spectralMap';
import { synthesiseRows } from './synthesis';
import { collected, evenly, OPTIONS, smoothCube, tinyStore } from './testing';

const CENTERS = gridCenters(TINY_16);
const [WIDTH, HEIGHT] = [512, 48];
/** The image is computed as two windows that meet here. */
const BORDER = 256;

/** RMS over rows and bands of the error's step from column x − 1 to column x. */
function errorStep(decoded: HyperspectralCube, original: HyperspectralCube, x: number): number {
  const { bands } = original;
  let sum = 0;
  for (let y = 0; y < HEIGHT; y++) {
    for (let b = 0; b < bands; b++) {
      const at = (y * WIDTH + x) * bands + b;
      const error = (i: number) => decoded.data[i] - original.data[i];
      sum += (error(at) - error(at - bands)) ** 2;
    }
  }
  return Math.sqrt(sum / (HEIGHT * bands));
}

/** RMSE over the columns from..to − 1. */
function columnsRmse(
  decoded: HyperspectralCube,
  original: HyperspectralCube,
  from: number,
  to: number,
): number {
  const { bands } = original;
  let sum = 0;
  for (let y = 0; y < HEIGHT; y++) {
    for (let i = (y * WIDTH + from) * bands; i < (y * WIDTH + to) * bands; i++) {
      sum += (decoded.data[i] - original.data[i]) ** 2;
    }
  }
  return Math.sqrt(sum / (HEIGHT * bands * (to - from)));
}

describe('seams between windows', () => {
  beforeAll(() => useBackend('wasm'));

  // With one residual block G sees five latents to either side, and lapped borders one more.
  it.each(['hific-opt', 'hific-3d'])('%s: windows give what one pass gives', async (id) => {
    const net = (await (await tinyStore()).load(id)).network();
    const cube = smoothCube(WIDTH, HEIGHT, CENTERS);
    const range = valueRange(cube);
    const image = { source: memorySource(cube), plan: planBands(TINY_16, cube, 'refuse'), range };
    const analysis = new Analysis(net, image);
    await analysis.cover({});
    const { latents } = analysis;
    const onePass = tf.tidy(() => {
      const samples = normalize(cube.data, range);
      return analysisTransform(net, tf.tensor4d(samples, [1, HEIGHT, WIDTH, CENTERS.length]));
    });
    expect(relativeError(latents.data, await onePass.data())).toBeLessThan(1e-5);
    const whole = synthesisTransform(net, onePass, 2.5);
    const clipped = tf.clipByValue(whole, 0, 1);
    const out = identityMap(CENTERS.length);
    const seams = { halo: 6, fade: 16 };
    const area = wholeWindow(cube);
    const strips = synthesiseRows(net, latents, 150, cube, area, out, {}, seams);
    const [{ y, samples }, ...others] = await collected(strips);
    expect([y, others]).toEqual([0, []]);
    expect(relativeError(samples, await clipped.data())).toBeLessThan(1e-5);
    tf.dispose([onePass, whole, clipped]);
  });

  it.each(VARIANTS)('%s as shipped: the border is no worse than its surroundings', async (id) => {
    const models = fileURLToPath(new URL('../../../models', import.meta.url));
    const codecs = await createCodecs(new ModelStore(fetchFromFolder(models)), openJpegFromPackage);
    const codec = codecs.find(({ meta }) => meta.id === id) ?? expect.fail(`no model ${id}`);
    const cube = smoothCube(WIDTH, HEIGHT, evenly(32, 405, 995));
    const { cube: decoded } = await codec.decode((await codec.encode(cube, OPTIONS)).file);
    const near = columnsRmse(decoded, cube, BORDER - 16, BORDER + 16);
    const around = columnsRmse(decoded, cube, BORDER - 112, BORDER + 112);
    expect(near / around).toBeLessThan(1.25);
    const blocks = Array.from({ length: 20 }, (_, i) => 96 + 16 * i).filter((x) => x !== BORDER);
    const steps = blocks.map((x) => errorStep(decoded, cube, x)).sort((a, b) => a - b);
    expect(errorStep(decoded, cube, BORDER)).toBeLessThan(1.25 * steps[steps.length >> 1]);
  });
});

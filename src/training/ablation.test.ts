import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { memorySource } from '../core/cube/window';
import { encoder } from '../nn/encoder';
import { inputVariance } from '../nn/spec';
import { useBackend } from '../nn/testing';
import { standardised } from '../nn/transforms';
import { AblationRun } from './ablation';
import { ablationSpec } from './ablationSpec';
import { startedNetwork } from './ablationStart';
import { fidelityEstimate } from './fidelity';
import { GoldenAblation, POSITION } from './goldenAblation';
import { trainingGoldenBytes, trainingScene } from './testing';
import { trainingShapes } from './trainingWeights';
import { type AblationSettings, PLACEMENTS, type Placement } from './types';

const TOLERANCE = 1e-3;
const goldenOf = (placement: Placement) =>
  new GoldenAblation(trainingGoldenBytes('ablation'), placement);

async function all<T>(values: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const value of values) found.push(value);
  return found;
}

describe.each(PLACEMENTS)('%s as PyTorch', (placement) => {
  it.each(['wasm', 'cpu'] as const)(
    'terms and the gradients of every parameter on %s',
    async (backend) => {
      await useBackend(backend);
      const golden = goldenOf(placement);
      const found = await golden.deviations();
      const compared = found.flatMap(({ parameter }) => (parameter ? [parameter] : []));
      expect(compared.sort()).toEqual([...golden.reached].sort());
      expect(compared.length).toBeGreaterThan(0.8 * trainingShapes(golden.net.spec).size);
      expect(found.filter(({ error }) => !(error < TOLERANCE))).toEqual([]);
      golden.dispose();
    },
  );
});

describe('the start of the ablation', () => {
  beforeAll(() => useBackend('wasm'));

  it('spreads latents over a few steps, and gives what placements share the same values', async () => {
    const image = tf.tidy(() =>
      tf.add(0.3, tf.mul(0.1, tf.randomNormal([1, 32, 32, 128], 0, 1, 'float32', 5))),
    ) as tf.Tensor4D;
    const kernels: Record<string, Float32Array> = {};
    for (const placement of PLACEMENTS) {
      const net = await startedNetwork(ablationSpec('vnir-128', placement), image, 3);
      const spread = tf.tidy(() =>
        tf.sqrt(tf.moments(encoder(net, standardised(net, image))).variance),
      );
      expect((await spread.data())[0], placement).toBeCloseTo(1, 1);
      const kernel = await net.weights.variable('hyper_mean.conv1.kernel').data();
      kernels[placement] = kernel as Float32Array;
      spread.dispose();
      net.weights.dispose();
    }
    for (const placement of PLACEMENTS) expect(kernels[placement]).toEqual(kernels.plain);
    image.dispose();
  });
});

describe('an ablation run', () => {
  beforeAll(() => useBackend('wasm'));

  const settings: AblationSettings = {
    placements: ['plain', 'se-both', '3d-all'],
    steps: 12,
    batch: 1,
    side: 32,
    learningRate: 2e-3,
    seed: 4,
    checkEvery: 12,
  };
  const start = {
    source: memorySource({ ...trainingScene(), name: 'hills' }),
    heldBack: { x: 64, y: 0, width: 32, height: 64 },
    settings,
    bandPolicy: 'refuse',
    grids: ['tiny-16'],
  } as const;

  it('trains all placements on the same crops, checks them, and leaves no tensor behind', async () => {
    const before = tf.memory().numTensors;
    const run = await AblationRun.prepare(start);
    expect(Object.keys(run.facts.parameters)).toEqual(settings.placements);
    const first = await all(run.check());
    while (run.step < settings.steps) {
      const steps = await all(run.next());
      expect(steps.map(({ placement }) => placement)).toEqual(settings.placements);
      for (const { terms, gradient, milliseconds } of steps) {
        expect(Number.isFinite(terms.loss) && Number.isFinite(gradient)).toBe(true);
        expect(milliseconds).toBeGreaterThan(0);
      }
    }
    const last = await all(run.check());
    for (const [i, { placement, psnr, bpp }] of last.entries()) {
      expect(psnr, placement).toBeGreaterThan(first[i].psnr);
      expect(bpp, placement).toBeGreaterThan(0);
    }
    run.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('makes the same steps of the same seed', async () => {
    const lossAfter = async () => {
      const run = await AblationRun.prepare({
        ...start,
        settings: { ...settings, placements: ['se-input'] },
      });
      const steps = [...(await all(run.next())), ...(await all(run.next()))];
      run.dispose();
      return steps.map(({ terms }) => terms.loss);
    };
    expect(await lossAfter()).toEqual(await lossAfter());
  });

  it('an estimate is that of the pass it stands for', async () => {
    const golden = goldenOf('3d-ends');
    const { net, images } = golden;
    const { mse, bpp } = await fidelityEstimate(net, images, POSITION);
    const [distortion] = golden.value('terms.distortion').data;
    const { input, bands } = net.spec;
    expect(mse / ((distortion * inputVariance(input)) / bands)).toBeCloseTo(1, 3);
    expect(bpp).toBeGreaterThan(0);
    golden.dispose();
  });
});

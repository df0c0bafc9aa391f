import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { planBands } from '../codecs/bands';
import { gridNamed } from '../core/cube/gridChoice';
import { memorySource } from '../core/cube/window';
import { parseModelFile } from '../nn/modelFile';
import { goldenBytes, useBackend } from '../nn/testing';
import { Alignment } from './alignment';
import { TrainingRun } from './run';
import { TrainingScene } from './scene';
import { suggestedValidation } from './split';
import { trainingScene } from './testing';
import { TUNED_PARTS, type TuningSettings, type TuningStep } from './types';

const SIDE = 32;
const SETTINGS: TuningSettings = {
  part: 'all',
  objective: 'fidelity',
  steps: 60,
  batch: 2,
  learningRate: 2e-3,
  seed: 5,
  validateEvery: 10,
};

async function start(settings: Partial<TuningSettings> = {}, variant = 'hific-se') {
  const weights = goldenBytes(`tiny-${variant}`);
  const file = await parseModelFile(weights);
  const source = memorySource(trainingScene());
  const plan = planBands(gridNamed(file.spec.grid), source.info, 'refuse');
  const heldBack = suggestedValidation(source.info);
  const { basis } = new Alignment(file);
  const read = await TrainingScene.read(source, { plan, heldBack, side: SIDE, basis });
  const all = { ...SETTINGS, ...settings };
  const perceptual = async () => goldenBytes('triplet-net');
  return { weights, file, scenes: [read], side: SIDE, settings: all, perceptual };
}

const runs: TrainingRun[] = [];

async function prepared(settings: Partial<TuningSettings> = {}, variant?: string) {
  const run = await TrainingRun.prepare(await start(settings, variant));
  runs.push(run);
  return run;
}

async function steps(run: TrainingRun, count: number): Promise<TuningStep[]> {
  const made: TuningStep[] = [];
  for (let i = 0; i < count; i++) made.push(await run.next());
  return made;
}

const told = (all: readonly TuningStep[]) => all.map(({ milliseconds: _, ...rest }) => rest);

describe('a fine-tuning run', () => {
  beforeAll(() => useBackend('wasm'));
  afterEach(() => {
    for (const run of runs.splice(0)) run.dispose();
  });

  it('lowers its loss', async () => {
    const made = await steps(await prepared({ batch: 4, steps: 80 }), 60);
    const mean = (part: readonly TuningStep[]) =>
      part.reduce((sum, { terms }) => sum + terms.loss, 0) / part.length;
    expect(mean(made.slice(-15))).toBeLessThan(0.9 * mean(made.slice(0, 15)));
  });

  it('goes on from a checkpoint bit by bit as it would have gone on', async () => {
    const run = await prepared();
    await steps(run, 4);
    const checkpoint = await run.save();
    const expected = told(await steps(run, 4));
    const resumed = await prepared();
    resumed.restore(checkpoint);
    expect(resumed.step).toBe(4);
    expect(told(await steps(resumed, 4))).toEqual(expected);
    expect(await resumed.save()).toEqual(await run.save());
  });

  it('goes on likewise in the GAN stage', async () => {
    const gan = { objective: 'gan', part: 'generator' } as const;
    const run = await prepared(gan);
    await steps(run, 3);
    const checkpoint = await run.save();
    const expected = told(await steps(run, 2));
    expect(Object.keys(expected[0].terms)).toEqual(
      expect.arrayContaining(['mse', 'ssim', 'perceptual', 'discriminator', 'rate', 'loss']),
    );
    const tensors = tf.memory().numTensors;
    await steps(run, 1);
    expect(tf.memory().numTensors).toBe(tensors);
    const resumed = await prepared(gan);
    resumed.restore(checkpoint);
    expect(told(await steps(resumed, 2))).toEqual(expected);
  });

  it('depends on nothing but its seed', async () => {
    const first = told(await steps(await prepared(), 3));
    expect(told(await steps(await prepared(), 3))).toEqual(first);
    expect(told(await steps(await prepared({ seed: 6 }), 3))).not.toEqual(first);
  });

  it.each(TUNED_PARTS)('of %s leaves everything else as it is, and no tensors', async (part) => {
    const run = await prepared({ part });
    const before = await run.floats();
    await run.next();
    const tensors = tf.memory().numTensors;
    await steps(run, 2);
    expect(tf.memory().numTensors).toBe(tensors);
    const after = await run.floats();
    const changed = [...before.parameters].filter(
      ([name, { data }]) =>
        !data.every((value, i) => value === after.parameters.get(name)?.data[i]),
    );
    const { trained, parameters } = run.size;
    expect(changed.length).toBeGreaterThan(0);
    const numbers = changed.reduce((sum, [, { data }]) => sum + data.length, 0);
    expect(numbers).toBeLessThanOrEqual(trained);
    if (part !== 'all') expect(trained).toBeLessThan(parameters);
    expect(changed.some(([name]) => name.startsWith('encoder.'))).toBe(false);
  });

  it('refuses the checkpoint of another kind of run', async () => {
    const run = await prepared({ part: 'gains' });
    await run.next();
    const other = await prepared({ part: 'all' });
    const checkpoint = await run.save();
    expect(() => other.restore(checkpoint)).toThrow(/another kind/);
  });

  it('frees all of its tensors', async () => {
    const tensors = tf.memory().numTensors;
    const run = await TrainingRun.prepare(await start());
    await run.next();
    run.dispose();
    expect(tf.memory().numTensors).toBe(tensors);
  });
});

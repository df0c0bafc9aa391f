import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { VARIANTS, type Variant } from '../nn/spec';
import { goldenBytes, useBackend } from '../nn/testing';
import { GoldenTerms } from './goldenTerms';
import { trainingGoldenBytes } from './testing';

const TOLERANCE = 1e-3;
/** Both objectives as steps have them. */
const WHOLE = ['fidelity', 'core', 'gan', 'discriminator'];
const ALONE = ['latentRate', 'hyperRate', 'distortion', 'mse', 'ssim', 'perceptual', 'adversarial'];

function goldenOf(variant: Variant): GoldenTerms {
  return new GoldenTerms(variant, {
    terms: trainingGoldenBytes(`terms-${variant}`),
    batch: trainingGoldenBytes('terms-batch'),
    tripletNet: goldenBytes('triplet-net'),
  });
}

async function expectSame(golden: GoldenTerms, term: string): Promise<void> {
  const found = await golden.deviations(term);
  expect(found.length).toBeGreaterThan(1);
  expect(found.filter(({ error }) => !(error < TOLERANCE))).toEqual([]);
}

describe('loss terms as PyTorch on wasm', () => {
  beforeAll(() => useBackend('wasm'));

  describe.each(VARIANTS)('%s', (variant) => {
    const attention = variant === 'hific-se' ? ['attention'] : [];
    const terms = [...WHOLE, ...ALONE, ...attention];
    let golden: GoldenTerms;
    beforeAll(() => {
      golden = goldenOf(variant);
    });
    afterAll(() => golden.dispose());

    it('covers every golden term', () => {
      expect(golden.terms.sort()).toEqual([...terms].sort());
    });

    it.each(terms)('%s with its gradients', (term) => expectSame(golden, term));

    it('vectors of spectral normalisation', async () => {
      const found = await golden.vectorDeviations();
      expect(found).toHaveLength(12);
      expect(found.filter(({ error }) => !(error < TOLERANCE))).toEqual([]);
    });

    it('leaves no tensor behind', async () => {
      // The first passes keep masks and axes.
      for (const term of WHOLE) await golden.deviations(term);
      const before = tf.memory().numTensors;
      for (const term of terms) await golden.deviations(term);
      expect(tf.memory().numTensors).toBe(before);
    });
  });
});

describe('loss terms as PyTorch on cpu', () => {
  let golden: GoldenTerms;
  beforeAll(async () => {
    await useBackend('cpu');
    golden = goldenOf('hific-se');
  });
  afterAll(() => golden.dispose());

  it.each(WHOLE)('%s with its gradients', (term) => expectSame(golden, term));
});

import { describe, expect, it } from 'vitest';
import { elementCount, inferenceShapes, parameterCounts } from './parameters';
import { bypassLatents, deviations, inputVariance, parseSpec, presetSpec, VARIANTS } from './spec';

describe('ArchitectureSpec', () => {
  it('survives JSON for every preset and variant', () => {
    for (const preset of ['studio', 'paper', 'tiny'] as const) {
      for (const variant of VARIANTS) {
        const spec = presetSpec(preset, variant);
        expect(parseSpec(JSON.stringify(spec))).toEqual(spec);
      }
    }
  });

  it('says what is wrong with a description', () => {
    expect(() => parseSpec('{')).toThrow(/not JSON/);
    const wrong = { ...presetSpec('tiny', 'hific-se'), widths: [1, 2, 3, 4] };
    expect(() => parseSpec(JSON.stringify(wrong))).toThrow(/widths/);
    const even = { ...presetSpec('tiny', 'hific-opt'), firstKernel: 4 };
    expect(() => parseSpec(JSON.stringify(even))).toThrow(/firstKernel: kernels are odd/);
  });

  it.each([
    [{ bypass: { counts: [9, 4], block: 16 } }, /the bypass fits the latents/],
    [{ bypass: { counts: [0, 0], block: 16 } }, /at least one latent/],
    [{ context: { slices: 13, width: 8, sliceWidth: 4 } }, /every slice has a latent/],
    [{ frame: { components: 17, rows: 3 } }, /the frame fits the bands/],
    [{ frame: { components: 2, rows: 3 } }, /no more rows than components/],
    [{ input: { mean: 0.25, std: [0.2, 0.3] } }, /one standard deviation for each band/],
    [{ input: { mean: 0.25, std: new Array(16).fill(0) } }, /input.std/],
    [{ lambdas: [300, 80] }, /one multiplier for each target rate/],
    [{ lambdas: [1, 2, 3, 4, 5] }, /multipliers descend/],
  ])('refuses %j', (wrong, message) => {
    const spec = { ...presetSpec('tiny', 'hific-opt'), ...wrong };
    expect(() => parseSpec(JSON.stringify(spec))).toThrow(message);
  });

  it('takes a standard deviation of each band', () => {
    const std = Array.from({ length: 16 }, (_, band) => 0.1 + 0.01 * band);
    const spec = { ...presetSpec('tiny', 'hific-opt'), input: { mean: 0.25, std } };
    expect(deviations(parseSpec(JSON.stringify(spec)))).toEqual(std);
    expect(deviations(presetSpec('tiny', 'hific-opt'))).toEqual(new Array(16).fill(0.2));
  });

  it('weighs errors by the inverse of the standard deviations', () => {
    expect(inputVariance({ mean: 0, std: [0.3, 0.3] })).toBeCloseTo(0.09, 12);
    const [first, second] = [0.1, 0.4];
    const variance = inputVariance({ mean: 0, std: [first, second] });
    const weights = [variance / first ** 2, variance / second ** 2];
    expect((weights[0] + weights[1]) / 2).toBeCloseTo(1, 12);
  });

  it('gives all latents of the studio preset a part in the bypass', () => {
    const { bypass, latentChannels } = presetSpec('studio', 'hific-opt');
    expect(bypass && bypassLatents(bypass)).toBe(latentChannels);
  });

  it('counts the published parameters of the paper preset (E, G, P, D in millions)', () => {
    const counts = parameterCounts(presetSpec('paper', 'hific-opt'));
    const millions = (n: number) => (n / 1e6).toFixed(2);
    expect(millions(counts.encoder)).toBe('8.50');
    expect(millions(counts.generator)).toBe('157.85');
    expect(millions(counts.hyperprior)).toBe('17.26');
    expect(millions(counts.discriminator)).toBe('3.18');
  });

  it('keeps the shipped models within 12 MB in float16', () => {
    for (const variant of VARIANTS) {
      const bytes = 2 * elementCount(inferenceShapes(presetSpec('studio', variant)));
      expect(bytes).toBeLessThan(12e6);
    }
  });
});

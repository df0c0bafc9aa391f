import { describe, expect, it } from 'vitest';
import { elementCount, inferenceShapes, parameterCounts } from './parameters';
import { parseSpec, presetSpec, VARIANTS } from './spec';

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

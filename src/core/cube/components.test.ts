import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { principalAxes, projectSpectra } from './components';

const PIXELS = 400;
const BANDS = 6;

/** Spectra along two known directions of which the first is stronger, `[band][pixel]`. */
function planes(first: readonly number[], second: readonly number[]): Float32Array[] {
  const wave = (pixel: number, period: number) => Math.sin((2 * Math.PI * pixel) / period);
  return first.map((weight, band) =>
    Float32Array.from(
      { length: PIXELS },
      (_, pixel) => 100 + 50 * weight * wave(pixel, 40) + 10 * second[band] * wave(pixel, 16),
    ),
  );
}

const unit = (values: readonly number[]) => values.map((value) => value / Math.hypot(...values));

describe('principal components', () => {
  it('are the directions of most variance, the largest weight positive', () => {
    const first = unit([-3, -2, -1, 1, 0.5, 0.2]);
    const second = unit([2, -3, 0, 0, 0, 0]);
    const { vectors } = principalAxes(planes(first, second));
    vectors[0].forEach((weight, band) => {
      expect(weight).toBeCloseTo(-first[band], 4);
    });
    expect(vectors[1][1]).toBeGreaterThan(0);
  });

  it('do not depend on the sign that the data happens to have', () => {
    const direction = fc.array(fc.integer({ min: -9, max: 9 }), {
      minLength: BANDS,
      maxLength: BANDS,
    });
    fc.assert(
      fc.property(direction, (weights) => {
        const sizes = weights.map(Math.abs);
        const largest = Math.max(...sizes);
        fc.pre(largest > 0 && sizes.filter((size) => size === largest).length === 1);
        const flat = weights.map(() => 0);
        const one = principalAxes(planes(unit(weights), flat)).vectors[0];
        const other = principalAxes(planes(unit(weights.map((w) => -w)), flat)).vectors[0];
        one.forEach((weight, band) => {
          expect(weight).toBeCloseTo(other[band], 4);
        });
        expect(one[sizes.indexOf(largest)]).toBeGreaterThan(0);
      }),
    );
  });

  it('project the mean to 0, and to nothing where a band has no data', () => {
    const axes = principalAxes(planes(unit([1, 2, 3, 4, 5, 6]), unit([1, -1, 1, -1, 1, -1])), -1);
    const samples = new Float32Array(3 * BANDS);
    samples.set(axes.mean, 0);
    samples.set(
      axes.mean.map((value, band) => value + 7 * axes.vectors[0][band]),
      BANDS,
    );
    samples.set([100, 100, -1, 100, 100, 100], 2 * BANDS);
    const targets = [0, 1, 2].map(() => new Float32Array(3));
    projectSpectra(samples, axes, 1, targets, 0, -1);
    expect(targets[0][0]).toBeCloseTo(0, 3);
    expect(targets[0][1]).toBeCloseTo(7, 3);
    expect(targets[1][1]).toBeCloseTo(0, 3);
    expect(targets[0][2]).toBeNaN();
  });

  it('ask for three bands and for data', () => {
    expect(() => principalAxes(planes([1, 2], [1, 1]))).toThrow(/three bands/);
    const empty = [0, 1, 2].map(() => new Float32Array(20).fill(Number.NaN));
    expect(() => principalAxes(empty)).toThrow(/carry data/);
  });
});

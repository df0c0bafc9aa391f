import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dot, orthonormalise, type Rows } from '../../core/linear/matrix';
import { relativeError } from '../../nn/testing';
import { intoFrame, outOfFrame, pivotsOf, rotationOf } from './frame';
import { FrameBasis } from './frameBasis';
import type { SpectralMap } from './spectralMap';

const BANDS = 13;
const COMPONENTS = 6;
const INPUT = { mean: 0.25, std: Array.from({ length: BANDS }, (_, b) => 0.1 + 0.02 * b) };

/** Uniform numbers in −1 … 1 from a seed. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

function randomRows(count: number, length: number, next: () => number): Float64Array[] {
  return Array.from({ length: count }, () => Float64Array.from({ length }, next));
}

function basisOf(next: () => number): FrameBasis {
  const rows = randomRows(COMPONENTS, BANDS, next);
  orthonormalise(rows);
  const basis = Float32Array.from(rows.flatMap((row) => [...row]));
  return new FrameBasis(
    { basis, mean: Float32Array.from({ length: BANDS }, next) },
    { input: INPUT },
  );
}

function expectOrthonormal(rows: Rows): void {
  for (const [i, a] of rows.entries()) {
    for (const [j, b] of rows.entries()) expect(dot(a, b)).toBeCloseTo(i === j ? 1 : 0, 10);
  }
}

const seeds = fc.integer({ min: 1, max: 2 ** 31 });

describe('rotationOf', () => {
  it('completes any independent rows to an orthonormal matrix', () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 0, max: COMPONENTS }), (seed, count) => {
        const rows = randomRows(count, COMPONENTS, random(seed));
        const rotation = rotationOf(rows, COMPONENTS);
        expect(rotation).toHaveLength(COMPONENTS);
        if (rotation) expectOrthonormal(rotation);
      }),
    );
  });

  it('is the identity without rows, and puts each row at its pivot', () => {
    const identity = rotationOf([], 3);
    expect(identity?.map((row) => [...row])).toEqual([
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ]);
    const near = [Float64Array.of(0.1, 0, 2), Float64Array.of(3, 0.1, 0)];
    const rotation = rotationOf(near, 3) ?? expect.fail('dependent');
    expect(rotation[2][2]).toBeGreaterThan(0.99);
    expect(rotation[0][0]).toBeGreaterThan(0.99);
    expect(rotation[1][1]).toBeGreaterThan(0.99);
  });

  it('refuses rows that depend on those before, and rows of zeros', () => {
    const row = Float64Array.of(1, 2, 3);
    expect(rotationOf([row, row.map((value) => -2 * value)], 3)).toBeUndefined();
    expect(rotationOf([new Float64Array(3)], 3)).toBeUndefined();
  });
});

it('pivots are all different, by elimination, the first on ties', () => {
  const rows = [Float64Array.of(2, 2, 0), Float64Array.of(4, 4, 1)];
  expect(pivotsOf(rows)).toEqual([0, 2]);
});

/** Spectra, one after the other, mapped without a device. */
function mapped(samples: Float32Array, { from, to, matrix, offset }: SpectralMap): Float32Array {
  const pixels = samples.length / from;
  const result = new Float32Array(pixels * to);
  for (let pixel = 0; pixel < pixels; pixel++) {
    for (let b = 0; b < to; b++) {
      let sum = offset[b];
      for (let a = 0; a < from; a++) sum += samples[pixel * from + a] * matrix[a * to + b];
      result[pixel * to + b] = sum;
    }
  }
  return result;
}

describe('the maps into a frame and out of it', () => {
  it('undo each other and keep distances in standardised units', () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 0, max: 4 }), (seed, count) => {
        const next = random(seed);
        const basis = basisOf(next);
        const rotation = rotationOf(randomRows(count, COMPONENTS, next), COMPONENTS);
        if (!rotation) return;
        const frame = { rotation, shift: Float64Array.from({ length: COMPONENTS }, next) };
        const samples = Float32Array.from({ length: 5 * BANDS }, () => 0.5 + 0.5 * next());
        const moved = mapped(samples, intoFrame(basis, frame));
        const distance = (from: Float32Array) => {
          let sum = 0;
          for (let b = 0; b < BANDS; b++) sum += ((from[b] - from[b + BANDS]) / INPUT.std[b]) ** 2;
          return sum;
        };
        expect(distance(moved)).toBeCloseTo(distance(samples), 4);
        const restored = mapped(moved, outOfFrame(basis, frame));
        expect(relativeError(restored, samples)).toBeLessThan(1e-5);
      }),
      { numRuns: 50 },
    );
  });

  it('makes coordinates R (c − d)', () => {
    const next = random(5);
    const basis = basisOf(next);
    const rotation = rotationOf(randomRows(2, COMPONENTS, next), COMPONENTS) ?? [];
    const shift = Float64Array.from({ length: COMPONENTS }, next);
    const samples = Float32Array.from({ length: BANDS }, () => 0.5 + 0.5 * next());
    const [before, after] = [new Float64Array(COMPONENTS), new Float64Array(COMPONENTS)];
    basis.coordinates(samples, 0, before);
    const moved = mapped(samples, intoFrame(basis, { rotation, shift }));
    basis.coordinates(moved, 0, after);
    const centred = before.map((value, k) => value - shift[k]);
    expect(
      relativeError(
        after,
        rotation.map((row) => dot(row, centred)),
      ),
    ).toBeLessThan(1e-5);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dot, orthonormalise, type Rows, symmetricEigen } from './matrix';
import { combine, leadingEigenvectors, spectralStatistics } from './principal';

const numbers = (length: number) =>
  fc.array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: length, maxLength: length });

const symmetric = fc
  .integer({ min: 1, max: 9 })
  .chain((n) =>
    numbers(n * n).map((list) =>
      Array.from({ length: n }, (_, i) =>
        Float64Array.from({ length: n }, (_, j) => list[i * n + j] + list[j * n + i]),
      ),
    ),
  );

function expectOrthonormal(rows: Rows): void {
  for (const [i, a] of rows.entries()) {
    for (const [j, b] of rows.entries()) expect(dot(a, b)).toBeCloseTo(i === j ? 1 : 0, 10);
  }
}

/** Random spectra of few smooth parts, `pixels` × `bands`. */
function spectra(pixels: number, bands: number): Float32Array {
  let state = 7;
  const random = () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
  const samples = new Float32Array(pixels * bands);
  for (let p = 0; p < pixels; p++) {
    const [a, b, c] = [random(), random(), random()];
    for (let k = 0; k < bands; k++) {
      const x = k / bands;
      samples[p * bands + k] = a + b * x + 0.3 * c * Math.sin(9 * x) + 0.01 * random();
    }
  }
  return samples;
}

describe('symmetricEigen', () => {
  it('gives back the matrix from its values and orthonormal vectors', () => {
    fc.assert(
      fc.property(symmetric, (matrix) => {
        const { values, vectors } = symmetricEigen(matrix);
        expectOrthonormal(vectors);
        for (const [i, row] of matrix.entries()) {
          for (let j = 0; j < row.length; j++) {
            let sum = 0;
            for (const [k, vector] of vectors.entries()) sum += values[k] * vector[i] * vector[j];
            expect(sum).toBeCloseTo(row[j], 8);
          }
        }
        expect([...values]).toEqual([...values].sort((a, b) => b - a));
      }),
    );
  });

  it('knows a matrix by hand', () => {
    const { values } = symmetricEigen([Float64Array.of(2, 1), Float64Array.of(1, 2)]);
    expect(values[0]).toBeCloseTo(3, 12);
    expect(values[1]).toBeCloseTo(1, 12);
  });

  it('refuses numbers that are not finite', () => {
    expect(() =>
      symmetricEigen([Float64Array.of(1, Number.NaN), Float64Array.of(Number.NaN, 1)]),
    ).toThrow(/finite/);
  });
});

describe('orthonormalise', () => {
  it('turns dependent rows into zeros', () => {
    const rows = [Float64Array.of(3, 4), Float64Array.of(6, 8), Float64Array.of(1, 0)];
    orthonormalise(rows);
    expect([...rows[1]]).toEqual([0, 0]);
    expectOrthonormal([rows[0], rows[2]]);
  });
});

describe('leadingEigenvectors', () => {
  it('agrees with the full decomposition', () => {
    const { covariance, mean } = spectralStatistics(spectra(500, 40), 40);
    expect(mean).toHaveLength(40);
    const full = symmetricEigen(covariance);
    const leading = leadingEigenvectors(covariance, 3);
    expectOrthonormal(leading.vectors);
    for (let i = 0; i < 3; i++) {
      expect(leading.values[i] / full.values[i]).toBeCloseTo(1, 8);
      expect(Math.abs(dot(leading.vectors[i], full.vectors[i]))).toBeCloseTo(1, 6);
    }
  });

  it('copes with fewer bands than asked for, and with constant spectra', () => {
    const few = leadingEigenvectors(spectralStatistics(spectra(30, 2), 2).covariance, 5);
    expect(few.vectors).toHaveLength(2);
    const flat = spectralStatistics(new Float32Array(300).fill(0.5), 3);
    expect(leadingEigenvectors(flat.covariance, 2).values[0]).toBeCloseTo(0, 20);
  });
});

describe('combine', () => {
  it('adds weighted rows', () => {
    const rows = [Float64Array.of(1, 2), Float64Array.of(10, 20)];
    expect([...combine(Float64Array.of(2, 1), rows)]).toEqual([12, 24]);
  });
});

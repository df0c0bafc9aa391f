import { HscError } from '../errors';

/** Rows of equal length. */
export type Rows = readonly Float64Array[];

export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/** Adds `factor` times `b` to `a`. */
export function addScaled(a: Float64Array, factor: number, b: Float64Array): void {
  for (let i = 0; i < a.length; i++) a[i] += factor * b[i];
}

/**
 * Makes rows orthonormal one after the other (modified Gram–Schmidt, twice, so that rounding
 * leaves no more than 1e-15 of overlap). A row that depends on those before it becomes 0.
 */
export function orthonormalise(rows: Rows): void {
  for (const [i, row] of rows.entries()) {
    const before = Math.sqrt(dot(row, row));
    if (before === 0) continue;
    for (let pass = 0; pass < 2; pass++) {
      for (let j = 0; j < i; j++) addScaled(row, -dot(row, rows[j]), rows[j]);
    }
    const norm = Math.sqrt(dot(row, row));
    if (norm > 1e-10 * before) for (let k = 0; k < row.length; k++) row[k] /= norm;
    else row.fill(0);
  }
}

export interface Eigen {
  /** Descending. */
  readonly values: Float64Array;
  /** Row i belongs to value i; orthonormal. */
  readonly vectors: Rows;
}

const MAX_SWEEPS = 60;

/**
 * All eigenvalues and eigenvectors of a symmetric matrix by cyclic Jacobi rotations (Golub and
 * Van Loan, 8.5). Only +, −, ×, ÷ and roots are used, so the result is the same on every machine.
 */
export function symmetricEigen(matrix: Rows): Eigen {
  const n = matrix.length;
  const a = matrix.map((row) => Float64Array.from(row));
  const vectors = a.map((_, i) => Float64Array.from({ length: n }, (_, j) => (i === j ? 1 : 0)));
  for (let sweep = 0; sweep < MAX_SWEEPS; sweep++) {
    let offDiagonal = 0;
    let diagonal = 0;
    for (let i = 0; i < n; i++) {
      diagonal += a[i][i] ** 2;
      for (let j = 0; j < i; j++) offDiagonal += a[i][j] ** 2;
    }
    if (offDiagonal <= 1e-30 * diagonal) return sorted(a, vectors);
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) rotate(a, vectors, p, q);
  }
  throw new HscError('bad-argument', 'The spectra hold numbers that are not finite.');
}

/** One Jacobi rotation, after which a[p][q] is 0. */
function rotate(a: Float64Array[], vectors: Float64Array[], p: number, q: number): void {
  if (a[p][q] === 0) return;
  const theta = (a[q][q] - a[p][p]) / (2 * a[p][q]);
  const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  const s = t * c;
  for (const row of a) turn(row, p, row, q, c, s);
  for (let k = 0; k < a.length; k++) {
    turn(a[p], k, a[q], k, c, s);
    turn(vectors[p], k, vectors[q], k, c, s);
  }
}

function turn(x: Float64Array, i: number, y: Float64Array, j: number, c: number, s: number): void {
  const [u, v] = [x[i], y[j]];
  x[i] = c * u - s * v;
  y[j] = s * u + c * v;
}

function sorted(a: Rows, vectors: Rows): Eigen {
  const order = [...a.keys()].sort((i, j) => a[j][j] - a[i][i]);
  return {
    values: Float64Array.from(order, (i) => a[i][i]),
    vectors: order.map((i) => vectors[i]),
  };
}

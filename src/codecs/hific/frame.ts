import { type FrameSymbols, frameValues } from '../../core/entropy/frameCoder';
import type { EntropyModel } from '../../core/entropy/model';
import { HscError } from '../../core/errors';
import { addScaled, dot, orthonormalise, type Rows } from '../../core/linear/matrix';
import type { FrameBasis } from './frameBasis';
import { identityMap, type SpectralMap } from './spectralMap';

/**
 * The spectral frame of one image. With c = E (x − m0) the coordinates of a standardised spectrum
 * on K fixed axes, the networks see c~ = R (c − d) in place of c, so that images of any material
 * vary along the axes that the networks know. R is orthonormal: squared errors stay what they are.
 */
export interface SpectralFrame {
  /** R, [K, K], orthonormal. */
  readonly rotation: Rows;
  /** d, [K]. */
  readonly shift: Float64Array;
}

/** Least share of a row's length that the rows before it may leave. */
const INDEPENDENT = 1e-6;

/**
 * The frame that a file's symbols stand for. Throws `bitstream` where a row depends on those
 * before it, which no encoder writes, and `model-mismatch` where the model knows no frames.
 */
export function frameOfSymbols(model: EntropyModel, symbols: FrameSymbols): SpectralFrame {
  const [shift, ...rows] = frameValues(model, symbols);
  const rotation = rotationOf(rows, shift.length);
  if (rotation) return { rotation, shift };
  throw new HscError(
    'bitstream',
    'The spectral frame of the .hsc file has dependent rows: the file is damaged.',
  );
}

/**
 * R [K, K] of k rows [K]. Each row, made orthonormal to those before it, takes the place of the
 * axis that it is nearest to (its pivot), so that R is near to the identity for images like the
 * training's; the other axes are made orthogonal to all rows. Undefined where a row depends on
 * those before it.
 */
export function rotationOf(rows: Rows, components: number): Rows | undefined {
  const own = rows.map((row) => Float64Array.from(row));
  if (!independent(own)) return undefined;
  orthonormalise(own);
  const axes = pivotsOf(own);
  const others = [...Array(components).keys()].filter((axis) => !axes.includes(axis));
  const whole = [...own, ...others.map((axis) => unitRow(axis, components))];
  orthonormalise(whole);
  const rotation: Float64Array[] = [];
  for (const [i, axis] of [...axes, ...others].entries()) rotation[axis] = whole[i];
  return rotation;
}

function independent(rows: Rows): boolean {
  const seen: Float64Array[] = [];
  for (const row of rows) {
    const left = Float64Array.from(row);
    for (const other of seen) addScaled(left, -dot(left, other), other);
    const length = Math.sqrt(dot(left, left));
    if (!(length > INDEPENDENT * Math.sqrt(dot(row, row)))) return false;
    seen.push(left.map((value) => value / length));
  }
  return true;
}

/** The axis of each row: where its largest element stands, after elimination of those before. */
export function pivotsOf(rows: Rows): number[] {
  const left = rows.map((row) => Float64Array.from(row));
  const axes: number[] = [];
  for (const [i, row] of left.entries()) {
    let axis = -1;
    for (let j = 0; j < row.length; j++) {
      if (axes.includes(j)) continue;
      if (axis < 0 || Math.abs(row[j]) > Math.abs(row[axis])) axis = j;
    }
    axes.push(axis);
    if (row[axis] === 0) continue;
    for (const later of left.slice(i + 1)) addScaled(later, -later[axis] / row[axis], row);
  }
  return axes;
}

function unitRow(axis: number, length: number): Float64Array {
  const row = new Float64Array(length);
  row[axis] = 1;
  return row;
}

/** What brings spectra 0..1 into the frame that the networks see. */
export function intoFrame(basis: FrameBasis, { rotation, shift }: SpectralFrame): SpectralMap {
  return mapOf(
    basis,
    rotation,
    Float64Array.from(rotation, (row) => -dot(row, shift)),
  );
}

/** Undoes {@link intoFrame}. */
export function outOfFrame(basis: FrameBasis, { rotation, shift }: SpectralFrame): SpectralMap {
  const transposed = rotation.map((_, i) => Float64Array.from(rotation, (row) => row[i]));
  return mapOf(basis, transposed, shift);
}

/** Replaces the coordinates c of spectra by A c + o and leaves what lies beside the axes: x + σ Eᵀ (A c + o − c). */
function mapOf(basis: FrameBasis, a: Rows, o: Float64Array): SpectralMap {
  const { bands, origin, analysis, synthesis } = basis;
  const rowsOf = (axes: Float64Array) => a.map((_, k) => axes.subarray(k * bands, (k + 1) * bands));
  const [from, to] = [rowsOf(analysis), rowsOf(synthesis)];
  const change = a.map((row, k) => row.map((value, j) => value - (j === k ? 1 : 0)));
  const matrix = identityMap(bands).matrix;
  const offset = new Float64Array(bands);
  for (const [k, row] of change.entries()) {
    const moved = new Float64Array(bands);
    for (const [j, axis] of from.entries()) addScaled(moved, row[j], axis);
    for (let band = 0; band < bands; band++) {
      for (let own = 0; own < bands; own++) matrix[band * bands + own] += moved[band] * to[k][own];
    }
    addScaled(offset, dot(row, origin) + o[k], to[k]);
  }
  return { from: bands, to: bands, matrix, offset };
}

import { gridCenters, type SpectralGrid } from '../../core/cube/grids';
import { resampleMatrix } from '../../core/cube/resample';
import { HscError } from '../../core/errors';
import { dot, orthonormalise, type Rows, symmetricEigen } from '../../core/linear/matrix';
import { combine } from '../../core/linear/principal';
import { parseSafetensors, type Tensor } from '../../core/safetensors';
import type { SpectralBasis } from '../components/transform';

/** Fixed Karhunen–Loève bases of a spectral grid, as the training code ships them. */
export interface TrainedBases {
  /** [grid bands] */
  readonly mean: Float64Array;
  /** Of each basis: components scaled by their standard deviation, [components, grid bands]. */
  readonly scaled: readonly Rows[];
}

/** Reads a basis file (docs/bitstream.md, section 14). Throws `bad-file`. */
export function parseBases(file: Uint8Array, grid: SpectralGrid): TrainedBases {
  const { tensors, metadata } = parseSafetensors(file);
  const mean = tensors.get('mean');
  const scaled = tensors.get('scaled');
  const fits =
    metadata.format === 'hsc-klt-1' &&
    metadata.grid === grid.name &&
    mean?.shape.length === 1 &&
    mean.shape[0] === grid.bands &&
    scaled?.shape.length === 3 &&
    scaled.shape[2] === grid.bands;
  if (!mean || !scaled || !fits) {
    throw new HscError('bad-file', 'The file with the spectral bases is not one for this grid.');
  }
  return { mean: Float64Array.from(mean.data), scaled: split(scaled) };
}

function split({ shape: [bases, components, bands], data }: Tensor): Rows[] {
  return Array.from({ length: bases }, (_, basis) =>
    Array.from({ length: components }, (_, k) => {
      const from = (basis * components + k) * bands;
      return Float64Array.from(data.subarray(from, from + bands));
    }),
  );
}

/** Directions with less than this share of the largest variance are rounding. */
const LEAST_SHARE = 1e-9;

/**
 * A trained basis at a cube's own bands: the covariance that it stands for, resampled to them, is
 * diagonalised again, so that the rows are orthonormal and in order whichever part of the grid
 * the cube covers. Only exactly defined operations are used: encoder and decoder get the same.
 */
export function basisAt(
  { mean, scaled }: TrainedBases,
  index: number,
  grid: SpectralGrid,
  positionsNm: readonly number[],
): SpectralBasis {
  const toNative = resampleMatrix(gridCenters(grid), positionsNm);
  const apply = (row: Float64Array) => {
    const { rowStart, columns, weights, to } = toNative;
    return Float64Array.from({ length: to }, (_, band) => {
      let sum = 0;
      for (let k = rowStart[band]; k < rowStart[band + 1]; k++) sum += weights[k] * row[columns[k]];
      return sum;
    });
  };
  const rows = scaled[index].map(apply);
  const { values, vectors } = symmetricEigen(
    rows.map((a) => Float64Array.from(rows, (b) => dot(a, b))),
  );
  const used = vectors.filter((_, i) => values[i] > LEAST_SHARE * values[0]);
  const directions = used.map((weights) => combine(weights, rows));
  orthonormalise(directions);
  return { mean: apply(mean), vectors: directions };
}

import { HscError } from '../errors';
import { coveredBands, gridCenters, gridRange, positionsOnGrid, type SpectralGrid } from './grids';
import { isDataSample } from './normalize';
import { type ResampleMatrix, resample, resampleMatrix } from './resample';
import type { CubeInfo, HyperspectralCube } from './types';
import { pick } from './window';

/** How a cube comes onto a spectral grid. */
interface GridPlan {
  /** Ascending indices of the cube's bands that are used. */
  readonly nativeBands: readonly number[];
  /** Centres in nm of the grid bands that the cube covers. */
  readonly centersNm: readonly number[];
  /** Native bands → those grid bands. */
  readonly matrix: ResampleMatrix;
}

/**
 * The cube on the part of a spectral grid that its bands cover, `[height, width, covered grid
 * bands]` float32 in the cube's own units, so that codecs with and without a grid of their own are
 * compared on the same samples.
 *
 * Used are the native bands inside the grid; kept are the grid bands between the first and the
 * last of them, half a grid step of grace at either end as in `coveredBands`. A grid band in a gap
 * between native bands is interpolated. A sample that draws on a native one without data is NaN.
 * Cubes without wavelengths are stretched over the whole grid by band position and stay without.
 * Dropped is what describes single native bands: widths, names, bad and default bands.
 *
 * Throws `band-range` where no band lies inside the grid.
 */
export function cubeOnGrid(cube: HyperspectralCube, grid: SpectralGrid): HyperspectralCube {
  const { nativeBands, centersNm, matrix } = planGrid(cube, grid);
  const how = cube.wavelengthsNm ? 'wavelength' : 'band position';
  const note =
    `Resampled by ${how} from ${nativeBands.length} of ${cube.bands} bands to ` +
    `${centersNm.length} of the ${grid.bands} bands of the grid ${grid.name}.`;
  return {
    ...cube,
    bands: centersNm.length,
    sampleType: 'float32',
    wavelengthsNm: cube.wavelengthsNm && centersNm,
    fwhmNm: undefined,
    bandNames: undefined,
    badBands: undefined,
    defaultBands: undefined,
    noDataValue: undefined,
    notes: [...(cube.notes ?? []), note],
    data: resampled(cube, nativeBands, matrix),
  };
}

function planGrid({ wavelengthsNm, bands }: CubeInfo, grid: SpectralGrid): GridPlan {
  const centers = gridCenters(grid);
  if (!wavelengthsNm) {
    const matrix = resampleMatrix(positionsOnGrid(grid, bands, undefined), centers);
    return { nativeBands: Array.from({ length: bands }, (_, i) => i), centersNm: centers, matrix };
  }
  const nativeBands = coveredBands(grid, wavelengthsNm);
  const nativeNm = pick(wavelengthsNm, nativeBands) as number[];
  const grace = (centers[1] - centers[0]) / 2;
  const [first, last] = [Math.min(...nativeNm) - grace, Math.max(...nativeNm) + grace];
  const centersNm = centers.filter((nm) => nm >= first && nm <= last);
  if (centersNm.length === 0) {
    throw new HscError(
      'band-range',
      `None of the ${bands} bands lies within ${gridRange(grid)}, the grid ${grid.name}: ` +
        'check the unit of the wavelengths.',
    );
  }
  return { nativeBands, centersNm, matrix: resampleMatrix(nativeNm, centersNm) };
}

/** A native band that weighs less leaves no trace in a float32 sample. */
const NEGLIGIBLE = 1e-7;

function resampled(
  { data, bands, noDataValue }: HyperspectralCube,
  nativeBands: readonly number[],
  matrix: ResampleMatrix,
): Float32Array<ArrayBuffer> {
  const { from, to, rowStart, columns, weights } = matrix;
  // Double precision, so that resampling rounds once.
  const native = new Float64Array((data.length / bands) * from);
  const gaps: number[] = [];
  for (let i = 0; i < native.length; i++) {
    const value = data[Math.floor(i / from) * bands + nativeBands[i % from]];
    if (isDataSample(value, noDataValue)) native[i] = value;
    else gaps.push(i);
  }
  const samples = resample(matrix, native);
  for (const gap of gaps) {
    const pixel = Math.floor(gap / from);
    for (let row = 0; row < to; row++) {
      for (let k = rowStart[row]; k < rowStart[row + 1]; k++) {
        const draws = columns[k] === gap % from && weights[k] > NEGLIGIBLE;
        if (draws) samples[pixel * to + row] = Number.NaN;
      }
    }
  }
  return samples;
}

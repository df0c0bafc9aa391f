import { HscError } from '../errors';
import { coveredBands, findGrid, type SpectralGrid } from './grids';
import type { CubeInfo } from './types';

/** A grid with more bands is worth it where it covers this many times as many of the cube's. */
const WORTH_MORE_BANDS = 1.1;

/**
 * Of the grids that a codec serves the one for a cube: of those that cover nearly the most of its
 * bands, the one with the fewest bands itself. A cube without wavelengths gets the smallest grid.
 */
function fittingGrid(
  grids: readonly SpectralGrid[],
  wavelengthsNm: readonly number[] | undefined,
): SpectralGrid {
  const covered = (grid: SpectralGrid) =>
    wavelengthsNm ? coveredBands(grid, wavelengthsNm).length : 0;
  const most = Math.max(...grids.map(covered));
  const enough = grids.filter((grid) => covered(grid) * WORTH_MORE_BANDS >= most);
  return enough.reduce((best, grid) => (grid.bands < best.bands ? grid : best));
}

/** The grid of that name. Throws `unsupported` where it is not known. */
export function gridNamed(name: string): SpectralGrid {
  const grid = findGrid(name);
  if (grid) return grid;
  throw new HscError('unsupported', `The model's spectral grid ${name} is not known here.`);
}

/**
 * The grid on which a codec that is bound to some codes a cube: the one asked for, or the one that
 * fits. Throws `bad-argument` where the codec does not work on the one asked for.
 */
export function gridFor(
  { grids = [], label }: { readonly grids?: readonly string[]; readonly label: string },
  { wavelengthsNm }: Pick<CubeInfo, 'wavelengthsNm'>,
  asked: string | undefined,
): SpectralGrid {
  if (asked === undefined) return fittingGrid(grids.map(gridNamed), wavelengthsNm);
  if (grids.includes(asked)) return gridNamed(asked);
  throw new HscError(
    'bad-argument',
    `${label} does not work on the spectral grid ${asked}: choose ${grids.join(' or ')}.`,
  );
}

import type { BandMapping } from '../core/bitstream/header';
import { keptBands } from '../core/cube/bandRanges';
import {
  bandsInGaps,
  coveredBands,
  gridCenters,
  gridRange,
  positionsOnGrid,
  type SpectralGrid,
} from '../core/cube/grids';
import { type ResampleMatrix, resampleMatrix } from '../core/cube/resample';
import type { CubeInfo } from '../core/cube/types';
import { pick } from '../core/cube/window';
import { HscError } from '../core/errors';
import type { EncodeOptions } from './types';

/** Which of a cube's bands are coded and how they come onto the model's grid. */
export interface BandPlan {
  /** Ascending indices of the cube's bands. */
  readonly codedBands: readonly number[];
  readonly mapping: BandMapping;
  /** Coded bands → grid bands. */
  readonly toGrid: ResampleMatrix;
}

/** Band centres this close to the grid's are the grid's. */
const SAME_BAND_NM = 1e-3;

/**
 * Chooses the bands to code, of those that the user has not left out. Throws `band-range` where bands lie outside the grid and the policy
 * is to refuse, or where none lies inside. Bands in gaps of the grid (what water vapour takes away) are
 * left out under either policy.
 */
export function planBands(
  grid: SpectralGrid,
  info: CubeInfo,
  policy: EncodeOptions['bandPolicy'],
): BandPlan {
  const { wavelengthsNm } = info;
  const centers = gridCenters(grid);
  const kept = keptBands(info);
  if (!wavelengthsNm) {
    const positions = positionsOnGrid(grid, kept.length, undefined);
    const toGrid = resampleMatrix(positions, centers);
    return { codedBands: kept, mapping: 'position', toGrid };
  }
  const keptNm = pick(wavelengthsNm, kept) as number[];
  const covered = coveredBands(grid, keptNm).map((band) => kept[band]);
  const outside = kept.length - covered.length - bandsInGaps(grid, keptNm);
  if (covered.length === 0 || (outside > 0 && policy === 'refuse')) {
    throw bandRange(grid, kept.length, covered.length, outside);
  }
  const coded = pick(wavelengthsNm, covered) as number[];
  const same =
    coded.length === centers.length &&
    coded.every((nm, i) => Math.abs(nm - centers[i]) <= SAME_BAND_NM);
  return {
    codedBands: covered,
    mapping: same ? 'grid' : 'wavelength',
    toGrid: resampleMatrix(coded, centers),
  };
}

function bandRange(grid: SpectralGrid, bands: number, covered: number, outside: number): HscError {
  const range = gridRange(grid);
  return new HscError(
    'band-range',
    covered === 0
      ? `None of the ${bands} bands lies within ${range}, which this model covers: use a codec ` +
          'without a spectral range, or check the unit of the wavelengths.'
      : `${outside} of ${bands} bands lie outside ${range}, which this model covers: ` +
          `choose to encode only the ${covered} bands inside, or use a codec without a spectral ` +
          'range.',
  );
}

/** Where decoded bands lie in nm. */
export interface NativeBands {
  readonly positionsNm: readonly number[];
  /** Band centres to report; none where positions are only stretched over the grid. */
  readonly wavelengthsNm?: readonly number[];
  /** True where the file's own bands are unknown and the grid's stand in for them. */
  readonly substituted: boolean;
}

/**
 * The bands to restore: the file's own centres, else `bandsFrom`, else the grid's.
 * Throws `bad-argument` where `bandsFrom` has another number of bands than the file, `bitstream` where
 * the file is said to hold a grid's bands and holds another number.
 */
export function nativeBands(
  grid: SpectralGrid,
  header: { readonly mapping: BandMapping; readonly bands: number },
  stored: readonly number[] | undefined,
  bandsFrom: readonly number[] | undefined,
): NativeBands {
  const centers = gridCenters(grid);
  if (header.mapping === 'position') {
    return { positionsNm: positionsOnGrid(grid, header.bands, undefined), substituted: false };
  }
  if (header.mapping === 'grid') {
    if (header.bands !== centers.length) {
      throw new HscError(
        'bitstream',
        `The .hsc file holds ${header.bands} bands as the ${centers.length} of ${grid.name}: it is damaged.`,
      );
    }
    return { positionsNm: centers, wavelengthsNm: stored ?? centers, substituted: false };
  }
  const known = stored ?? bandsFrom;
  if (!known) return { positionsNm: centers, wavelengthsNm: centers, substituted: true };
  if (known.length !== header.bands) {
    throw new HscError(
      'bad-argument',
      `The file holds ${header.bands} bands, but ${known.length} band centres were given.`,
    );
  }
  return { positionsNm: known, wavelengthsNm: known, substituted: false };
}

/** All bands of a cube but those that the user left out, for codecs that know no spectral grid. */
export function allBands(info: CubeInfo) {
  const mapping = info.wavelengthsNm ? 'wavelength' : 'position';
  return { codedBands: keptBands(info), mapping } as const;
}

/** The bands of a file that knows no grid: at their centres, or numbered where those are unknown. */
export function ownBands(
  { bands }: { readonly bands: number },
  wavelengthsNm: readonly number[] | undefined,
): NativeBands {
  if (wavelengthsNm && wavelengthsNm.length !== bands) {
    throw new HscError(
      'bad-argument',
      `The file holds ${bands} bands, but ${wavelengthsNm.length} band centres were given.`,
    );
  }
  const positionsNm = wavelengthsNm ?? Array.from({ length: bands }, (_, band) => band);
  return { positionsNm, wavelengthsNm, substituted: false };
}

/** A spectral grid that a model works on: `bands` centres, evenly spaced, in nm. */
export interface SpectralGrid {
  readonly name: string;
  readonly startNm: number;
  readonly endNm: number;
  readonly bands: number;
}

export const VNIR_128: SpectralGrid = { name: 'vnir-128', startNm: 400, endNm: 1000, bands: 128 };

/** The publication's bands, and a grid for tests. */
const VNIR_369: SpectralGrid = { name: 'vnir-369', startNm: 400, endNm: 1000, bands: 369 };
export const TINY_16: SpectralGrid = { name: 'tiny-16', startNm: 400, endNm: 1000, bands: 16 };

const GRIDS = [VNIR_128, VNIR_369, TINY_16];

export function findGrid(name: string): SpectralGrid | undefined {
  return GRIDS.find((grid) => grid.name === name);
}

export function gridCenters(grid: SpectralGrid): number[] {
  const step = (grid.endNm - grid.startNm) / (grid.bands - 1);
  return Array.from({ length: grid.bands }, (_, i) => grid.startNm + i * step);
}

/**
 * Indices of the bands whose centres the grid covers, in the cube's order. Half a grid step of
 * grace at either end keeps a sensor's nominal 400 nm band that is calibrated to 399 nm.
 */
export function coveredBands(grid: SpectralGrid, wavelengthsNm: readonly number[]): number[] {
  const grace = (grid.endNm - grid.startNm) / (grid.bands - 1) / 2;
  return wavelengthsNm.flatMap((nm, band) =>
    nm >= grid.startNm - grace && nm <= grid.endNm + grace ? [band] : [],
  );
}

/**
 * Where the bands lie on the grid: their wavelengths, or, where there are none, their positions
 * stretched linearly over the grid.
 */
export function positionsOnGrid(
  grid: SpectralGrid,
  bands: number,
  wavelengthsNm: readonly number[] | undefined,
): number[] {
  if (wavelengthsNm) return [...wavelengthsNm];
  const span = grid.endNm - grid.startNm;
  return Array.from({ length: bands }, (_, band) =>
    bands === 1 ? grid.startNm + span / 2 : grid.startNm + (span * band) / (bands - 1),
  );
}

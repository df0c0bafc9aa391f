/** Evenly spaced band centres from `startNm` to `endNm`. */
interface SpectralWindow {
  readonly startNm: number;
  readonly endNm: number;
  readonly bands: number;
}

/** A spectral grid that a model works on: ascending windows, between which there are no bands. */
export interface SpectralGrid {
  readonly name: string;
  readonly bands: number;
  readonly windows: readonly SpectralWindow[];
}

function gridOf(name: string, ...windows: readonly SpectralWindow[]): SpectralGrid {
  return { name, bands: windows.reduce((sum, { bands }) => sum + bands, 0), windows };
}

export const VNIR_128 = gridOf('vnir-128', { startNm: 400, endNm: 1000, bands: 128 });

/** Steps of 8.9 nm; what water vapour in the air takes away is left out. */
export const VSWIR_200 = gridOf(
  'vswir-200',
  { startNm: 400, endNm: 1334.5, bands: 106 },
  { startNm: 1460, endNm: 1789.3, bands: 38 },
  { startNm: 1960, endNm: 2449.5, bands: 56 },
);

/** The publication's bands, and a grid for tests. */
const VNIR_369 = gridOf('vnir-369', { startNm: 400, endNm: 1000, bands: 369 });
export const TINY_16 = gridOf('tiny-16', { startNm: 400, endNm: 1000, bands: 16 });

const GRIDS = [VNIR_128, VSWIR_200, VNIR_369, TINY_16];

export function findGrid(name: string): SpectralGrid | undefined {
  return GRIDS.find((grid) => grid.name === name);
}

/** Names of the grids that cubes can be brought to. */
export const GRID_NAMES: readonly string[] = GRIDS.map(({ name }) => name);

function stepOf({ startNm, endNm, bands }: SpectralWindow): number {
  return (endNm - startNm) / (bands - 1);
}

export function gridCenters(grid: SpectralGrid): number[] {
  return grid.windows.flatMap((window) =>
    Array.from({ length: window.bands }, (_, i) => window.startNm + i * stepOf(window)),
  );
}

/** The grid's windows in words, e.g. `400–1000 nm`. */
export function gridRange({ windows }: SpectralGrid): string {
  const ranges = windows.map(({ startNm, endNm }) => `${Math.round(startNm)}–${Math.round(endNm)}`);
  const last = ranges.pop();
  return `${ranges.length > 0 ? `${ranges.join(', ')} and ${last}` : last} nm`;
}

/**
 * Indices of the bands whose centres the grid covers, in the cube's order. Half a grid step of
 * grace at either end keeps a sensor's nominal 400 nm band that is calibrated to 399 nm.
 */
export function coveredBands(grid: SpectralGrid, wavelengthsNm: readonly number[]): number[] {
  const inside = (nm: number) =>
    grid.windows.some((window) => {
      const grace = stepOf(window) / 2;
      return nm >= window.startNm - grace && nm <= window.endNm + grace;
    });
  return wavelengthsNm.flatMap((nm, band) => (inside(nm) ? [band] : []));
}

/** How many of the bands lie in the gaps between the grid's windows, where it has none by design. */
export function bandsInGaps(grid: SpectralGrid, wavelengthsNm: readonly number[]): number {
  const { startNm } = grid.windows[0];
  const { endNm } = grid.windows[grid.windows.length - 1];
  const covered = new Set(coveredBands(grid, wavelengthsNm));
  const inGap = (nm: number, band: number) => nm > startNm && nm < endNm && !covered.has(band);
  return wavelengthsNm.filter(inGap).length;
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
  const centers = gridCenters(grid);
  return Array.from({ length: bands }, (_, band) => {
    const at = bands === 1 ? (centers.length - 1) / 2 : ((centers.length - 1) * band) / (bands - 1);
    const below = Math.min(Math.floor(at), centers.length - 2);
    return centers[below] + (at - below) * (centers[below + 1] - centers[below]);
  });
}

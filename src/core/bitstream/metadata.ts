import type { CubeInfo, GeoReference } from '../cube/types';
import { HscError } from '../errors';

/**
 * What a file says of its cube besides the samples. Per-band arrays and band indices are those of
 * the bands that the file holds, except `selection`.
 */
export interface HscMetadata
  extends Partial<
    Pick<
      CubeInfo,
      | 'name'
      | 'sensor'
      | 'units'
      | 'wavelengthsNm'
      | 'fwhmNm'
      | 'bandNames'
      | 'badBands'
      | 'noDataValue'
      | 'defaultBands'
      | 'notes'
    >
  > {
  /** Which bands of the original cube the file holds; left out where it holds all. */
  readonly selection?: BandSelection;
  readonly geo?: GeoReference;
}

export interface BandSelection {
  /** Number of bands of the original cube. */
  readonly sourceBands: number;
  /** Ascending indices among them, one a coded band. */
  readonly codedBands: readonly number[];
}

/**
 * The metadata to store for a cube of which `codedBands` (ascending) are coded:
 * `spectral` is what restoring the native bands takes, `all` is everything known of the cube.
 */
export function metadataOf(
  info: CubeInfo,
  codedBands: readonly number[],
  choice: 'none' | 'spectral' | 'all',
): HscMetadata | undefined {
  if (choice === 'none') return undefined;
  const pick = <T>(perBand: readonly T[] | undefined) =>
    perBand && codedBands.map((band) => perBand[band]);
  const spectral: HscMetadata = {
    wavelengthsNm: pick(info.wavelengthsNm),
    selection: codedBands.length < info.bands ? { sourceBands: info.bands, codedBands } : undefined,
  };
  if (choice === 'spectral') return defined(spectral);
  const position = new Map(codedBands.map((band, i) => [band, i]));
  const { name, sensor, units, noDataValue, geo, notes } = info;
  return defined({
    ...spectral,
    name,
    sensor,
    units,
    noDataValue,
    geo,
    notes,
    fwhmNm: pick(info.fwhmNm),
    bandNames: pick(info.bandNames),
    badBands: info.badBands?.flatMap((band) => position.get(band) ?? []).sort((a, b) => a - b),
    defaultBands: coded(info.defaultBands, position),
  });
}

/** The true-colour bands as coded bands, where all three are coded. */
function coded(
  bands: CubeInfo['defaultBands'],
  position: ReadonlyMap<number, number>,
): CubeInfo['defaultBands'] {
  const [red, green, blue] = (bands ?? []).map((band) => position.get(band));
  return red === undefined || green === undefined || blue === undefined
    ? undefined
    : [red, green, blue];
}

/** Without the keys whose value is undefined. */
function defined(metadata: HscMetadata): HscMetadata {
  return Object.fromEntries(Object.entries(metadata).filter(([, value]) => value !== undefined));
}

/** Throws `bad-argument` where metadata contradict the number of coded bands. */
export function checkMetadata(metadata: HscMetadata, bands: number): void {
  const { wavelengthsNm, fwhmNm, bandNames, badBands, defaultBands, selection } = metadata;
  const consistent =
    [wavelengthsNm, fwhmNm, bandNames, selection?.codedBands].every(
      (perBand) => perBand === undefined || perBand.length === bands,
    ) &&
    isAscending(badBands ?? [], bands) &&
    (defaultBands ?? []).every((band) => isIndex(band, bands)) &&
    (!selection || isAscending(selection.codedBands, selection.sourceBands));
  if (!consistent) {
    throw new HscError('bad-argument', `The metadata do not describe ${bands} coded bands.`);
  }
}

function isIndex(value: number, limit: number): boolean {
  return Number.isInteger(value) && value >= 0 && value < limit;
}

function isAscending(indices: readonly number[], limit: number): boolean {
  return indices.every((index, i) => isIndex(index, limit) && (i === 0 || index > indices[i - 1]));
}

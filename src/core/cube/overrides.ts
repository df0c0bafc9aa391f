import { HscError } from '../errors';
import { formatBandRanges } from './bandRanges';
import type { CubeInfo, CubeSource } from './types';

/**
 * What a user corrects of a file's metadata. A field that is absent stays as the file has it;
 * null takes away what the file states.
 */
export interface CubeOverrides {
  readonly wavelengths?: {
    /** Band centres in nm, one a band. */
    readonly nm: readonly number[];
    /** Where they come from, e.g. the name of a sensor preset. */
    readonly source: string;
  } | null;
  readonly units?: string | null;
  /** NaN says that only NaN carries no data. */
  readonly noDataValue?: number | null;
  /** Ascending indices from 0. */
  readonly badBands?: readonly number[];
  /** Leaves the bad bands out of coding. */
  readonly leaveOutBad?: boolean;
  readonly defaultBands?: readonly [number, number, number] | null;
}

/** The fields that a user can edit, and how their values are called. */
export type EditableField = 'wavelengths' | 'units' | 'noDataValue' | 'badBands' | 'defaultBands';

const NAMES: Readonly<Record<EditableField, string>> = {
  wavelengths: 'wavelengths',
  units: 'unit of the samples',
  noDataValue: 'no-data value',
  badBands: 'bad bands',
  defaultBands: 'default bands',
};

const SHORTEST_NM = 100;
const LONGEST_NM = 30_000;

/** What is wrong with band centres for a cube of so many bands, as a sentence. */
export function wavelengthFault(nm: readonly number[], bands: number): string | undefined {
  if (nm.length !== bands) {
    return `There are ${nm.length} wavelengths for ${bands} bands.`;
  }
  const wrong = nm.find((value) => !(value >= SHORTEST_NM && value <= LONGEST_NM));
  if (wrong !== undefined) {
    return `${wrong} nm is no wavelength of an optical sensor (${SHORTEST_NM} to ${LONGEST_NM} nm): check the unit.`;
  }
  const seen = new Set<number>();
  const twice = nm.find((value) => seen.size === seen.add(value).size);
  if (twice !== undefined) return `${twice} nm stands there twice.`;
  return undefined;
}

/** What is wrong with overrides for a cube of so many bands, as a sentence. */
export function overridesFault(overrides: CubeOverrides, bands: number): string | undefined {
  const { wavelengths, badBands, defaultBands, leaveOutBad } = overrides;
  const fault = wavelengths && wavelengthFault(wavelengths.nm, bands);
  if (fault) return fault;
  const outside = [...(badBands ?? []), ...(defaultBands ?? [])].find(
    (band) => !(Number.isInteger(band) && band >= 0 && band < bands),
  );
  if (outside !== undefined) {
    return `There is no band ${outside + 1}: the image has bands 1 to ${bands}.`;
  }
  if (leaveOutBad && badBands && new Set(badBands).size >= bands) {
    return 'All bands would be left out: keep at least one.';
  }
  return undefined;
}

/**
 * A cube's description with a user's corrections. Applying the same ones again changes nothing.
 * Throws `bad-argument` where they do not fit the cube.
 */
export function overriddenInfo(info: CubeInfo, overrides: CubeOverrides): CubeInfo {
  const fault = overridesFault(overrides, info.bands);
  if (fault) throw new HscError('bad-argument', `The edited metadata do not fit: ${fault}`);
  const { wavelengths, units, noDataValue, defaultBands, leaveOutBad } = overrides;
  const badBands = overrides.badBands ?? info.badBands;
  if (leaveOutBad && badBands && badBands.length >= info.bands) {
    throw new HscError('bad-argument', 'All bands are marked as bad: keep at least one.');
  }
  const changed: Partial<CubeInfo> = {
    ...(wavelengths !== undefined && {
      wavelengthsNm: wavelengths?.nm,
      wavelengthsGuessed: undefined,
      // Widths that belong to other centres say nothing of these.
      fwhmNm: undefined,
    }),
    ...(units !== undefined && { units: units ?? undefined }),
    ...(noDataValue !== undefined && { noDataValue: noDataValue ?? undefined }),
    ...(defaultBands !== undefined && { defaultBands: defaultBands ?? undefined }),
    badBands,
    leftOutBands: leaveOutBad === undefined ? info.leftOutBands : leaveOutBad ? badBands : [],
  };
  const notes = editNotes(overrides, badBands);
  const own = (info.notes ?? []).filter((note) => !notes.includes(note));
  return { ...info, ...changed, notes: notes.length > 0 ? [...own, ...notes] : info.notes };
}

/** How notes of edits begin. */
const EDITED = 'Edited by the user: ';

function editNotes(overrides: CubeOverrides, bad: CubeInfo['badBands']): string[] {
  const fields = editedFields(overrides).filter((field) => field !== 'wavelengths');
  const { wavelengths } = overrides;
  return [
    ...(wavelengths ? [`${EDITED}wavelengths (${wavelengths.source}).`] : []),
    ...(wavelengths === null ? [`${EDITED}wavelengths (taken away).`] : []),
    ...(fields.length > 0 ? [`${EDITED}${fields.map((field) => NAMES[field]).join(', ')}.`] : []),
    ...(overrides.leaveOutBad && bad && bad.length > 0
      ? [`${EDITED}bad bands ${formatBandRanges(bad)} are left out of coding.`]
      : []),
  ];
}

/** The fields that overrides change. */
export function editedFields(overrides: CubeOverrides): EditableField[] {
  return (Object.keys(NAMES) as EditableField[]).filter((field) => overrides[field] !== undefined);
}

/**
 * The same samples under corrected metadata, still read from where they lie.
 * Throws `bad-argument` where the corrections do not fit the cube.
 */
export function applyOverrides(source: CubeSource, overrides: CubeOverrides): CubeSource {
  return {
    ...source,
    info: overriddenInfo(source.info, overrides),
    readWindow: (window, options) => source.readWindow(window, options),
    close: () => source.close(),
  };
}

import { formatBandRanges, parseBandRanges } from '../../core/cube/bandRanges';
import {
  type CubeOverrides,
  type EditableField,
  overridesFault,
  wavelengthFault,
} from '../../core/cube/overrides';
import { SENSOR_PRESETS } from '../../core/cube/sensors';
import type { CubeInfo } from '../../core/cube/types';
import { parseNumberList } from './numberList';

/** Where the wavelengths come from while they are edited. */
export type WavelengthMode = 'file' | 'preset' | 'linear' | 'list' | 'none';

/** The fields of the dialog as they stand, every one a text. */
export interface Draft {
  readonly mode: WavelengthMode;
  readonly preset: string | undefined;
  readonly first: string;
  readonly last: string;
  readonly list: string;
  /** Where the list comes from, where it was not typed. */
  readonly listSource: string | undefined;
  readonly unit: 'auto' | 'nm' | 'µm';
  readonly units: string;
  readonly noData: string;
  readonly badBands: string;
  readonly leaveOut: boolean;
  readonly defaultBands: string;
}

/** What a draft says, and what is wrong with it, field by field. */
export interface DraftReading {
  readonly overrides: CubeOverrides;
  readonly faults: Readonly<Partial<Record<EditableField, string>>>;
  /** Centres in nm as they would be; none where they are unknown or wrong. */
  readonly nm: readonly number[] | undefined;
  /** Indices of the bad bands, as far as they can be read. */
  readonly bad: readonly number[];
}

/** A longest value below this can only be in µm. */
const MICROMETRE_LIMIT = 100;

const triple = (bands: readonly number[] | undefined) =>
  bands?.map((band) => band + 1).join(', ') ?? '';

/** The draft that shows a cube with its corrections. */
export function draftOf(stated: CubeInfo, overrides: CubeOverrides = {}): Draft {
  const { wavelengths } = overrides;
  const preset = SENSOR_PRESETS.find(
    ({ label, nm }) => label === wavelengths?.source && nm.join() === wavelengths.nm.join(),
  );
  const shown = <T>(edited: T | null | undefined, own: T | undefined) =>
    edited === undefined ? own : (edited ?? undefined);
  return {
    mode:
      wavelengths === undefined
        ? 'file'
        : wavelengths === null
          ? 'none'
          : preset
            ? 'preset'
            : 'list',
    preset: preset?.id,
    first: '',
    last: '',
    list: wavelengths?.nm.join('\n') ?? '',
    listSource: wavelengths?.source,
    unit: 'auto',
    units: shown(overrides.units, stated.units) ?? '',
    noData: String(shown(overrides.noDataValue, stated.noDataValue) ?? ''),
    badBands: formatBandRanges(overrides.badBands ?? stated.badBands ?? []),
    leaveOut: overrides.leaveOutBad ?? false,
    defaultBands: triple(shown(overrides.defaultBands, stated.defaultBands)),
  };
}

/** Reads a draft against what the file states; only what differs from that is a correction. */
export function readDraft(draft: Draft, stated: CubeInfo): DraftReading {
  const faults: Partial<Record<EditableField, string>> = {};
  const overrides: { -readonly [K in keyof CubeOverrides]: CubeOverrides[K] } = {};

  const wavelengths = draftWavelengths(draft, stated);
  if (wavelengths.fault) faults.wavelengths = wavelengths.fault;
  else if (draft.mode !== 'file') overrides.wavelengths = wavelengths.value;

  const units = draft.units.trim();
  if (units !== (stated.units ?? '')) overrides.units = units || null;

  const noData = numberIn(draft.noData);
  if (noData === 'wrong') faults.noDataValue = 'Write one number, NaN, or nothing.';
  else if (!Object.is(noData, stated.noDataValue)) overrides.noDataValue = noData ?? null;

  const bad = parseBandRanges(draft.badBands);
  if (!bad) faults.badBands = 'Write bands and ranges, for example 1-4, 107-112.';
  else if (bad.join() !== (stated.badBands ?? []).join()) overrides.badBands = bad;
  if (draft.leaveOut) overrides.leaveOutBad = true;
  const badFault =
    bad && overridesFault({ badBands: bad, leaveOutBad: draft.leaveOut }, stated.bands);
  if (badFault) faults.badBands = badFault;

  const shown = draftTriple(draft.defaultBands);
  const shownFault =
    shown === 'wrong'
      ? 'Write three bands: red, green, blue.'
      : shown && overridesFault({ defaultBands: shown }, stated.bands);
  if (shownFault) faults.defaultBands = shownFault;
  else if (shown !== 'wrong' && triple(shown) !== triple(stated.defaultBands)) {
    overrides.defaultBands = shown ?? null;
  }
  const nm = draft.mode === 'file' ? stated.wavelengthsNm : wavelengths.value?.nm;
  return { overrides, faults, nm: wavelengths.fault ? undefined : nm, bad: bad ?? [] };
}

interface DraftWavelengths {
  readonly value: { readonly nm: readonly number[]; readonly source: string } | null;
  readonly fault?: string;
}

function draftWavelengths(draft: Draft, { bands }: CubeInfo): DraftWavelengths {
  const checked = (nm: readonly number[], source: string): DraftWavelengths => ({
    value: { nm, source },
    fault: wavelengthFault(nm, bands),
  });
  if (draft.mode === 'preset') {
    const preset = SENSOR_PRESETS.find(({ id }) => id === draft.preset);
    if (!preset) return { value: null, fault: 'Choose a sensor.' };
    return checked(preset.nm, preset.label);
  }
  if (draft.mode === 'linear') {
    const [first, last] = [numberIn(draft.first), numberIn(draft.last)];
    if (typeof first !== 'number' || typeof last !== 'number') {
      return { value: null, fault: 'Write the centres of the first and of the last band.' };
    }
    const nm = inNm(
      Array.from(
        { length: bands },
        (_, i) => first + (i * (last - first)) / Math.max(1, bands - 1),
      ),
      draft.unit,
    );
    return checked(nm, `even steps, ${nm[0]}–${nm[nm.length - 1]} nm`);
  }
  if (draft.mode === 'list') {
    const values = parseNumberList(draft.list, bands);
    if (!values) return { value: null, fault: `Paste ${bands} numbers, one a band.` };
    return checked(inNm(values, draft.unit), draft.listSource ?? 'a list');
  }
  return { value: null };
}

/** Keeps 0.45 µm from becoming 450.00000000000006 nm. */
function inNm(values: readonly number[], unit: Draft['unit']): number[] {
  const micrometres = unit === 'auto' ? Math.max(...values) < MICROMETRE_LIMIT : unit === 'µm';
  return values.map((value) => Number((micrometres ? value * 1000 : value).toPrecision(9)));
}

function numberIn(text: string): number | undefined | 'wrong' {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  if (/^nan$/i.test(trimmed)) return Number.NaN;
  const value = Number(trimmed);
  return Number.isFinite(value) ? value : 'wrong';
}

function draftTriple(text: string): readonly [number, number, number] | undefined | 'wrong' {
  const parts = text.split(/[\s,;]+/).filter((part) => part !== '');
  if (parts.length === 0) return undefined;
  const [red, green, blue] = parts.map((part) => Number(part) - 1);
  const whole = [red, green, blue].every(Number.isInteger);
  return parts.length === 3 && whole ? [red, green, blue] : 'wrong';
}

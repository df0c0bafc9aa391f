import type { CubeInfo } from '../../core/cube/types';
import {
  looksLikeWavelengths,
  nanometresPer,
  statedWavelengths,
  wavelengthsInNames,
} from '../wavelengths';
import type { GdalMetadata } from './gdalMetadata';

type BandInfo = Pick<
  CubeInfo,
  'wavelengthsNm' | 'wavelengthsGuessed' | 'fwhmNm' | 'bandNames' | 'badBands' | 'units' | 'sensor'
>;

/** What a file says of its bands, and what a user should know of how it was read. */
export interface DescribedBands extends BandInfo {
  readonly notes: readonly string[];
}

/**
 * The spellings met in GDAL, ENVI, EnMAP-Box and sensor files, with an optional unit at the end:
 * `wavelength`, `CENTRAL_WAVELENGTH_UM`, `center wavelength`, `band_wavelength_nm`, `wl`.
 */
const CENTRE_KEY =
  /^(?:band_)?(?:cent(?:ral|er|re)_)?(?:wavelengths?|wl)(?:_(nm|um|µm|nanomet\w+|micromet\w+))?$/;
const WIDTH_KEY = /^(?:fwhm|bandwidth)(?:_(nm|um|µm|nanomet\w+|micromet\w+))?$/;
const UNIT_KEYS = ['wavelength_units', 'wavelength_unit', 'wavelengths_units'];
const NUMBER_WITH_UNIT = /^([+-]?\d*\.?\d+(?:e[+-]?\d+)?)\s*([a-zµμ]*)/i;

/** Values of one quantity over the bands, with the unit that the file states for them. */
interface Stated {
  readonly values: readonly number[];
  readonly unit?: string;
}

/**
 * Band centres and widths in nm, names, bad bands and scaling from a TIFF's GDAL metadata.
 * Nothing is assumed: a cube whose file states no wavelengths has none.
 */
export function describeBands(metadata: GdalMetadata): DescribedBands {
  const bands = metadata.bands.length;
  const names = perBand(metadata, 'description');
  const notes: string[] = [];
  const centres = findStated(metadata, CENTRE_KEY);
  let {
    nm: wavelengthsNm,
    toNm,
    note,
    guessed,
  } = statedWavelengths(centres?.values ?? [], bands, centres?.unit);
  if (note) notes.push(note);
  if (!wavelengthsNm && names) {
    const inNames = wavelengthsInNames(names);
    wavelengthsNm = inNames ?? bareNumbers(names);
    guessed = inNames || !wavelengthsNm ? undefined : true;
    if (wavelengthsNm) notes.push('The wavelengths come from the names of the bands.');
  }
  if (!wavelengthsNm && bands > 1 && !note) notes.push('The file states no wavelengths.');
  const widths = findStated(metadata, WIDTH_KEY);
  const scaling = scalingNote(metadata);
  return {
    wavelengthsNm,
    wavelengthsGuessed: guessed,
    fwhmNm: widths && wavelengthsNm && widthsInNm(widths, bands, toNm),
    bandNames: names,
    badBands: badBands(metadata),
    sensor: metadata.image.get('sensor'),
    units: common(metadata, 'unittype'),
    notes: scaling ? [...notes, scaling] : notes,
  };
}

/** A band-level quantity, or a list of the image such as ENVI's `{450, 460}`. */
function findStated(metadata: GdalMetadata, pattern: RegExp): Stated | undefined {
  const key = [...(metadata.bands[0]?.keys() ?? [])].find((name) => pattern.test(name));
  if (key) return statedPerBand(metadata, key, pattern);
  for (const [name, text] of metadata.image) {
    if (!pattern.test(name)) continue;
    const values = text
      .replace(/[{}[\]()]/g, ' ')
      .split(/[\s,;]+/)
      .filter((field) => field !== '')
      .map(Number);
    if (values.length > 1 && values.every(Number.isFinite)) {
      return { values, unit: pattern.exec(name)?.[1] ?? unitOf(metadata.image) };
    }
  }
  return undefined;
}

function statedPerBand(metadata: GdalMetadata, key: string, pattern: RegExp): Stated | undefined {
  const matches = metadata.bands.map((band) => NUMBER_WITH_UNIT.exec(band.get(key) ?? ''));
  const values = matches.flatMap((match) => (match ? [Number(match[1])] : []));
  if (values.length === 0) return undefined;
  const unit =
    pattern.exec(key)?.[1] ??
    (matches[0]?.[2] || unitOf(metadata.bands[0]) || unitOf(metadata.image));
  return { values, unit };
}

/** Names that are nothing but rising numbers, such as `450.3`; from 300 on, so no band indices. */
function bareNumbers(names: readonly string[]): number[] | undefined {
  const values = names.map((name) => (/^\d+(\.\d+)?$/.test(name) ? Number(name) : Number.NaN));
  return values[0] >= 300 && looksLikeWavelengths(values, values.length) ? values : undefined;
}

function unitOf(items: ReadonlyMap<string, string>): string | undefined {
  return UNIT_KEYS.map((key) => items.get(key)).find((unit) => unit);
}

/** Widths are in the unit stated for them, else in that of the centres. */
function widthsInNm(widths: Stated, bands: number, toNm: number | undefined): number[] | undefined {
  const factor = (widths.unit && nanometresPer(widths.unit)) || toNm;
  if (!factor || widths.values.length !== bands) return undefined;
  return widths.values.map((width) => Number((width * factor).toPrecision(12)));
}

function perBand(metadata: GdalMetadata, key: string): string[] | undefined {
  const values = metadata.bands.map((band) => band.get(key) ?? '');
  return values.some((value) => value !== '') ? values : undefined;
}

/** The value that all bands share. */
function common(metadata: GdalMetadata, key: string): string | undefined {
  const [first, ...rest] = perBand(metadata, key) ?? [];
  return first && rest.every((value) => value === first) ? first : undefined;
}

/** ENVI's bad-band list: 0 marks a bad band. */
function badBands(metadata: GdalMetadata): number[] | undefined {
  const bad = metadata.bands.flatMap((band, index) => (band.get('bbl') === '0' ? [index] : []));
  return bad.length > 0 ? bad : undefined;
}

function scalingNote(metadata: GdalMetadata): string | undefined {
  const scale = common(metadata, 'scale');
  const offset = common(metadata, 'offset') ?? '0';
  if (!scale || (Number(scale) === 1 && Number(offset) === 0)) return undefined;
  return `The file scales its samples: value = sample × ${scale} + ${offset}; they are kept as stored.`;
}

import type { CubeInfo } from '../../core/cube/types';
import { stemOf } from '../bytes';
import { sampleTypeOf } from '../samples';
import { statedWavelengths, wavelengthsInNames } from '../wavelengths';
import { geoOf } from './geo';
import { type EnviFields, type EnviHeader, listOf, numbersOf } from './header';

/** What an ENVI header says of the cube; lists that do not fit are left out and noted. */
export function infoOf(header: EnviHeader, dataName: string): CubeInfo {
  const { fields, shape, type } = header;
  const { bands } = shape;
  const notes = [...header.notes];
  const fitting = <T>(key: string, list: readonly T[]): readonly T[] | undefined => {
    if (list.length === 0 || list.length === bands) return list.length ? list : undefined;
    notes.push(`The header lists ${list.length} "${key}" for ${bands} bands; they were left out.`);
    return undefined;
  };
  const bandNames = fitting('band names', listOf(fields.get('band names')));
  const centres = numbersOf(fields.get('wavelength'));
  const wavelengths = statedWavelengths(centres, bands, fields.get('wavelength units'));
  if (wavelengths.note) notes.push(wavelengths.note);
  const { toNm } = wavelengths;
  const widths = fitting('fwhm', numbersOf(fields.get('fwhm')));
  const good = fitting('bbl', numbersOf(fields.get('bbl')));
  if (hasGains(fields)) notes.push('The header states gains or offsets; they were not applied.');
  if (sampleTypeOf(type) !== type) {
    notes.push(`The samples are stored as ${type} and were read as ${sampleTypeOf(type)}.`);
  }
  return {
    name: stemOf(dataName),
    ...shape,
    sampleType: sampleTypeOf(type),
    wavelengthsNm: wavelengths.nm ?? (bandNames && wavelengthsInNames(bandNames)),
    wavelengthsGuessed: wavelengths.guessed,
    fwhmNm: toNm && widths?.every((width) => width > 0) ? inNm(widths, toNm) : undefined,
    bandNames,
    badBands: good?.flatMap((flag, band) => (flag === 0 ? [band] : [])),
    noDataValue: numberOf(fields.get('data ignore value')),
    units: unitsOf(fields),
    sensor: statedText(fields.get('sensor type')),
    geo: geoOf(listOf(fields.get('map info')), fields.get('coordinate system string')),
    defaultBands: defaultBandsOf(numbersOf(fields.get('default bands')), bands),
    notes,
  };
}

function inNm(widths: readonly number[], toNm: number): number[] {
  return widths.map((width) => Number((width * toNm).toPrecision(12)));
}

function hasGains(fields: EnviFields): boolean {
  return (
    numbersOf(fields.get('data gain values')).some((gain) => gain !== 1) ||
    numbersOf(fields.get('data offset values')).some((offset) => offset !== 0)
  );
}

function numberOf(text: string | undefined): number | undefined {
  const value = text ? Number(text) : Number.NaN;
  return text && (!Number.isNaN(value) || /^nan$/i.test(text)) ? value : undefined;
}

function statedText(text: string | undefined): string | undefined {
  return text && !/^unknown$/i.test(text) ? text : undefined;
}

/** The scale of the samples where it is stated, else the title of the value axis. */
function unitsOf(fields: EnviFields): string | undefined {
  const scale = numberOf(fields.get('reflectance scale factor'));
  if (scale) return `reflectance × ${scale}`;
  return statedText(fields.get('data units')) ?? listOf(fields.get('z plot titles'))[1];
}

/** ENVI counts bands from 1. */
function defaultBandsOf(
  stated: readonly number[],
  bands: number,
): readonly [number, number, number] | undefined {
  const inside = stated.every((band) => Number.isInteger(band) && band >= 1 && band <= bands);
  return stated.length === 3 && inside ? [stated[0] - 1, stated[1] - 1, stated[2] - 1] : undefined;
}

import type { CubeOverrides, EditableField } from '../../core/cube/overrides';
import type { CubeInfo } from '../../core/cube/types';

/** What the file states of each field. */
const STATED: Readonly<Record<EditableField, (info: CubeInfo) => unknown>> = {
  wavelengths: ({ wavelengthsNm }) => wavelengthsNm,
  units: ({ units }) => units,
  noDataValue: ({ noDataValue }) => noDataValue,
  badBands: ({ badBands }) => badBands,
  defaultBands: ({ defaultBands }) => defaultBands,
};

/** Where a value comes from, in words. */
export function originOf(field: EditableField, stated: CubeInfo, overrides: CubeOverrides): string {
  if (overrides[field] !== undefined) return 'edited';
  if (STATED[field](stated) === undefined) return 'not in the file';
  return field === 'wavelengths' && stated.wavelengthsGuessed ? 'guessed' : 'from the file';
}

/** A small label that says so. */
export function Origin({ text }: { text: string }) {
  const marked = text === 'edited' || text === 'guessed';
  return <span className={`origin${marked ? ` origin--${text}` : ''}`}>{text}</span>;
}

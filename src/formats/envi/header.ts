import { HscError } from '../../core/errors';
import { decodeText } from '../bytes';
import type { StoredType } from '../samples';
import type { ByteSource } from '../types';
import type { CubeShape, Interleave } from '../window';

/** An ENVI header: how the data file is laid out, and everything else as text. */
export interface EnviHeader {
  readonly shape: CubeShape;
  readonly type: StoredType;
  readonly interleave: Interleave;
  readonly littleEndian: boolean;
  readonly offset: number;
  readonly fields: EnviFields;
  readonly notes: readonly string[];
}

/** Values by key; keys in lower case with single spaces, values without their braces. */
export type EnviFields = ReadonlyMap<string, string>;

/** ENVI `data type` codes; 6 and 9 are complex. */
export const ENVI_TYPES: Readonly<Record<number, StoredType>> = {
  1: 'uint8',
  2: 'int16',
  3: 'int32',
  4: 'float32',
  5: 'float64',
  12: 'uint16',
  13: 'uint32',
  14: 'int64',
  15: 'uint64',
};

const MAX_HEADER_BYTES = 32 * 2 ** 20;

/** Whether a text starts like an ENVI header. Headers written by hand may lack the first line. */
export function isEnviText(head: string): boolean {
  const text = head.replace(/^\uFEFF/, '');
  return (
    /^\s*ENVI\b/.test(text) ||
    (/^\s*samples\s*=/im.test(text) && /^\s*(bands|lines)\s*=/im.test(text))
  );
}

/** Reads and checks a header. Throws `bad-file` naming the key at fault, `unsupported`, `limit`. */
export async function readHeader(file: ByteSource): Promise<EnviHeader> {
  if (file.size > MAX_HEADER_BYTES) {
    throw new HscError('limit', `${file.name} is too long for a header (${file.size} bytes).`);
  }
  return interpret(file.name, parseFields(file.name, decodeText(await file.read(0, file.size))));
}

/** Splits a header into its fields; values in braces may run over many lines. */
export function parseFields(name: string, text: string): EnviFields {
  const fields = new Map<string, string>();
  let open: { key: string; parts: string[] } | undefined;
  for (const line of text.split(/\r\n|\n|\r/)) {
    if (/^\s*;/.test(line)) continue;
    const start = open ? undefined : /^([^=]*)=(.*)$/.exec(line);
    if (!open && !start) continue;
    const key: string = open?.key ?? start![1].trim().toLowerCase().replace(/\s+/g, ' ');
    const value = start ? start[2].trim() : line;
    if (!open && !value.startsWith('{')) {
      fields.set(key, value);
      continue;
    }
    const parts: string[] = open?.parts ?? [];
    const end = value.lastIndexOf('}');
    parts.push(value.slice(start ? 1 : 0, end < 0 ? undefined : end));
    open = end < 0 ? { key, parts } : undefined;
    if (end >= 0) fields.set(key, parts.join('\n').trim());
  }
  if (open) {
    throw new HscError(
      'bad-file',
      `${name} is cut off: the list "${open.key.slice(0, 40)}" is never closed.`,
    );
  }
  return fields;
}

/** The entries of a list. */
export function listOf(value: string | undefined): string[] {
  return (value ?? '')
    .split(',')
    .map((entry) => entry.trim().replace(/\s+/g, ' '))
    .filter((entry) => entry !== '');
}

/** The numbers of a list, separated by commas or blanks; NaN for what is none. */
export function numbersOf(value: string | undefined): number[] {
  return (value ?? '')
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .map(Number);
}

function interpret(name: string, fields: EnviFields): EnviHeader {
  const count = (key: string, least: number, fallback?: number): number => {
    const text = fields.get(key);
    if (text === undefined && fallback !== undefined) return fallback;
    const value = text === undefined || text === '' ? Number.NaN : Number(text);
    if (!Number.isSafeInteger(value) || value < least) {
      throw new HscError(
        'bad-file',
        text === undefined
          ? `${name} lacks "${key}", which an ENVI header must state.`
          : `${name} states ${key} = ${text.slice(0, 40)}, which is no whole number from ${least} on.`,
      );
    }
    return value;
  };
  refuseOtherKinds(name, fields);
  const shape = {
    width: count('samples', 1),
    height: count('lines', 1),
    bands: count('bands', 1),
  };
  const order = count('byte order', 0, 0);
  if (order > 1) {
    throw new HscError('bad-file', `${name} states byte order = ${order}; it must be 0 or 1.`);
  }
  return {
    shape,
    type: typeOf(name, count('data type', 0)),
    interleave: interleaveOf(name, fields.get('interleave'), shape.bands),
    littleEndian: order === 0,
    offset: count('header offset', 0, 0),
    fields,
    notes: fields.has('byte order')
      ? []
      : ['The header states no byte order; little-endian was taken.'],
  };
}

function typeOf(name: string, code: number): StoredType {
  if (code === 6 || code === 9) {
    throw new HscError(
      'unsupported',
      `${name} describes complex numbers (data type ${code}); save their magnitude as data type 4 or 5.`,
    );
  }
  const type = ENVI_TYPES[code];
  if (!type)
    throw new HscError('bad-file', `${name} states data type = ${code}, which ENVI lacks.`);
  return type;
}

function interleaveOf(name: string, text: string | undefined, bands: number): Interleave {
  const value = text?.toLowerCase();
  if (value === 'bsq' || value === 'bil' || value === 'bip') return value;
  // With one band all three are the same.
  if (value === undefined && bands === 1) return 'bsq';
  throw new HscError(
    'bad-file',
    value === undefined
      ? `${name} lacks "interleave", which an ENVI header must state.`
      : `${name} states interleave = ${value.slice(0, 40)}; it must be bsq, bil or bip.`,
  );
}

function refuseOtherKinds(name: string, fields: EnviFields): void {
  const kind = fields.get('file type') ?? '';
  if (/spectral library/i.test(kind)) {
    throw new HscError(
      'unsupported',
      `${name} describes a spectral library, which is no image; drop an image instead.`,
    );
  }
  if (Number(fields.get('file compression') ?? 0) !== 0) {
    throw new HscError(
      'unsupported',
      `${name} describes a compressed data file; save it again without compression.`,
    );
  }
}

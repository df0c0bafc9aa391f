import { deflateSync, Inflate } from 'fflate';
import type { GeoReference } from '../cube/types';
import { HscError } from '../errors';
import { ByteReader, ByteWriter } from './bytes';
import { CHECK_BYTES, Crc24 } from './crc24';
import { HSC_LIMITS } from './limits';
import { checkMetadata, type HscMetadata } from './metadata';
import {
  bandTriple,
  double,
  type FieldCodec,
  indices,
  nanometres,
  selection,
  text,
  texts,
  transform,
  varint,
} from './metadataFields';

const STORED = 0;
const DEFLATED = 1;

type Fields = Required<Omit<HscMetadata, 'geo'> & GeoReference>;
type FieldName = keyof Fields;

/** The order is that of the tags in files, from 1. */
const CODECS: { readonly [Name in FieldName]: FieldCodec<Fields[Name]> } = {
  name: text,
  sensor: text,
  units: text,
  selection,
  wavelengthsNm: nanometres,
  fwhmNm: nanometres,
  bandNames: texts,
  badBands: indices,
  noDataValue: double,
  defaultBands: bandTriple,
  mapInfo: texts,
  wkt: text,
  epsg: varint,
  transform,
  notes: texts,
};

const NAMES = Object.keys(CODECS) as FieldName[];

/**
 * The metadata section: length, body, check. Throws `bad-argument` for metadata that do not fit
 * the bands or cannot be stored, `limit` for too many.
 */
export function formatMetadata(metadata: HscMetadata, bands: number): Uint8Array<ArrayBuffer> {
  checkMetadata(metadata, bands);
  const body = compress(writeFields(metadata));
  const section = new ByteWriter();
  section.varint(body.length);
  section.bytes(body);
  section.u24(new Crc24().bytes(body).value);
  return section.finish();
}

/** Throws `check-failed`, `bitstream`, `bitstream-version`, `truncated` or `limit`. */
export function parseMetadata(reader: ByteReader, bands: number): HscMetadata {
  const length = reader.varint();
  if (length > HSC_LIMITS.metadataBytes) {
    throw new HscError('limit', 'The .hsc file announces more than 16 MiB of metadata.');
  }
  if (length + CHECK_BYTES > reader.remaining) {
    throw new HscError('truncated', 'The .hsc file ends inside its metadata: it was cut short.');
  }
  const body = reader.bytes(length);
  if (reader.u24() !== new Crc24().bytes(body).value) {
    throw new HscError('check-failed', 'The metadata of the .hsc file are damaged.');
  }
  const metadata = readFields(new ByteReader(expand(body)), bands);
  try {
    checkMetadata(metadata, bands);
  } catch (cause) {
    const message = 'The metadata do not describe the bands of the .hsc file.';
    throw new HscError('bitstream', message, { cause });
  }
  return metadata;
}

function compress(fields: Uint8Array): Uint8Array {
  if (fields.length > HSC_LIMITS.metadataBytes) {
    throw new HscError('limit', 'The metadata are larger than 16 MiB.');
  }
  const body = new ByteWriter();
  const deflated = deflateSync(fields, { level: 9 });
  if (deflated.length < fields.length) {
    body.u8(DEFLATED);
    body.varint(fields.length);
    body.bytes(deflated);
  } else {
    body.u8(STORED);
    body.bytes(fields);
  }
  return body.finish();
}

function expand(body: Uint8Array): Uint8Array {
  const reader = new ByteReader(body);
  const form = reader.u8();
  if (form === STORED) return reader.bytes(reader.remaining);
  const length = reader.varint();
  if (form !== DEFLATED || length > HSC_LIMITS.metadataBytes) {
    throw new HscError('bitstream', 'The .hsc file holds metadata in an unknown form.');
  }
  return inflate(reader.bytes(reader.remaining), length);
}

/** So little is inflated at a time that data longer than announced cannot take long or much memory. */
const INFLATE_STEP_BYTES = 4096;

function inflate(bytes: Uint8Array, length: number): Uint8Array {
  const parts: Uint8Array[] = [];
  let total = 0;
  let ended = false;
  let cause: unknown;
  try {
    const stream = new Inflate((part, final) => {
      parts.push(part);
      total += part.length;
      ended ||= final;
    });
    for (let at = 0; at < bytes.length && total <= length; at += INFLATE_STEP_BYTES) {
      const end = at + INFLATE_STEP_BYTES;
      stream.push(bytes.subarray(at, end), end >= bytes.length);
    }
  } catch (error) {
    cause = error;
  }
  if (!ended || total !== length) {
    throw new HscError('bitstream', 'The metadata of the .hsc file do not decompress.', { cause });
  }
  return joined(parts, total);
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function writeFields({ geo, ...rest }: HscMetadata): Uint8Array {
  const fields: Partial<Fields> = { ...rest, ...geo };
  const writer = new ByteWriter();
  const writeField = <Name extends FieldName>(name: Name, tag: number) => {
    const value = fields[name];
    if (value === undefined) return;
    const content = new ByteWriter();
    CODECS[name].write(content, value);
    const bytes = content.finish();
    writer.u8(tag);
    writer.varint(bytes.length);
    writer.bytes(bytes);
  };
  for (const [index, name] of NAMES.entries()) writeField(name, index + 1);
  return writer.finish();
}

function readFields(reader: ByteReader, bands: number): HscMetadata {
  const fields: Partial<Fields> = {};
  const readField = <Name extends FieldName>(name: Name, content: ByteReader) => {
    fields[name] = CODECS[name].read(content, bands);
    if (content.remaining > 0) throw malformed();
  };
  let last = 0;
  while (reader.remaining > 0) {
    const tag = reader.u8();
    const name = NAMES[tag - 1];
    if (!name) {
      const message = 'The .hsc file has metadata that are not known here: it is newer or damaged.';
      throw new HscError('bitstream-version', message);
    }
    if (tag <= last) throw malformed();
    last = tag;
    readField(name, new ByteReader(reader.bytes(reader.varint())));
  }
  const { mapInfo, wkt, epsg, transform: affine, ...rest } = fields;
  const geo = Object.entries({ mapInfo, wkt, epsg, transform: affine }).filter(
    ([, value]) => value !== undefined,
  );
  return geo.length > 0 ? { ...rest, geo: Object.fromEntries(geo) } : rest;
}

function malformed(): HscError {
  return new HscError('bitstream', 'The metadata of the .hsc file are malformed.');
}

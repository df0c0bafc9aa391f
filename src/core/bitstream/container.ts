import { HscError } from '../errors';
import { ByteReader, ByteWriter } from './bytes';
import { CHECK_BYTES, Crc24 } from './crc24';
import { formatHeader, type HscHeader, parseHeader } from './header';
import { HSC_LIMITS } from './limits';
import type { HscMetadata } from './metadata';
import { formatMetadata, parseMetadata } from './metadataSection';
import { tileCount } from './tiles';

/** Bytes of a file by section; they add up to the file. */
export interface HscSections {
  /** Header, tile index and checks: all that is in no other section. */
  readonly header: number;
  readonly metadata: number;
  /** Changes of the model's weights, in files that have any. */
  readonly weights?: number;
  /** Payload of each tile, in tile order. */
  readonly tiles: readonly number[];
}

/** One payload with its check, which covers what the payload decodes to. */
export interface TileRecord {
  readonly check: number;
  readonly payload: Uint8Array;
}

/** A file taken apart, nothing decoded; payloads are views of the file. */
export interface HscFile {
  /**
   * In a file of one payload the header is checked together with the decoded payload, so it is
   * certain only once that is decoded.
   */
  readonly header: HscHeader;
  readonly metadata: HscMetadata | undefined;
  readonly tiles: readonly TileRecord[];
  readonly sections: HscSections;
  /** Header and tile index as they stand in the file: the beginning of what every check covers. */
  readonly headerBytes: Uint8Array;
}

/** A check of a payload's content: covers the header, the tile's number and the content. */
export type TileCheck = (crc: Crc24) => Crc24;

/** The check of one tile. */
export function tileCheck(headerBytes: Uint8Array, tile: number, content: TileCheck): number {
  return content(new Crc24().bytes(headerBytes).int32([tile])).value;
}

/** Number of payloads of a file: its tiles, or one for codecs that lay out their own. */
export function payloadCount(header: HscHeader): number {
  return header.family === 'hific' ? tileCount(header.width, header.height) : 1;
}

/**
 * Puts a file together. `contents[i]` feeds what `payloads[i]` decodes to into its check.
 * Throws `bad-argument` or `limit`.
 */
export function formatFile(
  header: HscHeader,
  metadata: HscMetadata | undefined,
  payloads: readonly Uint8Array[],
  contents: readonly TileCheck[],
): { file: Uint8Array<ArrayBuffer>; sections: HscSections } {
  const count = payloadCount(header);
  if (payloads.length !== count || contents.length !== count) {
    throw new HscError('bad-argument', `A file of this size takes ${count} tiles.`);
  }
  const headerBytes = withTileIndex(formatHeader(header, metadata !== undefined), payloads);
  const metadataBytes = metadata ? formatMetadata(metadata, header.bands) : new Uint8Array(0);
  const weights = weightsSection(header, headerBytes);
  const parts: Uint8Array[] = [headerBytes];
  if (count > 1) parts.push(checkBytes(new Crc24().bytes(headerBytes).value));
  parts.push(metadataBytes, weights);
  for (const [tile, payload] of payloads.entries()) {
    parts.push(checkBytes(tileCheck(headerBytes, tile, contents[tile])), payload);
  }
  const file = concatenate(parts);
  const tiles = payloads.map((payload) => payload.length);
  return { file, sections: sectionsOf(file.length, metadataBytes.length, weights.length, tiles) };
}

/**
 * Takes a file apart. Throws `bitstream`, `bitstream-version`, `limit`, `truncated`, and
 * `check-failed` for damaged metadata or the damaged header of a file of several tiles.
 */
export function parseFile(file: Uint8Array): HscFile {
  if (file.length > HSC_LIMITS.fileBytes) {
    throw new HscError('limit', 'The .hsc file is larger than 2 GiB.');
  }
  const reader = new ByteReader(file);
  const { header, hasMetadata, hasWeights } = parseHeader(reader);
  const count = payloadCount(header);
  const lengths = count > 1 ? readTileIndex(reader, count) : undefined;
  const headerBytes = file.subarray(0, reader.position);
  if (lengths && reader.u24() !== new Crc24().bytes(headerBytes).value) {
    throw new HscError('check-failed', 'The header of the .hsc file is damaged.');
  }
  const metadataStart = reader.position;
  const metadata = hasMetadata ? parseMetadata(reader, header.bands) : undefined;
  const metadataBytes = reader.position - metadataStart;
  const weightsStart = reader.position;
  const delta = hasWeights ? readWeights(reader, headerBytes) : undefined;
  const weightsBytes = reader.position - weightsStart;
  const tiles = readTiles(reader, lengths);
  const sizes = tiles.map(({ payload }) => payload.length);
  const sections = sectionsOf(file.length, metadataBytes, weightsBytes, sizes);
  return { header: withDelta(header, delta), metadata, tiles, sections, headerBytes };
}

/** Bytes of a file by section. Throws as {@link parseFile}. */
export function sections(file: Uint8Array): HscSections {
  return parseFile(file).sections;
}

function withTileIndex(fields: Uint8Array, payloads: readonly Uint8Array[]): Uint8Array {
  if (payloads.length === 1) return fields;
  const index = new ByteWriter();
  for (const payload of payloads) index.varint(payload.length);
  return concatenate([fields, index.finish()]);
}

function readTileIndex(reader: ByteReader, count: number): number[] {
  if (count > reader.remaining) {
    throw new HscError('truncated', 'The .hsc file ends inside its tile index: it was cut short.');
  }
  return Array.from({ length: count }, () => reader.varint());
}

function readTiles(reader: ByteReader, lengths: readonly number[] | undefined): TileRecord[] {
  const read = (length: number) => ({ check: reader.u24(), payload: reader.bytes(length) });
  if (!lengths) return [read(Math.max(0, reader.remaining - CHECK_BYTES))];
  const tiles = lengths.map(read);
  if (reader.remaining > 0) {
    throw new HscError('bitstream', 'The .hsc file has bytes after its last tile: it is damaged.');
  }
  return tiles;
}

function sectionsOf(
  total: number,
  metadata: number,
  weights: number,
  tiles: readonly number[],
): HscSections {
  const payload = tiles.reduce((sum, bytes) => sum + bytes, 0);
  const header = total - metadata - weights - payload;
  return { header, metadata, ...(weights > 0 && { weights }), tiles };
}

/** Bytes of the section that holds changes of weights. */
export function weightsSectionBytes(delta: Uint8Array): number {
  return lengthBytes(delta).length + delta.length + CHECK_BYTES;
}

function lengthBytes({ length }: Uint8Array): Uint8Array {
  const writer = new ByteWriter();
  writer.varint(length);
  return writer.finish();
}

/** Changes of weights: length, body, check, which covers the header as well. */
function weightsSection(header: HscHeader, headerBytes: Uint8Array): Uint8Array {
  const delta = header.family === 'hific' ? header.model.delta : undefined;
  if (!delta) return new Uint8Array(0);
  if (delta.length > HSC_LIMITS.weightsBytes) {
    throw new HscError(
      'limit',
      'What the tuned weights change takes more than 16 MiB: name them in the file instead.',
    );
  }
  const check = checkBytes(new Crc24().bytes(headerBytes).bytes(delta).value);
  return concatenate([lengthBytes(delta), delta, check]);
}

/** The body, a copy: headers outlive their files. */
function readWeights(reader: ByteReader, headerBytes: Uint8Array): Uint8Array {
  const length = reader.varint();
  if (length > HSC_LIMITS.weightsBytes) {
    throw new HscError('limit', 'The .hsc file announces more than 16 MiB of changed weights.');
  }
  if (length + CHECK_BYTES > reader.remaining) {
    throw new HscError('truncated', 'The .hsc file ends inside its weights: it was cut short.');
  }
  const body = reader.bytes(length);
  if (reader.u24() !== new Crc24().bytes(headerBytes).bytes(body).value) {
    throw new HscError('check-failed', 'The changes of weights in the .hsc file are damaged.');
  }
  return body.slice();
}

function withDelta(header: HscHeader, delta: Uint8Array | undefined): HscHeader {
  if (!delta || header.family !== 'hific') return header;
  return { ...header, model: { ...header.model, delta } };
}

function checkBytes(check: number): Uint8Array {
  const writer = new ByteWriter();
  writer.u24(check);
  return writer.finish();
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const total = parts.reduce((sum, part) => sum + part.length, 0);
  if (total > HSC_LIMITS.fileBytes) {
    throw new HscError('limit', 'The .hsc file would be larger than 2 GiB.');
  }
  const whole = new Uint8Array(total);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

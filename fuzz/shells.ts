/** Ways into what compression and checksums guard. */
import { inflateSync, unzipSync, unzlibSync, zipSync, zlibSync } from 'fflate';
import { ByteReader, ByteWriter } from '../src/core/bitstream/bytes';
import { payloadCount } from '../src/core/bitstream/container';
import { Crc24 } from '../src/core/bitstream/crc24';
import { parseHeader } from '../src/core/bitstream/header';
import type { Shell } from './types';

/** Beyond this an inside is not worth packing again and again. */
const MAX_INSIDE_BYTES = 2 ** 17;
const MAX_METADATA_BYTES = 4096;

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

/** One member of a ZIP archive, the first whose name fits. */
function zipShell(name: RegExp, text: boolean): Shell {
  const members = (bytes: Uint8Array) =>
    unzipSync(bytes, { filter: ({ originalSize }) => originalSize < MAX_INSIDE_BYTES });
  const wanted = (files: Record<string, Uint8Array>) =>
    Object.keys(files).find((own) => name.test(own));
  return {
    open(bytes) {
      const files = members(bytes);
      const own = wanted(files);
      return own === undefined ? undefined : { inside: files[own], text };
    },
    close(inside, bytes) {
      const files = members(bytes);
      const own = wanted(files);
      if (own !== undefined) files[own] = new Uint8Array(inside);
      return zipSync(files, { level: inside.length % 2 === 0 ? 0 : 1 });
    },
  };
}

export const npzShell = zipShell(/\.npy$/, false);
export const experimentShell = zipShell(/^experiment\.json$/, true);

const MAT_HEADER_BYTES = 128;

/** The first variable of a MATLAB file, where it is compressed. */
export const matlabShell: Shell = {
  open(bytes) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (view.getUint32(MAT_HEADER_BYTES, true) !== 15) return undefined;
    const from = MAT_HEADER_BYTES + 8;
    const length = view.getUint32(MAT_HEADER_BYTES + 4, true);
    if (length > MAX_INSIDE_BYTES / 64) return undefined;
    return { inside: unzlibSync(bytes.subarray(from, from + length)) };
  },
  close(inside, bytes) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const rest = MAT_HEADER_BYTES + 8 + view.getUint32(MAT_HEADER_BYTES + 4, true);
    const data = zlibSync(inside, { level: 1 });
    const tag = new Uint8Array(Uint32Array.of(15, data.length).buffer);
    return joined(bytes.subarray(0, MAT_HEADER_BYTES), tag, data, bytes.subarray(rest));
  },
};

const PREFIX_BYTES = 8;

/** The JSON at the start of a safetensors file. */
export const safetensorsShell: Shell = {
  open(bytes) {
    const length = Buffer.from(bytes.subarray(0, PREFIX_BYTES)).readUint32LE(0);
    return { inside: bytes.subarray(PREFIX_BYTES, PREFIX_BYTES + length), text: true };
  },
  close(inside, bytes) {
    const length = Buffer.from(bytes.subarray(0, PREFIX_BYTES)).readUint32LE(0);
    const prefix = new Uint8Array(PREFIX_BYTES);
    new DataView(prefix.buffer).setUint32(0, inside.length, true);
    return joined(prefix, inside, bytes.subarray(PREFIX_BYTES + length));
  },
};

/** Where the metadata section of a .hsc file stands. */
function metadataOf(bytes: Uint8Array) {
  const reader = new ByteReader(bytes);
  const { header, hasMetadata } = parseHeader(reader);
  if (!hasMetadata) return undefined;
  const tiles = payloadCount(header);
  for (let i = 0; tiles > 1 && i < tiles; i++) reader.varint();
  if (tiles > 1) reader.u24();
  const start = reader.position;
  const body = reader.bytes(reader.varint());
  reader.u24();
  return { start, body, end: reader.position };
}

/** The fields of the metadata of a .hsc file, stored or inflated. */
export const metadataShell: Shell = {
  open(bytes) {
    const body = metadataOf(bytes)?.body;
    if (!body || body.length > MAX_METADATA_BYTES) return undefined;
    const reader = new ByteReader(body);
    if (reader.u8() === 0) return { inside: reader.bytes(reader.remaining) };
    reader.varint();
    return { inside: inflateSync(reader.bytes(reader.remaining)) };
  },
  close(inside, bytes) {
    const section = metadataOf(bytes);
    if (!section) return bytes;
    const body = new ByteWriter();
    body.u8(0);
    body.bytes(inside);
    const written = new ByteWriter();
    const content = body.finish();
    written.varint(content.length);
    written.bytes(content);
    written.u24(new Crc24().bytes(content).value);
    return joined(bytes.subarray(0, section.start), written.finish(), bytes.subarray(section.end));
  },
};

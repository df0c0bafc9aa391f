/**
 * The safetensors container: an 8-byte little-endian length, a JSON header, then the tensors'
 * bytes (https://github.com/huggingface/safetensors). Read strictly: the tensors must tile the
 * data section exactly, so that no byte of a weights file goes unexplained.
 */
import { HscError } from './errors';
import { float16BitsOf, float32Of } from './float16';

/** F16 tensors are held as float32; the others in the array type of their own name. */
export type TensorData =
  | Float64Array
  | Float32Array
  | Int32Array
  | Uint32Array
  | Int16Array
  | Uint16Array
  | Int8Array
  | Uint8Array;

export type TensorType = 'F64' | 'F32' | 'F16' | 'I32' | 'U32' | 'I16' | 'U16' | 'I8' | 'U8';

export interface Tensor {
  readonly dtype: TensorType;
  /** Row-major, last axis fastest; `[]` is a scalar. */
  readonly shape: readonly number[];
  readonly data: TensorData;
}

export interface Safetensors {
  readonly tensors: ReadonlyMap<string, Tensor>;
  readonly metadata: Readonly<Record<string, string>>;
}

export const SAFETENSORS_LIMITS = {
  fileBytes: 1 << 30,
  headerBytes: 4 << 20,
  rank: 8,
} as const;

const BYTES: Readonly<Record<TensorType, number>> = {
  F64: 8,
  F32: 4,
  F16: 2,
  I32: 4,
  U32: 4,
  I16: 2,
  U16: 2,
  I8: 1,
  U8: 1,
};

const PREFIX_BYTES = 8;

/**
 * Parses a whole safetensors file.
 * Throws `bad-file`, `truncated`, `limit`, or `unsupported` for an element type outside
 * {@link TensorType}.
 */
export function parseSafetensors(file: Uint8Array): Safetensors {
  const headerEnd = PREFIX_BYTES + headerLength(file);
  const header = parseHeader(file.subarray(PREFIX_BYTES, headerEnd));
  const { __metadata__: rawMetadata, ...entries } = header;
  const layout = Object.entries(entries)
    .map(([name, entry]) => readEntry(name, entry))
    .sort((a, b) => a.begin - b.begin || a.end - b.end);

  const body = file.subarray(headerEnd);
  const tensors = new Map<string, Tensor>();
  let expected = 0;
  for (const { name, dtype, shape, begin, end } of layout) {
    if (begin !== expected) {
      throw new HscError('bad-file', `Tensor ${name} overlaps another or leaves a gap before it.`);
    }
    if (end > body.length) {
      throw new HscError('truncated', `The weights file ends inside tensor ${name}.`);
    }
    tensors.set(name, { dtype, shape, data: decode(dtype, body.subarray(begin, end)) });
    expected = end;
  }
  if (expected !== body.length) {
    throw new HscError('bad-file', 'The weights file has bytes that belong to no tensor.');
  }
  return { tensors, metadata: readMetadata(rawMetadata) };
}

function headerLength(file: Uint8Array): number {
  if (file.length > SAFETENSORS_LIMITS.fileBytes) {
    throw new HscError('limit', 'The weights file is larger than 1 GiB.');
  }
  if (file.length < PREFIX_BYTES) {
    throw new HscError('truncated', 'The weights file is too short to be a safetensors file.');
  }
  const view = new DataView(file.buffer, file.byteOffset, PREFIX_BYTES);
  const length = view.getUint32(0, true);
  if (view.getUint32(4, true) !== 0 || length > SAFETENSORS_LIMITS.headerBytes) {
    throw new HscError('limit', 'Not a safetensors file, or its header is larger than 4 MiB.');
  }
  if (PREFIX_BYTES + length > file.length) {
    throw new HscError('truncated', 'The weights file ends inside its header.');
  }
  return length;
}

function parseHeader(bytes: Uint8Array): Record<string, unknown> {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new HscError('bad-file', 'The header of the weights file is not valid JSON.', { cause });
  }
  if (!isRecord(header)) {
    throw new HscError('bad-file', 'The header of the weights file is not a JSON object.');
  }
  return header;
}

interface Entry {
  readonly name: string;
  readonly dtype: TensorType;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

function readEntry(name: string, entry: unknown): Entry {
  const bad = (what: string) => new HscError('bad-file', `Tensor ${name} has ${what}.`);
  if (!isRecord(entry)) throw bad('no description');
  const { dtype, shape, data_offsets: offsets } = entry;
  if (typeof dtype !== 'string') throw bad('no element type');
  if (!isTensorType(dtype)) {
    throw new HscError('unsupported', `Tensor ${name} has the unsupported element type ${dtype}.`);
  }
  if (!isCounts(shape) || shape.length > SAFETENSORS_LIMITS.rank) throw bad('an invalid shape');
  if (!isCounts(offsets) || offsets.length !== 2) throw bad('invalid offsets');
  const [begin, end] = offsets;
  if (end - begin !== elementCount(shape) * BYTES[dtype]) {
    throw bad('a shape that does not match its length');
  }
  return { name, dtype, shape, begin, end };
}

function readMetadata(raw: unknown): Record<string, string> {
  if (raw === undefined) return {};
  if (!isRecord(raw)) throw new HscError('bad-file', 'The metadata of the weights are malformed.');
  const entries = Object.entries(raw).map(([key, value]): [string, string] => {
    if (typeof value !== 'string') {
      throw new HscError('bad-file', `Metadata entry ${key} of the weights file is not a string.`);
    }
    return [key, value];
  });
  return Object.fromEntries(entries);
}

/** Copies, because a tensor's bytes need not be aligned to its elements. */
function decode(dtype: TensorType, bytes: Uint8Array): TensorData {
  const { buffer } = bytes.slice();
  switch (dtype) {
    case 'F64':
      return new Float64Array(buffer);
    case 'F32':
      return new Float32Array(buffer);
    case 'F16':
      return float32Of(new Uint16Array(buffer));
    case 'I32':
      return new Int32Array(buffer);
    case 'U32':
      return new Uint32Array(buffer);
    case 'I16':
      return new Int16Array(buffer);
    case 'U16':
      return new Uint16Array(buffer);
    case 'I8':
      return new Int8Array(buffer);
    case 'U8':
      return new Uint8Array(buffer);
  }
}

/**
 * Writes a safetensors file that {@link parseSafetensors} reads back. Tensors are laid out with
 * the widest element type first, then by name, so that equal content gives equal bytes.
 * Throws `bad-argument` where a tensor's array does not match its shape and type.
 */
export function formatSafetensors(content: Safetensors): Uint8Array<ArrayBuffer> {
  const order = [...content.tensors].sort(
    ([a, { dtype: s }], [b, { dtype: t }]) => BYTES[t] - BYTES[s] || (a < b ? -1 : 1),
  );
  const header: Record<string, unknown> = { __metadata__: content.metadata };
  const parts: Uint8Array[] = [];
  let end = 0;
  for (const [name, tensor] of order) {
    const bytes = encode(name, tensor);
    header[name] = {
      dtype: tensor.dtype,
      shape: tensor.shape,
      data_offsets: [end, end + bytes.length],
    };
    parts.push(bytes);
    end += bytes.length;
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const headerBytes = Math.ceil(json.length / 8) * 8;
  const file = new Uint8Array(PREFIX_BYTES + headerBytes + end);
  new DataView(file.buffer).setUint32(0, headerBytes, true);
  file.fill(0x20, PREFIX_BYTES, PREFIX_BYTES + headerBytes);
  file.set(json, PREFIX_BYTES);
  let at = PREFIX_BYTES + headerBytes;
  for (const part of parts) {
    file.set(part, at);
    at += part.length;
  }
  return file;
}

function encode(name: string, { dtype, shape, data }: Tensor): Uint8Array {
  const stored = dtype === 'F16' ? float16BitsOf(data) : data;
  const count = elementCount(shape);
  if (data.length !== count || stored.byteLength !== count * BYTES[dtype]) {
    throw new HscError('bad-argument', `The array of tensor ${name} does not match its shape.`);
  }
  return new Uint8Array(stored.buffer, stored.byteOffset, stored.byteLength);
}

function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

function isTensorType(name: string): name is TensorType {
  return Object.hasOwn(BYTES, name);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && n >= 0);
}

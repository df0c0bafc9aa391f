import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HscError } from './errors';
import { formatSafetensors, parseSafetensors, type Tensor } from './safetensors';

const SAMPLE = new Map<string, Tensor>([
  ['b', { dtype: 'U8', shape: [3], data: Uint8Array.of(1, 2, 3) }],
  ['a', { dtype: 'F16', shape: [2, 2], data: Float32Array.of(0.5, -1, 65504, 0) }],
  ['c', { dtype: 'I16', shape: [1, 2], data: Int16Array.of(-32768, 32767) }],
  ['d', { dtype: 'I32', shape: [], data: Int32Array.of(-5) }],
  ['e', { dtype: 'F64', shape: [1], data: Float64Array.of(Math.PI) }],
  ['f', { dtype: 'U16', shape: [0, 4], data: new Uint16Array(0) }],
  ['g', { dtype: 'F32', shape: [1], data: Float32Array.of(1.25) }],
  ['h', { dtype: 'U32', shape: [1], data: Uint32Array.of(4294967295) }],
  ['i', { dtype: 'I8', shape: [1], data: Int8Array.of(-128) }],
]);
const FILE = formatSafetensors({ tensors: SAMPLE, metadata: { format: 'test', ü: 'ß' } });

function fileOf(header: unknown, body = new Uint8Array(0)): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify(header));
  const file = new Uint8Array(8 + json.length + body.length);
  file[0] = json.length;
  file[1] = json.length >> 8;
  file.set(json, 8);
  file.set(body, 8 + json.length);
  return file;
}

function codeOf(file: Uint8Array): string {
  try {
    parseSafetensors(file);
    return 'none';
  } catch (error) {
    if (!(error instanceof HscError)) throw error;
    return error.code;
  }
}

test('reads back what it writes, of every type, at any alignment', () => {
  for (const shift of [0, 1, 3]) {
    const shifted = new Uint8Array(FILE.length + shift).subarray(shift);
    shifted.set(FILE);
    const { tensors, metadata } = parseSafetensors(shifted);
    expect(metadata).toEqual({ format: 'test', ü: 'ß' });
    expect(new Map([...tensors].sort())).toEqual(new Map([...SAMPLE].sort()));
  }
});

test('equal content gives equal bytes', () => {
  const reordered = new Map([...SAMPLE].reverse());
  const again = formatSafetensors({ tensors: reordered, metadata: { format: 'test', ü: 'ß' } });
  expect(again).toEqual(FILE);
});

test('refuses what is not exactly one safetensors file', () => {
  const entry = (begin: number, end: number, shape = [end - begin]) => ({
    dtype: 'U8',
    shape,
    data_offsets: [begin, end],
  });
  const body = new Uint8Array(4);
  expect(codeOf(new Uint8Array(0))).toBe('truncated');
  expect(codeOf(fileOf({ a: entry(0, 4) }, body))).toBe('none');
  expect(codeOf(fileOf({ a: entry(0, 5) }, body))).toBe('truncated');
  expect(codeOf(fileOf({ a: entry(0, 3) }, body))).toBe('bad-file');
  expect(codeOf(fileOf({ a: entry(0, 2), b: entry(1, 4) }, body))).toBe('bad-file');
  expect(codeOf(fileOf({ a: entry(0, 1), b: entry(2, 4) }, body))).toBe('bad-file');
  expect(codeOf(fileOf({ a: entry(0, 4, [2]) }, body))).toBe('bad-file');
  expect(codeOf(fileOf({ a: entry(0, 4, [-2, -2]) }, body))).toBe('bad-file');
  expect(codeOf(fileOf({ a: { ...entry(0, 4), dtype: 'BF16' } }, body))).toBe('unsupported');
  expect(codeOf(fileOf({ a: { ...entry(0, 4), dtype: 'toString' } }, body))).toBe('unsupported');
  expect(codeOf(fileOf({ a: 1 }))).toBe('bad-file');
  expect(codeOf(fileOf([]))).toBe('bad-file');
  expect(codeOf(fileOf({ __metadata__: { a: 1 } }))).toBe('bad-file');
  expect(codeOf(Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0xff))).toBe('bad-file');
  expect(codeOf(Uint8Array.of(2, 0, 0, 0, 1, 0, 0, 0, 0x7b, 0x7d))).toBe('limit');
});

test('a file cut anywhere is an error', () => {
  for (let length = 0; length < FILE.length; length++) {
    expect(codeOf(FILE.subarray(0, length))).not.toBe('none');
  }
});

test('damage is either an HscError or a file that still parses', () => {
  fc.assert(
    fc.property(fc.nat(FILE.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
      const damaged = FILE.slice();
      damaged[at] ^= flip;
      codeOf(damaged);
    }),
  );
});

test('refuses to write an array that does not match its shape', () => {
  const tensors = new Map<string, Tensor>([
    ['a', { dtype: 'I32', shape: [3], data: Int32Array.of(1, 2) }],
  ]);
  expect(() => formatSafetensors({ tensors, metadata: {} })).toThrow(HscError);
});

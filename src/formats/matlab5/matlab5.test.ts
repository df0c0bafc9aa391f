import fc from 'fast-check';
import { zlibSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { bytesSource } from '../bytes';
import { readAll } from '../testData';
import {
  damagedBytes,
  expectTypedFailure,
  GOLDEN_SHAPE,
  GOLDEN_WAVELENGTHS,
  goldenBytes,
  goldenFile,
  goldenSamples,
  openWith,
} from '../testFiles';
import type { ByteSource } from '../types';
import { matlab5Reader } from './reader';

type Endian = 'little' | 'big';

/** One element: tag, data, padding; up to four bytes of data go into the tag. */
function element(type: number, data: Uint8Array, endian: Endian): Uint8Array {
  const little = endian === 'little';
  const small = data.length > 0 && data.length <= 4;
  const bytes = new Uint8Array(small ? 8 : 8 + Math.ceil(data.length / 8) * 8);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, small ? type | (data.length << 16) : type, little);
  if (!small) view.setUint32(4, data.length, little);
  bytes.set(data, small ? 4 : 8);
  return bytes;
}

function words(values: readonly number[], endian: Endian): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.length * 4));
  values.forEach((value, i) => {
    view.setUint32(i * 4, value, endian === 'little');
  });
  return new Uint8Array(view.buffer);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

/** A double-class array whose samples are stored as uint8 or int16, as MATLAB does. */
function variable(
  name: string,
  dims: readonly number[],
  samples: Uint8Array | Int16Array,
  endian: Endian,
) {
  const wide = samples instanceof Int16Array;
  const data = new DataView(new ArrayBuffer(samples.byteLength));
  samples.forEach((value: number, i: number) => {
    if (wide) data.setInt16(i * 2, value, endian === 'little');
    else data.setUint8(i, value);
  });
  const parts = [
    element(6, words([6, 0], endian), endian),
    element(5, words(dims, endian), endian),
    element(1, new TextEncoder().encode(name), endian),
    element(wide ? 3 : 2, new Uint8Array(data.buffer), endian),
  ];
  return element(14, joined(parts), endian);
}

function matFile(elements: readonly Uint8Array[], endian: Endian, name = 'made.mat'): ByteSource {
  const header = new Uint8Array(128).fill(32);
  header.set(new TextEncoder().encode('MATLAB 5.0 MAT-file'));
  const mark = endian === 'little' ? [0, 1, 0x49, 0x4d] : [1, 0, 0x4d, 0x49];
  header.set(mark, 124);
  return bytesSource(joined([header, ...elements]), name);
}

function compressed(bytes: Uint8Array, endian: Endian): Uint8Array {
  const data = zlibSync(bytes);
  return joined([words([15, data.length], endian), data]);
}

function openError(file: ByteSource, axes?: string) {
  return openWith(matlab5Reader, [file], { axes }).then(
    () => expect.fail('opened'),
    (error: unknown) => error,
  );
}

const cubeSamples = Int16Array.from({ length: 3 * 4 * 5 }, (_, i) => i - 20);
/** rows × columns × bands, first index fastest. */
const upright = Array.from({ length: 60 }, (_, i) => {
  const [b, x, y] = [i % 5, Math.floor(i / 5) % 4, Math.floor(i / 20)];
  return y + 3 * x + 12 * b - 20;
});

describe('MATLAB v5 files written by SciPy', () => {
  it.each(['plain.mat', 'compressed.mat'])(
    '%s: the cube among masks, structs, cells, text',
    async (name) => {
      const opened = await openWith(matlab5Reader, [goldenFile('matlab5', name)]);
      expect(opened.chosen).toBe('cube');
      expect(opened.candidates.map(({ id }) => id)).toEqual(['cube']);
      expect(opened.candidates[0].shape).toEqual([5, 4, 7]);
      expect(opened.cube.info).toMatchObject({
        ...GOLDEN_SHAPE,
        sampleType: 'int16',
        wavelengthsNm: GOLDEN_WAVELENGTHS,
      });
      expect([...(await readAll(opened.cube))]).toEqual(goldenSamples('int16'));
    },
  );

  it.each([
    ['uint8', 'uint8'],
    ['int8', 'int8'],
    ['uint16', 'uint16'],
    ['int16', 'int16'],
    ['uint32', 'uint32'],
    ['int32', 'int32'],
    ['float32', 'float32'],
    ['float64', 'float64'],
    ['int64', 'float64'],
    ['uint64', 'float64'],
  ])('%s arrays come out as %s', async (stored, sampleType) => {
    const opened = await openWith(matlab5Reader, [goldenFile('matlab5', 'types.mat')], {
      candidate: `cube_${stored}`,
    });
    expect(opened.candidates).toHaveLength(10);
    expect(opened.cube.info.sampleType).toBe(sampleType);
    expect([...(await readAll(opened.cube))]).toEqual(goldenSamples(stored));
  });

  it('bands × pixels take rows and columns from the variables beside them', async () => {
    const opened = await openWith(matlab5Reader, [goldenFile('matlab5', 'flat.mat')]);
    expect(opened.chosen).toBe('V');
    expect(opened.cube.info).toMatchObject(GOLDEN_SHAPE);
    expect([...(await readAll(opened.cube))]).toEqual(goldenSamples('float64'));
  });

  it('version 4 is recognised and refused', async () => {
    const file = goldenFile('matlab5', 'version4.mat');
    expect(await matlab5Reader.sniff(file, await file.read(0, file.size), [file])).toBe(true);
    expect(await openError(file)).toMatchObject({
      code: 'unsupported',
      message: expect.stringMatching(/v4.*save -v7/),
    });
  });
});

describe('MATLAB v5 files of either byte order', () => {
  it.each(['little', 'big'] as const)('%s-endian, plain and compressed', async (endian) => {
    const matrix = variable('cube', [3, 4, 5], cubeSamples, endian);
    for (const stored of [matrix, compressed(matrix, endian)]) {
      const file = matFile([variable('a', [1, 1], Uint8Array.of(7), endian), stored], endian);
      expect(await matlab5Reader.sniff(file, await file.read(0, 128), [file])).toBe(true);
      const { cube } = await openWith(matlab5Reader, [file]);
      expect(cube.info).toMatchObject({ height: 3, width: 4, bands: 5, sampleType: 'int16' });
      expect([...(await readAll(cube))]).toEqual(upright);
    }
  });
});

describe('the choice of cube and axes', () => {
  const flat = variable('X', [5, 12], cubeSamples, 'little');
  const cube = variable('cube', [3, 4, 5], cubeSamples, 'little');

  it('needs rows and columns for bands × pixels, which the user can state', async () => {
    const file = matFile([flat], 'little');
    const error = await openError(file);
    expect(error).toMatchObject({ code: 'choice-needed' });
    expect(String(error)).toMatch(/X in made.mat is 5 × 12.*b\(xy\):95x95/);
    const { cube: opened } = await openWith(matlab5Reader, [file], { axes: 'b(xy):3x4' });
    expect(opened.info).toMatchObject({ height: 3, width: 4, bands: 5 });
    expect(await openError(file, 'b(xy):3x5')).toMatchObject({ code: 'bad-argument' });
    expect(await openError(file, 'yxb')).toMatchObject({ code: 'bad-argument' });
  });

  it('takes rows and columns from a mask', async () => {
    const mask = variable('map', [3, 4], new Uint8Array(12), 'little');
    const { cube: opened } = await openWith(matlab5Reader, [matFile([mask, flat], 'little')]);
    expect(opened.info).toMatchObject({ height: 3, width: 4, bands: 5 });
  });

  it('follows the axes that the user states', async () => {
    const file = matFile([cube], 'little');
    const { cube: opened } = await openWith(matlab5Reader, [file], { axes: 'bxy' });
    expect(opened.info).toMatchObject({ bands: 3, width: 4, height: 5 });
    expect(await openError(file, 'xxb')).toMatchObject({ code: 'bad-argument' });
  });

  it('prefers the larger cube, never a mask, and says when there is none', async () => {
    const labels = variable('labels', [3, 4, 6], new Int16Array(72), 'little');
    const opened = await openWith(matlab5Reader, [matFile([labels, cube], 'little')]);
    expect(opened.chosen).toBe('cube');
    expect(opened.candidates.map(({ id }) => id)).toEqual(['cube', 'labels']);
    const list = variable('list', [1, 9], new Uint8Array(9), 'little');
    expect(await openError(matFile([list], 'little'))).toMatchObject({
      code: 'bad-file',
      message: 'made.mat has no array that can be a cube; it holds list (1 × 9).',
    });
    expect(await openError(matFile([], 'little'))).toMatchObject({
      message: 'made.mat holds no variables.',
    });
  });

  it('takes band centres from a list of their length, but not band numbers', async () => {
    const numbers = variable('SlectBands', [5, 1], Uint8Array.of(1, 2, 3, 4, 6), 'little');
    const centres = variable('centre', [1, 5], Int16Array.of(400, 500, 600, 700, 810), 'little');
    const withNumbers = await openWith(matlab5Reader, [matFile([numbers, cube], 'little')]);
    expect(withNumbers.cube.info.wavelengthsNm).toBeUndefined();
    const withBoth = await openWith(matlab5Reader, [matFile([numbers, centres, cube], 'little')]);
    expect(withBoth.cube.info.wavelengthsNm).toEqual([400, 500, 600, 700, 810]);
    expect(withBoth.cube.info.notes?.join()).toMatch(/"centre"/);
  });
});

describe('damaged MATLAB v5 files', () => {
  it('say what is wrong', async () => {
    const whole = goldenBytes('matlab5', 'plain.mat');
    const cut = bytesSource(whole.slice(0, whole.length - 100), 'cut.mat');
    expect(await openError(cut)).toMatchObject({
      code: 'truncated',
      message: expect.stringMatching(/cut\.mat ends too early.*the file has \d+/),
    });
    expect(await openError(bytesSource(whole.slice(0, 60), 'cut.mat'))).toMatchObject({
      code: 'truncated',
      message: expect.stringMatching(/header of a MATLAB v5 file needs 128 bytes, the file has 60/),
    });
  });

  it('name no more dimensions than arrays have', async () => {
    const dims = Array.from({ length: 40 }, () => 1);
    const many = variable('cube', dims, Uint8Array.of(1), 'little');
    expect(await openError(matFile([many], 'little'))).toMatchObject({
      code: 'bad-file',
      message: expect.stringMatching(/no valid dimensions\.$/),
    });
  });

  it('fail the checksum where a compressed sample was changed', async () => {
    const matrix = variable('cube', [3, 4, 5], cubeSamples, 'little');
    const stream = zlibSync(matrix, { level: 0 });
    stream[stream.length - 10] ^= 1;
    const stored = joined([words([15, stream.length], 'little'), stream]);
    expect(await openError(matFile([stored], 'little'))).toMatchObject({ code: 'check-failed' });
  });

  it('never make the reader believe a size that the file cannot hold', async () => {
    const matrix = variable('cube', [3, 4, 5], cubeSamples, 'little').slice();
    // Element and sample lengths of almost 4 GiB, inside a small compressed stream.
    new DataView(matrix.buffer).setUint32(4, 0xfffffff0, true);
    const error = await openError(matFile([compressed(matrix, 'little')], 'little'));
    expect(error).toMatchObject({
      code: 'bad-file',
      message: expect.stringMatching(/cannot hold/),
    });
  });

  it.each(['plain.mat', 'compressed.mat', 'flat.mat', 'version4.mat'])(
    '%s: only ever typed errors',
    async (name) => {
      await fc.assert(
        fc.asyncProperty(damagedBytes(goldenBytes('matlab5', name)), (bytes) =>
          expectTypedFailure(() => openWith(matlab5Reader, [bytesSource(bytes, name)])),
        ),
        { numRuns: 500 },
      );
    },
  );
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PixelWindow } from '../core/cube/types';
import { bytesSource } from './bytes';
import { decodeSamples, type StoredType, storedBytes, swapBytes } from './samples';
import type { ByteSource } from './types';
import {
  type CubeShape,
  gather,
  type Interleave,
  interleaveStrides,
  type Strides,
  stridedCube,
} from './window';

const interleaves: readonly Interleave[] = ['bsq', 'bil', 'bip'];

function infoOf(shape: CubeShape) {
  return { name: 'made', sampleType: 'uint16' as const, ...shape };
}

/** Samples that name their own place in the file. */
function numbered(count: number, offset: number, littleEndian: boolean) {
  const bytes = new Uint8Array(offset + count * 2);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < count; i++) view.setUint16(offset + i * 2, i % 65536, littleEndian);
  return bytesSource(bytes, 'made.bin');
}

function expected(strides: Strides, window: PixelWindow, bands: readonly number[]): number[] {
  const values: number[] = [];
  for (let y = window.y; y < window.y + window.height; y++) {
    for (let x = window.x; x < window.x + window.width; x++) {
      for (const b of bands) values.push((x * strides.x + y * strides.y + b * strides.b) % 65536);
    }
  }
  return values;
}

const cases = fc
  .record({
    width: fc.integer({ min: 1, max: 12 }),
    height: fc.integer({ min: 1, max: 12 }),
    bands: fc.integer({ min: 1, max: 12 }),
  })
  .chain((shape) =>
    fc.record({
      shape: fc.constant(shape),
      interleave: fc.constantFrom(...interleaves),
      offset: fc.integer({ min: 0, max: 5 }),
      littleEndian: fc.boolean(),
      columns: fc.tuple(fc.nat(shape.width - 1), fc.nat(shape.width - 1)),
      rows: fc.tuple(fc.nat(shape.height - 1), fc.nat(shape.height - 1)),
      bands: fc.option(fc.array(fc.nat(shape.bands - 1), { minLength: 1, maxLength: 15 }), {
        nil: undefined,
      }),
    }),
  );

function windowOf(columns: readonly [number, number], rows: readonly [number, number]) {
  const [x0, x1] = [Math.min(...columns), Math.max(...columns)];
  const [y0, y1] = [Math.min(...rows), Math.max(...rows)];
  return { x: x0, y: y0, width: x1 - x0 + 1, height: y1 - y0 + 1 };
}

describe('windows of an uncompressed cube', () => {
  it('come out in BIP for every interleave, byte order, window and choice of bands', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async (made) => {
        const { shape, interleave, offset, littleEndian } = made;
        const strides = interleaveStrides(interleave, shape);
        const count = shape.width * shape.height * shape.bands;
        const cube = stridedCube(
          numbered(count, offset, littleEndian),
          { type: 'uint16', littleEndian, offset, strides },
          infoOf(shape),
        );
        const window = windowOf(made.columns, made.rows);
        const bands = made.bands ?? Array.from({ length: shape.bands }, (_, b) => b);
        const read = await cube.readWindow(window, { bands: made.bands });
        expect([...read]).toEqual(expected(strides, window, bands));

        const all = Uint16Array.from({ length: count }, (_, i) => i);
        const into = new Uint16Array(read.length);
        gather(all, strides, window, bands, into);
        expect(into).toEqual(read);
      }),
    );
  });

  it('refuse windows and bands outside the cube, and files too short for it', async () => {
    const shape = { width: 4, height: 3, bands: 2 };
    const strides = interleaveStrides('bsq', shape);
    const layout = { type: 'uint16', littleEndian: true, offset: 0, strides } as const;
    const cube = stridedCube(numbered(24, 0, true), layout, infoOf(shape));
    const whole = { x: 0, y: 0, width: 4, height: 3 };
    await expect(cube.readWindow({ ...whole, width: 5 })).rejects.toMatchObject({
      code: 'bad-argument',
    });
    await expect(cube.readWindow(whole, { bands: [2] })).rejects.toMatchObject({
      code: 'bad-argument',
    });
    await expect(cube.readWindow(whole, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'aborted',
    });
    expect(() => stridedCube(numbered(23, 0, true), layout, infoOf(shape))).toThrow(
      /3 rows × 4 columns × 2 bands of uint16 needs 48 bytes, the file has 46/,
    );
  });

  it.each(interleaves)(
    'reads little more of a 400 MB %s file than the window',
    async (interleave) => {
      const shape = { width: 1000, height: 1000, bands: 200 };
      const reads: number[] = [];
      const source: ByteSource = {
        name: 'huge.img',
        size: 400_000_000,
        async read(_offset, length) {
          reads.push(length);
          return new Uint8Array(length);
        },
      };
      const layout = {
        type: 'uint16',
        littleEndian: true,
        offset: 0,
        strides: interleaveStrides(interleave, shape),
      } as const;
      const cube = stridedCube(source, layout, infoOf(shape));
      expect(reads).toEqual([]);

      await cube.readWindow({ x: 500, y: 500, width: 1, height: 1 });
      expect(sum(reads)).toBeLessThanOrEqual(200 * 64 * 1024);
      reads.length = 0;

      await cube.readWindow({ x: 300, y: 400, width: 96, height: 96 });
      const wanted = 96 * 96 * 200 * 2;
      expect(sum(reads)).toBeLessThanOrEqual(wanted * 12);
      expect(Math.max(...reads)).toBeLessThanOrEqual(4 * 1024 * 1024);
      expect(reads.length).toBeLessThanOrEqual(200);
      reads.length = 0;

      await cube.readWindow({ x: 0, y: 0, width: 1000, height: 10 }, { bands: [10, 60, 150] });
      expect(sum(reads)).toBeLessThanOrEqual(1000 * 10 * 200 * 2);
    },
  );
});

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

describe('samples', () => {
  it('are decoded exactly from either byte order and any alignment', () => {
    type Write = (view: DataView, at: number, little: boolean) => void;
    const makers: readonly [StoredType, number, Write][] = [
      ['int16', -1234, (view, at, little) => view.setInt16(at, -1234, little)],
      ['uint32', 4e9, (view, at, little) => view.setUint32(at, 4e9, little)],
      ['float32', 0.5, (view, at, little) => view.setFloat32(at, 0.5, little)],
      ['float64', Math.PI, (view, at, little) => view.setFloat64(at, Math.PI, little)],
      ['int64', 1 - 2 ** 53, (view, at, little) => view.setBigInt64(at, 1n - 2n ** 53n, little)],
      ['uint64', 12, (view, at, little) => view.setBigUint64(at, 12n, little)],
      ['float16', 1.5, (view, at, little) => view.setUint16(at, 0x3e00, little)],
    ];
    for (const [type, value, write] of makers) {
      for (const little of [true, false]) {
        for (const offset of [0, 1]) {
          const bytes = new Uint8Array(offset + storedBytes(type));
          write(new DataView(bytes.buffer), offset, little);
          expect([...decodeSamples(bytes.subarray(offset), type, little)]).toEqual([value]);
        }
      }
    }
  });

  it('widen every kind of half float', () => {
    const halves = Uint16Array.of(0, 0x8000, 1, 0x03ff, 0x0400, 0x7bff, 0x7c00, 0xfc00, 0x7e00);
    const wide = decodeSamples(new Uint8Array(halves.buffer), 'float16', true);
    expect([...wide]).toEqual([
      0,
      -0,
      2 ** -24,
      1023 * 2 ** -24,
      2 ** -14,
      65504,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      Number.NaN,
    ]);
  });

  it('refuse 64-bit integers that float64 cannot hold', () => {
    const bytes = new Uint8Array(8).fill(0x7f);
    expect(() => decodeSamples(bytes, 'int64', true)).toThrow(/2\^53/);
  });

  it('swap back to what they were', () => {
    const bytes = Uint8Array.from({ length: 24 }, (_, i) => i);
    for (const size of [1, 2, 4, 8]) {
      const swapped = bytes.slice();
      swapBytes(swapped, size);
      expect(swapped[0]).toBe(size - 1);
      swapBytes(swapped, size);
      expect(swapped).toEqual(bytes);
    }
  });
});

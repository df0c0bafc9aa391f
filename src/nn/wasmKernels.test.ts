import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { relativeError, useBackend } from './testing';

const axis = fc
  .integer({ min: 1, max: 5 })
  .chain((whole) =>
    fc
      .integer({ min: 0, max: whole - 1 })
      .chain((begin) =>
        fc.integer({ min: 1, max: whole - begin }).map((size) => ({ whole, begin, size })),
      ),
  );
/** Axes of tensors, and a box in them; the last axis is long enough for runs. */
const box = fc
  .array(axis, { minLength: 1, maxLength: 4 })
  .chain((axes) =>
    fc
      .constantFrom(1, 9)
      .map((factor) =>
        axes.map((own, i) =>
          i < axes.length - 1
            ? own
            : { whole: own.whole * factor, begin: own.begin, size: own.size * factor },
        ),
      ),
  )
  .filter((axes) => axes.every(({ whole, begin, size }) => begin + size <= whole));

function counting(shape: number[]): tf.Tensor {
  const size = shape.reduce((a, b) => a * b, 1);
  return tf.tensor(
    Float32Array.from({ length: size }, (_, i) => i + 1),
    shape,
  );
}

describe('kernels of the wasm backend', () => {
  beforeAll(async () => {
    await useBackend('wasm');
  });

  it('slice', () => {
    fc.assert(
      fc.property(box, (axes) => {
        const shape = axes.map(({ whole }) => whole);
        const x = counting(shape);
        const found = tf.slice(
          x,
          axes.map(({ begin }) => begin),
          axes.map(({ size }) => size),
        );
        const expected: number[] = [];
        const walk = (depth: number, at: number): void => {
          if (depth === axes.length) expected.push(at + 1);
          else {
            const { whole, begin, size } = axes[depth];
            for (let i = begin; i < begin + size; i++) walk(depth + 1, at * whole + i);
          }
        };
        walk(0, 0);
        expect([...found.dataSync()]).toEqual(expected);
        tf.dispose([x, found]);
      }),
    );
  });

  it('split', () => {
    const x = counting([2, 7, 3]);
    const [a, b] = tf.split(x, [3, 4], 1);
    expect([...a.dataSync()].slice(9)).toEqual(Array.from({ length: 9 }, (_, i) => 22 + i));
    expect(b.shape).toEqual([2, 4, 3]);
    expect(tf.concat([a, b], 1).dataSync()).toEqual(x.dataSync());
  });

  it.each([
    [[3, 2], 0, [1, 4]],
    [[2, 3, 5], 1, [3, 1, 2]],
    [[4, 1, 100], 2, [100, 1, 70]],
    [[2, 2, 3, 4], -1, [4, 0, 9]],
  ])('concat of parts of %j along axis %j', (shape, axis, lengths) => {
    const own = axis < 0 ? shape.length + axis : axis;
    const whole = shape.map((size, i) => (i === own ? lengths.reduce((a, b) => a + b, 0) : size));
    const x = counting(whole);
    let from = 0;
    const parts = lengths.map((length) => {
      const begin = shape.map((_, i) => (i === own ? from : 0));
      from += length;
      return tf.slice(
        x,
        begin,
        shape.map((size, i) => (i === own ? length : size)),
      );
    });
    const joined = tf.concat(parts, axis);
    expect(joined.shape).toEqual(whole);
    expect(joined.dataSync()).toEqual(x.dataSync());
  });

  it.each<[number[], number | number[], boolean]>([
    [[4, 5, 6], [0, 1], false],
    [[4, 5, 6], 0, true],
    [[1, 5, 6, 3], [1, 2], true],
    [[4, 5, 6], [1], false],
    [[4, 5, 6], [0, 1, 2], false],
    [[7], 0, false],
  ])('sum of %j over %j', (shape, axes, keepDims) => {
    const x = counting(shape);
    const found = tf.sum(x, axes, keepDims);
    const list = [axes].flat();
    const expected = new Map<string, number>();
    for (const [i, value] of x.dataSync().entries()) {
      const place = tf.util
        .indexToLoc(i, shape.length, tf.util.computeStrides(shape))
        .filter((_, k) => !list.includes(k));
      expected.set(place.join(), (expected.get(place.join()) ?? 0) + value);
    }
    const kept = shape.map((size, k) => (list.includes(k) ? 1 : size));
    expect(found.shape).toEqual(keepDims ? kept : shape.filter((_, k) => !list.includes(k)));
    expect(relativeError(found.dataSync(), [...expected.values()])).toBeLessThan(1e-6);
  });

  it('refuse memory that there is not, and harm nothing', () => {
    const before = tf.tensor(Float32Array.from({ length: 1000 }, (_, i) => i));
    const grow = vi.spyOn(WebAssembly.Memory.prototype, 'grow').mockImplementation(() => {
      throw new RangeError('WebAssembly.Memory.grow(): Maximum memory size exceeded');
    });
    try {
      expect(() => tf.zeros([1 << 29])).toThrow(/Allocation failed: 2147483648 bytes/);
    } finally {
      grow.mockRestore();
    }
    expect(tf.sum(tf.add(before, 1)).dataSync()[0]).toBe((999 * 1000) / 2 + 1000);
  });
});

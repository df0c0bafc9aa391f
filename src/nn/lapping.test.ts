import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { lap, lappingMatrix, unlap } from './lapping';
import { useBackend } from './testing';

const SIZE = { width: 80, height: 64 };

describe('lapping', () => {
  beforeAll(() => useBackend('wasm'));
  const matrix = () => tf.tensor2d(lappingMatrix(16));
  const planes = () =>
    tf.randomUniform<tf.Rank.R3>([3, SIZE.height, SIZE.width], -1, 1, 'float32', 5);

  it('is orthogonal, and leaves what is even about a border alone', () => {
    const p = lappingMatrix(16);
    const dot = (a: readonly number[], b: readonly number[]) =>
      a.reduce((s, v, i) => s + v * b[i], 0);
    for (let i = 0; i < 16; i++) {
      for (let j = 0; j < 16; j++) expect(dot(p[i], p[j])).toBeCloseTo(i === j ? 1 : 0, 12);
      const even = Array.from({ length: 16 }, (_, k) => Number(k === i || k === 15 - i));
      const column = p.map((row) => row[i]);
      expect(dot(even, column)).toBeCloseTo(even[i], 12);
    }
  });

  it.each([SIZE, { width: 75, height: 50 }, { width: 9, height: 64 }])(
    'is undone, whatever is visible ($width × $height)',
    async (visible) => {
      const own = planes();
      const back = unlap(lap(own, matrix(), visible), matrix(), visible);
      expect(tf.max(tf.abs(tf.sub(back, own))).dataSync()[0]).toBeLessThan(1e-5);
    },
  );

  it('keeps pixels that are not visible out of those that are', () => {
    const visible = { width: 75, height: 50 };
    const own = planes();
    const other = tf.concat([tf.slice(own, [0, 0, 0], [3, 64, 75]), tf.ones([3, 64, 5])], 2);
    const part = (x: tf.Tensor3D) => tf.slice(lap(x, matrix(), visible), [0, 0, 0], [3, 50, 75]);
    const difference = tf.sub(part(own), part(other as tf.Tensor3D));
    expect(tf.max(tf.abs(difference)).dataSync()[0]).toBe(0);
  });

  it('laps a border where the half blocks on both its sides are visible', () => {
    const own = tf.ones<tf.Rank.R3>([1, 16, 48]);
    const ramp = tf.mul(own, tf.range(0, 48)) as tf.Tensor3D;
    const moved = (width: number) => {
      const change = tf.abs(tf.sub(lap(ramp, matrix(), { width, height: 16 }), ramp));
      return [...tf.max(change, [0, 1]).dataSync()].flatMap((v, i) => (v > 1e-4 ? [i] : []));
    };
    expect(moved(39).every((x) => x < 24)).toBe(true);
    expect(moved(40).some((x) => x >= 32)).toBe(true);
    expect(moved(40).every((x) => x < 40)).toBe(true);
  });

  it('carries on over borders what a block alone would break off', () => {
    // A basis image that is constant over one block: unlapped it fades into its neighbours.
    const block = tf.ones<tf.Rank.R3>([1, 16, 16]);
    const alone = tf.pad(block, [
      [0, 0],
      [0, 0],
      [16, 16],
    ]) as tf.Tensor3D;
    const row = Array.from(
      unlap(alone, matrix(), { width: 48, height: 16 }).dataSync().slice(0, 48),
    );
    const steps = row.slice(1).map((v, i) => Math.abs(v - row[i]));
    expect(Math.max(...steps)).toBeLessThan(0.45);
  });
});

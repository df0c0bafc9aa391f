import * as tf from '@tensorflow/tfjs-core';
import type { GridSize } from '../core/entropy/hyperSynthesis';
import { DOWNSAMPLING as BLOCK } from './spec';

/**
 * Orthogonal matrix [block, block] of the samples around a border between two blocks: a row of them,
 * times it, is lapped. On the mirrored sums of its halves it is the identity, on their mirrored
 * differences W = C4ᵀ C2 (the orthonormal DCT-IV and DCT-II of half the length), after which a
 * block DCT is the type-II fast lapped orthogonal transform. Source: Tran, Liang and Tu, "Lapped
 * transform via time-domain pre- and post-filtering", IEEE Trans. Signal Processing 51 (2003).
 */
export function lappingMatrix(block: number): number[][] {
  const half = block / 2;
  const mirrored = (i: number) => (i < half ? i : block - 1 - i);
  const rotation = rotationOfDifferences(half);
  return Array.from({ length: block }, (_, row) =>
    Array.from({ length: block }, (_, column) => {
      const [a, b] = [mirrored(row), mirrored(column)];
      const sign = row < half === column < half ? 1 : -1;
      return ((a === b ? 1 : 0) + sign * rotation[a][b]) / 2;
    }),
  );
}

/** C4ᵀ C2 of size `half`. */
function rotationOfDifferences(half: number): number[][] {
  const cosine = (k: number, n: number) => Math.cos((Math.PI * k * (n + 0.5)) / half);
  const product = (a: number, b: number) => {
    let sum = 0;
    for (let k = 0; k < half; k++) {
      sum += cosine(k + 0.5, a) * cosine(k, b) * (k === 0 ? Math.SQRT1_2 : 1);
    }
    return (2 / half) * sum;
  };
  return Array.from({ length: half }, (_, a) =>
    Array.from({ length: half }, (_, b) => product(a, b)),
  );
}

/** `matrix` on the samples around each border between the first `blocks` blocks of the last axis. */
function across(planes: tf.Tensor3D, matrix: tf.Tensor2D, blocks: number): tf.Tensor3D {
  if (blocks < 2) return planes;
  const [count, height, width] = planes.shape;
  const inner = (blocks - 1) * BLOCK;
  const [before, around, after] = tf.split<tf.Tensor3D>(
    planes,
    [BLOCK / 2, inner, width - inner - BLOCK / 2],
    2,
  );
  const rows = tf.reshape(around, [(count * height * inner) / BLOCK, BLOCK]);
  const lapped = tf.reshape<tf.Rank.R3>(tf.matMul(rows, matrix), [count, height, inner]);
  return tf.concat<tf.Tensor3D>([before, lapped, after], 2);
}

function both(planes: tf.Tensor3D, matrix: tf.Tensor2D, visible: GridSize): tf.Tensor3D {
  // A border is lapped where the half block beyond it is visible.
  const blocks = (pixels: number) => Math.floor((pixels + BLOCK / 2) / BLOCK);
  const lines = across(planes, matrix, blocks(visible.width));
  const columns = across(tf.transpose(lines, [0, 2, 1]), matrix, blocks(visible.height));
  return tf.transpose(columns, [0, 2, 1]);
}

/**
 * Planes [k, h, w] for a block transform to analyse, so that its blocks overlap. Borders around which
 * not all samples lie in the `visible` first rows and columns are left alone: no visible pixel then
 * depends on one that is not. Orthogonal.
 */
export function lap(planes: tf.Tensor3D, matrix: tf.Tensor2D, visible: GridSize): tf.Tensor3D {
  return tf.tidy(() => both(planes, matrix, visible));
}

/** What undoes {@link lap}. */
export function unlap(planes: tf.Tensor3D, matrix: tf.Tensor2D, visible: GridSize): tf.Tensor3D {
  return tf.tidy(() => both(planes, tf.transpose(matrix), visible));
}

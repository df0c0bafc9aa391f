import * as tf from '@tensorflow/tfjs-core';

/** Sizes, strides and padding of a convolution x → y. */
type ConvolutionInfo = tf.backend_util.Conv2DInfo;

/** The taps of a kernel, along one axis, that reach one phase of a strided grid. */
interface Phase {
  /** First tap; the others follow at the stride. */
  readonly first: number;
  readonly count: number;
}

function phasesOf(kernel: number, stride: number): Phase[] {
  return Array.from({ length: stride }, (_, first) => ({
    first,
    count: Math.ceil((kernel - first) / stride),
  }));
}

/** What to add before and after along an axis; where negative, to take away. */
type Sides = readonly [before: number, after: number];

function padding(rows: Sides, columns: Sides): tf.backend_util.ExplicitPadding {
  const grown = (sides: Sides) => sides.map((side) => Math.max(0, side)) as [number, number];
  return [[0, 0], grown(rows), grown(columns), [0, 0]];
}

function cropped(x: tf.Tensor4D, rows: Sides, columns: Sides): tf.Tensor4D {
  const [top, bottom, left, right] = [...rows, ...columns].map((side) => Math.max(0, -side));
  if (!(top || bottom || left || right)) return x;
  const [n, height, width, channels] = x.shape;
  return tf.slice(x, [0, top, left, 0], [n, height - top - bottom, width - left - right, channels]);
}

function resized(x: tf.Tensor4D, rows: Sides, columns: Sides): tf.Tensor4D {
  return tf.pad(cropped(x, rows, columns), padding(rows, columns) as [number, number][]);
}

/** The pixels [n, h / s, w / s, c] of one phase of x [n, h, w, c]. */
function everyNth(
  x: tf.Tensor4D,
  [sy, sx]: readonly [number, number],
  [row, column]: readonly [number, number],
): tf.Tensor4D {
  if (sy === 1 && sx === 1) return x;
  const [n, height, width, channels] = x.shape;
  const [rows, columns] = [height / sy, width / sx];
  const apart = tf.reshape(x, [n * rows, sy, columns, sx * channels]);
  const own = tf.slice(apart, [0, row, 0, column * channels], [n * rows, 1, columns, channels]);
  return tf.reshape(own, [n, rows, columns, channels]);
}

/**
 * Gradient [kh, kw, in, out] of a convolution's kernel: one matrix product for each tap, of the
 * input's channels, shifted, with the output's gradient. Both lie on one grid of rows that are wide
 * enough for every shift, so that a shift by rows and columns is one of positions.
 */
export function filterGradient(
  x: tf.Tensor4D,
  dy: tf.Tensor4D,
  info: ConvolutionInfo,
): tf.Tensor4D {
  return tf.tidy(() => {
    const { filterHeight, filterWidth, strideHeight, strideWidth, inChannels, outChannels } = info;
    const strides = [strideHeight, strideWidth] as const;
    const across = Math.ceil(filterWidth / strideWidth) - 1;
    const down = Math.ceil(filterHeight / strideHeight) - 1;
    const [height, width] = [info.outHeight + down, info.outWidth + across];
    const positions = info.batchSize * height * width;
    const reached = positions - down * width - across;

    const { top, left } = info.padInfo;
    const whole = resized(
      x,
      [top, height * strideHeight - info.inHeight - top],
      [left, width * strideWidth - info.inWidth - left],
    );
    const slopes = tf.reshape(resized(dy, [0, down], [0, across]), [positions, outChannels]);
    const right = tf.slice(slopes, [0, 0], [reached, outChannels]) as tf.Tensor2D;

    const taps: tf.Tensor2D[] = [];
    for (const [row, own] of phasesOf(filterHeight, strideHeight).entries()) {
      for (const [column, other] of phasesOf(filterWidth, strideWidth).entries()) {
        const pixels = tf.reshape<tf.Rank.R2>(everyNth(whole, strides, [row, column]), [
          positions,
          inChannels,
        ]);
        const turned = tf.transpose(pixels);
        for (let i = 0; i < own.count; i++) {
          for (let j = 0; j < other.count; j++) {
            const shifted = tf.slice(turned, [0, i * width + j], [inChannels, reached]);
            const tap = (row + i * strideHeight) * filterWidth + column + j * strideWidth;
            taps[tap] = tf.matMul(shifted, right);
          }
        }
      }
    }
    return tf.reshape(tf.stack(taps), [filterHeight, filterWidth, inChannels, outChannels]);
  });
}

/** Where, along one axis, a phase of the input's gradient reads the output's gradient. */
function reachOf(phase: Phase, position: number, before: number, stride: number) {
  // Input pixel j = stride · m + position is reached by outputs m + last − (count − 1) … m + last.
  const last = (position + before - phase.first) / stride;
  return { last, before: phase.count - 1 - last };
}

/**
 * Gradient of a convolution's input: for each phase of the strided grid a convolution of the output's
 * gradient with the taps that reach it, mirrored. Phases without taps are zero.
 */
export function inputGradient(
  dy: tf.Tensor4D,
  filter: tf.Tensor4D,
  info: ConvolutionInfo,
): tf.Tensor4D {
  return tf.tidy(() => {
    const { strideHeight: sy, strideWidth: sx, filterHeight, filterWidth, padInfo } = info;
    const [rows, columns] = [Math.ceil(info.inHeight / sy), Math.ceil(info.inWidth / sx)];
    const turned = tf.reshape(tf.transpose(filter, [0, 1, 3, 2]), [filterHeight * filterWidth, -1]);
    const tap = (index: number) => tf.slice(turned, [index, 0], [1, turned.shape[1] as number]);
    const vertical = phasesOf(filterHeight, sy);
    const horizontal = phasesOf(filterWidth, sx);

    const phase = (row: number, column: number): tf.Tensor4D => {
      const own = vertical[(row + padInfo.top) % sy];
      const other = horizontal[(column + padInfo.left) % sx];
      if (!own.count || !other.count) {
        return tf.zeros([info.batchSize, rows, columns, info.inChannels]);
      }
      const taps: number[] = [];
      for (let i = own.count - 1; i >= 0; i--) {
        for (let j = other.count - 1; j >= 0; j--) {
          taps.push((own.first + i * sy) * filterWidth + other.first + j * sx);
        }
      }
      const size: [number, number, number, number] = [
        own.count,
        other.count,
        info.outChannels,
        info.inChannels,
      ];
      const kernel = tf.reshape<tf.Rank.R4>(tf.concat(taps.map(tap), 0), size);
      const y = reachOf(own, row, padInfo.top, sy);
      const x = reachOf(other, column, padInfo.left, sx);
      const above: Sides = [y.before, rows + y.last - info.outHeight];
      const beside: Sides = [x.before, columns + x.last - info.outWidth];
      return tf.conv2d(cropped(dy, above, beside), kernel, 1, padding(above, beside));
    };

    const grid = Array.from({ length: sy }, (_, row) =>
      Array.from({ length: sx }, (_, column) => phase(row, column)),
    );
    const lines = grid.map((row) =>
      tf.reshape(tf.concat(row, 3), [info.batchSize * rows, columns * sx * info.inChannels]),
    );
    const whole = tf.reshape<tf.Rank.R4>(tf.concat(lines, 1), [
      info.batchSize,
      rows * sy,
      columns * sx,
      info.inChannels,
    ]);
    return resized(whole, [0, info.inHeight - rows * sy], [0, info.inWidth - columns * sx]);
  });
}

/** Blocks of a volume and their orthonormal cosine transforms (DCT-II), shorter ones at its ends. */

/** Samples along an axis of a block. */
export const SIDE = 8;

/** A block of [depth, height, width] samples, each at most {@link SIDE}. */
export interface BlockShape {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
}

/** Rows of the transform of so many samples by frequency, [length, length]. */
const FORWARD = Array.from({ length: SIDE + 1 }, (_, length) =>
  Float64Array.from({ length: length * length }, (_, i) => {
    const frequency = Math.floor(i / length);
    const angle = (Math.PI * ((i % length) + 0.5) * frequency) / length;
    return Math.sqrt((frequency === 0 ? 1 : 2) / length) * Math.cos(angle);
  }),
);

/** Their transposes. */
const INVERSE = FORWARD.map((matrix, length) =>
  matrix.map((_, i) => matrix[(i % length) * length + Math.floor(i / length)]),
);

/** Transforms a block in place: `data[(z · SIDE + y) · SIDE + x]`. */
export function analyseBlock(data: Float64Array, shape: BlockShape): void {
  for (const axis of axesOf(shape)) along(data, axis, FORWARD);
}

/** Undoes {@link analyseBlock}. */
export function synthesiseBlock(data: Float64Array, shape: BlockShape): void {
  for (const axis of axesOf(shape)) along(data, axis, INVERSE);
}

/** Lines along an axis: `length` samples `stride` apart, the lines' starts in two directions. */
interface Axis {
  readonly length: number;
  readonly stride: number;
  readonly lines: readonly [count: number, stride: number];
  readonly layers: readonly [count: number, stride: number];
}

function axesOf({ width, height, depth }: BlockShape): Axis[] {
  const [x, y, z] = [1, SIDE, SIDE * SIDE];
  const axes: Axis[] = [
    { length: width, stride: x, lines: [height, y], layers: [depth, z] },
    { length: height, stride: y, lines: [width, x], layers: [depth, z] },
    { length: depth, stride: z, lines: [width, x], layers: [height, y] },
  ];
  return axes.filter(({ length }) => length > 1);
}

const line = new Float64Array(SIDE);

function along(
  data: Float64Array,
  { length, stride, lines, layers }: Axis,
  matrices: readonly Float64Array[],
): void {
  const matrix = matrices[length];
  for (let layer = 0; layer < layers[0]; layer++) {
    for (let i = 0; i < lines[0]; i++) {
      const start = layer * layers[1] + i * lines[1];
      for (let k = 0; k < length; k++) line[k] = data[start + k * stride];
      for (let k = 0; k < length; k++) {
        let sum = 0;
        for (let j = 0; j < length; j++) sum += matrix[k * length + j] * line[j];
        data[start + k * stride] = sum;
      }
    }
  }
}

/** How many blocks lie along an axis. */
export const blocksAlong = (length: number) => Math.ceil(length / SIDE);

/** Samples of block number `index` along an axis. */
export const extentOf = (length: number, index: number) => Math.min(SIDE, length - index * SIDE);

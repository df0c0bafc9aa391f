import { HscError } from '../core/errors';
import type { CubeShape, Strides } from './window';

/** Which index of an array runs fastest in the file: the last (C, NumPy) or the first (MATLAB). */
export type MemoryOrder = 'row-major' | 'column-major';

/** An array's dimensions read as a cube. */
export interface CubeAxes {
  /** One letter a dimension (`yxb`, `bxy`), or `b(xy):95x95` for bands × pixels. */
  readonly axes: string;
  readonly shape: CubeShape;
  readonly strides: Strides;
  /** A sentence for the user where the order is a guess. */
  readonly note?: string;
}

/** What else the file says about the cube's shape. */
export interface ShapeEvidence {
  /** Lengths of the wavelength lists found. */
  readonly bandCounts: readonly number[];
  /** Rows and columns of images (masks, stated sizes) found. */
  readonly images: readonly (readonly [rows: number, columns: number])[];
}

const NO_EVIDENCE: ShapeEvidence = { bandCounts: [], images: [] };
/** Sensors have fewer bands than this; an axis that is longer is spatial. */
const MAX_LIKELY_BANDS = 1000;

/**
 * The cube in a 2-D or 3-D array. `axes`, where the user gave it, decides; `undefined` for a
 * 2-D array of which nothing tells rows from columns. Throws `bad-argument` for wrong `axes`.
 */
export function cubeAxes(
  dims: readonly number[],
  order: MemoryOrder,
  evidence: ShapeEvidence = NO_EVIDENCE,
  axes?: string,
): CubeAxes | undefined {
  if (dims.length === 3) {
    return axes ? cube3d(dims, order, checkedAxes(axes, dims)) : guess3d(dims, order, evidence);
  }
  if (dims.length !== 2) return undefined;
  return axes ? stated2d(dims, order, axes) : guess2d(dims, order, evidence);
}

function stridesOf(dims: readonly number[], order: MemoryOrder): number[] {
  const strides = dims.map(() => 1);
  if (order === 'column-major') {
    for (let i = 1; i < dims.length; i++) strides[i] = strides[i - 1] * dims[i - 1];
  } else {
    for (let i = dims.length - 2; i >= 0; i--) strides[i] = strides[i + 1] * dims[i + 1];
  }
  return strides;
}

function checkedAxes(axes: string, dims: readonly number[]): string {
  if ([...axes].sort().join('') !== 'bxy') {
    throw new HscError(
      'bad-argument',
      `"${axes}" is no axis order for an array of ${dims.join(' × ')}; give y, x and b in the order of its dimensions, e.g. yxb.`,
    );
  }
  return axes;
}

function cube3d(
  dims: readonly number[],
  order: MemoryOrder,
  axes: string,
  note?: string,
): CubeAxes {
  const steps = stridesOf(dims, order);
  const [y, x, b] = ['y', 'x', 'b'].map((letter) => axes.indexOf(letter));
  return {
    axes,
    shape: { height: dims[y], width: dims[x], bands: dims[b] },
    strides: { y: steps[y], x: steps[x], b: steps[b] },
    note,
  };
}

/** Each piece of evidence, strongest first, narrows the axes that can be the bands. */
function guess3d(dims: readonly number[], order: MemoryOrder, evidence: ShapeEvidence): CubeAxes {
  const pieces: ((bandAxis: number) => boolean)[] = [
    (b) => evidence.bandCounts.includes(dims[b]),
    (b) => {
      const [rows, columns] = spatial(dims, b);
      return evidence.images.some((image) => image[0] === rows && image[1] === columns);
    },
    (b) => {
      const [rows, columns] = spatial(dims, b);
      return rows === columns && dims[b] !== rows;
    },
  ];
  let possible = [0, 1, 2];
  for (const piece of pieces) {
    const left = possible.filter(piece);
    if (left.length > 0) possible = left;
  }
  const custom = bandsComeFirst(dims) ? [0, 2, 1] : [2, 0, 1];
  const axes = ['byx', 'ybx', 'yxb'][custom.find((b) => possible.includes(b))!];
  const names: Readonly<Record<string, string>> = { y: 'rows', x: 'columns', b: 'bands' };
  const meaning = [...axes].map((letter) => names[letter]).join(', ');
  const note = `The ${dims.join(' × ')} values were taken as ${meaning}; choose another axis order if the picture looks wrong.`;
  return cube3d(dims, order, axes, possible.length > 1 ? note : undefined);
}

function spatial(dims: readonly number[], bandAxis: number): number[] {
  return dims.filter((_, axis) => axis !== bandAxis);
}

/** Bands last is the custom of hyperspectral files; bands first is that of raster software. */
function bandsComeFirst([first, second, third]: readonly number[]): boolean {
  const slim = 2 * first < Math.min(second, third);
  return slim && (third <= second || third > MAX_LIKELY_BANDS);
}

/**
 * Pixels along one axis. As in the program that flattened them, the index that runs fastest in
 * the file runs fastest along the pixels too: rows in MATLAB, columns in NumPy.
 */
function cube2d(
  dims: readonly number[],
  order: MemoryOrder,
  pixelAxis: number,
  [rows, columns]: readonly [number, number],
  rowsFastest = order === 'column-major',
): CubeAxes {
  const steps = stridesOf(dims, order);
  const step = steps[pixelAxis];
  const letters = rowsFastest ? '(xy)' : '(yx)';
  return {
    axes: `${pixelAxis === 0 ? `${letters}b` : `b${letters}`}:${rows}x${columns}`,
    shape: { height: rows, width: columns, bands: dims[1 - pixelAxis] },
    strides: {
      y: rowsFastest ? step : step * columns,
      x: rowsFastest ? step * rows : step,
      b: steps[1 - pixelAxis],
    },
  };
}

function guess2d(
  dims: readonly number[],
  order: MemoryOrder,
  evidence: ShapeEvidence,
): CubeAxes | undefined {
  const pixelAxes = dims[0] >= dims[1] ? [0, 1] : [1, 0];
  for (const axis of pixelAxes) {
    const image = evidence.images.find(([rows, columns]) => rows * columns === dims[axis]);
    if (image) return cube2d(dims, order, axis, image);
  }
  return undefined;
}

function stated2d(dims: readonly number[], order: MemoryOrder, axes: string): CubeAxes {
  const match = /^(?:b\((yx|xy)\)|\((yx|xy)\)b):(\d+)x(\d+)$/.exec(axes.replaceAll(' ', ''));
  const pixelAxis = match?.[1] ? 1 : 0;
  const size = match && ([Number(match[3]), Number(match[4])] as const);
  if (!match || !size || size[0] * size[1] !== dims[pixelAxis]) {
    throw new HscError(
      'bad-argument',
      `"${axes}" does not fit an array of ${dims.join(' × ')}; give e.g. b(xy):95x95 for bands × pixels of 95 rows and 95 columns.`,
    );
  }
  return cube2d(dims, order, pixelAxis, size, (match[1] ?? match[2]) === 'xy');
}

import { HscError } from '../errors';
import type { SampleArray } from './types';

/** A sparse matrix from one set of band centres to another; row r mixes the source bands. */
export interface ResampleMatrix {
  readonly from: number;
  readonly to: number;
  /** Row r owns entries `rowStart[r]` to `rowStart[r + 1]`. */
  readonly rowStart: Int32Array;
  readonly columns: Int32Array;
  readonly weights: Float64Array;
}

/** Cell borders of sorted centres: midpoints, mirrored at the ends; `n + 1` values. */
function cellEdges(centers: readonly number[]): number[] {
  const n = centers.length;
  const edges = new Array<number>(n + 1);
  for (let i = 1; i < n; i++) edges[i] = (centers[i - 1] + centers[i]) / 2;
  edges[0] = n > 1 ? 2 * centers[0] - edges[1] : centers[0] - 0.5;
  edges[n] = n > 1 ? 2 * centers[n - 1] - edges[n - 1] : centers[0] + 0.5;
  return edges;
}

/** Index of the last sorted value that is at most `x`, at least 0. */
function lastAtMost(sorted: readonly number[], x: number): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (sorted[middle] <= x) low = middle;
    else high = middle - 1;
  }
  return low;
}

type Entry = readonly [column: number, weight: number];

function overlapMean(edges: readonly number[], low: number, high: number): Entry[] {
  const entries: [number, number][] = [];
  let total = 0;
  for (let i = lastAtMost(edges, low); i < edges.length - 1 && edges[i] < high; i++) {
    const overlap = Math.min(high, edges[i + 1]) - Math.max(low, edges[i]);
    if (overlap <= 0) continue;
    entries.push([i, overlap]);
    total += overlap;
  }
  return entries.map(([column, overlap]) => [column, overlap / total]);
}

function interpolate(centers: readonly number[], left: number, x: number): Entry[] {
  const t = (x - centers[left]) / (centers[left + 1] - centers[left]);
  return [
    [left, 1 - t],
    [left + 1, t],
  ];
}

/**
 * Band centres to band centres, in nm. Where the source centres around a
 * target lie closer than the target's cell is wide, the result is the overlap-weighted mean of the
 * source cells, elsewhere linear interpolation between the source centres; outside the source's range the nearest source band. The source may be unsorted
 * (detectors that overlap); the target may be in any order.
 */
export function resampleMatrix(fromNm: readonly number[], toNm: readonly number[]): ResampleMatrix {
  if (fromNm.length === 0 || toNm.length === 0) {
    throw new HscError('bad-argument', 'Spectral resampling needs at least one band on each side.');
  }
  const fromOrder = [...fromNm.keys()].sort((a, b) => fromNm[a] - fromNm[b]);
  const from = fromOrder.map((band) => fromNm[band]);
  const fromEdges = cellEdges(from);
  const toOrder = [...toNm.keys()].sort((a, b) => toNm[a] - toNm[b]);
  const toEdges = cellEdges(toOrder.map((band) => toNm[band]));

  const rows = new Array<Entry[]>(toNm.length);
  toOrder.forEach((band, rank) => {
    const center = toNm[band];
    const [low, high] = [toEdges[rank], toEdges[rank + 1]];
    if (center <= from[0]) rows[band] = [[0, 1]];
    else if (center >= from[from.length - 1]) rows[band] = [[from.length - 1, 1]];
    else {
      const left = lastAtMost(from, center);
      const finer = from[left + 1] - from[left] < high - low;
      rows[band] = finer ? overlapMean(fromEdges, low, high) : interpolate(from, left, center);
    }
  });
  return pack(rows, fromOrder);
}

function pack(rows: readonly Entry[][], fromOrder: readonly number[]): ResampleMatrix {
  const rowStart = new Int32Array(rows.length + 1);
  for (const [row, entries] of rows.entries()) rowStart[row + 1] = rowStart[row] + entries.length;
  const entries = rows.flat();
  return {
    from: fromOrder.length,
    to: rows.length,
    rowStart,
    columns: Int32Array.from(entries, ([column]) => fromOrder[column]),
    weights: Float64Array.from(entries, ([, weight]) => weight),
  };
}

/** Applies the matrix to every pixel: `[pixels × from]` to `[pixels × to]`, both BIP. */
export function resample(matrix: ResampleMatrix, source: SampleArray): Float32Array<ArrayBuffer> {
  const { from, to, rowStart, columns, weights } = matrix;
  const pixels = source.length / from;
  if (!Number.isInteger(pixels)) {
    throw new HscError('bad-argument', `Expected ${from} bands a pixel to resample.`);
  }
  const target = new Float32Array(pixels * to);
  for (let pixel = 0; pixel < pixels; pixel++) {
    const at = pixel * from;
    for (let row = 0; row < to; row++) {
      let sum = 0;
      for (let k = rowStart[row]; k < rowStart[row + 1]; k++) {
        sum += weights[k] * source[at + columns[k]];
      }
      target[pixel * to + row] = sum;
    }
  }
  return target;
}

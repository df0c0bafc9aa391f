import { isDataSample } from '../core/cube/normalize';
import type { HyperspectralCube } from '../core/cube/types';

/** Pixels of a cube in which a coded band carries no data. */
export function pixelsWithGaps(cube: HyperspectralCube, codedBands: readonly number[]): number {
  const { data, bands, noDataValue } = cube;
  let pixels = 0;
  for (let at = 0; at < data.length; at += bands) {
    if (!codedBands.every((band) => isDataSample(data[at + band], noDataValue))) pixels++;
  }
  return pixels;
}

/**
 * Replaces NaN in a BIP array, so that a network sees no edge where data ends: within a spectrum
 * by the nearest band that has data, an empty spectrum by the nearest one in its row, an empty
 * row by the nearest row. All zeros where there is no data at all.
 */
export function fillGaps(samples: Float32Array, width: number, bands: number): void {
  if (!samples.some(Number.isNaN)) return;
  const height = samples.length / (width * bands);
  const emptyRows: boolean[] = [];
  for (let y = 0; y < height; y++) {
    const row = samples.subarray(y * width * bands, (y + 1) * width * bands);
    const empty: boolean[] = [];
    for (let x = 0; x < width; x++) {
      const spectrum = row.subarray(x * bands, (x + 1) * bands);
      const gaps = Array.from(spectrum, Number.isNaN);
      empty.push(fillFromNearest(spectrum, 1, gaps));
    }
    emptyRows.push(fillFromNearest(row, bands, empty));
  }
  if (fillFromNearest(samples, width * bands, emptyRows)) samples.fill(0);
}

/**
 * Copies over every gap (an item of `size` values) the nearest item that is none, the earlier one
 * where two are as near. Returns true, and changes nothing, where all are gaps.
 */
function fillFromNearest(values: Float32Array, size: number, gaps: readonly boolean[]): boolean {
  let before = gaps.indexOf(false);
  if (before === -1) return true;
  let after = before;
  for (let i = 0; i < gaps.length; i++) {
    if (!gaps[i]) {
      before = i;
      continue;
    }
    while (after < i && after !== -1) after = gaps.indexOf(false, after + 1);
    const nearest = after === -1 || (before < i && i - before <= after - i) ? before : after;
    values.copyWithin(i * size, nearest * size, (nearest + 1) * size);
  }
  return false;
}

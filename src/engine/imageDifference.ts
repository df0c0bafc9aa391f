import type { SampleArray } from '../core/cube/types';

/** Difference of two images of the same shape, as planes to look at. */
export interface Difference {
  readonly width: number;
  readonly height: number;
  /** One pixel of the planes stands for `stride` × `stride` of the images. */
  readonly stride: number;
  /** The band of the largest root mean square difference. */
  readonly band: number;
  /** The difference at that band, in the cube's own units, [height, width]. */
  readonly signed: Float32Array<ArrayBuffer>;
  /** Root mean square over all bands of each pixel, in the cube's own units, [height, width]. */
  readonly rms: Float32Array<ArrayBuffer>;
  /** Root mean square over everything. */
  readonly rmse: number;
}

interface Shape {
  readonly width: number;
  readonly height: number;
  readonly bands: number;
}

/** Longest side of the planes. */
const MOST_PIXELS = 1024;

/** a − b of two BIP arrays, NaN and left out of sums where one has no data; `band` counts the images' own bands. */
export function differenceOf(
  { width, height, bands }: Shape,
  a: SampleArray,
  b: SampleArray,
): Difference {
  const energy = new Float64Array(bands);
  let samples = 0;
  for (let i = 0; i < a.length; i += bands) {
    if (Number.isNaN(a[i] - b[i])) continue;
    for (let k = 0; k < bands; k++) energy[k] += (a[i + k] - b[i + k]) ** 2;
    samples += bands;
  }
  const band = energy.indexOf(Math.max(...energy));
  const stride = Math.ceil(Math.max(width, height) / MOST_PIXELS);
  const [columns, rows] = [Math.ceil(width / stride), Math.ceil(height / stride)];
  const signed = new Float32Array(columns * rows);
  const rms = new Float32Array(columns * rows);
  for (let y = 0, to = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++, to++) {
      const at = (y * stride * width + x * stride) * bands;
      let squares = 0;
      for (let k = at; k < at + bands; k++) squares += (a[k] - b[k]) ** 2;
      signed[to] = a[at + band] - b[at + band];
      rms[to] = Math.sqrt(squares / bands);
    }
  }
  const total = energy.reduce((sum, own) => sum + own, 0);
  const rmse = Math.sqrt(total / samples);
  return { width: columns, height: rows, stride, band, signed, rms, rmse };
}

import { colourTable } from '../../core/cube/colourMaps';

/** The colour map of differences: dark where there is none, lighter all the way. */
export const DIFFERENCE_MAP = 'inferno';

/** RGBA pixels of values on a scale from 0 to `limit`; missing values are transparent. */
export function heatPixels(values: Float32Array, limit: number): Uint8ClampedArray<ArrayBuffer> {
  const table = colourTable(DIFFERENCE_MAP);
  const steps = table.length / 3 - 1;
  const rgba = new Uint8ClampedArray(4 * values.length);
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i])) continue;
    const at = 3 * Math.round(steps * Math.min(1, values[i] / limit));
    rgba.set(table.subarray(at, at + 3), 4 * i);
    rgba[4 * i + 3] = 255;
  }
  return rgba;
}

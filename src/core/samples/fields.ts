import type { Random } from './random';

/** A scalar field over an image, row by row. */
export interface Field {
  readonly width: number;
  readonly height: number;
  readonly values: Float32Array;
}

export function field(
  width: number,
  height: number,
  value: (x: number, y: number) => number,
): Field {
  const values = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) values[y * width + x] = value(x, y);
  }
  return { width, height, values };
}

const smooth = (t: number) => t * t * (3 - 2 * t);

export const clamp01 = (t: number) => Math.min(1, Math.max(0, t));

/** 0 below `low`, 1 above `high`, smooth between. */
export const ramp = (low: number, high: number, x: number) =>
  smooth(clamp01((x - low) / (high - low)));

/** Value noise in 0..1 with lattice cells of `cell` pixels. */
function valueNoise(width: number, height: number, cell: number, random: Random): Field {
  const columns = Math.ceil(width / cell) + 2;
  const rows = Math.ceil(height / cell) + 2;
  const lattice = Float32Array.from({ length: columns * rows }, () => random.next());
  return field(width, height, (x, y) => {
    const i = Math.floor(x / cell);
    const j = Math.floor(y / cell);
    const tx = smooth(x / cell - i);
    const ty = smooth(y / cell - j);
    const at = j * columns + i;
    const top = lattice[at] * (1 - tx) + lattice[at + 1] * tx;
    const bottom = lattice[at + columns] * (1 - tx) + lattice[at + columns + 1] * tx;
    return top * (1 - ty) + bottom * ty;
  });
}

/** Fractal noise in about 0..1: octaves from `cell` pixels downwards, each half as strong. */
export function fractalNoise(
  width: number,
  height: number,
  cell: number,
  octaves: number,
  random: Random,
): Field {
  const sum = new Float32Array(width * height);
  let weight = 0;
  for (let octave = 0; octave < octaves; octave++) {
    const amplitude = 0.5 ** octave;
    const layer = valueNoise(width, height, Math.max(1, cell / 2 ** octave), random);
    for (let i = 0; i < sum.length; i++) sum[i] += amplitude * layer.values[i];
    weight += amplitude;
  }
  for (let i = 0; i < sum.length; i++) sum[i] /= weight;
  return { width, height, values: sum };
}

/** A plot of land: its number, and how far the pixel is from the border, in pixels. */
export interface Plots {
  readonly plot: Int32Array;
  readonly border: Float32Array;
  readonly count: number;
}

/** Voronoi plots around jittered lattice points, borders bent by noise. */
export function voronoiPlots(width: number, height: number, cell: number, random: Random): Plots {
  const columns = Math.ceil(width / cell) + 2;
  const rows = Math.ceil(height / cell) + 2;
  const points = Array.from({ length: columns * rows }, (_, k) => ({
    x: ((k % columns) - 0.5 + random.between(-0.35, 0.35)) * cell,
    y: (Math.floor(k / columns) - 0.5 + random.between(-0.35, 0.35)) * cell,
  }));
  const bendX = fractalNoise(width, height, cell, 2, random).values;
  const bendY = fractalNoise(width, height, cell, 2, random).values;
  const plot = new Int32Array(width * height);
  const border = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      const px = x + (bendX[at] - 0.5) * cell * 0.4;
      const py = y + (bendY[at] - 0.5) * cell * 0.4;
      const i = Math.round(px / cell + 0.5);
      const j = Math.round(py / cell + 0.5);
      let nearest = Number.POSITIVE_INFINITY;
      let second = Number.POSITIVE_INFINITY;
      for (let dj = -1; dj <= 1; dj++) {
        for (let di = -1; di <= 1; di++) {
          const k =
            Math.min(rows - 1, Math.max(0, j + dj)) * columns +
            Math.min(columns - 1, Math.max(0, i + di));
          const distance = Math.hypot(px - points[k].x, py - points[k].y);
          if (distance < nearest) {
            if (plot[at] !== k) second = nearest;
            nearest = distance;
            plot[at] = k;
          } else if (distance < second && k !== plot[at]) second = distance;
        }
      }
      border[at] = (second - nearest) / 2;
    }
  }
  return { plot, border, count: points.length };
}

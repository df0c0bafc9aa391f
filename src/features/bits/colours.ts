import type { Picture } from '../../engine/api';

/** Anchors of a colour map, evenly spaced, as sRGB. */
type ColourMap = readonly string[];

/** Viridis (van der Walt and Smith): even in lightness, safe for colour-blind eyes. */
export const SEQUENTIAL: ColourMap = [
  '#440154',
  '#482878',
  '#3e4989',
  '#31688e',
  '#26828e',
  '#1f9e89',
  '#35b779',
  '#6ece58',
  '#b5de2b',
  '#fde725',
];

/** Blue below zero, orange above, as dark at both ends: safe for colour-blind eyes. */
export const DIVERGING: ColourMap = [
  '#0b2f63',
  '#1f5fa6',
  '#5a97cc',
  '#aacbe6',
  '#f5f5f4',
  '#f2c29c',
  '#dc8447',
  '#ab4f17',
  '#612807',
];

export function gradient(map: ColourMap): string {
  return `linear-gradient(to right, ${map.join(', ')})`;
}

const channelsOf = (hex: string) =>
  [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));

/** A plane of values in the colours of a map, which `low` and `high` are the ends of. */
export function paint(
  plane: { readonly width: number; readonly height: number; readonly stride: number },
  values: ArrayLike<number>,
  [low, high]: readonly [number, number],
  map: ColourMap,
): Picture {
  const anchors = map.map(channelsOf);
  const rgba = new Uint8ClampedArray(4 * values.length);
  for (let i = 0; i < values.length; i++) {
    const share = high > low ? (values[i] - low) / (high - low) : 0;
    const at = Math.min(1, Math.max(0, share)) * (anchors.length - 1);
    const below = Math.min(anchors.length - 2, Math.floor(at));
    for (let c = 0; c < 3; c++) {
      const [from, to] = [anchors[below][c], anchors[below + 1][c]];
      rgba[4 * i + c] = from + (at - below) * (to - from);
    }
    rgba[4 * i + 3] = 255;
  }
  return { ...plane, rgba, stretch: [{ low, high }] };
}

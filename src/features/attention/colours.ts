import { colourTable } from '../../core/cube/colourMaps';
import { cssGradient, hexOf } from '../../ui/ColourBar';

/** Colours of values, safe for colour-blind eyes. */

type Rgb = readonly [number, number, number];

const BELOW: Rgb = [43, 118, 202];
const ABOVE: Rgb = [230, 120, 20];

const clamp01 = (value: number) => Math.min(1, Math.max(0, value));

const TABLE = colourTable('viridis');

/** Of a share of the scale, 0..1. */
export function sequential(share: number): Rgb {
  const at = 3 * Math.round(clamp01(share) * (TABLE.length / 3 - 1));
  return [TABLE[at], TABLE[at + 1], TABLE[at + 2]];
}

/** What values are drawn between. */
export interface ColourScale {
  readonly kind: 'sequential' | 'diverging';
  readonly low: number;
  readonly high: number;
}

/**
 * CSS colour of a value. Diverging scales have zero in the middle, where the page shows through:
 * blue below, orange above.
 */
export function colourOf({ kind, low, high }: ColourScale, value: number): string {
  if (kind === 'sequential') return `rgb(${sequential((value - low) / (high - low)).join(' ')})`;
  const share = clamp01(Math.abs(value) / high);
  return `rgb(${(value < 0 ? BELOW : ABOVE).join(' ')} / ${share.toFixed(3)})`;
}

/** The same on white, as `#rrggbb`. */
export function paperColourOf({ kind, low, high }: ColourScale, value: number): string {
  if (kind === 'sequential') return hexOf(sequential((value - low) / (high - low)));
  const share = clamp01(Math.abs(value) / high);
  return hexOf((value < 0 ? BELOW : ABOVE).map((level) => 255 + share * (level - 255)));
}

const valuesAlong = ({ low, high }: ColourScale, count: number) =>
  Array.from({ length: count }, (_, i) => low + ((high - low) * i) / (count - 1));

/** The whole scale from left to right, for a legend. */
export function gradientOf(scale: ColourScale): string {
  if (scale.kind === 'sequential') return cssGradient(TABLE);
  const stops = valuesAlong(scale, 17).map((value) => colourOf(scale, value));
  return `linear-gradient(to right, ${stops.join(', ')})`;
}

/** RGB triples of the scale on white, from its lowest value to its highest. */
export function paperTable(scale: ColourScale): Uint8ClampedArray {
  if (scale.kind === 'sequential') return TABLE;
  return Uint8ClampedArray.from(
    valuesAlong(scale, 33).flatMap((value) => {
      const hex = paperColourOf(scale, value);
      return [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
    }),
  );
}

import { colourTable } from '../../core/cube/colourMaps';

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

/** The whole scale from left to right, for a legend. */
export function gradientOf(scale: ColourScale): string {
  const stops = Array.from({ length: 17 }, (_, i) =>
    colourOf(scale, scale.low + ((scale.high - scale.low) * i) / 16),
  );
  return `linear-gradient(to right, ${stops.join(', ')})`;
}

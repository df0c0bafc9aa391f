/** Colours of values; sequential after viridis (van der Walt and Smith), safe for colour-blind eyes. */

type Rgb = readonly [number, number, number];

const VIRIDIS: readonly Rgb[] = [
  [68, 1, 84],
  [72, 40, 120],
  [62, 74, 137],
  [49, 104, 142],
  [38, 130, 142],
  [31, 158, 137],
  [53, 183, 121],
  [110, 206, 88],
  [181, 222, 43],
  [253, 231, 37],
];

const BELOW: Rgb = [43, 118, 202];
const ABOVE: Rgb = [230, 120, 20];

const clamp01 = (value: number) => Math.min(1, Math.max(0, value));

/** Of a share of the scale, 0..1. */
export function sequential(share: number): Rgb {
  const at = clamp01(share) * (VIRIDIS.length - 1);
  const below = Math.min(Math.floor(at), VIRIDIS.length - 2);
  const part = at - below;
  const mix = (i: 0 | 1 | 2) =>
    Math.round((1 - part) * VIRIDIS[below][i] + part * VIRIDIS[below + 1][i]);
  return [mix(0), mix(1), mix(2)];
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

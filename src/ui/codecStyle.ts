import {
  type SymbolType,
  symbol,
  symbolCircle,
  symbolCross,
  symbolDiamond,
  symbolSquare,
  symbolStar,
  symbolTriangle,
  symbolWye,
} from 'd3-shape';

/** One colour for light and one for dark ground, each with 3:1 contrast or more. */
export interface Shades {
  readonly light: string;
  readonly dark: string;
}

export type MarkerName = keyof typeof MARKERS;

/** How a codec looks in every chart, list and table: the same all over the studio. */
export interface CodecStyle {
  readonly colour: Shades;
  readonly marker: MarkerName;
}

const MARKERS = {
  circle: symbolCircle,
  square: symbolSquare,
  triangle: symbolTriangle,
  diamond: symbolDiamond,
  cross: symbolCross,
  star: symbolStar,
  wye: symbolWye,
} satisfies Record<string, SymbolType>;

/** After Okabe and Ito; told apart by hue, by lightness and by marker. */
const STYLES: Readonly<Record<string, CodecStyle>> = {
  'hific-opt': { colour: { light: '#1f66c1', dark: '#6cabff' }, marker: 'circle' },
  'hific-se': { colour: { light: '#b75000', dark: '#f5a623' }, marker: 'square' },
  'hific-3d': { colour: { light: '#a6307c', dark: '#f08cc8' }, marker: 'triangle' },
  'hific-opt-gan': { colour: { light: '#0085b0', dark: '#7fdcff' }, marker: 'circle' },
  'hific-se-gan': { colour: { light: '#c0392b', dark: '#ff9d8a' }, marker: 'square' },
  'hific-3d-gan': { colour: { light: '#7045c4', dark: '#b79bff' }, marker: 'triangle' },
  'klt-jpeg2000': { colour: { light: '#007a5a', dark: '#3fd0a0' }, marker: 'diamond' },
  'pca-jpeg2000': { colour: { light: '#6b6b00', dark: '#e6df5a' }, marker: 'cross' },
  jpeg2000: { colour: { light: '#5b6570', dark: '#aab4be' }, marker: 'wye' },
  lossless: { colour: { light: '#15191d', dark: '#f2f4f6' }, marker: 'star' },
};

/** For codecs that are not known here: by their id, so that it is always the same one. */
const OTHERS: readonly CodecStyle[] = [
  { colour: { light: '#7045c4', dark: '#b79bff' }, marker: 'square' },
  { colour: { light: '#00727f', dark: '#5fd4e6' }, marker: 'triangle' },
  { colour: { light: '#b3261e', dark: '#ff8f85' }, marker: 'diamond' },
];

export function codecStyle(id: string): CodecStyle {
  if (STYLES[id]) return STYLES[id];
  const sum = [...id].reduce((total, letter) => total + (letter.codePointAt(0) ?? 0), 0);
  const other = OTHERS[sum % OTHERS.length];
  // Tuned weights keep the marker of the codec whose weights they were.
  const shipped = STYLES[id.split('@')[0]];
  return shipped ? { ...other, marker: shipped.marker } : other;
}

/** SVG path of a marker around the origin; `area` in square pixels. */
export function markerPath(marker: MarkerName, area: number): string {
  return symbol(MARKERS[marker], area)() ?? '';
}

/** A colour that follows the page's theme. */
export function themed({ light, dark }: Shades): string {
  return `light-dark(${light}, ${dark})`;
}

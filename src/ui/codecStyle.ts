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
  hyperprior: { colour: { light: '#00727f', dark: '#5fd4e6' }, marker: 'star' },
  'cae-1d': { colour: { light: '#b3261e', dark: '#ff8f85' }, marker: 'diamond' },
  sscnet: { colour: { light: '#7a5c00', dark: '#d8bc5a' }, marker: 'triangle' },
  'cae-3d': { colour: { light: '#3f7a1f', dark: '#9bd86a' }, marker: 'square' },
  'klt-jpeg2000': { colour: { light: '#007a5a', dark: '#3fd0a0' }, marker: 'diamond' },
  'pca-jpeg2000': { colour: { light: '#6b6b00', dark: '#e6df5a' }, marker: 'cross' },
  jpeg2000: { colour: { light: '#5b6570', dark: '#aab4be' }, marker: 'wye' },
  'wavelet-3d': { colour: { light: '#8a4a00', dark: '#d9a066' }, marker: 'star' },
  'dct-3d': { colour: { light: '#4a5db0', dark: '#9fb2ff' }, marker: 'wye' },
  'dpcm-dct': { colour: { light: '#9a3f5c', dark: '#f0a3b8' }, marker: 'cross' },
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

/** Dash patterns of lines that are told apart by nothing else; the first is solid. */
const DASHES = [
  undefined,
  '7 3',
  '2 2.5',
  '9 3 2 3',
  '14 4',
  '6 2.5 2 2.5 2 2.5',
  '4 6',
  '1.5 5',
] as const;

export const dashOf = (index: number): string | undefined => DASHES[index % DASHES.length];

/** How a pane looks in charts and lists. */
export interface PaneStyle extends CodecStyle {
  /** SVG dash pattern; a solid line by default. */
  readonly dash?: string;
}

/** How far every other pane of a codec is from its colour: further from the ground in both themes. */
const STRONGER = 0.42;

/**
 * Looks of panes by the codecs that they show: the codec's colour and marker; the second pane of a
 * codec and those after it have dashes of their own, every other one a stronger shade.
 */
export function paneStyles(codecs: readonly string[]): readonly PaneStyle[] {
  return codecs.map((codec, i) => {
    const { colour, marker } = codecStyle(codec);
    const before = codecs.slice(0, i).filter((other) => other === codec).length;
    return {
      marker,
      colour: before % 2 === 0 ? colour : stronger(colour),
      dash: dashOf(before),
    };
  });
}

function stronger({ light, dark }: Shades): Shades {
  return { light: mixed(light, 0), dark: mixed(dark, 255) };
}

/** A colour moved towards black (0) or white (255). */
function mixed(hex: string, end: number): string {
  const levels = [1, 3, 5].map((at) => {
    const level = Number.parseInt(hex.slice(at, at + 2), 16);
    return Math.round(level + STRONGER * (end - level));
  });
  return `#${levels.map((level) => level.toString(16).padStart(2, '0')).join('')}`;
}

/** SVG path of a marker around the origin; `area` in square pixels. */
export function markerPath(marker: MarkerName, area: number): string {
  return symbol(MARKERS[marker], area)() ?? '';
}

/** A colour that follows the page's theme. */
export function themed({ light, dark }: Shades): string {
  return `light-dark(${light}, ${dark})`;
}

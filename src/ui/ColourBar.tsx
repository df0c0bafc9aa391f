import { type ColourMap, colourTable } from '../core/cube/colourMaps';
import { displayGamma } from '../core/cube/composite';

/** An odd number, so that the middle of a table of odd size is one of them. */
const STOPS = 33;

/** RGB triples of a colour map from low to high; grey as pictures show it, with the display gamma. */
export function shownTable(map: ColourMap): Uint8ClampedArray {
  const table = colourTable(map, STOPS);
  return map === 'grey' ? table.map((level) => 255 * displayGamma(level / 255)) : table;
}

/** Evenly spaced colours of a table, as `#rrggbb`, which every program reads. */
export function stopsOf(table: Uint8ClampedArray): readonly string[] {
  const last = table.length / 3 - 1;
  return Array.from({ length: STOPS }, (_, i) => {
    const at = 3 * Math.round((i / (STOPS - 1)) * last);
    return hexOf(table.subarray(at, at + 3));
  });
}

export function hexOf(rgb: ArrayLike<number>): string {
  return `#${Array.from(rgb, (level) => Math.round(level).toString(16).padStart(2, '0')).join('')}`;
}

/** RGB triples from low to high as a CSS gradient. */
export function cssGradient(table: Uint8ClampedArray): string {
  return `linear-gradient(to right, ${stopsOf(table).join(', ')})`;
}

export function gradientOf(map: ColourMap): string {
  return cssGradient(shownTable(map));
}

interface ColourBarProps {
  readonly map: ColourMap;
  readonly low: string;
  readonly high: string;
  readonly unit?: string;
}

/** The colours of values, from the one shown darkest to the one shown brightest. */
export function ColourBar({ map, low, high, unit }: ColourBarProps) {
  return (
    <span className="colour-bar">
      <span>{low}</span>
      <span className="colour-bar__map" style={{ background: gradientOf(map) }} />
      <span>{high}</span>
      {unit && <span>{unit}</span>}
    </span>
  );
}

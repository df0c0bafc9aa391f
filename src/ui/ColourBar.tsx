import { type ColourMap, colourTable } from '../core/cube/colourMaps';
import { displayGamma } from '../core/cube/composite';

const STOPS = 24;

/** A colour map as a CSS gradient; grey as pictures show it, with the display gamma. */
export function gradientOf(map: ColourMap): string {
  const table = colourTable(map, STOPS);
  const stops = Array.from({ length: STOPS }, (_, i) => {
    if (map !== 'grey') return `rgb(${table.subarray(3 * i, 3 * i + 3).join(' ')})`;
    const grey = Math.round(255 * displayGamma(i / (STOPS - 1)));
    return `rgb(${grey} ${grey} ${grey})`;
  });
  return `linear-gradient(to right, ${stops.join(', ')})`;
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

import { useId } from 'react';
import { stopsOf } from './ColourBar';
import { PAPER_PALETTE } from './chartPalette';

export interface ScaleContent {
  /** RGB triples 0..255 from the lowest value to the highest. */
  readonly table: Uint8ClampedArray;
  readonly low: string;
  /** With the unit. */
  readonly high: string;
}

const BAR = 8;
const TEXT = 11;

/** The colours of values on paper, above the values of both ends. */
export function ScaleBar({ table, low, high, width }: ScaleContent & { width: number }) {
  const id = useId();
  const stops = stopsOf(table);
  const baseline = BAR + TEXT + 3;
  return (
    <g fontSize={TEXT} fill={PAPER_PALETTE.muted}>
      <linearGradient id={id}>
        {stops.map((colour, i) => (
          <stop key={colour} offset={i / (stops.length - 1)} stopColor={colour} />
        ))}
      </linearGradient>
      <rect width={width} height={BAR} fill={`url(#${id})`} />
      <text y={baseline}>{low}</text>
      <text x={width} y={baseline} textAnchor="end">
        {high}
      </text>
    </g>
  );
}

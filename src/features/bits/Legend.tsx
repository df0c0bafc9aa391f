import { cssGradient } from '../../ui/ColourBar';

interface LegendProps {
  /** RGB triples from the lowest value to the highest. */
  readonly table: Uint8ClampedArray;
  readonly label: string;
  readonly ends: readonly [low: string, high: string];
}

/** A colour map with the values of its two ends. */
export function Legend({ table, label, ends: [low, high] }: LegendProps) {
  return (
    <div className="bits-legend" role="img" aria-label={`${label}: ${low} to ${high}`}>
      <span>{low}</span>
      <span className="bits-legend__bar" style={{ background: cssGradient(table) }} />
      <span>{high}</span>
    </div>
  );
}

import { gradient } from './colours';

interface LegendProps {
  readonly map: readonly string[];
  readonly label: string;
  readonly ends: readonly [low: string, high: string];
}

/** A colour map with the values of its two ends. */
export function Legend({ map, label, ends: [low, high] }: LegendProps) {
  return (
    <div className="bits-legend" role="img" aria-label={`${label}: ${low} to ${high}`}>
      <span>{low}</span>
      <span className="bits-legend__bar" style={{ background: gradient(map) }} />
      <span>{high}</span>
    </div>
  );
}

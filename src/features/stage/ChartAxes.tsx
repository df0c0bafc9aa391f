import type { ChartPalette } from '../../ui/chartPalette';
import { project, type Scale, tickLabels, ticks } from './plot';

interface ValueAxisProps {
  readonly x: Scale;
  readonly y: Scale;
  readonly palette: ChartPalette;
  /** Without values, the axis stays empty. */
  readonly valued: boolean;
  /** Draws the line of zero stronger. */
  readonly zero?: boolean;
  /** Least distance of two ticks in CSS pixels. */
  readonly gap?: number;
}

/** Lines across the chart with their values on the left. */
export function ValueAxis({ x, y, palette, valued, zero, gap = 32 }: ValueAxisProps) {
  const values = valued ? ticks(y.low, y.high, Math.max(2, (y.from - y.to) / gap)) : [];
  const labels = tickLabels(values);
  return (
    <g fill={palette.muted}>
      {values.map((tick, i) => {
        const at = project(y, tick);
        const strong = zero && Math.abs(tick) < 1e-12 * (y.high - y.low);
        return (
          <g key={tick}>
            <line
              x1={x.from}
              x2={x.to}
              y1={at}
              y2={at}
              stroke={strong ? palette.line : palette.grid}
            />
            <text x={x.from - 8} y={at + 4} textAnchor="end">
              {labels[i]}
            </text>
          </g>
        );
      })}
    </g>
  );
}

interface BandAxisProps {
  readonly x: Scale;
  /** Of the numbers. */
  readonly baseline: number;
  readonly label: string;
  readonly palette: ChartPalette;
}

/** Wavelengths or band numbers below the chart, the unit in its corner. */
export function BandAxis({ x, baseline, label, palette }: BandAxisProps) {
  return (
    <g fill={palette.muted}>
      {ticks(x.low, x.high, (x.to - x.from) / 90).map((tick) => {
        const at = project(x, tick);
        const last = at > x.to - 10;
        return (
          <text
            key={tick}
            x={last ? x.to + 10 : at}
            y={baseline}
            textAnchor={last ? 'end' : 'middle'}
          >
            {tick}
          </text>
        );
      })}
      <text x={8} y={baseline}>
        {label}
      </text>
    </g>
  );
}

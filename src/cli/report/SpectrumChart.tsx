import { line } from 'd3-shape';
import { widestStep } from '../../ui/bandGaps';
import { type ChartAxis, layoutChart, linearDomain } from '../../ui/chartLayout';
import { SCREEN_PALETTE as palette } from '../../ui/chartPalette';
import type { Spectrum } from './collect';

export interface SpectrumLine {
  readonly name: string;
  readonly family?: string;
  readonly colour: string;
  readonly spectrum: Spectrum;
}

interface SpectrumChartProps {
  readonly lines: readonly SpectrumLine[];
  readonly xLabel: string;
  readonly yLabel: string;
  /** The value axis starts at 0. */
  readonly zero?: boolean;
}

// The layout keeps room for names on the right, which a legend gives here.
const NAMES = 130;
const SIZE = { width: 560, height: 250 };

/** A spectrum's points, with one that breaks the line in every gap between bands. */
function withGaps({ xs, values }: Spectrum): (readonly [number, number])[] {
  const widest = widestStep(xs);
  return xs.flatMap((at, i) => {
    const point = [at, values[i]] as const;
    const gap = i > 0 && Math.abs(at - xs[i - 1]) > widest;
    return gap ? [[at, Number.NaN] as const, point] : [point];
  });
}

/** Spectra over their bands, one line each; missing values and bands break a line. */
export function SpectrumChart({ lines, xLabel, yLabel, zero }: SpectrumChartProps) {
  const xs = lines.flatMap(({ spectrum }) => spectrum.xs);
  const x: ChartAxis = {
    label: xLabel,
    scale: 'linear',
    domain: [Math.min(...xs), Math.max(...xs)],
  };
  const values = lines.flatMap(({ spectrum }) => spectrum.values);
  const y: ChartAxis = { label: yLabel, scale: 'linear', domain: linearDomain(values, { zero }) };
  const layout = layoutChart(x, y, { ...SIZE, width: SIZE.width + NAMES });
  const { frame, xTicks, yTicks, place } = layout;
  const path = line<readonly [number, number]>(
    ([at, value]) => place({ x: at, y: value }).x,
    ([at, value]) => place({ x: at, y: value }).y,
  ).defined(([, value]) => Number.isFinite(value));
  return (
    <svg
      viewBox={`0 0 ${SIZE.width} ${SIZE.height}`}
      width={SIZE.width}
      height={SIZE.height}
      fontSize={12}
      role="img"
      aria-label={`${yLabel} by ${xLabel}`}
    >
      <g fill={palette.muted}>
        {yTicks.map(({ value, label, at }) => (
          <g key={value}>
            <line x1={frame.left} x2={frame.right} y1={at} y2={at} stroke={palette.grid} />
            <text x={frame.left - 9} y={at + 4} textAnchor="end">
              {label}
            </text>
          </g>
        ))}
        {xTicks.map(({ value, label, at }) => (
          <text key={value} x={at} y={frame.bottom + 18} textAnchor="middle">
            {label}
          </text>
        ))}
      </g>
      <text x={8} y={14} fill={palette.text}>
        {yLabel}
      </text>
      <text x={frame.right} y={frame.bottom + 38} textAnchor="end" fill={palette.text}>
        {xLabel}
      </text>
      <g fill="none" strokeWidth={1.5} strokeLinejoin="round">
        {lines.map(({ name, family, colour, spectrum }) => (
          <path key={name} data-family={family} stroke={colour} d={path(withGaps(spectrum)) ?? ''}>
            <title>{name}</title>
          </path>
        ))}
      </g>
    </svg>
  );
}

import { memo, useId } from 'react';
import type { ChartPalette } from '../../ui/chartPalette';
import type { Shades } from '../../ui/codecStyle';
import { BandAxis, ValueAxis } from '../stage/ChartAxes';
import { linePath, project, type Scale } from '../stage/plot';
import { ribbonPath, type SpectraLayout } from './chartLayout';
import type { SpectrumLine } from './lines';

/** A place on the axis of bands, dashed. */
export interface ChartMark {
  readonly x: number;
  readonly shades: Shades;
}

interface SpectraChartProps {
  readonly width: number;
  readonly height: number;
  readonly layout: SpectraLayout;
  readonly lines: readonly SpectrumLine[];
  readonly residuals: readonly SpectrumLine[];
  readonly xLabel: string;
  readonly yLabel: string;
  readonly palette: ChartPalette;
  /** Name for assistive technology. */
  readonly label?: string;
  /** Bands that the picture shows. */
  readonly marks?: readonly ChartMark[];
  /** Ranges of the axis that carry nothing worth reading, such as bad bands. */
  readonly shaded?: readonly (readonly [number, number])[];
  /** Where all values are read off. */
  readonly cursor?: number;
}

/** Spectra against wavelength, and what differs below: pure SVG, on the page and on paper. */
export function SpectraChart(props: SpectraChartProps) {
  const { width, height, layout, lines, residuals, palette, marks = [], cursor } = props;
  const { shaded = [], label = 'Spectra' } = props;
  const { x, y, residual } = layout;
  const bottom = (residual ?? y).from;
  return (
    <svg
      xmlns="http://www.w3.org/2000/svg"
      width={width}
      height={height}
      role="img"
      aria-label={label}
      style={{ fontSize: palette.fontSize }}
    >
      {shaded.map(([low, high]) => (
        <rect
          key={low}
          x={Math.max(x.from, project(x, low))}
          y={y.to}
          width={Math.max(1, Math.min(x.to, project(x, high)) - Math.max(x.from, project(x, low)))}
          height={bottom - y.to}
          fill={palette.grid}
          opacity={0.6}
        />
      ))}
      <ValueAxis x={x} y={y} palette={palette} valued={lines.length > 0} />
      <text x={8} y={10} fill={palette.muted}>
        {props.yLabel}
      </text>
      {residual && (
        <>
          <ValueAxis
            x={x}
            y={residual}
            palette={palette}
            valued={residuals.length > 0}
            gap={20}
            zero
          />
          <text x={x.to} y={residual.to - 3} textAnchor="end" fill={palette.muted}>
            reconstruction − original
          </text>
        </>
      )}
      <BandAxis x={x} baseline={bottom + 18} label={props.xLabel} palette={palette} />
      {marks.map((mark, i) => (
        <line
          key={i}
          x1={project(x, mark.x)}
          x2={project(x, mark.x)}
          y1={y.to}
          y2={bottom}
          stroke={palette.shade(mark.shades)}
          strokeDasharray="2 3"
        />
      ))}
      <Lines lines={lines} x={x} y={y} palette={palette} />
      {residual && <Lines lines={residuals} x={x} y={residual} palette={palette} />}
      {cursor !== undefined && (
        <line
          x1={project(x, cursor)}
          x2={project(x, cursor)}
          y1={y.to}
          y2={bottom}
          stroke={palette.line}
        />
      )}
    </svg>
  );
}

interface LinesProps {
  readonly lines: readonly SpectrumLine[];
  readonly x: Scale;
  readonly y: Scale;
  readonly palette: ChartPalette;
}

/** Drawn anew only when spectra or scales change, not with every step of a band slider. */
const Lines = memo(function Lines({ lines, x, y, palette }: LinesProps) {
  const clip = useId();
  return (
    <g>
      <clipPath id={clip}>
        <rect
          x={x.from}
          y={y.to}
          width={Math.max(0, x.to - x.from)}
          height={Math.max(0, y.from - y.to)}
        />
      </clipPath>
      {lines.map((line) => (
        <g key={line.key} clipPath={`url(#${clip})`} data-line={line.name}>
          {line.deviation && (
            <path d={ribbonPath(line, x, y)} fill={palette.shade(line.shades)} fillOpacity={0.18} />
          )}
          <path
            d={linePath(line.xs, line.values, x, y)}
            fill="none"
            stroke={palette.shade(line.shades)}
            strokeWidth={1.5}
            strokeLinejoin="round"
            strokeDasharray={line.dash}
          />
        </g>
      ))}
    </g>
  );
});

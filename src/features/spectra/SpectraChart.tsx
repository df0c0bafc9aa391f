import { memo, useId } from 'react';
import type { ChartPalette } from '../../ui/chartPalette';
import type { Shades } from '../../ui/codecStyle';
import { linePath, project, type Scale, tickLabels, ticks } from '../stage/plot';
import { CAPTION_LINE, ribbonPath, type SpectraLayout } from './chartLayout';
import type { SpectrumLine } from './lines';

export interface ChartMark {
  readonly x: number;
  readonly colour: string;
}

/** A line under the chart, behind a spot of colour where it explains one. */
export interface CaptionLine {
  readonly text: string;
  readonly shades?: Shades;
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
  /** Bands that the picture shows. */
  readonly marks?: readonly ChartMark[];
  /** Ranges of the axis that carry nothing worth reading, such as bad bands. */
  readonly shaded?: readonly (readonly [number, number])[];
  /** Where all values are read off. */
  readonly cursor?: number;
  readonly caption?: readonly CaptionLine[];
}

/** Spectra against wavelength, and what differs below: pure SVG, on the page and on paper. */
export function SpectraChart(props: SpectraChartProps) {
  const { width, height, layout, lines, residuals, palette, marks = [], cursor, caption } = props;
  const { shaded = [] } = props;
  const { x, y, residual } = layout;
  const bottom = (residual ?? y).from;
  return (
    <svg
      xmlns="http://www.w3.org/2000/svg"
      width={width}
      height={height}
      role="img"
      aria-label="Spectra"
      fontFamily="system-ui, sans-serif"
      fontSize={11}
    >
      {shaded.map(([low, high]) => (
        <rect
          key={low}
          x={project(x, low)}
          y={y.to}
          width={Math.max(1, project(x, high) - project(x, low))}
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
          <ValueAxis x={x} y={residual} palette={palette} valued={residuals.length > 0} zero />
          <text x={x.to} y={residual.to - 3} textAnchor="end" fill={palette.muted}>
            reconstruction − original
          </text>
        </>
      )}
      <BandAxis x={x} baseline={bottom + 18} label={props.xLabel} palette={palette} />
      {marks.map((mark) => (
        <Upright key={mark.colour} at={project(x, mark.x)} from={y.to} to={bottom} mark={mark} />
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
      {caption?.map(({ text, shades }, i) => {
        const baseline = bottom + 46 + i * CAPTION_LINE;
        return (
          <g key={text}>
            {shades && (
              <rect
                x={x.from - 14}
                y={baseline - 8}
                width={8}
                height={8}
                fill={palette.shade(shades)}
              />
            )}
            <text x={x.from} y={baseline} fill={palette.muted}>
              {text}
            </text>
          </g>
        );
      })}
    </svg>
  );
}

function Upright(props: { at: number; from: number; to: number; mark: ChartMark }) {
  const { at, from, to, mark } = props;
  return <line x1={at} x2={at} y1={from} y2={to} stroke={mark.colour} strokeDasharray="2 3" />;
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

interface ValueAxisProps {
  readonly x: Scale;
  readonly y: Scale;
  readonly palette: ChartPalette;
  /** Without values, the axis stays empty. */
  readonly valued: boolean;
  /** Draws the line of zero stronger. */
  readonly zero?: boolean;
}

function ValueAxis({ x, y, palette, valued, zero }: ValueAxisProps) {
  const room = (y.from - y.to) / (zero ? 20 : 32);
  const values = valued ? ticks(y.low, y.high, Math.max(2, room)) : [];
  const labels = tickLabels(values);
  return values.map((tick, i) => {
    const at = project(y, tick);
    const strong = zero && Math.abs(tick) < 1e-12 * (y.high - y.low);
    return (
      <g key={tick}>
        <line x1={x.from} x2={x.to} y1={at} y2={at} stroke={strong ? palette.line : palette.grid} />
        <text x={x.from - 8} y={at + 4} textAnchor="end" fill={palette.muted}>
          {labels[i]}
        </text>
      </g>
    );
  });
}

function BandAxis(props: { x: Scale; baseline: number; label: string; palette: ChartPalette }) {
  const { x, baseline, label, palette } = props;
  return (
    <>
      {ticks(x.low, x.high, (x.to - x.from) / 90).map((tick) => {
        const at = project(x, tick);
        const last = at > x.to - 10;
        return (
          <text
            key={tick}
            x={last ? x.to + 10 : at}
            y={baseline}
            textAnchor={last ? 'end' : 'middle'}
            fill={palette.muted}
          >
            {tick}
          </text>
        );
      })}
      <text x={8} y={baseline} fill={palette.muted}>
        {label}
      </text>
    </>
  );
}

import { useId, useMemo, useRef, useState } from 'react';
import { nearestBand } from '../../core/cube/composite';
import { widestStep } from '../../ui/bandGaps';
import { significant } from '../../ui/format';
import {
  type AxisFoot,
  linePath,
  project,
  roundLimits,
  type Scale,
  tickLabels,
  ticks,
} from './plot';
import { useSize } from './useSize';

export interface Series {
  readonly name: string;
  readonly colour: string;
  /** Band position on the x axis: nm, or band number from 1. */
  readonly xs: readonly number[];
  readonly values: Float32Array;
}

interface SpectrumPlotProps {
  readonly series: readonly Series[];
  readonly limits: readonly [number, number];
  readonly xLabel: string;
  /** Bands that the picture shows. */
  readonly marks: readonly { readonly x: number; readonly colour: string }[];
  readonly foot?: AxisFoot;
  /** Ranges of the x axis that carry nothing worth reading, such as bad bands. */
  readonly shaded?: readonly (readonly [number, number])[];
  readonly label?: string;
}

const MARGIN = { left: 54, right: 14, top: 10, bottom: 26 };

/** Spectra of one pixel against wavelength. */
export function SpectrumPlot(props: SpectrumPlotProps) {
  const { series, limits, xLabel, marks, foot } = props;
  const { shaded = [], label = 'Spectra of the pixel' } = props;
  const box = useRef<HTMLDivElement>(null);
  const size = useSize(box);
  const [cursor, setCursor] = useState<number>();
  const clip = useId();
  const [low, high] = limits;
  const yLimits = useMemo(
    () =>
      roundLimits(
        series.flatMap(({ xs, values }) =>
          Array.from(values).filter((_, i) => xs[i] >= low && xs[i] <= high),
        ),
        foot,
      ),
    [series, low, high, foot],
  );
  const width = size?.width ?? 0;
  const height = size?.height ?? 0;
  const x: Scale = { low: limits[0], high: limits[1], from: MARGIN.left, to: width - MARGIN.right };
  const y: Scale = {
    low: yLimits[0],
    high: yLimits[1],
    from: height - MARGIN.bottom,
    to: MARGIN.top,
  };
  const drawn = width > 120 && height > 70;

  return (
    <div
      ref={box}
      className="plot"
      onPointerMove={(event) => {
        const at = event.clientX - event.currentTarget.getBoundingClientRect().left;
        const value = limits[0] + ((at - x.from) / (x.to - x.from)) * (limits[1] - limits[0]);
        setCursor(value >= limits[0] && value <= limits[1] ? value : undefined);
      }}
      onPointerLeave={() => setCursor(undefined)}
    >
      {drawn && (
        <svg width={width} height={height} role="img" aria-label={label}>
          {shaded.map(([from, to]) => (
            <rect
              key={from}
              className="plot__shade"
              x={Math.max(x.from, project(x, from))}
              y={y.to}
              width={Math.max(
                1,
                Math.min(x.to, project(x, to)) - Math.max(x.from, project(x, from)),
              )}
              height={Math.max(0, y.from - y.to)}
            />
          ))}
          <Axes x={x} y={y} xLabel={xLabel} valued={series.length > 0} />
          {marks.map((mark) => (
            <line
              key={mark.colour}
              x1={project(x, mark.x)}
              x2={project(x, mark.x)}
              y1={y.to}
              y2={y.from}
              stroke={mark.colour}
              strokeWidth={1}
              strokeDasharray="2 3"
            />
          ))}
          <clipPath id={clip}>
            <rect
              x={x.from}
              y={y.to}
              width={Math.max(0, x.to - x.from)}
              height={Math.max(0, y.from - y.to)}
            />
          </clipPath>
          {series.map(({ name, colour, xs, values }) => (
            <path
              clipPath={`url(#${clip})`}
              key={name}
              d={linePath(xs, values, x, y)}
              fill="none"
              stroke={colour}
              strokeWidth={1.5}
              strokeLinejoin="round"
            />
          ))}
          {cursor !== undefined && <Cursor series={series} at={cursor} x={x} y={y} />}
        </svg>
      )}
    </div>
  );
}

/** Lines and numbers; the value axis stays empty while there is nothing to read off it. */
export function Axes(props: { x: Scale; y: Scale; xLabel: string; valued: boolean }) {
  const { x, y, xLabel, valued } = props;
  const values = valued ? ticks(y.low, y.high, Math.max(2, (y.from - y.to) / 30)) : [];
  const labels = tickLabels(values);
  const baseline = y.from + 18;
  return (
    <>
      {values.map((tick, i) => {
        const at = project(y, tick);
        return (
          <g key={tick}>
            <line className="plot__grid" x1={x.from} x2={x.to} y1={at} y2={at} />
            <text className="plot__text" x={x.from - 8} y={at + 4} textAnchor="end">
              {labels[i]}
            </text>
          </g>
        );
      })}
      {ticks(x.low, x.high, (x.to - x.from) / 90).map((tick) => {
        const at = project(x, tick);
        const last = at > x.to - 10;
        return (
          <text
            key={tick}
            className="plot__text"
            x={last ? x.to + 10 : at}
            y={baseline}
            textAnchor={last ? 'end' : 'middle'}
          >
            {tick}
          </text>
        );
      })}
      <text className="plot__text" x={8} y={baseline}>
        {xLabel}
      </text>
    </>
  );
}

/** The values of all series at the band nearest to the pointer. */
function Cursor(props: { series: readonly Series[]; at: number; x: Scale; y: Scale }) {
  const { series, at, x, y } = props;
  const first = series[0];
  if (!first) return null;
  const snapped = first.xs[nearestBand(first.xs, at)];
  const left = project(x, snapped);
  const flip = left > (x.from + x.to) / 2;
  const lines = series.map(({ name, colour, xs, values }) => {
    const band = nearestBand(xs, snapped);
    const near = Math.abs(xs[band] - snapped) <= widestStep(xs) / 2;
    return { name, colour, value: near ? values[band] : Number.NaN };
  });
  return (
    <g>
      <line className="plot__cursor" x1={left} x2={left} y1={y.to} y2={y.from} />
      {lines.map(
        ({ name, colour, value }) =>
          Number.isFinite(value) && (
            <circle key={name} cx={left} cy={project(y, value)} r={3} fill={colour} />
          ),
      )}
      <text
        className="plot__readout"
        x={left + (flip ? -8 : 8)}
        y={y.to + 12}
        textAnchor={flip ? 'end' : 'start'}
      >
        {significant(snapped, 4)}
        {lines.map(({ name, colour, value }) => (
          <tspan key={name} fill={colour} dx={10}>
            {significant(value)}
          </tspan>
        ))}
      </text>
    </g>
  );
}

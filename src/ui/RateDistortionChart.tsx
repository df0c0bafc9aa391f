import { line } from 'd3-shape';
import type { KeyboardEvent, MouseEvent, ReactNode } from 'react';
import {
  type ChartAxis,
  type ChartLayout,
  type ChartPoint,
  type ChartSize,
  layoutChart,
  neighbour,
  spread,
} from './chartLayout';
import { type ChartPalette, FIGURE_FONT, SCREEN_PALETTE } from './chartPalette';
import { type CodecStyle, markerPath } from './codecStyle';
import { fixed } from './format';

export interface ChartSeries {
  readonly id: string;
  readonly label: string;
  readonly style: CodecStyle;
  /** Heading that the codec stands under; drawn parts carry it as `data-family`. */
  readonly family?: string;
  /** By increasing rate. */
  readonly points: readonly ChartPoint[];
  /** Curves that `points` is the mean of, drawn thin. */
  readonly singles?: readonly (readonly { readonly x: number; readonly y: number }[])[];
}

/** A published figure: a hollow marker, or a dashed line where its rate is not known. */
export interface ChartReference {
  readonly id: string;
  readonly label: string;
  readonly x?: number;
  readonly y: number;
}

export interface RateDistortionChartProps extends ChartSize {
  readonly series: readonly ChartSeries[];
  readonly x: ChartAxis;
  readonly y: ChartAxis;
  readonly references?: readonly ChartReference[];
  readonly palette?: ChartPalette;
  /** Name of the drawing for assistive technology. */
  readonly name: string;
  /** The point that is marked. */
  readonly active?: string;
  /** Where given, points can be pointed at and focused; `undefined` when none is any more. */
  readonly onActive?: (key: string | undefined) => void;
  readonly onPick?: (key: string) => void;
}

const MARKER_AREA = 62;
/** How far from a point the pointer still means it. */
const REACH = 26;

/**
 * Rate–distortion curves, one a codec. Colours are attributes and nothing is measured while
 * drawing, so the same component serves the page, an exported file and a report made in Node.
 */
export function RateDistortionChart(props: RateDistortionChartProps) {
  const { series, x, y, width, height, references = [], palette = SCREEN_PALETTE } = props;
  const { active, onActive, onPick, name } = props;
  const layout = layoutChart(x, y, { width, height });
  const pointer = onActive && pointing(series, layout, onActive, onPick);
  return (
    <svg
      xmlns="http://www.w3.org/2000/svg"
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      fontFamily={FIGURE_FONT}
      fontSize={12}
      role={onActive ? 'group' : 'img'}
      aria-label={name}
      {...pointer}
    >
      <Axes layout={layout} x={x} y={y} series={series} palette={palette} />
      <References references={references} layout={layout} palette={palette} />
      {series.map((one) => (
        <Curve key={one.id} series={one} layout={layout} palette={palette} />
      ))}
      {series.map((one) => (
        <Points
          key={one.id}
          {...{ series: one, layout, palette, active, onActive }}
          reached={active ?? series.find(({ points }) => points.length > 0)?.points[0].key}
          onKey={(event, key) => onPointKey(event, key, { series, layout, onPick })}
        />
      ))}
      <Labels series={series} layout={layout} palette={palette} />
    </svg>
  );
}

interface PartProps {
  readonly layout: ChartLayout;
  readonly palette: ChartPalette;
}

/** Pointer handlers: the nearest point within reach is meant, so that crowded points can be hit. */
function pointing(
  series: readonly ChartSeries[],
  layout: ChartLayout,
  onActive: (key: string | undefined) => void,
  onPick?: (key: string) => void,
) {
  const nearest = (event: MouseEvent<SVGSVGElement>): string | undefined => {
    const box = event.currentTarget.getBoundingClientRect();
    let best: { key?: string; distance: number } = { distance: REACH };
    for (const point of series.flatMap(({ points }) => points)) {
      const { x, y } = layout.place(point);
      const distance = Math.hypot(event.clientX - box.left - x, event.clientY - box.top - y);
      if (distance < best.distance) best = { key: point.key, distance };
    }
    return best.key;
  };
  return {
    onPointerMove: (event: MouseEvent<SVGSVGElement>) => onActive(nearest(event)),
    onPointerLeave: () => onActive(undefined),
    onClick: (event: MouseEvent<SVGSVGElement>) => {
      const key = nearest(event);
      if (key !== undefined) onPick?.(key);
    },
  };
}

function Axes(
  props: PartProps & { x: ChartAxis; y: ChartAxis; series: readonly ChartSeries[] },
): ReactNode {
  const { layout, palette, x, y, series } = props;
  const { frame, xTicks, yTicks } = layout;
  const infinite = series.some(({ points }) =>
    points.some((point) => point.y === Number.POSITIVE_INFINITY),
  );
  const infiniteAt = layout.place({ x: x.domain[0], y: Number.POSITIVE_INFINITY }).y;
  return (
    <g fill={palette.muted}>
      {yTicks.map(({ value, label, at }) => (
        <g key={value}>
          <line x1={frame.left} x2={frame.right} y1={at} y2={at} stroke={palette.grid} />
          <text x={frame.left - 9} y={at + 4} textAnchor="end">
            {label}
          </text>
        </g>
      ))}
      {infinite && (
        <g>
          <line
            x1={frame.left}
            x2={frame.right}
            y1={infiniteAt}
            y2={infiniteAt}
            stroke={palette.grid}
            strokeDasharray="1 4"
          />
          <text x={frame.left - 9} y={infiniteAt + 5} textAnchor="end" fontSize={15}>
            ∞
          </text>
        </g>
      )}
      {xTicks.map(({ value, label, at }) => (
        <g key={value}>
          <line x1={at} x2={at} y1={frame.top} y2={frame.bottom} stroke={palette.grid} />
          <text x={at} y={frame.bottom + 18} textAnchor="middle">
            {label}
          </text>
        </g>
      ))}
      <line
        x1={frame.left}
        x2={frame.right}
        y1={frame.bottom}
        y2={frame.bottom}
        stroke={palette.line}
      />
      <text x={frame.right} y={frame.bottom + 38} textAnchor="end" fill={palette.text}>
        {x.label}
      </text>
      <text x={8} y={14} fill={palette.text}>
        {y.label}
      </text>
    </g>
  );
}

function Curve({ series, layout, palette }: PartProps & { series: ChartSeries }): ReactNode {
  const colour = palette.shade(series.style.colour);
  const path = (points: readonly { readonly x: number; readonly y: number }[]) =>
    line<{ x: number; y: number }>(
      ({ x }) => x,
      ({ y }) => y,
    )(points.map((point) => layout.place(point))) ?? '';
  return (
    <g fill="none" stroke={colour} strokeLinejoin="round" data-family={series.family}>
      {series.singles?.map((points, i) => (
        <path key={i} d={path(points)} strokeWidth={1} strokeOpacity={0.35} />
      ))}
      {series.points.length > 1 && <path d={path(series.points)} strokeWidth={2} />}
    </g>
  );
}

interface PointsProps extends PartProps {
  readonly series: ChartSeries;
  readonly active: string | undefined;
  /** The one point that the Tab key reaches. */
  readonly reached: string | undefined;
  readonly onActive?: (key: string | undefined) => void;
  onKey(event: KeyboardEvent<SVGGElement>, key: string): void;
}

function Points(props: PointsProps): ReactNode {
  const { series, layout, palette, active, reached, onActive, onKey } = props;
  const colour = palette.shade(series.style.colour);
  const shape = markerPath(series.style.marker, MARKER_AREA);
  return (
    <g data-family={series.family}>
      {series.points.map((point) => {
        const { x, y } = layout.place(point);
        const held = onActive && {
          role: 'button',
          tabIndex: point.key === reached ? 0 : -1,
          'aria-label': point.name,
          'data-point': point.key,
          onFocus: () => onActive(point.key),
          onBlur: () => onActive(undefined),
          onKeyDown: (event: KeyboardEvent<SVGGElement>) => onKey(event, point.key),
          style: { outline: 'none', cursor: 'pointer' },
        };
        return (
          <g key={point.key} transform={`translate(${x.toFixed(2)} ${y.toFixed(2)})`} {...held}>
            {!onActive && <title>{point.name}</title>}
            {point.key === active && (
              <circle r={9.5} fill={palette.surface} stroke={colour} strokeWidth={1.5} />
            )}
            <path d={shape} fill={colour} stroke={palette.surface} strokeWidth={1} />
          </g>
        );
      })}
    </g>
  );
}

/** Enter picks; arrows move the focus along a curve, up and down to the nearest curve. */
function onPointKey(
  event: KeyboardEvent<SVGGElement>,
  key: string,
  {
    series,
    layout,
    onPick,
  }: Pick<RateDistortionChartProps, 'series' | 'onPick'> & {
    layout: ChartLayout;
  },
): void {
  const picked = event.key === 'Enter' || event.key === ' ';
  const next = picked ? undefined : neighbour(series, layout, key, event.key);
  if (!picked && next === undefined) return;
  event.preventDefault();
  event.stopPropagation();
  if (picked) onPick?.(key);
  const points = event.currentTarget.ownerSVGElement?.querySelectorAll<SVGElement>('[data-point]');
  [...(points ?? [])].find(({ dataset }) => dataset.point === next)?.focus();
}

const LABEL_GAP = 17;

/** Each curve's name beside its last point, moved apart where they would overlap. */
function Labels({
  series,
  layout,
  palette,
}: PartProps & { series: readonly ChartSeries[] }): ReactNode {
  const { frame } = layout;
  const named = series.filter(({ points }) => points.length > 0);
  const ends = named.map(({ points }) => layout.place(points[points.length - 1]));
  const heights = spread(
    ends.map(({ y }) => y),
    LABEL_GAP,
    [frame.top - 22, frame.bottom],
  );
  const left = frame.right + 16;
  return (
    <g>
      {named.map(({ id, label, style, family, points }, i) => {
        const colour = palette.shade(style.colour);
        const last = points[points.length - 1];
        const { x, y, beyond } = ends[i];
        return (
          <g key={id} data-family={family}>
            <path
              d={`M${x + 8} ${y}L${left - 4} ${heights[i]}`}
              stroke={colour}
              strokeOpacity={0.6}
              strokeDasharray="1 3"
              fill="none"
            />
            <g transform={`translate(${left + 4} ${heights[i]})`}>
              <path d={markerPath(style.marker, 44)} fill={colour} />
              <text x={10} y={4} fill={palette.text}>
                {label}
                {beyond && (
                  <tspan fill={palette.muted} dx={5}>
                    {fixed(last.x, last.x < 100 ? 1 : 0)} →
                  </tspan>
                )}
              </text>
            </g>
          </g>
        );
      })}
    </g>
  );
}

/** Others' figures, hollow and grey, so that nobody takes them for measured ones. */
function References(props: PartProps & { references: readonly ChartReference[] }): ReactNode {
  const { references, layout, palette } = props;
  const { frame } = layout;
  return (
    <g fill="none" stroke={palette.muted}>
      {references.map(({ id, label, x, y }, i) => {
        const at = layout.place({ x: x ?? 0, y });
        const flip = x !== undefined && at.x > (frame.left + frame.right) / 2;
        const text = {
          x: x === undefined ? frame.left + 8 : at.x + (flip ? -10 : 10),
          // Lines may lie close together: their labels stand on different sides.
          y: x === undefined ? at.y + (i % 2 === 0 ? 13 : -5) : at.y + 4,
          textAnchor: flip ? ('end' as const) : ('start' as const),
        };
        return (
          <g key={id}>
            {x === undefined ? (
              <line x1={frame.left} x2={frame.right} y1={at.y} y2={at.y} strokeDasharray="6 4" />
            ) : (
              <path
                d={markerPath('diamond', 70)}
                transform={`translate(${at.x} ${at.y})`}
                strokeWidth={1.5}
              />
            )}
            <text {...text} fill={palette.muted} stroke="none" fontSize={11}>
              {label}
            </text>
          </g>
        );
      })}
    </g>
  );
}

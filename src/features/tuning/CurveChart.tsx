import { line } from 'd3-shape';
import { memo, type PointerEvent } from 'react';
import {
  type ChartAxis,
  type ChartLayout,
  type ChartRoom,
  layoutChart,
  spread,
} from '../../ui/chartLayout';
import { type ChartPalette, SCREEN_PALETTE } from '../../ui/chartPalette';
import { type CurveLine, placeAt, type TrainingCurve } from './curves';

interface CurveChartProps {
  readonly curve: TrainingCurve;
  readonly x: ChartAxis;
  readonly width: number;
  readonly height: number;
  /** The step that is pointed at, in any chart of the run. */
  readonly pointed?: number;
  readonly palette?: ChartPalette;
  onPoint?(step: number | undefined): void;
}

const ROOM: ChartRoom = { left: 46, right: 20, top: 32, bottom: 22, tickGap: [56, 30] };
/** Room for the names of several lines. */
const LABELLED_RIGHT = 52;
const LABEL_GAP = 13;
const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif';

/** One quantity over the steps: raw dots, a line through them, and the value that is pointed at. */
export function CurveChart(props: CurveChartProps) {
  const { curve, x, width, height, pointed, palette = SCREEN_PALETTE, onPoint } = props;
  const several = curve.lines.length > 1;
  const room = several ? { ...ROOM, right: LABELLED_RIGHT } : ROOM;
  const layout = layoutChart(x, curve.axis, { width, height }, room);
  const { frame } = layout;
  const stepAt = (event: PointerEvent<SVGSVGElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const share = (event.clientX - box.left - frame.left) / (frame.right - frame.left);
    return Math.round(x.domain[0] + Math.min(1, Math.max(0, share)) * (x.domain[1] - x.domain[0]));
  };
  const at = pointed === undefined ? undefined : layout.place({ x: pointed, y: 1 }).x;
  return (
    <svg
      xmlns="http://www.w3.org/2000/svg"
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      fontFamily={FONT}
      fontSize={11}
      role="img"
      aria-label={described(curve)}
      data-curve={curve.id}
      onPointerMove={onPoint && ((event) => onPoint(stepAt(event)))}
      onPointerLeave={onPoint && (() => onPoint(undefined))}
    >
      <Axes layout={layout} palette={palette} />
      {at !== undefined && (
        <line x1={at} x2={at} y1={frame.top} y2={frame.bottom} stroke={palette.line} />
      )}
      <Lines {...{ curve, layout, palette }} />
      {several && <Names {...{ curve, layout, palette }} />}
      <text x={frame.left - 40} y={14} fill={palette.text} fontSize={12}>
        {curve.title}
      </text>
      {!several && (
        <text x={frame.right} y={14} textAnchor="end" fill={palette.muted}>
          {valueText(curve, pointed)}
        </text>
      )}
    </svg>
  );
}

/** The value at a step; of the smoothed line, where there is one. */
function valueText({ lines, text }: TrainingCurve, pointed: number | undefined): string {
  const place = placeAt(lines[0]?.line ?? [], pointed);
  return place ? text(place.y) : '';
}

/** What assistive technology reads for the chart. */
function described({ title, lines, text }: TrainingCurve): string {
  const parts = lines.flatMap(({ label, line: places }) => {
    const [first, last] = [places[0], places.at(-1)];
    if (!first || !last) return [];
    const name = label ? `${label}: ` : '';
    return [`${name}${text(last.y)} at step ${last.x}, ${text(first.y)} at step ${first.x}`];
  });
  return parts.length > 0 ? `${title}: ${parts.join('; ')}` : `${title}: nothing yet`;
}

interface PartProps {
  readonly layout: ChartLayout;
  readonly palette: ChartPalette;
}

const Axes = memo(function Axes({ layout, palette }: PartProps) {
  const { frame, xTicks, yTicks } = layout;
  return (
    <g fill={palette.muted}>
      {yTicks.map(({ value, label, at }) => (
        <g key={value}>
          <line x1={frame.left} x2={frame.right} y1={at} y2={at} stroke={palette.grid} />
          <text x={frame.left - 6} y={at + 4} textAnchor="end">
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
      {xTicks.map(({ value, label, at }) => (
        <text key={value} x={at} y={frame.bottom + 14} textAnchor="middle">
          {label}
        </text>
      ))}
    </g>
  );
});

const Lines = memo(function Lines({
  curve,
  layout,
  palette,
}: PartProps & { curve: TrainingCurve }) {
  const path = line<{ x: number; y: number }>(
    (place) => layout.place(place).x,
    (place) => layout.place(place).y,
  );
  // One path for all dots: thousands of circles would be slow.
  const points = ({ dots }: CurveLine) =>
    dots
      .map((dot) => layout.place(dot))
      .map(({ x, y }) => `M${x.toFixed(1)} ${y.toFixed(1)}h0`)
      .join('');
  return (
    <g fill="none" strokeLinecap="round" strokeLinejoin="round">
      {curve.lines.map((one) => (
        <g key={one.id} stroke={palette.shade(one.shades)}>
          <path d={path(one.line) ?? ''} strokeWidth={1.75} />
          <path
            d={points(one)}
            strokeWidth={curve.sparse ? 6 : 3}
            strokeOpacity={curve.sparse ? 1 : 0.45}
          />
        </g>
      ))}
    </g>
  );
});

/** Names of several lines beside their last values. */
function Names({ curve, layout, palette }: PartProps & { curve: TrainingCurve }) {
  const named = curve.lines.filter((one) => one.line.length > 0);
  const heights = spread(
    named.map((one) => layout.place(one.line[one.line.length - 1]).y),
    LABEL_GAP,
    [layout.frame.top, layout.frame.bottom],
  );
  return (
    <g>
      {named.map(({ id, label, shades }, i) => (
        <text key={id} x={layout.frame.right + 6} y={heights[i] + 4} fill={palette.shade(shades)}>
          {label}
        </text>
      ))}
    </g>
  );
}

import { useMemo } from 'react';
import { ACCENT, type ChartPalette, NEUTRAL } from '../../ui/chartPalette';
import { percent } from '../../ui/format';
import { ValueAxis } from '../stage/ChartAxes';
import { project, type Scale } from '../stage/plot';
import { countFor, cumulativeShares } from './channels';

export interface Bar {
  readonly id: number;
  readonly value: number;
  /** Neighbouring groups have another tone. */
  readonly tone: 0 | 1;
  /** Taken away or scaled by an edit. */
  readonly edited: boolean;
}

export interface BarContent {
  /** Left to right. */
  readonly bars: readonly Bar[];
  /** Words under stretches of bars: from, to and text. */
  readonly groups?: readonly {
    readonly from: number;
    readonly to: number;
    readonly text: string;
  }[];
  readonly unit: string;
}

const MARGIN = { left: 48, right: 44, top: 8, bottom: 22 };
/** Of the cumulative share, marked. */
export const MARKED_SHARE = 0.9;
/** Of the other tone and of edited bars. */
const PALE = 0.55;
/** Room for a character of a group's name. */
const CHARACTER = 6;

interface Size {
  readonly width: number;
  readonly height: number;
}

/** The axis of bars in CSS pixels. */
export function barScale(
  { bars }: Pick<BarContent, 'bars'>,
  { width }: Pick<Size, 'width'>,
): Scale {
  return { low: 0, high: bars.length, from: MARGIN.left, to: width - MARGIN.right };
}

interface BarDrawingProps extends BarContent, Size {
  readonly palette: ChartPalette;
}

/** Bars with the share that they add up to from the left: pure SVG, on the page and on paper. */
export function BarDrawing({ bars, groups = [], unit, palette, width, height }: BarDrawingProps) {
  const x = barScale({ bars }, { width });
  const most = useMemo(() => bars.reduce((top, { value }) => Math.max(top, value), 0), [bars]);
  const y: Scale = { low: 0, high: most || 1, from: height - MARGIN.bottom, to: MARGIN.top };
  const shares = useMemo(() => cumulativeShares(bars.map(({ value }) => value)), [bars]);
  const accent = palette.shade(ACCENT);
  return (
    <>
      <ValueAxis x={x} y={y} palette={palette} gap={34} valued />
      <text x={4} y={height - 6} fill={palette.muted}>
        {unit}
      </text>
      <path d={barsPath(bars, x, y, ({ tone, edited }) => tone === 0 && !edited)} fill={accent} />
      <path
        d={barsPath(bars, x, y, ({ tone, edited }) => tone === 1 && !edited)}
        fill={accent}
        fillOpacity={PALE}
      />
      <path
        d={barsPath(bars, x, y, ({ edited }) => edited)}
        fill={palette.shade(NEUTRAL)}
        fillOpacity={PALE}
      />
      <Shares shares={shares} x={x} y={y} palette={palette} />
      {groups.map(({ from, to, text }) => (
        <text
          key={from}
          x={project(x, (from + to) / 2)}
          y={height - 6}
          textAnchor="middle"
          fill={palette.muted}
        >
          {project(x, to) - project(x, from) > CHARACTER * text.length + 6 ? text : ''}
        </text>
      ))}
    </>
  );
}

interface SharesProps {
  readonly shares: readonly number[];
  readonly x: Scale;
  readonly y: Scale;
  readonly palette: ChartPalette;
}

/** The line of cumulative shares on its own axis, and where it reaches the marked one. */
function Shares({ shares, x, y, palette }: SharesProps) {
  const axis: Scale = { ...y, low: 0, high: 1 };
  const marked = countFor(shares, MARKED_SHARE);
  const flip = marked > 0.8 * shares.length;
  const line = shares.map(
    (own, i) => `L${project(x, i + 1).toFixed(1)} ${project(axis, own).toFixed(1)}`,
  );
  return (
    <>
      {[0, 0.5, 1].map((own) => (
        <text key={own} x={x.to + 6} y={project(axis, own) + 4} fill={palette.muted}>
          {percent(own, 0)}
        </text>
      ))}
      <path
        d={`M${x.from} ${axis.from}${line.join('')}`}
        fill="none"
        stroke={palette.text}
        strokeWidth={1.5}
      />
      <line
        x1={project(x, marked)}
        x2={project(x, marked)}
        y1={y.to}
        y2={y.from}
        stroke={palette.muted}
        strokeDasharray="2 3"
      />
      <text
        x={project(x, marked) + (flip ? -6 : 6)}
        y={(y.from + 2 * y.to) / 3}
        textAnchor={flip ? 'end' : 'start'}
        fill={palette.text}
        stroke={palette.surface}
        strokeWidth={4}
        paintOrder="stroke"
        fontWeight="500"
      >
        {percent(MARKED_SHARE, 0)} in {marked}
      </text>
    </>
  );
}

/** One path of all bars of a kind: hundreds of elements would be slow. */
function barsPath(bars: readonly Bar[], x: Scale, y: Scale, wanted: (bar: Bar) => boolean): string {
  const gap = (x.to - x.from) / bars.length > 3 ? 1 : 0;
  return bars
    .map((bar, i) => {
      if (!wanted(bar)) return '';
      const [left, right] = [project(x, i), project(x, i + 1) - gap];
      const top = project(y, bar.value);
      return `M${left.toFixed(2)} ${y.from}V${top.toFixed(1)}H${right.toFixed(2)}V${y.from}Z`;
    })
    .join('');
}

/** A bar that is pointed at or chosen. */
export function BarMark(
  props: Pick<BarContent, 'bars'> & Size & { id?: number; className: string },
) {
  const { bars, width, height, id, className } = props;
  const at = bars.findIndex((bar) => bar.id === id);
  if (at < 0) return null;
  const middle = project(barScale({ bars }, { width }), at + 0.5);
  return (
    <line
      className={className}
      x1={middle}
      x2={middle}
      y1={MARGIN.top}
      y2={height - MARGIN.bottom}
    />
  );
}

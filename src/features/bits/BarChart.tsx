import { type KeyboardEvent, useMemo, useRef } from 'react';
import { percent } from '../../ui/format';
import { project, type Scale, tickLabels, ticks } from '../stage/plot';
import { useSize } from '../stage/useSize';
import { countFor, cumulativeShares } from './channels';

export interface Bar {
  readonly id: number;
  readonly value: number;
  /** Neighbouring groups have another tone. */
  readonly tone: 0 | 1;
  /** Taken away or scaled by an edit. */
  readonly edited: boolean;
}

interface BarChartProps {
  readonly label: string;
  /** Left to right. */
  readonly bars: readonly Bar[];
  /** Words under stretches of bars: from, to and text. */
  readonly groups?: readonly {
    readonly from: number;
    readonly to: number;
    readonly text: string;
  }[];
  readonly unit: string;
  readonly selected: number | undefined;
  readonly hovered: number | undefined;
  onHover(id: number | undefined): void;
  onSelect(id: number): void;
}

const MARGIN = { left: 46, right: 44, top: 8, bottom: 22 };
/** Of the cumulative share, marked. */
export const MARKED_SHARE = 0.9;
/** An application takes focus for its own keys, which its label names. */
const FOCUSABLE = { tabIndex: 0 } as const;
const STEPS: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1 };
const SHIFT_STEP = 10;

/** Bars with the share that they add up to from the left. */
export function BarChart(props: BarChartProps) {
  const { label, bars, selected, hovered, onHover, onSelect } = props;
  const box = useRef<HTMLDivElement>(null);
  const size = useSize(box);
  const width = size?.width ?? 0;
  const height = size?.height ?? 0;
  const x: Scale = { low: 0, high: bars.length, from: MARGIN.left, to: width - MARGIN.right };

  const barAt = (event: { clientX: number }) => {
    const at = event.clientX - (box.current?.getBoundingClientRect().left ?? 0);
    const index = Math.floor(((at - x.from) / (x.to - x.from)) * bars.length);
    return bars[index]?.id;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = STEPS[event.key];
    if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const from = bars.findIndex(({ id }) => id === selected);
    const to = from + step * (event.shiftKey ? SHIFT_STEP : 1);
    onSelect(bars[Math.min(bars.length - 1, Math.max(0, to))].id);
  };

  return (
    <div
      ref={box}
      className="bar-chart"
      role="application"
      {...FOCUSABLE}
      aria-label={`${label}. Left and right arrow choose a bar.`}
      data-testid="bar-chart"
      onPointerMove={(event) => onHover(barAt(event))}
      onPointerLeave={() => onHover(undefined)}
      onClick={(event) => {
        const id = barAt(event);
        if (id !== undefined) onSelect(id);
      }}
      onKeyDown={onKeyDown}
    >
      {width > 160 && height > 70 && (
        <svg width={width} height={height} aria-hidden="true">
          <Drawing {...props} x={x} height={height} />
          <Marks bars={bars} x={x} height={height} selected={selected} hovered={hovered} />
        </svg>
      )}
    </div>
  );
}

function Drawing(props: BarChartProps & { x: Scale; height: number }) {
  const { bars, groups, unit, x, height } = props;
  const most = useMemo(() => bars.reduce((top, { value }) => Math.max(top, value), 0), [bars]);
  const y: Scale = { low: 0, high: most || 1, from: height - MARGIN.bottom, to: MARGIN.top };
  const share: Scale = { ...y, high: 1 };
  const shares = useMemo(() => cumulativeShares(bars.map(({ value }) => value)), [bars]);
  const marked = countFor(shares, MARKED_SHARE);
  const values = ticks(0, y.high, Math.max(2, (y.from - y.to) / 34));
  const labels = tickLabels(values);
  const line = shares.map(
    (own, i) => `L${project(x, i + 1).toFixed(1)} ${project(share, own).toFixed(1)}`,
  );
  return (
    <>
      {values.map((value, i) => (
        <g key={value}>
          <line
            className="plot__grid"
            x1={x.from}
            x2={x.to}
            y1={project(y, value)}
            y2={project(y, value)}
          />
          <text className="plot__text" x={x.from - 6} y={project(y, value) + 4} textAnchor="end">
            {labels[i]}
          </text>
        </g>
      ))}
      <text className="plot__text" x={4} y={height - 6}>
        {unit}
      </text>
      {[0, 0.5, 1].map((own) => (
        <text key={own} className="plot__text" x={x.to + 6} y={project(share, own) + 4}>
          {percent(own, 0)}
        </text>
      ))}
      <path className="bar-chart__bars bar-chart__bars--even" d={barsPath(bars, x, y, 0, false)} />
      <path className="bar-chart__bars bar-chart__bars--odd" d={barsPath(bars, x, y, 1, false)} />
      <path
        className="bar-chart__bars bar-chart__bars--edited"
        d={barsPath(bars, x, y, undefined, true)}
      />
      <path className="bar-chart__share" d={`M${x.from} ${share.from}${line.join('')}`} />
      <line
        className="bar-chart__limit"
        x1={project(x, marked)}
        x2={project(x, marked)}
        y1={y.to}
        y2={y.from}
      />
      <text
        className="plot__readout"
        x={project(x, marked) + (marked > 0.8 * bars.length ? -6 : 6)}
        y={(y.from + 2 * y.to) / 3}
        textAnchor={marked > 0.8 * bars.length ? 'end' : 'start'}
      >
        {percent(MARKED_SHARE, 0)} in {marked}
      </text>
      {(groups ?? []).map(({ from, to, text }) => (
        <text
          key={from}
          className="plot__text"
          x={project(x, (from + to) / 2)}
          y={height - 6}
          textAnchor="middle"
        >
          {project(x, to) - project(x, from) > 9 * text.length ? text : ''}
        </text>
      ))}
    </>
  );
}

/** One path of all bars of a kind: hundreds of elements would be slow. */
function barsPath(
  bars: readonly Bar[],
  x: Scale,
  y: Scale,
  tone: 0 | 1 | undefined,
  edited: boolean,
): string {
  const gap = (x.to - x.from) / bars.length > 3 ? 1 : 0;
  return bars
    .map((bar, i) => {
      if (bar.edited !== edited || (tone !== undefined && bar.tone !== tone)) return '';
      const [left, right] = [project(x, i), project(x, i + 1) - gap];
      const top = project(y, bar.value);
      return `M${left.toFixed(2)} ${y.from}V${top.toFixed(1)}H${right.toFixed(2)}V${y.from}Z`;
    })
    .join('');
}

function Marks(props: {
  bars: readonly Bar[];
  x: Scale;
  height: number;
  selected: number | undefined;
  hovered: number | undefined;
}) {
  const { bars, x, height, selected, hovered } = props;
  const mark = (id: number | undefined, className: string) => {
    const at = bars.findIndex((bar) => bar.id === id);
    if (id === undefined || at < 0) return null;
    const middle = project(x, at + 0.5);
    return (
      <line
        className={className}
        x1={middle}
        x2={middle}
        y1={MARGIN.top}
        y2={height - MARGIN.bottom}
      />
    );
  };
  return (
    <>
      {mark(hovered, 'bar-chart__mark')}
      {mark(selected, 'bar-chart__mark bar-chart__mark--selected')}
    </>
  );
}

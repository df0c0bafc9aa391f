import { type KeyboardEvent, useRef } from 'react';
import { SCREEN_PALETTE } from '../../ui/chartPalette';
import { useSize } from '../stage/useSize';
import { type BarContent, BarDrawing, BarMark, barScale } from './BarDrawing';

interface BarChartProps extends BarContent {
  readonly label: string;
  readonly selected: number | undefined;
  readonly hovered: number | undefined;
  onHover(id: number | undefined): void;
  onSelect(id: number): void;
}

/** An application takes focus for its own keys, which its label names. */
const FOCUSABLE = { tabIndex: 0 } as const;
const STEPS: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1 };
const SHIFT_STEP = 10;

/** Bars that are pointed at and chosen. */
export function BarChart(props: BarChartProps) {
  const { label, bars, groups, unit, selected, hovered, onHover, onSelect } = props;
  const box = useRef<HTMLDivElement>(null);
  const size = useSize(box);

  const barAt = (event: { clientX: number }) => {
    if (!size) return undefined;
    const x = barScale({ bars }, size);
    const at = event.clientX - (box.current?.getBoundingClientRect().left ?? 0);
    return bars[Math.floor(((at - x.from) / (x.to - x.from)) * bars.length)]?.id;
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
      {size && size.width > 160 && size.height > 70 && (
        <svg {...size} aria-hidden="true" style={{ fontSize: SCREEN_PALETTE.fontSize }}>
          <BarDrawing {...size} {...{ bars, groups, unit }} palette={SCREEN_PALETTE} />
          <BarMark {...size} bars={bars} id={hovered} className="bar-chart__mark" />
          <BarMark
            {...size}
            bars={bars}
            id={selected}
            className="bar-chart__mark bar-chart__mark--selected"
          />
        </svg>
      )}
    </div>
  );
}

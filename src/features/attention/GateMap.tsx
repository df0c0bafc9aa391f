import { useLayoutEffect, useMemo, useRef, useState } from 'react';
import { attentionStale, type GateCell } from '../../state/attention';
import { useStudio, useStudioStore } from '../../state/react';
import { percent } from '../../ui/format';
import { useSize } from '../stage/useSize';
import { CellReadout } from './CellReadout';
import { type ColourScale, colourOf } from './colours';
import {
  cellAt,
  cellSpan,
  colourScale,
  HEADING,
  layoutMap,
  type MapLayout,
  type MapRow,
  neighbour,
} from './gateMap';
import { MapTools } from './MapTools';
import { blockName } from './names';
import { summaryOf } from './statistics';
import { summaryText } from './text';
import { useShownValues } from './useAttention';

/** Widths of the columns beside the map, as in the style sheet. */
const BESIDE = 148 + 190;
const ARROWS: Record<string, readonly [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};
const SHIFT_STEP = 16;
const EDIT_MARK = 4;
/** An application takes focus for its own keys, which its label names. */
const FOCUSABLE = { tabIndex: 0 } as const;

/** Every SE block × channel as colours, with a summary of each block. */
export function GateMap() {
  const view = useStudio((state) => state.attentionView);
  const stale = useStudio(attentionStale);
  const blocks = useShownValues();
  const body = useRef<HTMLDivElement>(null);
  const size = useSize(body);
  const [hovered, setHovered] = useState<GateCell>();
  const width = Math.max(0, (size?.width ?? 0) - BESIDE);
  const height = size?.height ?? 0;
  const layout = useMemo(
    () => layoutMap(blocks, view, { width, height }),
    [blocks, view, width, height],
  );
  const scale = useMemo(() => colourScale(blocks, view), [blocks, view]);
  return (
    <section className="gates" aria-label="Gates of all SE blocks">
      <MapTools scale={scale} empty={blocks.length === 0} />
      <div ref={body} className={`gates__body${stale ? ' gates__body--stale' : ''}`}>
        {blocks.length > 0 && width > 0 && (
          <>
            <Labels layout={layout} />
            <Cells layout={layout} scale={scale} hovered={hovered} onHover={setHovered} />
            <Summaries layout={layout} />
          </>
        )}
        {blocks.length === 0 && <NothingRead />}
      </div>
      <CellReadout hovered={hovered} />
    </section>
  );
}

function NothingRead() {
  const label = useStudio((state) => state.attentionJob?.label);
  return <p className="gates__empty muted">{label ?? 'No gates have been read yet.'}</p>;
}

function Labels({ layout }: { layout: MapLayout }) {
  const { headings, rows, rowHeight } = layout;
  return (
    <div className="gates__labels" style={{ height: layout.height }}>
      {headings.map(({ title, top }) => (
        <h2 key={title} className="gates__heading" style={{ top, height: HEADING }}>
          {title}
        </h2>
      ))}
      {rows.map(({ block, top, values }) => (
        <div key={block} className="gates__label" style={{ top, height: rowHeight }}>
          <span className="truncate" title={blockName(block).full}>
            {blockName(block).short}
          </span>
          <span className="gates__count">{values.length}</span>
        </div>
      ))}
    </div>
  );
}

interface CellsProps {
  readonly layout: MapLayout;
  readonly scale: ColourScale;
  readonly hovered: GateCell | undefined;
  onHover(cell: GateCell | undefined): void;
}

function Cells({ layout, scale, hovered, onHover }: CellsProps) {
  const store = useStudioStore();
  const chosen = useStudio((state) => state.attentionCell);
  const edits = useStudio((state) => state.attentionEdits.gates);
  const { chooseCell, scaleGate } = store.getState();
  const cellOf = (event: React.PointerEvent<HTMLElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    return cellAt(layout, event.clientX - box.left, event.clientY - box.top);
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const arrow = ARROWS[event.key];
    if (arrow) {
      const [dx, dy] = arrow;
      chooseCell(neighbour(layout, chosen, event.shiftKey ? dx * SHIFT_STEP : dx, dy));
    } else if (event.key === 'Enter' && chosen) {
      const own = edits.find((one) => one.block === chosen.block && one.channel === chosen.channel);
      scaleGate(chosen, own?.factor === 0 ? 1 : 0);
    } else return;
    event.preventDefault();
  };
  return (
    <div
      className="gates__cells"
      style={{ width: layout.width, height: layout.height }}
      role="application"
      {...FOCUSABLE}
      aria-label="Heat map of gates. Arrow keys choose a channel, with Shift 16 further; Enter mutes it."
      data-testid="gate-map"
      onPointerMove={(event) => onHover(cellOf(event))}
      onPointerLeave={() => onHover(undefined)}
      onPointerDown={(event) => {
        const cell = cellOf(event);
        if (cell) chooseCell(cell);
      }}
      onKeyDown={onKeyDown}
    >
      <Colours layout={layout} scale={scale} />
      {edits.map((edit) => (
        <Mark key={`${edit.block} ${edit.channel}`} layout={layout} cell={edit} kind="edited" />
      ))}
      {hovered && <Mark layout={layout} cell={hovered} kind="hovered" />}
      {chosen && <Mark layout={layout} cell={chosen} kind="chosen" />}
    </div>
  );
}

function Colours({ layout, scale }: { layout: MapLayout; scale: ColourScale }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!canvas.current || !context) return;
    const ratio = window.devicePixelRatio || 1;
    canvas.current.width = Math.round(layout.width * ratio);
    canvas.current.height = Math.round(layout.height * ratio);
    context.scale(ratio, ratio);
    for (const row of layout.rows) drawRow(context, layout, row, scale);
  }, [layout, scale]);
  return (
    <canvas
      ref={canvas}
      className="gates__canvas"
      style={{ width: layout.width, height: layout.height }}
    />
  );
}

function drawRow(
  context: CanvasRenderingContext2D,
  layout: MapLayout,
  row: MapRow,
  scale: ColourScale,
): void {
  for (const [i, channel] of row.order.entries()) {
    const [left, right] = cellSpan(layout, row, i);
    context.fillStyle = colourOf(scale, row.values[channel]);
    context.fillRect(left, row.top, right - left, layout.rowHeight - 1);
  }
}

type MarkKind = 'chosen' | 'edited' | 'hovered';

function Mark(props: { layout: MapLayout; cell: GateCell; kind: MarkKind }) {
  const { layout, cell, kind } = props;
  const row = layout.rows.find(({ block }) => block === cell.block);
  if (!row) return null;
  const [left, right] = cellSpan(layout, row, row.order.indexOf(cell.channel));
  const width = Math.max(kind === 'edited' ? 3 : 5, right - left);
  // Edits are marked below the gate, which stays in sight.
  const height = kind === 'edited' ? EDIT_MARK : layout.rowHeight - 1;
  return (
    <div
      className={`gates__mark gates__mark--${kind}`}
      style={{
        left: (left + right - width) / 2,
        top: row.top + layout.rowHeight - 1 - height,
        width,
        height,
      }}
    />
  );
}

function Summaries({ layout }: { layout: MapLayout }) {
  const view = useStudio((state) => state.attentionView);
  const { text, closed } = summaryText(view);
  return (
    <div className="gates__summaries" style={{ height: layout.height }}>
      {layout.headings.map(({ top, title }) => (
        <div key={title} className="gates__row gates__titles" style={{ top, height: HEADING }}>
          <span>Mean</span>
          <span>Min</span>
          <span>Max</span>
          <span>{closed}</span>
        </div>
      ))}
      {layout.rows.map(({ block, top, values }) => {
        const summary = summaryOf(values, view.threshold);
        return (
          <div key={block} className="gates__row" style={{ top, height: layout.rowHeight }}>
            <span>{text(summary.mean)}</span>
            <span>{text(summary.min)}</span>
            <span>{text(summary.max)}</span>
            <span>{closed && percent(summary.below, 0)}</span>
          </div>
        );
      })}
    </div>
  );
}

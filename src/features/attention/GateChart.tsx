import type { AttentionView } from '../../state/attention';
import { PAPER_PALETTE } from '../../ui/chartPalette';
import { percent } from '../../ui/format';
import { ScaleBar } from '../../ui/ScaleBar';
import { type ColourScale, paperColourOf, paperTable } from './colours';
import { cellSpan, colourScale, HEADING, layoutMap, type MapLayout, type MapRow } from './gateMap';
import { blockName } from './names';
import { type BlockValues, summaryOf } from './statistics';
import { summaryText, valueText } from './text';

/** Widths of what stands beside the cells. */
const LABELS = 150;
const COUNT = 34;
const SUMMARY = 54;
const SUMMARIES = ['Mean', 'Min', 'Max'] as const;
const CELLS = 560;
const ROW = 18;
const BAR = 40;

const muted = PAPER_PALETTE.muted;

interface GateChartContent {
  readonly blocks: readonly BlockValues[];
  readonly view: AttentionView;
}

/** Every SE block × channel as colours on paper, with a summary of each block. */
export function gateChart({ blocks, view }: GateChartContent) {
  const rows = blocks.length;
  const layout = layoutMap(blocks, view, { width: CELLS, height: 2 * HEADING + rows * ROW });
  const scale = colourScale(blocks, view);
  const columns = summaryText(view).closed ? SUMMARIES.length + 1 : SUMMARIES.length;
  const size = {
    width: LABELS + COUNT + CELLS + columns * SUMMARY,
    height: layout.height + BAR,
  };
  const drawing = (
    <g>
      <Labels layout={layout} />
      <g transform={`translate(${LABELS + COUNT} 0)`}>
        {layout.rows.map((row) => (
          <Cells key={row.block} layout={layout} row={row} scale={scale} />
        ))}
        <g transform={`translate(0 ${layout.height + 14})`}>
          <ScaleBar
            table={paperTable(scale)}
            low={valueText(scale, scale.low)}
            high={valueText(scale, scale.high)}
            width={CELLS}
          />
        </g>
      </g>
      <g transform={`translate(${LABELS + COUNT + CELLS} 0)`}>
        <Summaries layout={layout} view={view} />
      </g>
    </g>
  );
  return { ...size, drawing };
}

/** Middle of a row for its text. */
const baseline = (layout: MapLayout, top: number) => top + layout.rowHeight / 2 + 3;

function Labels({ layout }: { layout: MapLayout }) {
  return (
    <>
      {layout.headings.map(({ title, top }) => (
        <text key={title} y={top + 15} fontWeight="600" fill={PAPER_PALETTE.text}>
          {title}
        </text>
      ))}
      {layout.rows.map(({ block, top, values }) => (
        <g key={block} fill={muted}>
          <text y={baseline(layout, top)}>{blockName(block).short}</text>
          <text x={LABELS + COUNT - 8} y={baseline(layout, top)} textAnchor="end">
            {values.length}
          </text>
        </g>
      ))}
    </>
  );
}

function Cells({ layout, row, scale }: { layout: MapLayout; row: MapRow; scale: ColourScale }) {
  return (
    <g shapeRendering="crispEdges">
      {row.order.map((channel, i) => {
        const [left, right] = cellSpan(layout, row, i);
        return (
          <rect
            key={channel}
            x={left}
            y={row.top}
            width={right - left}
            height={layout.rowHeight - 1}
            fill={paperColourOf(scale, row.values[channel])}
          />
        );
      })}
      <rect
        x={0}
        y={row.top}
        width={layout.width}
        height={layout.rowHeight - 1}
        fill="none"
        stroke={PAPER_PALETTE.grid}
      />
    </g>
  );
}

function Summaries({ layout, view }: { layout: MapLayout; view: AttentionView }) {
  const { text, closed } = summaryText(view);
  const titles = closed ? [...SUMMARIES, closed] : SUMMARIES;
  return (
    <g textAnchor="end" fill={muted}>
      {layout.headings.map(({ title, top }) =>
        titles.map((name, i) => (
          <text key={`${title} ${name}`} x={(i + 1) * SUMMARY} y={top + 15}>
            {name}
          </text>
        )),
      )}
      {layout.rows.map(({ block, top, values }) => {
        const { mean, min, max, below } = summaryOf(values, view.threshold);
        const cells = [text(mean), text(min), text(max), ...(closed ? [percent(below, 0)] : [])];
        return cells.map((cell, i) => (
          <text key={`${block} ${titles[i]}`} x={(i + 1) * SUMMARY} y={baseline(layout, top)}>
            {cell}
          </text>
        ));
      })}
    </g>
  );
}

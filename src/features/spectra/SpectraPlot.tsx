import { useMemo, useRef, useState } from 'react';
import { nearestBand } from '../../core/cube/composite';
import { widestStep } from '../../ui/bandGaps';
import { SCREEN_PALETTE } from '../../ui/chartPalette';
import { significant } from '../../ui/format';
import { LineMark } from '../../ui/LineMark';
import { type AxisFoot, project } from '../stage/plot';
import { useSize } from '../stage/useSize';
import { layoutOf } from './chartLayout';
import type { SpectrumLine } from './lines';
import { type ChartMark, SpectraChart } from './SpectraChart';

interface SpectraPlotProps {
  readonly lines: readonly SpectrumLine[];
  /** Undefined: no panel of residuals. */
  readonly residuals?: readonly SpectrumLine[];
  readonly limits: readonly [number, number];
  readonly xLabel: string;
  readonly yLabel?: string;
  readonly marks?: readonly ChartMark[];
  readonly shaded?: readonly (readonly [number, number])[];
  readonly foot?: AxisFoot;
  /** Name for assistive technology. */
  readonly label?: string;
}

const SMALLEST = { width: 120, height: 70 };
const NONE: readonly SpectrumLine[] = [];

/** The chart as large as there is room, with all values under the pointer. */
export function SpectraPlot(props: SpectraPlotProps) {
  const { lines, residuals, xLabel, yLabel = '', marks, shaded, foot, label } = props;
  const [low, high] = props.limits;
  const box = useRef<HTMLDivElement>(null);
  const size = useSize(box);
  const [cursor, setCursor] = useState<number>();
  const { width, height } = size ?? { width: 0, height: 0 };
  const layout = useMemo(
    () =>
      layoutOf({
        width,
        height,
        limits: [low, high],
        lines,
        residuals,
        foot,
        slim: !yLabel,
      }),
    [width, height, low, high, lines, residuals, foot, yLabel],
  );
  const { x } = layout;
  const first = lines[0];
  const at = cursor === undefined || !first ? undefined : first.xs[nearestBand(first.xs, cursor)];
  return (
    <div
      ref={box}
      className="plot"
      onPointerMove={(event) => {
        const left = event.clientX - event.currentTarget.getBoundingClientRect().left;
        const value = low + ((left - x.from) / (x.to - x.from)) * (high - low);
        setCursor(value >= low && value <= high ? value : undefined);
      }}
      onPointerLeave={() => setCursor(undefined)}
    >
      {width > SMALLEST.width && height > SMALLEST.height && (
        <SpectraChart
          {...{ width, height, layout, lines, xLabel, yLabel, marks, shaded, label, cursor: at }}
          residuals={residuals ?? NONE}
          palette={SCREEN_PALETTE}
        />
      )}
      {at !== undefined && (
        <Values lines={lines} at={at} left={project(x, at)} width={width} unit={xLabel} />
      )}
    </div>
  );
}

/** Lines whose values fit beside the cursor. */
const MOST_LINES = 9;
/** Narrower charts have no room for the names of lines. */
const NAMED_FROM = 420;

/** The values of all lines at the band nearest to the pointer. */
function Values(props: {
  lines: readonly SpectrumLine[];
  at: number;
  left: number;
  width: number;
  unit: string;
}) {
  const { lines, at, left, width, unit } = props;
  const rows = lines.slice(0, MOST_LINES).map((line) => {
    const band = nearestBand(line.xs, at);
    const near = Math.abs(line.xs[band] - at) <= widestStep(line.xs) / 2;
    return { line, value: near ? line.values[band] : Number.NaN };
  });
  const side = left > width / 2 ? { right: width - left + 10 } : { left: left + 10 };
  return (
    <div className="plot__values" style={side}>
      <strong>{unit === 'nm' ? `${at.toFixed(1)} nm` : `band ${at}`}</strong>
      {rows.map(({ line, value }) => (
        <span key={line.key}>
          <LineMark colour={line.shades} dash={line.dash} />
          {width >= NAMED_FROM && line.name}
          <b>{significant(value)}</b>
        </span>
      ))}
      {lines.length > MOST_LINES && <span>and {lines.length - MOST_LINES} more</span>}
    </div>
  );
}

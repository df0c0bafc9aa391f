import { useMemo, useRef, useState } from 'react';
import { nearestBand } from '../../core/cube/composite';
import type { ReadAttention } from '../../state/attention';
import { useStudio } from '../../state/react';
import { fixed, significant } from '../../ui/format';
import { linePath, project, roundLimits, type Scale } from '../stage/plot';
import { Axes } from '../stage/SpectrumPlot';
import { useSize } from '../stage/useSize';
import { PlotTabs } from './PlotTabs';
import { useAvailable, usePopulation } from './useAttention';

const MARGIN = { left: 54, right: 14, top: 10, bottom: 26 };

interface Line {
  readonly name: string;
  readonly colour: string;
  readonly values: Float32Array;
  readonly dash?: string;
}

/** Lines of the input block: the patch, what it is compared with, or the patches of the scene. */
function useLines(read: ReadAttention): readonly Line[] {
  const held = useStudio((state) => state.attentionHeld);
  const { mean } = usePopulation();
  const comparable = useAvailable().difference;
  return useMemo(() => {
    const lines: Line[] = [
      { name: 'this patch', colour: 'var(--accent)', values: read.blocks[0].gates },
    ];
    if (held && comparable) {
      const { gates } = held.blocks[0];
      lines.push({ name: 'A', colour: 'var(--original)', values: gates, dash: '5 3' });
    }
    if (mean.length > 0) {
      lines.push({ name: 'mean of patches', colour: 'var(--warn)', values: mean[0].values });
    }
    return lines;
  }, [read, held, comparable, mean]);
}

/** Half the least height of the plot: gates that all agree lie in its middle. */
const MARGIN_OF_GATES = 5e-4;

function closeLimits(lines: readonly Line[]): [number, number] {
  const values = lines.flatMap((line) => [...line.values]);
  return roundLimits([
    Math.min(...values) - MARGIN_OF_GATES,
    Math.max(...values) + MARGIN_OF_GATES,
  ]);
}

/** Weights of the input bands against wavelength, over the patch's mean spectrum. */
export function InputBandPlot({ read }: { read: ReadAttention }) {
  const box = useRef<HTMLDivElement>(null);
  const size = useSize(box);
  const [cursor, setCursor] = useState<number>();
  const whole = useStudio((state) => state.attentionView.scale === 'whole');
  const chosen = useStudio((state) => state.attentionCell);
  const edits = useStudio((state) => state.attentionEdits.gates);
  const chooseCell = useStudio((state) => state.chooseCell);
  const lines = useLines(read);
  const { block } = read.blocks[0];
  const { wavelengthsNm, mean } = read.input;
  const xs = wavelengthsNm ?? Array.from(mean, (_, band) => band + 1);
  const width = size?.width ?? 0;
  const height = size?.height ?? 0;
  const [low, high] = whole ? [0, 1] : closeLimits(lines);
  const x: Scale = {
    low: xs[0],
    high: xs[xs.length - 1],
    from: MARGIN.left,
    to: width - MARGIN.right,
  };
  const y: Scale = { low, high, from: height - MARGIN.bottom, to: MARGIN.top };
  const spectrum: Scale = { ...y, low: Math.min(0, ...mean), high: 1.1 * Math.max(...mean) };
  const bandAt = (event: React.PointerEvent<HTMLElement>) => {
    const at = event.clientX - event.currentTarget.getBoundingClientRect().left;
    const value = x.low + ((at - x.from) / (x.to - x.from)) * (x.high - x.low);
    return value >= x.low && value <= x.high ? nearestBand(xs, value) : undefined;
  };
  const marks = [
    ...edits.filter((edit) => edit.block === block).map(({ channel }) => channel),
    ...(chosen?.block === block ? [chosen.channel] : []),
  ];
  return (
    <section className="input-plot" aria-label="Weights of the input bands">
      <PlotCaption read={read} lines={lines} band={cursor} x={xs[cursor ?? 0]} />
      <div
        ref={box}
        className="plot input-plot__box"
        data-testid="input-plot"
        onPointerMove={(event) => setCursor(bandAt(event))}
        onPointerLeave={() => setCursor(undefined)}
        onPointerDown={(event) => {
          const channel = bandAt(event);
          if (channel !== undefined) chooseCell({ block, channel });
        }}
      >
        {width > 120 && height > 60 && (
          <svg
            width={width}
            height={height}
            role="img"
            aria-label="Gates of the input bands against wavelength"
          >
            <Axes x={x} y={y} xLabel={wavelengthsNm ? 'nm' : 'band'} valued />
            <path className="input-plot__spectrum" d={linePath(xs, mean, x, spectrum)} />
            {[...marks, ...(cursor === undefined ? [] : [cursor])].map((band, i) => (
              <line
                key={i}
                className={band === cursor ? 'plot__cursor' : 'input-plot__mark'}
                x1={project(x, xs[band])}
                x2={project(x, xs[band])}
                y1={y.to}
                y2={y.from}
              />
            ))}
            {lines.map(({ name, colour, values, dash }) => (
              <path
                key={name}
                d={linePath(xs, values, x, y)}
                fill="none"
                stroke={colour}
                strokeWidth={1.5}
                strokeDasharray={dash}
                strokeLinejoin="round"
              />
            ))}
          </svg>
        )}
      </div>
    </section>
  );
}

interface CaptionProps {
  readonly read: ReadAttention;
  readonly lines: readonly Line[];
  readonly band: number | undefined;
  readonly x: number;
}

/** Legend, and the values under the pointer. */
function PlotCaption({ read, lines, band, x }: CaptionProps) {
  const unit = read.input.wavelengthsNm ? `${fixed(x, 1)} nm` : `band ${x}`;
  return (
    <div className="input-plot__caption">
      <PlotTabs />
      {band !== undefined && <span className="caption__title">{unit}</span>}
      {lines.map(({ name, colour, values }) => (
        <span key={name} className="legend__item">
          <span className="legend__line" style={{ background: colour }} aria-hidden="true" />
          {name}
          {band !== undefined && ` ${fixed(values[band], 4)}`}
        </span>
      ))}
      <span className="legend__item muted">
        <span className="legend__line input-plot__faint" aria-hidden="true" />
        mean spectrum{band !== undefined && ` ${significant(read.input.mean[band])}`}
      </span>
    </div>
  );
}

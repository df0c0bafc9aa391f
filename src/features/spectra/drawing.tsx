import { PAPER_PALETTE } from '../../ui/chartPalette';
import type { Figure } from '../../ui/exportFigure';
import { type CaptionLine, sheetOf } from '../../ui/FigureSheet';
import type { AxisFoot } from '../stage/plot';
import { layoutOf } from './chartLayout';
import type { SpectrumLine } from './lines';
import { SpectraChart } from './SpectraChart';

const SIZE = { width: 860, height: 440 };
/** With a panel of residuals. */
const TALL = 520;

interface SpectraFigure {
  readonly title: string;
  readonly caption: readonly CaptionLine[];
  readonly lines: readonly SpectrumLine[];
  readonly residuals?: readonly SpectrumLine[];
  readonly limits: readonly [number, number];
  readonly xLabel: string;
  readonly yLabel: string;
  readonly foot?: AxisFoot;
}

/** Spectra on paper. */
export function drawSpectra({ title, caption, ...chart }: SpectraFigure): Figure {
  const { limits, lines, residuals, xLabel, yLabel, foot } = chart;
  const size = { ...SIZE, height: residuals ? TALL : SIZE.height };
  const drawing = (
    <SpectraChart
      {...size}
      {...{ lines, xLabel, yLabel }}
      layout={layoutOf({ ...size, limits, lines, residuals, foot })}
      residuals={residuals ?? []}
      palette={PAPER_PALETTE}
    />
  );
  return sheetOf({ title, caption, ...size, drawing });
}

/** What the line of a name stands for, as a line of a caption. */
export const legendOf = (lines: readonly SpectrumLine[]): readonly CaptionLine[] =>
  lines.map(({ name, shades, dash }) => ({ text: name, shades, dash }));

import type { TuningRun } from '../../state/tuningRun';
import { PAPER_PALETTE } from '../../ui/chartPalette';
import { type Figure, figureOf, pngOf } from '../../ui/exportFigure';
import { captionHeight, RateDistortionChart } from '../../ui/RateDistortionChart';
import { CurveChart } from './CurveChart';
import { stepAxis, stepCurves, validationCurves } from './curves';
import { settingsOf } from './exports';
import { rateAxes, rateSeries } from './rateCurves';

const WIDTH = 1000;
const GAP = 16;
const PAD = 20;
const TOP = { rate: 580, height: 380 };
const COLUMNS = 3;
const CELL_HEIGHT = 170;

/** All charts of a run on white, with its settings below. */
function draw(run: TuningRun, codec: string): Figure {
  const curves = stepCurves(run);
  const x = stepAxis(run);
  const caption = settingsOf(run, codec);
  const cell = Math.floor((WIDTH - GAP * (COLUMNS - 1)) / COLUMNS);
  const grid = Math.ceil(curves.length / COLUMNS) * (CELL_HEIGHT + GAP);
  const side = { width: WIDTH - TOP.rate - GAP, height: (TOP.height - GAP) / 2 };
  const inner = TOP.height + GAP + grid + captionHeight(caption.length);
  const size = { width: WIDTH + 2 * PAD, height: inner + 2 * PAD };
  const at = (left: number, top: number) => `translate(${left} ${top})`;
  return figureOf(
    <svg
      xmlns="http://www.w3.org/2000/svg"
      {...size}
      viewBox={`${-PAD} ${-PAD} ${size.width} ${size.height}`}
      fontFamily='system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif'
      role="img"
      aria-label="Curves of the run"
    >
      <RateDistortionChart
        name="Rate and quality of files of the held-back part"
        series={rateSeries(run.validations)}
        {...rateAxes(run.validations)}
        width={TOP.rate}
        height={TOP.height}
        palette={PAPER_PALETTE}
      />
      {validationCurves(run.validations).map((curve, i) => (
        <g key={curve.id} transform={at(TOP.rate + GAP, i * (side.height + GAP))}>
          <CurveChart {...{ curve, x }} {...side} palette={PAPER_PALETTE} />
        </g>
      ))}
      {curves.map((curve, i) => (
        <g
          key={curve.id}
          transform={at(
            (i % COLUMNS) * (cell + GAP),
            TOP.height + GAP + Math.floor(i / COLUMNS) * (CELL_HEIGHT + GAP),
          )}
        >
          <CurveChart {...{ curve, x }} width={cell} height={CELL_HEIGHT} palette={PAPER_PALETTE} />
        </g>
      ))}
      {caption.map((text, i) => (
        <text
          key={text}
          x={8}
          y={TOP.height + GAP + grid + 12 + i * 16}
          fill={PAPER_PALETTE.muted}
          fontSize={11}
        >
          {text}
        </text>
      ))}
    </svg>,
    size,
  );
}

export const toSvg = (run: TuningRun, codec: string): string => draw(run, codec).svg;

export const toPng = (run: TuningRun, codec: string): Promise<Uint8Array<ArrayBuffer>> =>
  pngOf(draw(run, codec));

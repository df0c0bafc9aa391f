import type { Ablation } from '../../state/ablation';
import type { TuningRun } from '../../state/tuningRun';
import { PAPER_PALETTE } from '../../ui/chartPalette';
import type { Figure } from '../../ui/exportFigure';
import { sheetOf } from '../../ui/FigureSheet';
import { count, fixed } from '../../ui/format';
import { RateDistortionChart } from '../../ui/RateDistortionChart';
import { captionOf } from '../figureCaption';
import { ablationAxis, ablationCurves, ablationRows, ablationSettings } from './ablationRows';
import { CurveChart } from './CurveChart';
import { stepAxis, stepCurves, validationCurves } from './curves';
import { settingsOf } from './exports';
import { PLACEMENT_WORDS } from './placements';
import { rateAxes, rateSeries } from './rateCurves';

const WIDTH = 1000;
const GAP = 16;
const TOP = { rate: 580, height: 380 };
const COLUMNS = 3;
const CELL_HEIGHT = 170;

/** All charts of a run on a sheet of paper. `codec`: what it started from, in words. */
export function drawRun(run: TuningRun, codec: string): Figure {
  const curves = stepCurves(run);
  const x = stepAxis(run);
  const cell = Math.floor((WIDTH - GAP * (COLUMNS - 1)) / COLUMNS);
  const side = { width: WIDTH - TOP.rate - GAP, height: (TOP.height - GAP) / 2 };
  const at = (left: number, top: number) => `translate(${left} ${top})`;
  const drawing = (
    <>
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
    </>
  );
  return sheetOf({
    title: 'Curves of the run',
    caption: captionOf(...settingsOf(run, codec)),
    width: WIDTH,
    height: TOP.height + Math.ceil(curves.length / COLUMNS) * (CELL_HEIGHT + GAP),
    drawing,
  });
}

/** Curves of an ablation, and under them the figures of its placements. */
export function drawAblation(ablation: Ablation): Figure {
  const width = Math.floor((WIDTH - GAP) / 2);
  const drawing = ablationCurves(ablation).map((curve, i) => (
    <g key={curve.id} transform={`translate(${i * (width + GAP)} 0)`}>
      <CurveChart
        {...{ curve, width }}
        x={ablationAxis(ablation)}
        height={TOP.height}
        palette={PAPER_PALETTE}
      />
    </g>
  ));
  const rows = ablationRows(ablation).map(
    ({ placement, psnr, bpp, stepsPerSecond, parameters }) => {
      const figures = [
        psnr !== undefined && `${fixed(psnr, 2)} dB`,
        bpp !== undefined && `${fixed(bpp, 3)} bpp`,
        stepsPerSecond !== undefined && `${fixed(stepsPerSecond, 2)} iterations/s`,
        parameters !== undefined && `${count(parameters)} parameters`,
      ].filter((own) => own !== false);
      const { name, short, shades } = PLACEMENT_WORDS[placement];
      return { text: `${short}: ${name}: ${figures.join(', ')}.`, shades };
    },
  );
  return sheetOf({
    title: 'Placement of SE blocks and 3-D convolutions',
    caption: [...rows, ...captionOf(...ablationSettings(ablation))],
    width: WIDTH,
    height: TOP.height,
    drawing: <>{drawing}</>,
  });
}

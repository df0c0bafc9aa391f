import { useMemo, useRef, useState } from 'react';
import { useStudio } from '../../state/react';
import type { TuningRun } from '../../state/tuningRun';
import { ScrollRegion } from '../../ui/blocks';
import { RateDistortionChart } from '../../ui/RateDistortionChart';
import { useSize } from '../stage/useSize';
import { CurveChart } from './CurveChart';
import { MEMORY, stepAxis, stepCurves, validationCurves } from './curves';
import { rateAxes, rateSeries } from './rateCurves';

const CELL_WIDTH = 216;
const GAP = 12;
const PAD = 14;

/** Where the charts of a run stand in a room of this size, CSS pixels. */
function arrange(width: number, height: number, charts: number) {
  const inner = width - 2 * PAD;
  const most = Math.max(2, Math.min(4, Math.floor((inner + GAP) / (CELL_WIDTH + GAP))));
  const rows = Math.max(1, Math.ceil(charts / most));
  // As many in every row.
  const columns = Math.max(2, Math.ceil(charts / rows));
  const cellWidth = Math.floor((inner - GAP * (columns - 1)) / columns);
  const top = Math.min(520, Math.max(280, Math.round(0.5 * height)));
  const room = (height - top - 44 - GAP * rows) / rows;
  const cellHeight = Math.round(Math.min(220, Math.max(124, room)));
  const rateWidth = Math.round(0.58 * inner);
  return { columns, cellWidth, cellHeight, top, rateWidth, sideWidth: inner - rateWidth - GAP };
}

/** The curves of the run: files of the held-back part above, terms of the loss below. */
export function ProgressView() {
  const box = useRef<HTMLDivElement>(null);
  const size = useSize(box);
  const run = useStudio((state) => state.tuningRun);
  return (
    <div ref={box} className="tune-progress">
      {run && size && run.validations.length > 0 && <Charts run={run} {...size} />}
      {run && run.validations.length === 0 && (
        <p className="tune-empty muted">
          First the untuned weights are measured on the part held back: that is what a run has to
          beat.
        </p>
      )}
      {!run && <p className="tune-empty muted">No run yet. Its curves grow here, step by step.</p>}
    </div>
  );
}

function Charts({ run, width, height }: { run: TuningRun; width: number; height: number }) {
  const [pointed, setPointed] = useState<number>();
  const [active, setActive] = useState<string>();
  const { steps, validations } = run;
  const curves = useMemo(() => stepCurves({ steps }), [steps]);
  const checks = useMemo(() => validationCurves(validations), [validations]);
  const series = useMemo(() => rateSeries(validations), [validations]);
  const axes = useMemo(() => rateAxes(validations), [validations]);
  const x = stepAxis(run);
  const place = arrange(width, height, curves.length);
  const name = series.flatMap(({ points }) => points).find(({ key }) => key === active)?.name;
  return (
    <ScrollRegion label="Curves of the run" className="tune-charts">
      <div className="tune-charts__top" style={{ height: place.top }}>
        <div className="tune-charts__rate">
          <RateDistortionChart
            name="Rate and quality of files of the held-back part"
            series={series}
            {...axes}
            width={place.rateWidth}
            height={place.top - 18}
            active={active}
            onActive={setActive}
          />
          <p className="small muted tune-charts__told">
            {name ?? 'Real files: a curve for each validation.'}
          </p>
        </div>
        <div className="tune-charts__checks">
          {checks.map((curve) => (
            <CurveChart
              key={curve.id}
              {...{ curve, x, pointed }}
              width={place.sideWidth}
              height={Math.floor((place.top - GAP) / 2)}
              onPoint={setPointed}
            />
          ))}
        </div>
      </div>
      {steps.length > 0 && (
        <div
          className="tune-charts__grid"
          style={{ gridTemplateColumns: `repeat(${place.columns}, ${place.cellWidth}px)` }}
        >
          {curves.map((curve) => (
            <CurveChart
              key={curve.id}
              {...{ curve, x, pointed }}
              width={place.cellWidth}
              height={place.cellHeight}
              onPoint={setPointed}
            />
          ))}
        </div>
      )}
      <p className="small muted tune-charts__foot">
        {steps.length === 0
          ? 'Loss terms come with the first step.'
          : `Dots: single steps${run.every > 1 ? `, every ${run.every}th` : ''}; lines: exponential mean over ${MEMORY} steps. Terms are estimates of the training, not of files.`}
      </p>
    </ScrollRegion>
  );
}

import { memo, useEffect, useMemo, useRef, useState } from 'react';
import { useStudio } from '../../state/react';
import { type ChartSize, layoutChart } from '../../ui/chartLayout';
import { Button } from '../../ui/controls';
import { RateDistortionChart } from '../../ui/RateDistortionChart';
import { useSize } from '../stage/useSize';
import { cardCorner } from './cardCorner';
import './curves.css';
import { DeltaTable } from './DeltaTable';
import { PictureMatrix } from './PictureMatrix';
import { PointCard } from './PointCard';
import { type CurvePoint, meanQuality, meanRate, typicalMember } from './points';
import { PUBLICATIONS, type PublishedFigure } from './references';
import { usePlannedCount } from './SweepRunner';
import { useChart, useCodecCurves } from './useCurves';

const Chart = memo(RateDistortionChart);

/** The room of the curves: the chart, what it says in numbers, and whose figures stand beside it. */
export default function CurvesRoom() {
  const recall = useStudio((state) => state.recallSweep);
  const ready = useStudio((state) => state.codecs.length > 0 && state.cube !== undefined);
  const measured = useStudio((state) => (state.sweep?.points.length ?? 0) > 0);
  const matrix = useStudio((state) => state.curves.drawn === 'pictures') && measured;
  useEffect(() => {
    if (ready) recall();
  }, [ready, recall]);
  return (
    <>
      {matrix ? <PictureMatrix /> : <ChartBox />}
      <div className="curves-foot">
        <DeltaTable />
        <Published />
      </div>
    </>
  );
}

function ChartBox() {
  const box = useRef<HTMLDivElement>(null);
  const size = useSize(box);
  const chart = useChart();
  const curves = useCodecCurves();
  const pick = useStudio((state) => state.pickPoint);
  const [active, setActive] = useState<string>();
  const points = useMemo(() => curves.flatMap((curve) => curve.points), [curves]);
  const point = points.find(({ key }) => key === active);
  const onPick = useMemo(
    () => (key: string) => {
      const picked = points.find((one) => one.key === key);
      if (picked) pick(typicalMember(picked).id);
    },
    [points, pick],
  );
  return (
    <div ref={box} className="curves-chart" data-testid="chart">
      {size && <Chart {...chart} {...size} active={active} onActive={setActive} onPick={onPick} />}
      {size && point && <Card point={point} points={points} chart={chart} size={size} />}
      {points.length === 0 && <Invitation />}
    </div>
  );
}

interface CardProps {
  readonly point: CurvePoint;
  readonly points: readonly CurvePoint[];
  readonly chart: ReturnType<typeof useChart>;
  readonly size: ChartSize;
}

function Card({ point, points, chart, size }: CardProps) {
  const view = useStudio((state) => state.curves);
  const layout = layoutChart(chart.x, chart.y, size);
  const spot = (one: CurvePoint) =>
    layout.place({ x: meanRate(one, view.x), y: meanQuality(one, view.y) });
  return (
    <PointCard
      point={point}
      corner={cardCorner({ ...layout.frame, right: size.width }, spot(point), points.map(spot))}
    />
  );
}

/** What stands where the curves will be. */
function Invitation() {
  const idle = useStudio(
    ({ sweep, sweepBandQuestion, backend }) =>
      Boolean(backend) && !sweepBandQuestion && sweep?.state !== 'running',
  );
  const files = usePlannedCount();
  const start = useStudio((state) => state.startSweep);
  if (!idle || files === 0) return null;
  return (
    <div className="curves-empty">
      <p>
        Nothing measured yet. Start encodes and decodes {files} files on this computer and draws a
        point for each as soon as it is known.
      </p>
      <Button onClick={() => start()}>
        Start <kbd>R</kbd>
      </Button>
    </div>
  );
}

function figureText({ model, psnr, rate }: PublishedFigure): string {
  return `${model} ${psnr} dB${rate ? ` at ${rate.bpp} bpp (${rate.bpppc} bpppc)` : ''}`;
}

/** Others' figures: shown only on request, and never without their source. */
function Published() {
  const shown = useStudio((state) => state.curves.references);
  const usable = useStudio((state) => state.curves.y === 'psnr');
  const setCurves = useStudio((state) => state.setCurves);
  return (
    <section className="published" aria-label="Published figures">
      <label className="check">
        <input
          type="checkbox"
          checked={shown && usable}
          disabled={!usable}
          onChange={() => setCurves({ references: !shown })}
        />
        Published figures of others{usable ? '' : ' (PSNR only)'}
      </label>
      {shown && usable && (
        <>
          <p className="muted small">
            Others’ data on other images: not comparable sample by sample with the curves.
          </p>
          <ul className="muted small">
            {PUBLICATIONS.map(({ citation, figures }) => (
              <li key={citation}>
                {figures.map(figureText).join(', ')}: {citation}.
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

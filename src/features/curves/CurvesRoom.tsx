import { memo, useEffect, useMemo, useRef, useState } from 'react';
import { useStudio } from '../../state/react';
import { layoutChart } from '../../ui/chartLayout';
import { Button } from '../../ui/controls';
import { RateDistortionChart } from '../../ui/RateDistortionChart';
import { useSize } from '../stage/useSize';
import './curves.css';
import { DeltaTable } from './DeltaTable';
import { PointCard } from './PointCard';
import { meanQuality, meanRate, typicalMember } from './points';
import { PUBLISHED } from './references';
import { usePlannedFiles } from './SweepRunner';
import { useChart, useCodecCurves } from './useCurves';

const Chart = memo(RateDistortionChart);

/** The room of the curves: the chart, what it says in numbers, and whose figures stand beside it. */
export default function CurvesRoom() {
  const recall = useStudio((state) => state.recallSweep);
  const ready = useStudio((state) => state.codecs.length > 0 && state.cube !== undefined);
  useEffect(() => {
    if (ready) recall();
  }, [ready, recall]);
  return (
    <>
      <ChartBox />
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
  const view = useStudio((state) => state.curves);
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
      {size && point && (
        <PointCard
          point={point}
          room={size}
          at={layoutChart(chart.x, chart.y, size).place({
            x: meanRate(point, view.x),
            y: meanQuality(point, view.y),
          })}
        />
      )}
      {points.length === 0 && <Invitation />}
    </div>
  );
}

/** What stands where the curves will be. */
function Invitation() {
  const idle = useStudio(
    ({ sweep, sweepBandQuestion, backend }) =>
      Boolean(backend) && !sweepBandQuestion && sweep?.state !== 'running',
  );
  const files = usePlannedFiles();
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
            {PUBLISHED.map(({ id, psnr, rate, source }) => (
              <li key={id}>
                {psnr} dB{rate && ` at ${rate.bpp} bpp (${rate.bpppc} bpppc)`}: {source}.
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

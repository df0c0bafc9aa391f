import { useMemo } from 'react';
import { useStudio } from '../../state/react';
import { sweptCodecs } from '../../state/sweep';
import { headingOf } from '../../ui/codecHeadings';
import { type Extent, plannedRates, qualityAxis, rateAxis, referencesOf, seriesOf } from './axes';
import { type CodecCurve, curvesOf } from './points';

const NOTHING: readonly never[] = [];

/** The codecs that a chart can speak of: those of the sweep, else those chosen for the next. */
export function useCurveCodecs() {
  const swept = useStudio((state) => state.sweep?.codecs);
  const all = useStudio((state) => state.codecs);
  const chosen = useStudio((state) => state.sweepCodecs);
  return useMemo(
    () => swept ?? sweptCodecs({ codecs: all, sweepCodecs: chosen }),
    [swept, all, chosen],
  );
}

/** Those of them that are drawn. */
function useCodecs() {
  const codecs = useCurveCodecs();
  const hidden = useStudio((state) => state.curves.hidden);
  return useMemo(
    () => codecs.filter((codec) => !hidden.includes(headingOf(codec))),
    [codecs, hidden],
  );
}

export function useCodecCurves(): readonly CodecCurve[] {
  const codecs = useCodecs();
  const points = useStudio((state) => state.sweep?.points ?? NOTHING);
  return useMemo(() => curvesOf(codecs, points), [codecs, points]);
}

function useExtent(): Extent {
  const window = useStudio((state) => state.sweep?.targets[0].window ?? state.patch);
  const bands = useStudio((state) => state.sweep?.bands?.length ?? state.cube?.info.bands ?? 1);
  const pixels = window ? window.width * window.height : 1;
  return useMemo(() => ({ pixels, bands }), [pixels, bands]);
}

/** Everything that the chart draws. */
export function useChart() {
  const curves = useCodecCurves();
  const codecs = useCodecs();
  const extent = useExtent();
  const view = useStudio((state) => state.curves);
  const asked = useStudio((state) => state.sweepRates);
  const growing = useStudio((state) => state.sweep?.state === 'running');
  return useMemo(() => {
    const series = seriesOf(curves, view);
    const planned = plannedRates(codecs, asked);
    const context = { view, series, planned, extent, growing };
    return {
      series,
      x: rateAxis(context),
      y: qualityAxis(context),
      references: referencesOf(view),
      name: 'Rate–distortion curves',
    };
  }, [curves, codecs, extent, view, asked, growing]);
}

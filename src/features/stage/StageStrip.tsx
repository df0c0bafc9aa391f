import { lazy, Suspense } from 'react';
import type { Strip } from '../../state/canvas';
import { useStudio } from '../../state/react';
import type { PictureStage } from '../../state/view';
import { Segmented } from '../../ui/controls';
import { CloseUpSide, CloseUpStrip } from '../compare/CloseUpStrip';
import { SpectrumStrip } from '../spectra/SpectrumStrip';

const MetricsStrip = lazy(() => import('../metrics/MetricsStrip'));

/** Below the pictures: spectra, and beside a reconstruction its figures and close-ups. */
export function StageStrip({ stage }: { stage: PictureStage }) {
  const strip = useStudio((state) => state.strip);
  const closeUps = useStudio((state) => state.closeUps.length);
  const setCanvas = useStudio((state) => state.setCanvas);
  if (stage === 'scene') return <SpectrumStrip />;
  const choices: readonly { value: Strip; label: string }[] = [
    { value: 'spectrum', label: 'Spectra' },
    { value: 'metrics', label: 'Metrics' },
    { value: 'close-ups', label: closeUps > 0 ? `Close-ups ${closeUps}` : 'Close-ups' },
  ];
  return (
    <div className="strip">
      <div className="strip__bar">
        <Segmented
          label="What stands below the pictures"
          value={strip}
          choices={choices}
          onChange={(next) => setCanvas({ strip: next })}
        />
        {strip === 'close-ups' && <CloseUpSide />}
      </div>
      {strip === 'spectrum' && <SpectrumStrip />}
      {strip === 'metrics' && (
        <Suspense fallback={<div />}>
          <MetricsStrip />
        </Suspense>
      )}
      {strip === 'close-ups' && <CloseUpStrip />}
    </div>
  );
}

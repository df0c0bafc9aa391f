import { lazy, Suspense, useDeferredValue } from 'react';
import { useStudio, useStudioStore } from '../../state/react';
import type { PictureStage } from '../../state/view';
import { Button, IconButton, Segmented } from '../../ui/controls';
import { ComparePanes } from './ComparePanes';
import { ScenePane } from './ScenePane';
import { SpectrumStrip } from './SpectrumStrip';
import './stage.css';
import { zoomStage } from './zoomStage';

/** Brings the chart's libraries along. */
const CurvesRoom = lazy(() => import('../curves/CurvesRoom'));
const CurvesBar = lazy(() => import('../curves/CurvesBar'));

/** How far the sweep is, for who looks at something else meanwhile. */
function useSweepPercent(): string {
  return useStudio(({ sweep }) =>
    sweep?.state === 'running' ? ` ${Math.floor(100 * sweep.done)} %` : '',
  );
}

/** The middle of the studio: pictures above and spectra below, or curves. */
export function StageRoom() {
  const cube = useStudio((state) => state.cube);
  const fileName = useStudio((state) => state.result?.fileName);
  const stage = useStudio((state) => state.stage);
  const setStage = useStudio((state) => state.setStage);
  const percent = useSweepPercent();
  const chosen = cube ? stage : 'compare';
  // The tab follows at once, the room in slices: building one takes longer than a frame.
  const shown = useDeferredValue(chosen);
  return (
    <main className={`stage stage--${shown}`}>
      <h1 className="visually-hidden">{cube?.info.name ?? fileName}</h1>
      <div className="stage__bar">
        <Segmented
          label="What the stage shows"
          value={chosen}
          choices={[
            { value: 'scene', label: 'Scene', disabled: !cube },
            { value: 'compare', label: 'Compare' },
            { value: 'curves', label: `Curves${percent}`, disabled: !cube },
          ]}
          onChange={setStage}
        />
        {shown === 'curves' ? (
          <Suspense>
            <CurvesBar />
          </Suspense>
        ) : (
          <ZoomButtons stage={shown} />
        )}
      </div>
      {shown === 'curves' ? (
        <Suspense fallback={<div />}>
          <CurvesRoom />
        </Suspense>
      ) : (
        <>
          {shown === 'scene' ? <ScenePane /> : <ComparePanes />}
          <SpectrumStrip />
        </>
      )}
    </main>
  );
}

function ZoomButtons({ stage }: { stage: PictureStage }) {
  const store = useStudioStore();
  const setCamera = useStudio((state) => state.setCamera);
  return (
    <div className="stage__zoom">
      <IconButton icon="minus" label="Zoom out (−)" onClick={() => zoomStage(store, -1)} />
      <IconButton icon="plus" label="Zoom in (+)" onClick={() => zoomStage(store, 1)} />
      <Button variant="quiet" onClick={() => setCamera(stage, { zoom: 'fit' })}>
        Fit
      </Button>
    </div>
  );
}

import { type CSSProperties, lazy, Suspense, useDeferredValue } from 'react';
import { currentResult } from '../../state/panes';
import { useStudio, useStudioStore } from '../../state/react';
import { isActive, shareDone } from '../../state/tuningRun';
import { isPictureStage, type PictureStage, type Stage } from '../../state/view';
import { Button, IconButton, Segmented } from '../../ui/controls';
import { Landmark } from '../../ui/landmark';
import { CompareCanvas } from '../compare/CompareCanvas';
import { ViewExport } from '../compare/ViewExport';
import { DrawingHint } from '../spectra/DrawingHint';
import { ScenePane } from './ScenePane';
import { StageStrip } from './StageStrip';
import { StripHandle } from './StripHandle';
import './stage.css';
import { zoomStage } from './zoomStage';

/** Brings the chart's libraries along. */
const CurvesRoom = lazy(() => import('../curves/CurvesRoom'));
const CurvesBar = lazy(() => import('../curves/CurvesBar'));
const BitsRoom = lazy(() => import('../bits/BitsRoom'));
const AttentionRoom = lazy(() => import('../attention/AttentionRoom'));
const TuneRoom = lazy(() => import('../tuning/TuneRoom'));
const TuneBar = lazy(() => import('../tuning/TuneBar'));
const AttentionBar = lazy(() => import('../attention/AttentionBar'));

/** How far the sweep is, for who looks at something else meanwhile. */
function useSweepPercent(): string {
  return useStudio(({ sweep }) =>
    sweep?.state === 'running' ? ` ${Math.floor(100 * sweep.done)} %` : '',
  );
}

/** How far the fine-tuning is, likewise. */
function useTuningPercent(): string {
  return useStudio(({ tuningRun }) =>
    tuningRun && isActive(tuningRun) ? ` ${Math.floor(100 * shareDone(tuningRun))} %` : '',
  );
}

/** The middle of the studio: pictures above and spectra below, or curves. */
export function StageRoom() {
  const cube = useStudio((state) => state.cube);
  const fileName = useStudio((state) => currentResult(state)?.fileName);
  const stage = useStudio((state) => state.stage);
  const setStage = useStudio((state) => state.setStage);
  const stripShare = useStudio((state) => state.stripShare);
  const percent = useSweepPercent();
  const tuned = useTuningPercent();
  const result = useStudio((state) => currentResult(state) !== undefined);
  const chosen = cube || (stage === 'bits' && result) ? stage : 'compare';
  // The tab follows at once, the room in slices: building one takes longer than a frame.
  const shown = useDeferredValue(chosen);
  return (
    <Landmark
      as="main"
      className={`stage stage--${shown}`}
      style={{ '--strip': `${100 * stripShare}%` } as CSSProperties}
    >
      <h1 className="visually-hidden">{cube?.info.name ?? fileName}</h1>
      <div className="stage__bar">
        <Segmented
          label="What the stage shows"
          value={chosen}
          choices={[
            { value: 'scene', label: 'Scene', disabled: !cube },
            { value: 'compare', label: 'Compare' },
            { value: 'curves', label: `Curves${percent}`, disabled: !cube },
            { value: 'attention', label: 'Attention', disabled: !cube },
            { value: 'bits', label: 'Bits', disabled: !result },
            { value: 'tune', label: `Tune${tuned}`, disabled: !cube },
          ]}
          onChange={setStage}
        />
        <RoomBar room={shown} />
      </div>
      {isPictureStage(shown) ? (
        <>
          {shown === 'scene' ? <ScenePane /> : <CompareCanvas />}
          <div className="stage__foot">
            <DrawingHint />
            <StripHandle />
            <StageStrip stage={shown} />
          </div>
        </>
      ) : (
        <Suspense fallback={<div />}>
          {shown === 'curves' && <CurvesRoom />}
          {shown === 'attention' && <AttentionRoom />}
          {shown === 'bits' && <BitsRoom />}
          {shown === 'tune' && <TuneRoom />}
        </Suspense>
      )}
    </Landmark>
  );
}

/** What the room shown adds to the stage's bar. */
function RoomBar({ room }: { room: Stage }) {
  if (isPictureStage(room)) {
    return (
      <div className="stage__zoom">
        <ZoomButtons stage={room} />
        <ViewExport stage={room} />
      </div>
    );
  }
  if (room === 'bits') {
    return (
      <div className="stage__zoom">
        <ZoomButtons stage="compare" />
      </div>
    );
  }
  return (
    <Suspense>
      {room === 'curves' && <CurvesBar />}
      {room === 'attention' && <AttentionBar />}
      {room === 'tune' && <TuneBar />}
    </Suspense>
  );
}

function ZoomButtons({ stage }: { stage: PictureStage }) {
  const store = useStudioStore();
  const setCamera = useStudio((state) => state.setCamera);
  return (
    <>
      <IconButton icon="minus" label="Zoom out (−)" onClick={() => zoomStage(store, -1)} />
      <IconButton icon="plus" label="Zoom in (+)" onClick={() => zoomStage(store, 1)} />
      <Button
        variant="quiet"
        aria-label="One screen pixel for each pixel"
        onClick={() => setCamera(stage, { zoom: 1 })}
      >
        1:1
      </Button>
      <Button variant="quiet" onClick={() => setCamera(stage, { zoom: 'fit' })}>
        Fit
      </Button>
    </>
  );
}

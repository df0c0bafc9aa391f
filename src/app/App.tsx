import { Tooltip } from 'radix-ui';
import { lazy, Suspense, useDeferredValue } from 'react';
import { CodingPanel } from '../features/coding/CodingPanel';
import { CubePanel } from '../features/cube/CubePanel';
import { ResultPanel } from '../features/result/ResultPanel';
import { Presentation } from '../features/session/Presentation';
import { StageRoom } from '../features/stage/StageRoom';
import { StartPage } from '../features/start/StartPage';
import { StatusBar } from '../features/status/StatusBar';
import { ViewPanel } from '../features/view/ViewPanel';
import { UpdateNotice } from '../offline/UpdateNotice';
import { currentResult } from '../state/panes';
import { useStudio } from '../state/react';
import type { StudioState } from '../state/store';
import { isPictureStage } from '../state/view';
import { NoticeBox } from '../ui/blocks';
import { Landmark } from '../ui/landmark';
import './app.css';
import { DropTarget } from './DropTarget';
import { Header } from './Header';
import { OverlayLayer } from './OverlayLayer';
import { overlays } from './overlays';
import { useShortcuts } from './shortcuts';

const SweepPanel = lazy(() => import('../features/curves/SweepPanel'));
const TunePanel = lazy(() => import('../features/tuning/TunePanel'));
const AttentionPanel = lazy(() => import('../features/attention/AttentionPanel'));

const SIDE_LABELS = {
  scene: 'Encoding and result',
  compare: 'Encoding and result',
  curves: 'Curves to measure',
  attention: 'Channel attention',
  tune: 'Fine-tuning',
} as const;

/** In the rooms of curves, attention and tuning: what to do there. Elsewhere: what to encode, and the result. */
function RightSide() {
  const room = useDeferredValue(useStudio(sideOf));
  // The room of the bits has a side of its own.
  if (room === 'bits') return null;
  return (
    <Landmark as="aside" className="side side--right" aria-label={SIDE_LABELS[room]}>
      {!isPictureStage(room) ? (
        <Suspense>
          {room === 'curves' && <SweepPanel />}
          {room === 'attention' && <AttentionPanel />}
          {room === 'tune' && <TunePanel />}
        </Suspense>
      ) : (
        <>
          <CodingPanel />
          <ResultPanel />
        </>
      )}
    </Landmark>
  );
}

/** The room whose side is shown. */
function sideOf(state: StudioState): StudioState['stage'] {
  const { stage, cube } = state;
  if (stage === 'bits') return currentResult(state) ? 'bits' : 'compare';
  return cube ? stage : 'compare';
}

/** What is of no room: word of the engine, the storage and new versions. */
function Notices() {
  const engine = useStudio((state) => state.engineNotice);
  const storage = useStudio((state) => state.storageNotice);
  const dismiss = useStudio((state) => state.dismissEngineNotice);
  const note = useStudio((state) => state.noteStorage);
  return (
    <div className="notices">
      {engine && <NoticeBox onClose={dismiss}>{engine.message}</NoticeBox>}
      {storage && <NoticeBox onClose={() => note(undefined)}>{storage.message}</NoticeBox>}
      <UpdateNotice />
    </div>
  );
}

export function App() {
  const working = useStudio(
    (state) => state.cube !== undefined || state.panes.some(({ result }) => result),
  );
  const presenting = useStudio((state) => state.presented !== undefined);
  useShortcuts();
  return (
    <Tooltip.Provider delayDuration={400}>
      <div className={presenting ? 'app app--present' : 'app'}>
        <Header working={working} onShortcuts={() => overlays.show('sheet')} />
        {working ? (
          <>
            <Landmark as="aside" className="side side--left" aria-label="Image and view">
              <CubePanel />
              <ViewPanel />
            </Landmark>
            <StageRoom />
            <RightSide />
          </>
        ) : (
          <StartPage />
        )}
        <StatusBar />
        <Notices />
        <Presentation />
        <DropTarget />
        <OverlayLayer />
      </div>
    </Tooltip.Provider>
  );
}

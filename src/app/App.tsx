import { Tooltip } from 'radix-ui';
import { lazy, Suspense, useCallback, useDeferredValue, useState } from 'react';
import { CodingPanel } from '../features/coding/CodingPanel';
import { CubePanel } from '../features/cube/CubePanel';
import { ResultPanel } from '../features/result/ResultPanel';
import { StageRoom } from '../features/stage/StageRoom';
import { StartPage } from '../features/start/StartPage';
import { StatusBar } from '../features/status/StatusBar';
import { ViewPanel } from '../features/view/ViewPanel';
import { useStudio } from '../state/react';
import { NoticeBox } from '../ui/blocks';
import './app.css';
import { DropTarget } from './DropTarget';
import { Header } from './Header';
import { ShortcutSheet } from './ShortcutSheet';
import { useShortcuts } from './shortcuts';

const SweepPanel = lazy(() => import('../features/curves/SweepPanel'));

/** In the room of the curves: what to measure. Elsewhere: what to encode, and the result. */
function RightSide() {
  const curves = useDeferredValue(
    useStudio((state) => state.stage === 'curves' && state.cube !== undefined),
  );
  return (
    <aside
      className="side side--right"
      aria-label={curves ? 'Curves to measure' : 'Encoding and result'}
    >
      {curves ? (
        <Suspense>
          <SweepPanel />
        </Suspense>
      ) : (
        <>
          <CodingPanel />
          <ResultPanel />
        </>
      )}
    </aside>
  );
}

function EngineNotice() {
  const notice = useStudio((state) => state.engineNotice);
  const dismiss = useStudio((state) => state.dismissEngineNotice);
  if (!notice) return null;
  return (
    <div className="engine-notice">
      <NoticeBox onClose={dismiss}>{notice.message}</NoticeBox>
    </div>
  );
}

export function App() {
  const working = useStudio((state) => state.cube !== undefined || state.result !== undefined);
  const [help, setHelp] = useState(false);
  useShortcuts(useCallback(() => setHelp(true), []));
  return (
    <Tooltip.Provider delayDuration={400}>
      <div className="app">
        <Header working={working} onShortcuts={() => setHelp(true)} />
        {working ? (
          <>
            <aside className="side side--left" aria-label="Image and view">
              <CubePanel />
              <ViewPanel />
            </aside>
            <StageRoom />
            <RightSide />
          </>
        ) : (
          <StartPage />
        )}
        <StatusBar />
        <EngineNotice />
        <DropTarget />
        <ShortcutSheet open={help} onOpenChange={setHelp} />
      </div>
    </Tooltip.Provider>
  );
}

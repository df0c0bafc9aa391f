import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import '../ui/tokens.css';
import '../ui/controls.css';
import '../ui/blocks.css';
import '../ui/touch.css';
import { EngineClient } from '../engine/client';
import { spawnEngineWorker } from '../engine/link';
import { onLaunchedFiles, startOffline } from '../offline/offline';
import { browserStore } from '../state/browserStore';
import { PointCache } from '../state/pointCache';
import { StudioProvider } from '../state/react';
import { RecentKeeper } from '../state/recent';
import { createStudio } from '../state/store';
import { claimTab } from '../state/tabs';
import { App } from './App';
import { followAddress, openAddress } from './address';
import { ErrorBoundary } from './ErrorBoundary';
import { startTheme } from './theme';

startTheme();

const engine = new EngineClient(spawnEngineWorker, {
  baseUrl: new URL('./', document.baseURI).href,
  onRestart: (reason) => {
    const { engineRestarted, startEngine, backendWanted } = store.getState();
    engineRestarted(reason);
    startEngine(backendWanted);
  },
});
const store = createStudio(engine, new PointCache(browserStore('hsc-curves', 'points')));

const root = document.getElementById('root');
if (!root) throw new Error('The page has no element to draw into.');
createRoot(root).render(
  <StrictMode>
    <ErrorBoundary>
      <StudioProvider studio={{ store, engine }}>
        <App />
      </StudioProvider>
    </ErrorBoundary>
  </StrictMode>,
);

const isReload = () =>
  performance
    .getEntriesByType('navigation')
    .some((entry) => (entry as PerformanceNavigationTiming).type === 'reload');

/** What the page begins with: the work that a reload interrupted, or what its address says. */
async function begin(): Promise<void> {
  const keeper = new RecentKeeper(
    browserStore('hsc-session', 'work'),
    await claimTab(),
    (notice) => store.getState().noteStorage(notice),
    (kept) => root?.toggleAttribute('data-kept', kept),
  );
  const recent = await keeper.last();
  store.getState().offerRecent(recent);
  const { hash } = window.location;
  keeper.follow(store);
  followAddress(store);
  if (recent && isReload()) await store.getState().continueRecent();
  else await openAddress(store, hash);
}

// Samples are drawn before the networks start: the first needs milliseconds, the second seconds.
store
  .getState()
  .loadSamples()
  .then(() => Promise.all([store.getState().startEngine().then(startOffline), begin()]));
onLaunchedFiles((files) => store.getState().openFiles(files));

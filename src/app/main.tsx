import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import '../ui/tokens.css';
import '../ui/controls.css';
import '../ui/blocks.css';
import { EngineClient } from '../engine/client';
import { spawnEngineWorker } from '../engine/link';
import { PointCache } from '../state/pointCache';
import { browserPointStore } from '../state/pointStore';
import { StudioProvider } from '../state/react';
import { createStudio } from '../state/store';
import { App } from './App';
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
const store = createStudio(engine, new PointCache(browserPointStore()));

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

// Samples are drawn before the networks start: the first needs milliseconds, the second seconds.
store
  .getState()
  .loadSamples()
  .then(() => store.getState().startEngine());

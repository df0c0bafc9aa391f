import { useEffect } from 'react';
import { useStudio, useStudioStore } from '../../state/react';
import './session.css';

const FORWARD = ['ArrowRight', 'ArrowDown', 'PageDown', ' '];
const BACK = ['ArrowLeft', 'ArrowUp', 'PageUp'];

/** While presenting: the name of the view, and keys of their own. */
export function Presentation() {
  const presented = useStudio((state) => state.presented);
  const views = useStudio((state) => state.savedViews);
  const on = presented !== undefined;
  usePresentationKeys(on);
  useFullScreen(on);
  if (!on) return null;
  const view = views[presented];
  return (
    <div className="presentation" role="status">
      <span className="presentation__name">{view?.name ?? 'Now on the stage'}</span>
      <span className="presentation__place">
        {view ? `${presented + 1} / ${views.length} · ` : ''}Esc ends
      </span>
    </div>
  );
}

/** Before anything else sees them: panes move their pins by arrow keys. */
function usePresentationKeys(on: boolean): void {
  const store = useStudioStore();
  useEffect(() => {
    if (!on) return;
    const { stepView, present } = store.getState();
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const known = [...FORWARD, ...BACK, 'Escape'].includes(event.key);
      if (!known) return;
      event.preventDefault();
      event.stopPropagation();
      if (event.key === 'Escape') present(false);
      else stepView(FORWARD.includes(event.key) ? 1 : -1);
    };
    window.addEventListener('keydown', onKey, { capture: true });
    return () => window.removeEventListener('keydown', onKey, { capture: true });
  }, [on, store]);
}

/** Where the browser allows it; leaving the full screen ends the presentation. */
function useFullScreen(on: boolean): void {
  const store = useStudioStore();
  useEffect(() => {
    if (!on) return;
    document.documentElement.requestFullscreen?.().catch(() => {});
    const onChange = () => {
      if (!document.fullscreenElement) store.getState().present(false);
    };
    document.addEventListener('fullscreenchange', onChange);
    return () => {
      document.removeEventListener('fullscreenchange', onChange);
      if (document.fullscreenElement) document.exitFullscreen().catch(() => {});
    };
  }, [on, store]);
}

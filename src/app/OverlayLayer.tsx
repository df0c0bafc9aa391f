import { lazy, Suspense, useEffect } from 'react';
import { useStore } from 'zustand';
import { overlays } from './overlays';
import { ShortcutSheet } from './ShortcutSheet';

const loadPalette = () => import('./CommandPalette');
const CommandPalette = lazy(loadPalette);
/** Fetched when the page has come to rest, so that it is there when called. */
const FETCH_AFTER_MS = 2000;

/** The overlay that is open, if any. */
export function OverlayLayer() {
  const shown = useStore(overlays.store, (state) => state.shown);
  useEffect(() => {
    // Fetched again when it is called, which then says what is wrong.
    const timer = setTimeout(() => loadPalette().catch(() => {}), FETCH_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <>
      <ShortcutSheet open={shown === 'sheet'} onOpenChange={(open) => !open && overlays.close()} />
      {shown === 'palette' && (
        <Suspense>
          <CommandPalette onClose={overlays.close} />
        </Suspense>
      )}
    </>
  );
}

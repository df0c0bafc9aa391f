import { useEffect, useMemo } from 'react';
import { useStudio, useStudioStore } from '../../state/react';
import type { Pixel } from '../../state/view';
import type { Drawing } from '../stage/Pane';

const WHOLE: Pixel = { x: 0, y: 0 };

/** The polygon that is being drawn, in the pixels of a part of the original that begins at `origin`. */
export function useDrawing(origin: Pixel = WHOLE): Drawing | undefined {
  const store = useStudioStore();
  const drawn = useStudio((state) => state.drawing);
  const { x, y } = origin;
  return useMemo(() => {
    if (!drawn) return undefined;
    const { addCorner, closePolygon } = store.getState();
    return {
      corners: drawn.map((corner) => ({ x: corner.x - x, y: corner.y - y })),
      onCorner: (corner) => addCorner({ x: corner.x + x, y: corner.y + y }),
      onClose: closePolygon,
    };
  }, [store, drawn, x, y]);
}

/** While a polygon is drawn: Enter closes it, Backspace takes a corner back, Escape gives it up. */
export function useDrawingKeys(): void {
  const store = useStudioStore();
  const on = useStudio((state) => state.drawing !== undefined);
  useEffect(() => {
    if (!on) return;
    const { closePolygon, dropCorner, cancelPolygon } = store.getState();
    const actions: Readonly<Record<string, () => void>> = {
      Enter: closePolygon,
      Backspace: dropCorner,
      Escape: cancelPolygon,
    };
    // Before anything else sees them: Enter would press the button that the drawing began with.
    const onKey = (event: KeyboardEvent) => {
      const action = actions[event.key];
      const target = event.target instanceof Element ? event.target : undefined;
      const elsewhere = target?.closest('input, textarea, .popup, .dialog');
      if (!action || elsewhere || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      event.stopPropagation();
      action();
    };
    window.addEventListener('keydown', onKey, { capture: true });
    return () => window.removeEventListener('keydown', onKey, { capture: true });
  }, [on, store]);
}

import { useEffect, useRef } from 'react';
import type { PixelWindow } from '../../core/cube/types';
import { useStudio, useStudioStore } from '../../state/react';
import { useSize } from '../stage/useSize';
import { CodecFigure } from './CodecFigure';
import { CompareBar } from './CompareBar';
import { columnsFor } from './columns';
import './compare.css';
import { OriginalFigure } from './OriginalFigure';
import { SwipeFigure } from './SwipeFigure';
import { useLinkedPanes } from './useLinkedPanes';
import { useComparedCube, useOriginalPicture } from './useOriginal';
import { useComparedWindow, useLook } from './useWindow';

/** The original and the panes of all codecs. */
export function CompareCanvas() {
  const window = useComparedWindow();
  useFlickerKey();
  return (
    <div className="compare-room">
      <CompareBar />
      {window && <Panes window={window} />}
    </div>
  );
}

function Panes({ window }: { window: PixelWindow }) {
  const panes = useStudio((state) => state.panes);
  const layout = useStudio((state) => state.layout);
  const flicker = useStudio((state) => state.flicker);
  const box = useRef<HTMLDivElement>(null);
  const size = useSize(box);
  const linked = useLinkedPanes(window);
  const look = useLook(window);
  const comparable = useComparedCube() !== undefined;
  const original = useOriginalPicture(window, look);
  // Without an original there is nothing to swipe, and its pane says how to get one.
  if (layout === 'swipe' && comparable) {
    return <SwipeFigure window={window} linked={linked} look={look} original={original} />;
  }
  const columns = size ? columnsFor(panes.length + 1, window, size) : panes.length + 1;
  return (
    <div
      ref={box}
      className="compare"
      style={{ gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` }}
    >
      <OriginalFigure window={window} linked={linked} original={original} />
      {panes.map((pane, i) => (
        <CodecFigure
          key={pane.id}
          pane={pane}
          number={i + 1}
          window={window}
          linked={linked}
          look={look}
          instead={flicker ? original.picture : undefined}
        />
      ))}
    </div>
  );
}

/** While F is held the original stands in every pane. */
function useFlickerKey(): void {
  const store = useStudioStore();
  useEffect(() => {
    const { setCanvas } = store.getState();
    const isOurs = (event: KeyboardEvent) =>
      event.key.toLowerCase() === 'f' &&
      !event.ctrlKey &&
      !event.metaKey &&
      !event.altKey &&
      !(event.target instanceof Element && event.target.closest('input, textarea, .dialog'));
    const onDown = (event: KeyboardEvent) => {
      if (isOurs(event) && !event.repeat) setCanvas({ flicker: true });
    };
    const onUp = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() === 'f') setCanvas({ flicker: false });
    };
    const onBlur = () => setCanvas({ flicker: false });
    window.addEventListener('keydown', onDown);
    window.addEventListener('keyup', onUp);
    window.addEventListener('blur', onBlur);
    return () => {
      onBlur();
      window.removeEventListener('keydown', onDown);
      window.removeEventListener('keyup', onUp);
      window.removeEventListener('blur', onBlur);
    };
  }, [store]);
}

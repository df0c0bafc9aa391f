import { type PointerEvent, useRef } from 'react';
import type { PixelWindow } from '../../core/cube/types';
import { activePaneOf } from '../../state/panes';
import { useStudio } from '../../state/react';
import { LostTiles } from '../stage/LostTiles';
import { Pane } from '../stage/Pane';
import { PaneProblem } from '../stage/PaneParts';
import type { usePicture } from '../stage/usePicture';
import { CodecCaption } from './CodecCaption';
import { KEYS, usePaneView } from './CodecFigure';
import { Outcome } from './Outcome';
import type { LinkedProps } from './useLinkedPanes';
import type { Look } from './useWindow';

interface SwipeFigureProps {
  readonly window: PixelWindow;
  readonly linked: LinkedProps;
  readonly look: Look;
  readonly original: ReturnType<typeof usePicture>;
}

/** The original left of a line and the active pane right of it. */
export function SwipeFigure({ window, linked, look, original }: SwipeFigureProps) {
  const panes = useStudio((state) => state.panes);
  const pane = useStudio(activePaneOf);
  const flicker = useStudio((state) => state.flicker);
  const split = useStudio((state) => state.split);
  const { fits, view } = usePaneView(pane, window, look);
  const number = panes.indexOf(pane) + 1;
  return (
    <figure className="figure codec-figure">
      <CodecCaption pane={pane} number={number} />
      <Pane
        {...linked}
        label={`Original on the left, pane ${number} on the right. ${KEYS}`}
        testId="swipe"
        picture={original.picture}
        overlay={(placement) => (
          <>
            {fits && !flicker && pane.result && (
              <div className="over" style={{ clipPath: `inset(0 0 0 ${100 * split}%)` }}>
                <LostTiles reconstruction={pane.result.reconstruction} placement={placement} />
              </div>
            )}
            {linked.overlay?.(placement)}
          </>
        )}
        over={fits && !flicker && view.picture ? { picture: view.picture, from: split } : undefined}
      >
        <PaneProblem notice={view.notice} />
        {fits && <Outcome pane={pane} />}
        <Divider />
      </Pane>
    </figure>
  );
}

const STEP = 0.02;

/** The line, dragged or moved by the arrow keys. */
function Divider() {
  const split = useStudio((state) => state.split);
  const setCanvas = useStudio((state) => state.setCanvas);
  const held = useRef(false);
  const move = (to: number) => setCanvas({ split: Math.min(1, Math.max(0, to)) });
  const onMove = (event: PointerEvent<HTMLDivElement>) => {
    const box = event.currentTarget.parentElement?.getBoundingClientRect();
    if (held.current && box) move((event.clientX - box.left) / box.width);
  };
  return (
    <div
      className="divider"
      style={{ left: `${100 * split}%` }}
      role="slider"
      tabIndex={0}
      aria-label="Line between original and reconstruction"
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(100 * split)}
      onPointerDown={(event) => {
        held.current = true;
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={onMove}
      onPointerUp={() => {
        held.current = false;
      }}
      onKeyDown={(event) => {
        const by = { ArrowLeft: -STEP, ArrowRight: STEP }[event.key];
        if (by === undefined) return;
        event.preventDefault();
        move(split + by);
      }}
    >
      <span className="divider__name divider__name--left">Original</span>
      <span className="divider__name divider__name--right">Reconstruction</span>
    </div>
  );
}

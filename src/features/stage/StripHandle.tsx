import { type PointerEvent, useRef } from 'react';
import { useStudio } from '../../state/react';

const [LEAST, MOST] = [0.12, 0.6];
const STEP = 0.02;

/** The border between pictures and strip, dragged or moved by the arrow keys. */
export function StripHandle() {
  const share = useStudio((state) => state.stripShare);
  const setCanvas = useStudio((state) => state.setCanvas);
  const held = useRef(false);
  const move = (to: number) => setCanvas({ stripShare: Math.min(MOST, Math.max(LEAST, to)) });
  const onMove = (event: PointerEvent<HTMLDivElement>) => {
    const box = event.currentTarget.closest('.stage')?.getBoundingClientRect();
    if (held.current && box) move((box.bottom - event.clientY) / box.height);
  };
  return (
    <div
      className="strip-handle"
      role="slider"
      tabIndex={0}
      aria-orientation="vertical"
      aria-label="Height of the strip below the pictures"
      aria-valuemin={Math.round(100 * LEAST)}
      aria-valuemax={Math.round(100 * MOST)}
      aria-valuenow={Math.round(100 * share)}
      onPointerDown={(event) => {
        held.current = true;
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={onMove}
      onPointerUp={() => {
        held.current = false;
      }}
      onKeyDown={(event) => {
        const by = { ArrowUp: STEP, ArrowDown: -STEP }[event.key];
        if (by === undefined) return;
        event.preventDefault();
        move(share + by);
      }}
    />
  );
}

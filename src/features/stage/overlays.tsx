import { type PointerEvent, useRef } from 'react';
import type { PixelWindow } from '../../core/cube/types';
import type { Pixel } from '../../state/view';
import type { Placement } from './camera';

/** The patch that will be encoded; the rest of the scene is dimmed. Dragging moves it. */
export function PatchFrame(props: {
  patch: PixelWindow;
  scene: { readonly width: number; readonly height: number };
  placement: Placement;
  fixed: boolean;
  onMove(x: number, y: number): void;
}) {
  const { patch, scene, placement, fixed, onMove } = props;
  const grip = useRef<{ readonly dx: number; readonly dy: number }>(undefined);
  const { zoom, left, top } = placement;

  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    if (fixed || event.button !== 0) return;
    event.stopPropagation();
    event.currentTarget.setPointerCapture(event.pointerId);
    grip.current = { dx: event.clientX / zoom - patch.x, dy: event.clientY / zoom - patch.y };
  };
  const onPointerMove = (event: PointerEvent<HTMLDivElement>) => {
    if (!grip.current) return;
    event.stopPropagation();
    onMove(event.clientX / zoom - grip.current.dx, event.clientY / zoom - grip.current.dy);
  };

  return (
    <div
      className="veil"
      style={{ left, top, width: scene.width * zoom, height: scene.height * zoom }}
    >
      <div
        className={`frame${fixed ? ' frame--fixed' : ''}`}
        data-testid="patch-frame"
        style={{
          left: patch.x * zoom,
          top: patch.y * zoom,
          width: patch.width * zoom,
          height: patch.height * zoom,
        }}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={() => {
          grip.current = undefined;
        }}
      />
    </div>
  );
}

/** Marks one pixel: a box around it where it is large enough, a cross where it is not. */
export function PixelMark(props: { pixel: Pixel; placement: Placement; pinned: boolean }) {
  const { pixel, placement, pinned } = props;
  const side = Math.max(9, placement.zoom);
  const centerX = placement.left + (pixel.x + 0.5) * placement.zoom;
  const centerY = placement.top + (pixel.y + 0.5) * placement.zoom;
  return (
    <div
      className={`mark-pixel${pinned ? ' mark-pixel--pinned' : ''}`}
      style={{ left: centerX - side / 2, top: centerY - side / 2, width: side, height: side }}
    />
  );
}

import { type PointerEvent, useRef } from 'react';
import type { PixelWindow } from '../../core/cube/types';
import type { Pixel } from '../../state/view';
import { CLICK_SLOP, type Placement } from './camera';

/** The patch that will be encoded; the rest of the scene is dimmed. Dragging moves it. */
export function PatchFrame(props: {
  patch: PixelWindow;
  scene: { readonly width: number; readonly height: number };
  placement: Placement;
  fixed: boolean;
  onMove(x: number, y: number): void;
  onResize(width: number, height: number): void;
  onClick(pixel: Pixel): void;
}) {
  const { patch, scene, placement, fixed, onMove, onResize, onClick } = props;
  const veil = useRef<HTMLDivElement>(null);
  const grip = useRef<{ readonly dx: number; readonly dy: number; moved: boolean }>(undefined);
  const { zoom, left, top } = placement;

  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    // With Shift, a region is drawn across the patch.
    if (fixed || event.button !== 0 || event.shiftKey) return;
    event.stopPropagation();
    event.currentTarget.setPointerCapture(event.pointerId);
    const dx = event.clientX / zoom - patch.x;
    const dy = event.clientY / zoom - patch.y;
    grip.current = { dx, dy, moved: false };
  };
  const onPointerMove = (event: PointerEvent<HTMLDivElement>) => {
    if (!grip.current) return;
    event.stopPropagation();
    const x = event.clientX / zoom - grip.current.dx;
    const y = event.clientY / zoom - grip.current.dy;
    grip.current.moved ||= Math.hypot(x - patch.x, y - patch.y) * zoom > CLICK_SLOP;
    if (grip.current.moved) onMove(x, y);
  };

  const onPointerUp = (event: PointerEvent<HTMLDivElement>) => {
    const clicked = grip.current && !grip.current.moved;
    grip.current = undefined;
    const box = veil.current?.getBoundingClientRect();
    if (!clicked || !box) return;
    const x = Math.floor((event.clientX - box.left) / zoom);
    const y = Math.floor((event.clientY - box.top) / zoom);
    onClick({ x, y });
  };

  return (
    <div
      ref={veil}
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
        onPointerUp={onPointerUp}
        onLostPointerCapture={() => {
          grip.current = undefined;
        }}
      />
      <PatchCorner {...{ patch, zoom, onResize }} />
    </div>
  );
}

/** The lower right corner of the patch, which is pulled to another size. */
function PatchCorner(props: {
  patch: PixelWindow;
  zoom: number;
  onResize(width: number, height: number): void;
}) {
  const { patch, zoom, onResize } = props;
  const grip = useRef<{ readonly dx: number; readonly dy: number }>(undefined);
  return (
    <div
      className="frame__corner"
      data-testid="patch-corner"
      style={{ left: (patch.x + patch.width) * zoom, top: (patch.y + patch.height) * zoom }}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.stopPropagation();
        event.currentTarget.setPointerCapture(event.pointerId);
        grip.current = {
          dx: event.clientX / zoom - patch.width,
          dy: event.clientY / zoom - patch.height,
        };
      }}
      onPointerMove={(event) => {
        if (!grip.current) return;
        event.stopPropagation();
        onResize(event.clientX / zoom - grip.current.dx, event.clientY / zoom - grip.current.dy);
      }}
      onPointerUp={(event) => {
        event.stopPropagation();
        grip.current = undefined;
      }}
      onLostPointerCapture={() => {
        grip.current = undefined;
      }}
    />
  );
}

/** Marks one pixel: a box around it where it is large enough, a cross where it is not. */
export function PixelMark({ pixel, placement }: { pixel: Pixel; placement: Placement }) {
  const side = Math.max(9, placement.zoom);
  const centerX = placement.left + (pixel.x + 0.5) * placement.zoom;
  const centerY = placement.top + (pixel.y + 0.5) * placement.zoom;
  return (
    <div
      className="mark-pixel"
      style={{ left: centerX - side / 2, top: centerY - side / 2, width: side, height: side }}
    />
  );
}

/** A polygon while it is drawn, with the line that would come next. */
export function PolygonDraft(props: {
  corners: readonly Pixel[];
  pointed: Pixel | undefined;
  placement: Placement;
}) {
  const { corners, pointed, placement } = props;
  const points = pointed ? [...corners, pointed] : corners;
  const path = pathOf(points, placement);
  return (
    <svg className="polygon-draft" aria-hidden="true">
      <path className="polygon-draft__rim" d={path} />
      <path className="polygon-draft__line" d={path} />
      {corners.map(({ x, y }, i) => (
        <circle
          key={i}
          className="polygon-draft__corner"
          cx={placement.left + x * placement.zoom}
          cy={placement.top + y * placement.zoom}
          r={i === 0 ? 5 : 3}
        />
      ))}
    </svg>
  );
}

/** Lines from corner to corner, in CSS pixels of the pane. */
export function pathOf(corners: readonly Pixel[], { left, top, zoom }: Placement): string {
  return corners
    .map(({ x, y }, i) => `${i === 0 ? 'M' : 'L'}${left + x * zoom} ${top + y * zoom}`)
    .join('');
}

/** A region while it is drawn. */
export function RubberBand({ region, placement }: { region: PixelWindow; placement: Placement }) {
  const { zoom, left, top } = placement;
  return (
    <div
      className="rubber-band"
      style={{
        left: left + region.x * zoom,
        top: top + region.y * zoom,
        width: region.width * zoom,
        height: region.height * zoom,
      }}
    />
  );
}

import { type RefObject, useEffect, useRef } from 'react';
import type { Camera, Pixel } from '../../state/view';
import { type Placement, ZOOM_LEVELS } from './camera';

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Two fingers on a pane, in CSS pixels of it. */
export type Fingers = readonly [Pixel, Pixel];

export interface Pinch {
  /** Where the image lay when the second finger came down. */
  readonly placement: Placement;
  readonly from: Fingers;
}

const distance = ([a, b]: Fingers) => Math.hypot(a.x - b.x, a.y - b.y);
const middle = ([a, b]: Fingers): Pixel => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });

/** The zoom level nearest to a zoom, by ratio. */
export function nearestLevel(zoom: number): number {
  const away = (level: number) => Math.abs(Math.log(level / zoom));
  return ZOOM_LEVELS.reduce((best, level) => (away(level) < away(best) ? level : best));
}

/**
 * The camera at which the image point that was between the fingers is there still, at the level
 * nearest to how far they were spread.
 */
export function pinched({ placement, from }: Pinch, now: Fingers, pane: Size): Camera {
  const spread = distance(now) / Math.max(1, distance(from));
  const zoom = nearestLevel(placement.zoom * spread);
  const [before, at] = [middle(from), middle(now)];
  return {
    zoom,
    center: {
      x: (before.x - placement.left) / placement.zoom - (at.x - pane.width / 2) / zoom,
      y: (before.y - placement.top) / placement.zoom - (at.y - pane.height / 2) / zoom,
    },
  };
}

/**
 * Zooms and pans an element by two fingers. Native listeners: they come before React's, which then
 * see one finger at most. `onStart` drops what the first finger had begun.
 */
export function usePinch(
  element: RefObject<HTMLDivElement | null>,
  placement: Placement | undefined,
  pane: Size | undefined,
  onCamera: (camera: Camera) => void,
  onStart: () => void,
): void {
  const latest = useRef({ placement, pane, onCamera, onStart });
  useEffect(() => {
    latest.current = { placement, pane, onCamera, onStart };
  });
  useEffect(() => {
    const target = element.current;
    if (!target) return;
    const touches = new Map<number, Pixel>();
    let pinch: Pinch | undefined;
    const fingers = () => [...touches.values()].slice(0, 2) as unknown as Fingers;
    const note = (event: PointerEvent) => {
      const box = target.getBoundingClientRect();
      touches.set(event.pointerId, { x: event.clientX - box.left, y: event.clientY - box.top });
    };
    const onDown = (event: PointerEvent) => {
      if (event.pointerType !== 'touch') return;
      note(event);
      const now = latest.current;
      if (touches.size !== 2 || !now.placement) return;
      event.stopPropagation();
      pinch = { placement: now.placement, from: fingers() };
      now.onStart();
      // What lies over the image, and was taken hold of by a finger, lets go.
      for (const id of touches.keys()) target.setPointerCapture(id);
    };
    const onMove = (event: PointerEvent) => {
      if (!touches.has(event.pointerId)) return;
      note(event);
      if (!pinch || !latest.current.pane) return;
      event.stopPropagation();
      if (touches.size < 2) return;
      latest.current.onCamera(pinched(pinch, fingers(), latest.current.pane));
    };
    const onEnd = (event: PointerEvent) => {
      touches.delete(event.pointerId);
      if (!pinch) return;
      event.stopPropagation();
      // The finger that stays does nothing until it is lifted too.
      if (touches.size === 0) pinch = undefined;
    };
    target.addEventListener('pointerdown', onDown);
    target.addEventListener('pointermove', onMove);
    target.addEventListener('pointerup', onEnd);
    target.addEventListener('pointercancel', onEnd);
    return () => {
      target.removeEventListener('pointerdown', onDown);
      target.removeEventListener('pointermove', onMove);
      target.removeEventListener('pointerup', onEnd);
      target.removeEventListener('pointercancel', onEnd);
    };
  }, [element]);
}

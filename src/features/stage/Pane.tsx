import {
  type CSSProperties,
  type PointerEvent,
  type ReactNode,
  useEffect,
  useRef,
  useState,
} from 'react';
import type { PixelWindow } from '../../core/cube/types';
import type { Picture } from '../../engine/api';
import { type Camera, type Pixel, samePixel } from '../../state/view';
import { PictureCanvas } from '../../ui/PictureCanvas';
import {
  CLICK_SLOP,
  cornerAt,
  type Placement,
  panBy,
  pixelAt,
  place,
  stepZoom,
  windowBetween,
  zoomAt,
  zoomLabel,
} from './camera';
import { PolygonDraft, RubberBand } from './overlays';
import { usePinch } from './pinch';
import { useSize } from './useSize';

interface Size {
  readonly width: number;
  readonly height: number;
}

export interface PaneProps {
  readonly label: string;
  /** Extent of the image in its own pixels; a picture may show every n-th of them. */
  readonly image: Size;
  readonly picture: Picture | undefined;
  readonly camera: Camera;
  readonly testId: string;
  onCamera(camera: Camera): void;
  onHover(pixel: Pixel | undefined): void;
  onClick(pixel: Pixel): void;
  onDoubleClick?(pixel: Pixel): void;
  /** A rectangle was drawn with Shift held down. */
  onRegion?(region: PixelWindow): void;
  /** While a polygon is drawn, clicks are corners of it. */
  readonly drawing?: Drawing;
  /** Moves whatever the arrow keys move here. */
  onArrow(dx: number, dy: number): void;
  /** Covers the pane from a share of its width on. */
  readonly over?: { readonly picture: Picture; readonly from: number };
  /** Drawn over the picture, placed in CSS pixels of the pane. */
  overlay?(placement: Placement): ReactNode;
  /** Shown over the picture or in its place, with pointer events of its own. */
  readonly children?: ReactNode;
}

const ARROWS: Record<string, readonly [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};
/** An application takes focus for its own keys, which its label names. */
const FOCUSABLE = { tabIndex: 0 } as const;
const SHIFT_STEP = 16;

/** A polygon that is being drawn, in the corners between the pane's pixels. */
export interface Drawing {
  readonly corners: readonly Pixel[];
  onCorner(corner: Pixel): void;
  onClose(): void;
}

interface Press {
  readonly startX: number;
  readonly startY: number;
  lastX: number;
  lastY: number;
  dragged: boolean;
  /** Draws a region instead of moving the image. */
  readonly drawing: boolean;
}

/** An image that is panned, zoomed and pointed at. */
export function Pane(props: PaneProps) {
  const { image, picture, camera, onCamera, drawing } = props;
  const element = useRef<HTMLDivElement>(null);
  const press = useRef<Press>(undefined);
  const size = useSize(element);
  const [drawn, setDrawn] = useState<PixelWindow>();
  const [pointed, setPointed] = useState<Pixel>();
  const placement = size && place(camera, image, size);
  useWheelZoom(element, placement, size, onCamera);
  usePinch(element, placement, size, onCamera, () => {
    press.current = undefined;
  });

  const pointOf = (event: { clientX: number; clientY: number }): Pixel => {
    const box = element.current?.getBoundingClientRect();
    return { x: event.clientX - (box?.left ?? 0), y: event.clientY - (box?.top ?? 0) };
  };
  const pixelOf = (event: { clientX: number; clientY: number }) =>
    placement && pixelAt(placement, pointOf(event), image);

  const drawnTo = (event: { clientX: number; clientY: number }) => {
    const { current: held } = press;
    if (!held || !placement) return undefined;
    const start = pointOf({ clientX: held.startX, clientY: held.startY });
    return windowBetween(placement, start, pointOf(event), image);
  };
  const cornerOf = (event: { clientX: number; clientY: number }) =>
    placement && cornerAt(placement, pointOf(event), image);
  const release = () => {
    press.current = undefined;
    setDrawn(undefined);
  };

  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const { clientX: x, clientY: y } = event;
    const drawing = event.shiftKey && props.onRegion !== undefined;
    press.current = { startX: x, startY: y, lastX: x, lastY: y, dragged: false, drawing };
  };
  const onPointerMove = (event: PointerEvent<HTMLDivElement>) => {
    const held = press.current;
    if (!held) {
      props.onHover(pixelOf(event));
      if (drawing) setPointed(cornerOf(event));
      return;
    }
    const travel = Math.hypot(event.clientX - held.startX, event.clientY - held.startY);
    held.dragged ||= travel > CLICK_SLOP;
    if (!held.dragged || !placement || !size) return;
    if (held.drawing) {
      setDrawn(drawnTo(event));
      return;
    }
    onCamera(panBy(placement, event.clientX - held.lastX, event.clientY - held.lastY, image, size));
    held.lastX = event.clientX;
    held.lastY = event.clientY;
  };
  const onPointerUp = (event: PointerEvent<HTMLDivElement>) => {
    const clicked = press.current && !press.current.dragged;
    const region = press.current?.drawing && press.current.dragged ? drawnTo(event) : undefined;
    release();
    if (region) props.onRegion?.(region);
    if (!clicked) return;
    const corner = cornerOf(event);
    const pixel = pixelOf(event);
    if (drawing && corner) drawTo(drawing, corner);
    else if (pixel) props.onClick(pixel);
  };

  return (
    <div className="pane-box">
      <div
        ref={element}
        className={drawing ? 'pane pane--drawing' : 'pane'}
        role="application"
        {...FOCUSABLE}
        aria-label={props.label}
        data-testid={props.testId}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={onPointerUp}
        onPointerCancel={release}
        onPointerLeave={() => {
          props.onHover(undefined);
          setPointed(undefined);
        }}
        onDoubleClick={(event) => {
          const pixel = pixelOf(event);
          if (drawing) drawing.onClose();
          else if (pixel) props.onDoubleClick?.(pixel);
        }}
        onKeyDown={(event) => {
          const arrow = ARROWS[event.key];
          if (!arrow || event.ctrlKey || event.metaKey || event.altKey) return;
          event.preventDefault();
          const step = event.shiftKey ? SHIFT_STEP : 1;
          props.onArrow(arrow[0] * step, arrow[1] * step);
        }}
      >
        {placement && picture && (
          <>
            <PictureCanvas
              picture={picture}
              label={props.label}
              testId={`${props.testId}-canvas`}
              style={pictureStyle(picture, placement)}
            />
            {props.over && (
              <div className="over" style={{ clipPath: `inset(0 0 0 ${100 * props.over.from}%)` }}>
                <PictureCanvas
                  picture={props.over.picture}
                  style={pictureStyle(props.over.picture, placement)}
                  testId={`${props.testId}-over-canvas`}
                />
              </div>
            )}
            {props.overlay?.(placement)}
            {drawn && <RubberBand region={drawn} placement={placement} />}
            {drawing && (
              <PolygonDraft corners={drawing.corners} pointed={pointed} placement={placement} />
            )}
            <span className="pane__scale">
              {zoomLabel(placement.zoom)}
              {picture.stride > 1 && `, every ${ordinal(picture.stride)} pixel`}
            </span>
          </>
        )}
      </div>
      {props.children}
    </div>
  );
}

/** A click on the first corner closes the polygon; any other one is its next corner. */
function drawTo({ corners, onCorner, onClose }: Drawing, corner: Pixel): void {
  if (corners.length > 2 && samePixel(corners[0], corner)) onClose();
  else onCorner(corner);
}

function pictureStyle(picture: Picture, { left, top, zoom }: Placement): CSSProperties {
  const { width, height, stride } = picture;
  return {
    left,
    top,
    width: width * stride * zoom,
    height: height * stride * zoom,
    imageRendering: zoom * stride >= 1 ? 'pixelated' : 'auto',
  };
}

function ordinal(n: number): string {
  const endings = ['th', 'st', 'nd', 'rd'];
  const rest = n % 100;
  return `${n}${rest > 10 && rest < 14 ? 'th' : (endings[n % 10] ?? 'th')}`;
}

/** React's wheel listeners are passive and could not keep the page from scrolling. */
function useWheelZoom(
  element: React.RefObject<HTMLDivElement | null>,
  placement: Placement | undefined,
  size: Size | undefined,
  onCamera: (camera: Camera) => void,
): void {
  const latest = useRef({ placement, size, onCamera, travelled: 0 });
  useEffect(() => {
    Object.assign(latest.current, { placement, size, onCamera });
  });
  useEffect(() => {
    const target = element.current;
    if (!target) return;
    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      const now = latest.current;
      now.travelled += event.deltaY;
      if (Math.abs(now.travelled) < 40 || !now.placement || !now.size) return;
      const zoom = stepZoom(now.placement.zoom, now.travelled < 0 ? 1 : -1);
      now.travelled = 0;
      const box = target.getBoundingClientRect();
      const at = { x: event.clientX - box.left, y: event.clientY - box.top };
      now.onCamera(zoomAt(now.placement, zoom, at, now.size));
    };
    target.addEventListener('wheel', onWheel, { passive: false });
    return () => target.removeEventListener('wheel', onWheel);
  }, [element]);
}

import { type KeyboardEvent, type PointerEvent, useRef } from 'react';
import type { CubeInfo, PixelWindow } from '../../core/cube/types';
import {
  EDGES,
  type Edge,
  edgeAt,
  edgeRange,
  pullEdge,
  trainingPart,
} from '../../state/tuningSplit';
import type { Placement } from '../stage/camera';

interface HeldBackFrameProps {
  readonly heldBack: PixelWindow;
  readonly scene: Pick<CubeInfo, 'width' | 'height'>;
  readonly placement: Placement;
  /** Of a run that goes on. */
  readonly fixed: boolean;
  onChange(window: PixelWindow): void;
}

const CORNERS = [
  ['left', 'top'],
  ['right', 'top'],
  ['left', 'bottom'],
  ['right', 'bottom'],
] as const;

/** The part that is held back, over the whole scene: moved as a whole, or by its edges. */
export function HeldBackFrame(props: HeldBackFrameProps) {
  const { heldBack, scene, placement, fixed, onChange } = props;
  const { zoom, left, top } = placement;
  const move = useDrag(zoom, heldBack, (start, dx, dy) =>
    onChange({ ...start, x: start.x + dx, y: start.y + dy }),
  );
  return (
    <div
      className="veil split"
      style={{ left, top, width: scene.width * zoom, height: scene.height * zoom }}
    >
      <span className="split__part" style={boxOf(trainingPart(heldBack, scene), zoom)}>
        <span className="split__tag">Trained on</span>
      </span>
      <div
        className={`held-back${fixed ? ' held-back--fixed' : ''}`}
        data-testid="held-back"
        style={boxOf(heldBack, zoom)}
        {...(fixed ? {} : move)}
      >
        <span className="split__tag split__tag--held">Held back: never trained on</span>
      </div>
      {!fixed &&
        EDGES.map((edge) => <EdgeGrip key={edge} {...{ edge, heldBack, scene, zoom, onChange }} />)}
      {!fixed &&
        CORNERS.map((edges) => (
          <CornerGrip key={edges.join()} {...{ edges, heldBack, scene, zoom, onChange }} />
        ))}
    </div>
  );
}

function boxOf({ x, y, width, height }: PixelWindow, zoom: number) {
  return { left: x * zoom, top: y * zoom, width: width * zoom, height: height * zoom };
}

/** Pointer handlers that tell how far a window was dragged, in pixels of the image. */
function useDrag(
  zoom: number,
  window: PixelWindow,
  onDrag: (start: PixelWindow, dx: number, dy: number) => void,
) {
  const grip = useRef<{ readonly x: number; readonly y: number; readonly start: PixelWindow }>(
    undefined,
  );
  const release = () => {
    grip.current = undefined;
  };
  return {
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      if (event.button !== 0) return;
      event.stopPropagation();
      event.currentTarget.setPointerCapture(event.pointerId);
      grip.current = { x: event.clientX, y: event.clientY, start: window };
    },
    onPointerMove: (event: PointerEvent<HTMLElement>) => {
      if (!grip.current) return;
      event.stopPropagation();
      const { x, y, start } = grip.current;
      onDrag(start, (event.clientX - x) / zoom, (event.clientY - y) / zoom);
    },
    onPointerUp: release,
    onLostPointerCapture: release,
  };
}

interface GripProps extends Pick<HeldBackFrameProps, 'heldBack' | 'scene' | 'onChange'> {
  readonly zoom: number;
}

const isUpright = (edge: Edge) => edge === 'left' || edge === 'right';

const STEPS: Readonly<Record<string, number>> = {
  ArrowLeft: -1,
  ArrowUp: -1,
  ArrowRight: 1,
  ArrowDown: 1,
  PageUp: -16,
  PageDown: 16,
};
const SHIFT_STEP = 16;

/** An edge, pulled by the pointer or, focused, by arrow keys. */
function EdgeGrip({ edge, heldBack, scene, zoom, onChange }: GripProps & { edge: Edge }) {
  const upright = isUpright(edge);
  const at = edgeAt(heldBack, edge);
  const [least, most] = edgeRange(heldBack, edge, scene);
  const drag = useDrag(zoom, heldBack, (start, dx, dy) =>
    onChange(pullEdge(start, edge, edgeAt(start, edge) + (upright ? dx : dy), scene)),
  );
  const onKeyDown = (event: KeyboardEvent) => {
    const step = (STEPS[event.key] ?? 0) * (event.shiftKey ? SHIFT_STEP : 1);
    const ends: Record<string, number> = { Home: least, End: most };
    const to = ends[event.key] ?? (step === 0 ? undefined : at + step);
    if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    // The pane would move the whole part.
    event.stopPropagation();
    onChange(pullEdge(heldBack, edge, to, scene));
  };
  const box = boxOf(heldBack, zoom);
  const style = upright
    ? { left: at * zoom, top: box.top, height: box.height }
    : { top: at * zoom, left: box.left, width: box.width };
  return (
    <div
      className={`held-back__edge held-back__edge--${edge}`}
      role="slider"
      tabIndex={0}
      aria-label={`${edge[0].toUpperCase()}${edge.slice(1)} edge of the part held back`}
      aria-orientation={upright ? 'horizontal' : 'vertical'}
      aria-valuemin={least}
      aria-valuemax={most}
      aria-valuenow={at}
      aria-valuetext={`${upright ? 'column' : 'row'} ${at}`}
      style={style}
      onKeyDown={onKeyDown}
      {...drag}
    />
  );
}

function CornerGrip(props: GripProps & { edges: (typeof CORNERS)[number] }) {
  const { edges, heldBack, scene, zoom, onChange } = props;
  const [across, down] = edges;
  const drag = useDrag(zoom, heldBack, (start, dx, dy) => {
    const wider = pullEdge(start, across, edgeAt(start, across) + dx, scene);
    onChange(pullEdge(wider, down, edgeAt(start, down) + dy, scene));
  });
  return (
    <div
      className={`held-back__corner held-back__corner--${across}-${down}`}
      data-testid={`held-back-${across}-${down}`}
      aria-hidden="true"
      style={{ left: edgeAt(heldBack, across) * zoom, top: edgeAt(heldBack, down) * zoom }}
      {...drag}
    />
  );
}

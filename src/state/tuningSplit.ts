import type { CubeInfo, PixelWindow } from '../core/cube/types';
import { fitWindow } from './patch';

/** Which pixels of a scene are trained on, and which never. */

type Extent = Pick<CubeInfo, 'width' | 'height'>;

/** Side of the smallest crops in pixels. */
export const LEAST_CROP = 32;
/** Smaller parts say too little of a scene. */
export const LEAST_HELD_BACK = 32;

export const EDGES = ['left', 'right', 'top', 'bottom'] as const;
export type Edge = (typeof EDGES)[number];

const clamp = (value: number, low: number, high: number) =>
  Math.min(Math.max(low, high), Math.max(low, value));

/** The column or row that an edge lies on; the right and bottom ones lie behind the window. */
export function edgeAt({ x, y, width, height }: PixelWindow, edge: Edge): number {
  return { left: x, right: x + width, top: y, bottom: y + height }[edge];
}

/** Between which columns or rows an edge can be pulled. */
export function edgeRange(window: PixelWindow, edge: Edge, scene: Extent): [number, number] {
  const { x, y, width, height } = window;
  const ranges: Record<Edge, [number, number]> = {
    left: [0, x + width - LEAST_HELD_BACK],
    right: [x + LEAST_HELD_BACK, scene.width],
    top: [0, y + height - LEAST_HELD_BACK],
    bottom: [y + LEAST_HELD_BACK, scene.height],
  };
  return ranges[edge];
}

/** The window with one edge elsewhere; the opposite one stays. */
export function pullEdge(window: PixelWindow, edge: Edge, to: number, scene: Extent): PixelWindow {
  const { x, y, width, height } = window;
  const at = clamp(Math.round(to), ...edgeRange(window, edge, scene));
  const pulled: Record<Edge, PixelWindow> = {
    left: { x: at, y, width: x + width - at, height },
    right: { x, y, width: at - x, height },
    top: { x, y: at, width, height: y + height - at },
    bottom: { x, y, width, height: at - y },
  };
  return pulled[edge];
}

/** The window inside the scene and not smaller than the least. */
export function fitHeldBack(window: PixelWindow, scene: Extent): PixelWindow {
  const width = Math.max(LEAST_HELD_BACK, Math.round(window.width));
  const height = Math.max(LEAST_HELD_BACK, Math.round(window.height));
  return fitWindow({ ...window, width, height }, scene);
}

/** The parts of the scene beside the window, which overlap in its corners. */
function beside({ x, y, width, height }: PixelWindow, scene: Extent): PixelWindow[] {
  const [right, below] = [x + width, y + height];
  return [
    { x: 0, y: 0, width: x, height: scene.height },
    { x: right, y: 0, width: scene.width - right, height: scene.height },
    { x: 0, y: 0, width: scene.width, height: y },
    { x: 0, y: below, width: scene.width, height: scene.height - below },
  ];
}

/** The largest rectangle of the part that is trained on. */
export function trainingPart(heldBack: PixelWindow, scene: Extent): PixelWindow {
  const area = ({ width, height }: PixelWindow) => width * height;
  return beside(heldBack, scene).reduce((best, one) => (area(one) > area(best) ? one : best));
}

/** Side in pixels of the largest square that touches no pixel of the held-back part. */
export function largestCrop(heldBack: PixelWindow, scene: Extent): number {
  return Math.max(...beside(heldBack, scene).map(({ width, height }) => Math.min(width, height)));
}

/** Share of the scene's pixels that may be trained on, 0..1. */
export function trainedShare({ width, height }: PixelWindow, scene: Extent): number {
  return 1 - (width * height) / (scene.width * scene.height);
}

import { HscError } from '../errors';
import type { PixelWindow } from './types';

/** A corner between pixels: (0, 0) is the upper left corner of the first one. */
export interface Corner {
  readonly x: number;
  readonly y: number;
}

/** Pixels of an image: a window, or those of a window that lie inside a polygon. */
export interface Area {
  readonly window: PixelWindow;
  /**
   * At least three corners, in the pixels of the same image, not closed by the first one again; the
   * window is the smallest around them. A pixel is inside where its centre is, by the even-odd rule.
   */
  readonly polygon?: readonly Corner[];
}

/** From the first column on, up to the one before the last. */
export type Span = readonly [number, number];

/** The smallest window around a polygon's corners. */
export function boundsOf(polygon: readonly Corner[]): PixelWindow {
  const xs = polygon.map(({ x }) => x);
  const ys = polygon.map(({ y }) => y);
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
}

/**
 * Columns of row `y` whose pixels lie inside a polygon, in order. No corner lies at the height of a
 * row's centres; a centre on an edge belongs to what is right of the edge.
 */
export function insideSpans(polygon: readonly Corner[], y: number): readonly Span[] {
  const columns: number[] = [];
  for (const [i, a] of polygon.entries()) {
    const b = polygon[(i + 1) % polygon.length];
    if (a.y <= y === b.y <= y) continue;
    // Whole numbers over a whole number: exact where a centre lies on the edge.
    const crossing = a.x + ((2 * y + 1 - 2 * a.y) * (b.x - a.x)) / (2 * (b.y - a.y));
    // Without the negative zero that rounding up may leave.
    columns.push(Math.ceil(crossing - 0.5) + 0);
  }
  columns.sort((a, b) => a - b);
  const spans: Span[] = [];
  for (let i = 0; i + 1 < columns.length; i += 2) {
    if (columns[i] < columns[i + 1]) spans.push([columns[i], columns[i + 1]]);
  }
  return spans;
}

/** Pixels inside a polygon. */
export function pixelsInside(polygon: readonly Corner[]): number {
  const { y, height } = boundsOf(polygon);
  let count = 0;
  for (let row = y; row < y + height; row++) {
    for (const [from, to] of insideSpans(polygon, row)) count += to - from;
  }
  return count;
}

/** Whether any pixel lies inside a polygon. */
export function holdsPixel(polygon: readonly Corner[]): boolean {
  const { y, height } = boundsOf(polygon);
  for (let row = y; row < y + height; row++) {
    if (insideSpans(polygon, row).length > 0) return true;
  }
  return false;
}

/** An area elsewhere, for instance in the pixels of a part of the image. */
export function movedArea({ window, polygon }: Area, dx: number, dy: number): Area {
  return {
    window: { ...window, x: window.x + dx, y: window.y + dy },
    polygon: polygon?.map(({ x, y }) => ({ x: x + dx, y: y + dy })),
  };
}

/** Throws `bad-argument` unless a polygon has whole corners, its window around them, and a pixel. */
export function assertArea({ window, polygon }: Area): void {
  if (!polygon) return;
  const whole = polygon.every(({ x, y }) => Number.isInteger(x) && Number.isInteger(y));
  const { x, y, width, height } = boundsOf(polygon);
  const around =
    window.x === x && window.y === y && window.width === width && window.height === height;
  if (polygon.length < 3 || !whole || !around || !holdsPixel(polygon)) {
    throw new HscError('bad-argument', 'The polygon holds the centre of no pixel.');
  }
}

import type { CubeInfo, PixelWindow } from '../core/cube/types';

type Extent = Pick<CubeInfo, 'width' | 'height'>;

export const PATCH_SIZES = [64, 96, 128, 192, 256] as const;
export type PatchSize = (typeof PATCH_SIZES)[number] | 'whole';

/** What is chosen of a patch: a usual size, or one of the user's own. */
export type PatchChoice = PatchSize | 'custom';

export const DEFAULT_PATCH: PatchSize = 96;

/** Smaller patches are too small to grip, and to say anything. */
export const LEAST_SIDE = 16;

const clamp = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value));

/** A window moved into the cube; its size is cut where the cube is smaller. */
export function fitWindow(window: PixelWindow, cube: Extent): PixelWindow {
  const width = Math.min(window.width, cube.width);
  const height = Math.min(window.height, cube.height);
  return {
    x: clamp(Math.round(window.x), 0, cube.width - width),
    y: clamp(Math.round(window.y), 0, cube.height - height),
    width,
    height,
  };
}

/** A patch of that size around a centre, moved inside the cube where it would stick out. */
export function patchAround(
  size: PatchSize,
  center: { readonly x: number; readonly y: number },
  cube: Extent,
): PixelWindow {
  if (size === 'whole') return { x: 0, y: 0, width: cube.width, height: cube.height };
  return fitWindow(
    { x: center.x - size / 2, y: center.y - size / 2, width: size, height: size },
    cube,
  );
}

export function centerOf(window: PixelWindow): { x: number; y: number } {
  return { x: window.x + window.width / 2, y: window.y + window.height / 2 };
}

/** Whether a window lies in another one. */
export function isInside(inner: PixelWindow, outer: PixelWindow): boolean {
  return (
    inner.x >= outer.x &&
    inner.y >= outer.y &&
    inner.x + inner.width <= outer.x + outer.width &&
    inner.y + inner.height <= outer.y + outer.height
  );
}

/** The window with another size; its corner stays, and it stays inside the cube. */
export function resizeWindow(
  { x, y }: PixelWindow,
  size: Pick<PixelWindow, 'width' | 'height'>,
  cube: Extent,
): PixelWindow {
  const side = (wanted: number, from: number, all: number) =>
    clamp(Math.round(wanted), Math.min(LEAST_SIDE, all - from), all - from);
  return {
    x,
    y,
    width: side(size.width, x, cube.width),
    height: side(size.height, y, cube.height),
  };
}

/** What a window's size is called. */
export function choiceOf({ width, height }: PixelWindow, cube: Extent): PatchChoice {
  if (width === cube.width && height === cube.height) return 'whole';
  return PATCH_SIZES.find((side) => side === width && side === height) ?? 'custom';
}

import type { CubeInfo, PixelWindow } from '../core/cube/types';

type Extent = Pick<CubeInfo, 'width' | 'height'>;

export const PATCH_SIZES = [64, 96, 128, 192, 256] as const;
export type PatchSize = (typeof PATCH_SIZES)[number] | 'whole';

export const DEFAULT_PATCH: PatchSize = 96;

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

import type { PixelWindow } from '../core/cube/types';

/** One band of an image, row by row. */
export interface Plane {
  readonly width: number;
  readonly height: number;
  readonly values: Float32Array;
}

const COARSE = 8;

/** Means over COARSE × COARSE blocks; what does not fill a block is left out. */
function blockMeans(plane: Plane, size: number): Plane {
  const width = Math.floor(plane.width / size);
  const height = Math.floor(plane.height / size);
  const values = new Float32Array(width * height);
  for (let y = 0; y < height * size; y++) {
    for (let x = 0; x < width * size; x++) {
      values[Math.floor(y / size) * width + Math.floor(x / size)] +=
        plane.values[y * plane.width + x] / (size * size);
    }
  }
  return { width, height, values };
}

/** Sum of squared differences at an offset, given up once it passes `limit`. */
function mismatch(scene: Plane, patch: Plane, x0: number, y0: number, limit: number): number {
  let sum = 0;
  for (let y = 0; y < patch.height && sum < limit; y++) {
    const row = (y0 + y) * scene.width + x0;
    for (let x = 0; x < patch.width; x++) {
      const difference = scene.values[row + x] - patch.values[y * patch.width + x];
      if (Number.isFinite(difference)) sum += difference * difference;
    }
  }
  return sum;
}

function bestOffset(
  scene: Plane,
  patch: Plane,
  xs: readonly [number, number],
  ys: readonly [number, number],
): { x: number; y: number } {
  let best = { x: xs[0], y: ys[0] };
  let least = Number.POSITIVE_INFINITY;
  for (let y = ys[0]; y <= ys[1]; y++) {
    for (let x = xs[0]; x <= xs[1]; x++) {
      const sum = mismatch(scene, patch, x, y, least);
      if (sum < least) {
        least = sum;
        best = { x, y };
      }
    }
  }
  return best;
}

/**
 * The window of the scene that differs least (in squares) from the patch: first on block means
 * over the whole scene, then pixel by pixel around the best block.
 */
export function locatePatch(scene: Plane, patch: Plane): PixelWindow {
  const { width, height } = patch;
  const lastX = scene.width - width;
  const lastY = scene.height - height;
  if (Math.min(width, height) < 2 * COARSE) {
    return { ...bestOffset(scene, patch, [0, lastX], [0, lastY]), width, height };
  }
  const coarseScene = blockMeans(scene, COARSE);
  const coarsePatch = blockMeans(patch, COARSE);
  const coarse = bestOffset(
    coarseScene,
    coarsePatch,
    [0, coarseScene.width - coarsePatch.width],
    [0, coarseScene.height - coarsePatch.height],
  );
  const around = (at: number, last: number): [number, number] => [
    Math.max(0, Math.min(last, at * COARSE - COARSE)),
    Math.min(last, at * COARSE + COARSE),
  ];
  return {
    ...bestOffset(scene, patch, around(coarse.x, lastX), around(coarse.y, lastY)),
    width,
    height,
  };
}

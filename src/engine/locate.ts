import { nearestBand } from '../core/cube/composite';
import type { CubeSource, PixelWindow } from '../core/cube/types';
import { wholeWindow } from '../core/cube/window';
import { HscError } from '../core/errors';

/** One band of an image, row by row. */
export interface Plane {
  readonly width: number;
  readonly height: number;
  readonly values: Float32Array;
}

const COARSE = 8;
/** Places that are looked at pixel by pixel. */
const CANDIDATES = 8;

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
): { x: number; y: number; sum: number } {
  let best = { x: xs[0], y: ys[0], sum: Number.POSITIVE_INFINITY };
  for (let y = ys[0]; y <= ys[1]; y++) {
    for (let x = xs[0]; x <= xs[1]; x++) {
      const sum = mismatch(scene, patch, x, y, best.sum);
      if (sum < best.sum) best = { x, y, sum };
    }
  }
  return best;
}

/** The offsets that differ least on block means, best first. */
function coarseOffsets(scene: Plane, patch: Plane): { x: number; y: number }[] {
  const found: { x: number; y: number; sum: number }[] = [];
  for (let y = 0; y <= scene.height - patch.height; y++) {
    for (let x = 0; x <= scene.width - patch.width; x++) {
      const limit =
        found.length < CANDIDATES ? Number.POSITIVE_INFINITY : found[CANDIDATES - 1].sum;
      const sum = mismatch(scene, patch, x, y, limit);
      if (sum >= limit) continue;
      found.push({ x, y, sum });
      found.sort((one, other) => one.sum - other.sum);
      found.length = Math.min(found.length, CANDIDATES);
    }
  }
  return found;
}

/**
 * The window of the scene that differs least (in squares) from the patch: first on block means
 * over the whole scene, then pixel by pixel around the best blocks. The patch must fit the scene.
 */
export function locatePatch(scene: Plane, patch: Plane): PixelWindow {
  const { width, height } = patch;
  const lastX = scene.width - width;
  const lastY = scene.height - height;
  if (Math.min(width, height) < 2 * COARSE) {
    const { x, y } = bestOffset(scene, patch, [0, lastX], [0, lastY]);
    return { x, y, width, height };
  }
  const around = (at: number, last: number): [number, number] => [
    Math.max(0, Math.min(last, at * COARSE - COARSE)),
    Math.min(last, at * COARSE + COARSE),
  ];
  const refined = coarseOffsets(blockMeans(scene, COARSE), blockMeans(patch, COARSE)).map(
    ({ x, y }) => bestOffset(scene, patch, around(x, lastX), around(y, lastY)),
  );
  const best = refined.reduce((one, other) => (other.sum < one.sum ? other : one));
  return { x: best.x, y: best.y, width, height };
}

/**
 * The window of a scene that looks most like a decoded image, at the band in its middle.
 * Throws `bad-argument` where the image is larger than the scene, and read errors.
 */
export async function locateIn(scene: CubeSource, patch: CubeSource): Promise<PixelWindow> {
  const nm = patch.info.wavelengthsNm;
  const band = Math.floor(patch.info.bands / 2);
  const sceneBand =
    nm && scene.info.wavelengthsNm
      ? nearestBand(scene.info.wavelengthsNm, nm[band])
      : Math.floor((band * scene.info.bands) / patch.info.bands);
  if (patch.info.width > scene.info.width || patch.info.height > scene.info.height) {
    throw new HscError(
      'bad-argument',
      `The decoded image (${patch.info.width}×${patch.info.height}) is larger than the open cube (${scene.info.width}×${scene.info.height}).`,
    );
  }
  return locatePatch(await plane(scene, sceneBand), await plane(patch, band));
}

async function plane(source: CubeSource, band: number): Promise<Plane> {
  const { width, height } = source.info;
  const samples = await source.readWindow(wholeWindow(source.info), { bands: [band] });
  return { width, height, values: Float32Array.from(samples as ArrayLike<number>) };
}

import type { CubeInfo } from '../core/cube/types';
import { HscError } from '../core/errors';

type Shape = Pick<CubeInfo, 'width' | 'height' | 'bands'>;

/** Images whose samples take more than this as float32 are not held in memory whole. */
export const LARGE_BYTES = 2 ** 28;

/** What a codec that has to see an image whole may be given, as float32: it holds several such arrays. */
export const WHOLE_BYTES = 2 ** 30;

/** Bytes of an image's samples as float32. */
export function floatBytes({ width, height, bands }: Shape): number {
  return 4 * width * height * bands;
}

/** e.g. `1.43 GiB (2000 × 1500 pixels, 128 bands)`. */
export function sizeInWords(shape: Shape): string {
  const { width, height, bands } = shape;
  return `${inWords(floatBytes(shape))} (${width} × ${height} pixels, ${bands} bands)`;
}

function inWords(bytes: number): string {
  const [unit, name] = bytes < 2 ** 30 ? [2 ** 20, 'MiB'] : [2 ** 30, 'GiB'];
  return `${Number((bytes / unit).toPrecision(3))} ${name}`;
}

/** Throws `limit` where `what` would take a large image into memory whole. */
export function requireSmall(what: string, shape: Shape, most: number): void {
  if (floatBytes(shape) <= most) return;
  throw new HscError(
    'limit',
    `${what} takes the whole image into memory, at most ${inWords(most)} of samples, and this one has ` +
      `${sizeInWords(shape)}: encode a smaller patch.`,
  );
}

/** Throws `limit` where a codec that has to see an image whole could not hold it. */
export function requireWhole(codec: string, shape: Shape, most: number): void {
  if (floatBytes(shape) <= most) return;
  throw new HscError(
    'limit',
    `${codec} has to see the image whole and takes at most ${inWords(most)} of samples; this one has ` +
      `${sizeInWords(shape)}. Choose a smaller patch, or a HiFiC codec, which codes a scene part by part.`,
  );
}

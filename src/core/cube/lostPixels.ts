import type { PixelWindow, SampleArray } from './types';

/** Rows of pixels, BIP; with a `stride`, every n-th column and row of an image. */
interface Rows {
  readonly width: number;
  readonly bands: number;
  readonly stride?: number;
  /** The image's row that is the first of these. */
  readonly top?: number;
}

/**
 * Samples without those of pixels inside any of the windows, which become NaN: figures leave them
 * out as they do samples without data. The very array where there is no window, else a copy, wide
 * enough for every value of its type.
 */
export function withoutPixels(
  samples: SampleArray,
  { width, bands, stride = 1, top = 0 }: Rows,
  windows: readonly PixelWindow[],
): SampleArray {
  if (windows.length === 0) return samples;
  const kept = floating(samples);
  const height = samples.length / (width * bands);
  // Of every n-th pixel, the first at or behind an edge.
  const thinned = (at: number, most: number) => Math.max(0, Math.min(most, Math.ceil(at / stride)));
  for (const window of windows) {
    const [left, right] = [window.x, window.x + window.width].map((at) => thinned(at, width));
    const [upper, lower] = [window.y, window.y + window.height].map((at) =>
      thinned(at - top, height),
    );
    for (let row = upper; row < lower; row++) {
      kept.fill(Number.NaN, (row * width + left) * bands, (row * width + right) * bands);
    }
  }
  return kept;
}

function floating(samples: SampleArray): Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer> {
  const values = samples as ArrayLike<number>;
  const exact = samples.BYTES_PER_ELEMENT <= 2 || samples instanceof Float32Array;
  return exact ? Float32Array.from(values) : Float64Array.from(values);
}

/** Pixels inside any of the windows, which do not overlap, as a share of an image. */
export function shareOf(
  windows: readonly PixelWindow[],
  { width, height }: { readonly width: number; readonly height: number },
): number {
  return windows.reduce((sum, own) => sum + own.width * own.height, 0) / (width * height);
}

import * as tf from '@tensorflow/tfjs-core';
import type { PixelWindow } from '../../core/cube/types';
import type { GridSize } from '../../core/entropy/hyperSynthesis';
import { RATE_STEPS } from '../../core/entropy/model';
import { throwIfAborted } from '../../core/errors';
import { readFinite } from '../../nn/finite';
import type { Network } from '../../nn/network';
import { DOWNSAMPLING } from '../../nn/spec';
import { synthesisTransform } from '../../nn/transforms';
import { nextTurn } from '../turn';
import type { JobContext } from '../types';
import { type LatentImage, tileOf } from './latents';
import { mapSpectra, type SpectralMap } from './spectralMap';
import {
  LARGEST_CORE,
  type LatentWindow,
  LEAST_CORE,
  planWindows,
  type Span,
  tileOfWindow,
  visibleSize,
} from './windows';

/** Halo of the synthesis windows in latents, and how far neighbours are blended into each other. */
export interface Seams {
  readonly halo: number;
  /** Pixels to either side of a border over which one window fades into the next. */
  readonly fade: number;
}

/**
 * On a simulated scene of 480 × 480 pixels at 0.6 bpp a halo of three latents moved samples next to a
 * border by 0.2 % of the coding error against one of five, and takes two thirds of its time. SE gates differ
 * between windows; fading spreads that over 32 pixels.
 */
export const SEAMS: Seams = { halo: 3, fade: 16 };

/** Share of a window at each pixel of an axis; the shares of all windows add up to one. */
interface Fade {
  /** Pixels of the image that the window contributes to. */
  readonly pixels: Span;
  readonly share: Float64Array;
}

function fadeOf(core: Span, latents: number, pixels: number, fade: number): Fade {
  const from = core.from * DOWNSAMPLING;
  const to = core.to * DOWNSAMPLING;
  const [left, right] = [core.from > 0 ? fade : 0, core.to < latents ? fade : 0];
  const span = { from: from - left, to: Math.min(pixels, to + right) };
  const share = Float64Array.from({ length: span.to - span.from }, (_, i) => {
    const at = span.from + i + 0.5;
    const rising = left > 0 ? (at - (from - left)) / (2 * left) : 1;
    const falling = right > 0 ? (to + right - at) / (2 * right) : 1;
    return Math.min(1, rising, falling);
  });
  return { pixels: span, share };
}

/** Rows of a picture that are done, 0..1 (clipped), [rows, width of the area, bands]. */
export interface SynthesisedRows {
  /** First row, in pixels of the image. */
  readonly y: number;
  /** A view that the next rows overwrite. */
  readonly samples: Float32Array<ArrayBuffer>;
}

/** Most samples of the rows that are in memory at a time. */
const STRIP_SAMPLES = 2 ** 26;

/** Most samples of the rows that are given out at a time, of which there will be copies. */
const YIELDED_SAMPLES = 2 ** 22;

/** The windows in which an image is synthesised: lower ones where its rows hold many samples. */
function windowsOf(latents: GridSize, size: GridSize, bands: number, halo: number): LatentWindow[] {
  const rows = Math.floor(STRIP_SAMPLES / (size.width * bands * DOWNSAMPLING));
  return planWindows(latents, halo, Math.min(LARGEST_CORE, Math.max(LEAST_CORE, rows)));
}

/** The windows of which an area shows something. */
export function windowsFor(
  latents: GridSize,
  size: GridSize,
  bands: number,
  area: PixelWindow,
  { halo, fade }: Seams = SEAMS,
): LatentWindow[] {
  return windowsOf(latents, size, bands, halo).filter(({ x, y }) => {
    const columns = fadeOf(x.core, latents.width, size.width, fade).pixels;
    const rows = fadeOf(y.core, latents.height, size.height, fade).pixels;
    const across = columns.from < area.x + area.width && area.x < columns.to;
    return across && rows.from < area.y + area.height && area.y < rows.to;
  });
}

/**
 * Synthesis transform of an area of an image coded at a stored rate, window by window, on native
 * bands, its rows as they are done. Every pixel is what the synthesis of the whole image gives. Throws
 * `aborted`, and `device` where the backend computes no numbers.
 */
export async function* synthesiseRows(
  net: Network,
  latents: LatentImage,
  rate: number,
  size: GridSize,
  area: PixelWindow,
  out: SpectralMap,
  job: JobContext,
  seams: Seams = SEAMS,
): AsyncGenerator<SynthesisedRows> {
  const bands = out.to;
  const rowLength = area.width * bands;
  const windows = windowsFor(latents, size, bands, area, seams);
  const end = area.y + area.height;
  const rowsOf = ({ y }: LatentWindow) => (y.core.to - y.core.from) * DOWNSAMPLING + 2 * seams.fade;
  const height = Math.min(area.height, Math.max(...windows.map(rowsOf)));
  // One buffer for all strips: new ones would wait for the garbage collector.
  const strip = { y: area.y, samples: new Float32Array(height * rowLength) };
  for (const [done, window] of windows.entries()) {
    job.onProgress?.(done / windows.length, 'synthesis transform');
    await nextTurn();
    throwIfAborted(job.signal);
    const picture = await runWindow(net, latents, window, size, rate / RATE_STEPS, out);
    addWindow(strip, picture, window, latents, size, area, seams.fade);
    const next = windows[done + 1];
    if (next && next.y === window.y) continue;
    // What the next row of windows fades into is not done yet.
    const below = next ? window.y.core.to * DOWNSAMPLING - seams.fade : end;
    const rows = Math.max(0, Math.min(end, below) - strip.y);
    const most = Math.max(1, Math.floor(YIELDED_SAMPLES / rowLength));
    for (let row = 0; row < rows; row += most) {
      const until = Math.min(rows, row + most) * rowLength;
      const complete = strip.samples.subarray(row * rowLength, until);
      for (let i = 0; i < complete.length; i++) complete[i] = Math.min(1, Math.max(0, complete[i]));
      yield { y: strip.y + row, samples: complete };
    }
    if (!next) return;
    strip.y += rows;
    strip.samples.copyWithin(0, rows * rowLength);
    strip.samples.fill(0, (height - rows) * rowLength);
  }
}

/** Adds a window's share of every pixel of the area to rows that begin at `strip.y`. */
function addWindow(
  strip: SynthesisedRows,
  picture: Float32Array,
  window: LatentWindow,
  latents: GridSize,
  size: GridSize,
  area: PixelWindow,
  fade: number,
): void {
  const x = clip(fadeOf(window.x.core, latents.width, size.width, fade), area.x, area.width);
  const y = clip(fadeOf(window.y.core, latents.height, size.height, fade), area.y, area.height);
  const width = (window.x.whole.to - window.x.whole.from) * DOWNSAMPLING;
  const height = (window.y.whole.to - window.y.whole.from) * DOWNSAMPLING;
  const bands = picture.length / (width * height);
  for (let row = y.pixels.from; row < y.pixels.to; row++) {
    const line = (row - window.y.whole.from * DOWNSAMPLING) * width;
    const start = (line + x.pixels.from - window.x.whole.from * DOWNSAMPLING) * bands;
    const used = picture.subarray(start, start + x.share.length * bands);
    const to = ((row - strip.y) * area.width + x.pixels.from - area.x) * bands;
    addShare(strip.samples, to, used, x.share, y.share[row - y.pixels.from], bands);
  }
}

/** The part of a fade within so many pixels from `start` on. */
function clip({ pixels, share }: Fade, start: number, length: number): Fade {
  const from = Math.max(pixels.from, start);
  const to = Math.max(from, Math.min(pixels.to, start + length));
  return { pixels: { from, to }, share: share.subarray(from - pixels.from, to - pixels.from) };
}

function addShare(
  output: Float32Array,
  to: number,
  row: Float32Array,
  shares: Float64Array,
  rowShare: number,
  bands: number,
): void {
  for (let x = 0; x < shares.length; x++) {
    const share = shares[x] * rowShare;
    for (let i = x * bands; i < (x + 1) * bands; i++) output[to + i] += share * row[i];
  }
}

async function runWindow(
  net: Network,
  latents: LatentImage,
  window: LatentWindow,
  size: GridSize,
  position: number,
  out: SpectralMap,
): Promise<Float32Array> {
  const whole = tileOfWindow(window);
  const shape = [1, whole.height, whole.width, latents.channels] as const;
  const input = tf.tensor4d(tileOf(latents, whole), [...shape]);
  const image = synthesisTransform(net, input, position, visibleSize(window, size));
  input.dispose();
  return readFinite(mapSpectra(image, out));
}

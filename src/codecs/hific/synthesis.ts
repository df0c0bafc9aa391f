import * as tf from '@tensorflow/tfjs-core';
import { type ResampleMatrix, resample } from '../../core/cube/resample';
import { RATE_STEPS } from '../../core/entropy/model';
import { throwIfAborted } from '../../core/errors';
import type { Network } from '../../nn/network';
import { DOWNSAMPLING } from '../../nn/spec';
import { synthesisTransform } from '../../nn/transforms';
import { nextTurn } from '../turn';
import type { JobContext } from '../types';
import { readFinite } from './device';
import type { LatentImage } from './latents';
import { type LatentWindow, planWindows, type Span, visibleSize } from './windows';

/** Halo of the synthesis windows in latents, and how far neighbours are blended into each other. */
export interface Seams {
  readonly halo: number;
  /** Pixels to either side of a border over which one window fades into the next. */
  readonly fade: number;
}

/**
 * On a smooth, noisy scene of 512 × 96 pixels at a low rate, a halo of two latents moved samples near
 * a border by 4.3e-4 RMSE against one pass, of four by 1.8e-5 (1.2e-4 at most), of five by 2.3e-6.
 * SE gates differ between windows; fading spreads that over 32 pixels.
 */
export const SEAMS: Seams = { halo: 5, fade: 16 };

interface ImageSize {
  readonly width: number;
  readonly height: number;
}

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

/** From samples on the grid, in the spectral frame of the file, to those of the image's bands. */
export interface BandsOut {
  readonly toNative: ResampleMatrix;
  /** Brings samples on the grid out of the frame, in place. */
  readonly restore?: (samples: Float32Array) => void;
}

/**
 * Synthesis transform of a whole image coded at a stored rate, window by window, on native bands:
 * 0..1 (clipped), [height, width, bands]. Throws `aborted`, and `device` where the backend computes no numbers.
 */
export async function synthesise(
  net: Network,
  latents: LatentImage,
  rate: number,
  size: ImageSize,
  { toNative, restore }: BandsOut,
  job: JobContext,
  seams: Seams = SEAMS,
): Promise<Float32Array<ArrayBuffer>> {
  const output = new Float32Array(size.width * size.height * toNative.to);
  const windows = planWindows(latents, seams.halo);
  for (const [done, window] of windows.entries()) {
    job.onProgress?.(done / windows.length, 'synthesis transform');
    await nextTurn();
    throwIfAborted(job.signal);
    const grid = await runWindow(net, latents, window, size, rate / RATE_STEPS);
    const x = fadeOf(window.x.core, latents.width, size.width, seams.fade);
    const y = fadeOf(window.y.core, latents.height, size.height, seams.fade);
    const width = (window.x.whole.to - window.x.whole.from) * DOWNSAMPLING;
    for (let row = y.pixels.from; row < y.pixels.to; row++) {
      const line = (row - window.y.whole.from * DOWNSAMPLING) * width;
      const start = (line + x.pixels.from - window.x.whole.from * DOWNSAMPLING) * toNative.from;
      const end = start + (x.pixels.to - x.pixels.from) * toNative.from;
      const used = grid.subarray(start, end);
      restore?.(used);
      const native = resample(toNative, used);
      const share = y.share[row - y.pixels.from];
      const to = (row * size.width + x.pixels.from) * toNative.to;
      addShare(output, to, native, x.share, share, toNative.to);
    }
  }
  return output.map((value) => Math.min(1, Math.max(0, value)));
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
  size: ImageSize,
  position: number,
): Promise<Float32Array> {
  const { channels } = latents;
  const { x, y } = window;
  const width = x.whole.to - x.whole.from;
  const height = y.whole.to - y.whole.from;
  const part = new Float32Array(width * height * channels);
  for (let row = 0; row < height; row++) {
    const from = ((y.whole.from + row) * latents.width + x.whole.from) * channels;
    part.set(latents.data.subarray(from, from + width * channels), row * width * channels);
  }
  const input = tf.tensor4d(part, [1, height, width, channels]);
  const image = synthesisTransform(net, input, position, visibleSize(window, size));
  input.dispose();
  return readFinite(image);
}

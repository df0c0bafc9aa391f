import { type ResampleMatrix, resample } from '../../core/cube/resample';
import type { GridSize } from '../../core/entropy/hyperSynthesis';
import { throwIfAborted } from '../../core/errors';
import type { LatentValues, Windowed } from '../../nn/neighbours/autoencoder';
import type { LatentWindow } from '../hific/windows';
import { nextTurn } from '../turn';
import type { JobContext } from '../types';
import { latentSize, mirrored, windowsOf } from './windows';

/**
 * An image's latents, not yet rounded, [h / stride, w / stride, components]; an image that is no
 * multiple of the stride is mirrored up to one. `samples`: 0..1, BIP. Throws `aborted`, and `device`
 * where the backend computes no numbers.
 */
export async function analyse(
  model: Windowed,
  samples: Float32Array<ArrayBuffer>,
  size: GridSize,
  toGrid: ResampleMatrix,
  job: JobContext,
): Promise<Float32Array<ArrayBuffer>> {
  const { network, components } = model;
  const whole = latentSize(size, network);
  const latents = new Float32Array(whole.width * whole.height * components);
  for await (const window of inTurn(windowsOf(size, network), job, 'analysis transform')) {
    const image = resample(toGrid, windowOf(samples, size, window, network.stride));
    const { width, height } = sizeOf(window);
    const own = await model.analyse(image, height * network.stride, width * network.stride);
    copyCore(own, latents, window, 1, whole);
  }
  return latents;
}

/** The image of quantised latents, BIP at the bands that `toNative` leads to. Throws as {@link analyse}. */
export async function synthesise(
  model: Windowed,
  latents: LatentValues,
  size: GridSize,
  toNative: ResampleMatrix,
  job: JobContext,
): Promise<Float32Array<ArrayBuffer>> {
  const { network, components } = model;
  const whole = latentSize(size, network);
  const samples = new Float32Array(size.width * size.height * toNative.to);
  for await (const window of inTurn(windowsOf(size, network), job, 'synthesis transform')) {
    const { width, height } = sizeOf(window);
    const own = latentsOf(latents, whole.width, window, components);
    const image = await model.synthesise(own, height, width);
    copyCore(resample(toNative, image), samples, window, network.stride, size);
  }
  return samples;
}

/** Gives up the thread before each item. Throws `aborted`. */
async function* inTurn<T>(items: readonly T[], job: JobContext, label: string): AsyncIterable<T> {
  for (const [i, item] of items.entries()) {
    job.onProgress?.(i / items.length, label);
    await nextTurn();
    throwIfAborted(job.signal);
    yield item;
  }
}

/** Of all that a window computes with, in latents. */
function sizeOf({ x, y }: LatentWindow): GridSize {
  return { width: x.whole.to - x.whole.from, height: y.whole.to - y.whole.from };
}

function latentsOf(
  latents: LatentValues,
  stride: number,
  { x, y }: LatentWindow,
  components: number,
): LatentValues {
  const width = (x.whole.to - x.whole.from) * components;
  const own = latents.slice(0, (y.whole.to - y.whole.from) * width);
  for (let row = y.whole.from; row < y.whole.to; row++) {
    const from = (row * stride + x.whole.from) * components;
    own.set(latents.subarray(from, from + width), (row - y.whole.from) * width);
  }
  return own;
}

/** The window's pixels, mirrored where it reaches beyond the image. */
function windowOf(
  samples: Float32Array<ArrayBuffer>,
  size: GridSize,
  window: LatentWindow,
  stride: number,
): Float32Array {
  const bands = samples.length / (size.width * size.height);
  const rows = sizeOf(window);
  const [width, height] = [rows.width * stride, rows.height * stride];
  const own = new Float32Array(width * height * bands);
  for (let y = 0; y < height; y++) {
    const row = mirrored(window.y.whole.from * stride + y, size.height) * size.width;
    for (let x = 0; x < width; x++) {
      const at = (row + mirrored(window.x.whole.from * stride + x, size.width)) * bands;
      own.set(samples.subarray(at, at + bands), (y * width + x) * bands);
    }
  }
  return own;
}

/**
 * Copies what a window answers for from its own values to those of an image of that size, each position of
 * latents being `scale` × `scale` of them; what lies beyond the image is left out.
 */
function copyCore(
  own: Float32Array,
  image: Float32Array,
  { x, y }: LatentWindow,
  scale: number,
  size: GridSize,
): void {
  const channels = image.length / (size.width * size.height);
  const width = (x.whole.to - x.whole.from) * scale;
  const [left, right] = [x.core.from * scale, Math.min(size.width, x.core.to * scale)];
  const bottom = Math.min(size.height, y.core.to * scale);
  for (let row = y.core.from * scale; row < bottom; row++) {
    const from = (row - y.whole.from * scale) * width + left - x.whole.from * scale;
    const part = own.subarray(from * channels, (from + right - left) * channels);
    image.set(part, (row * size.width + left) * channels);
  }
}

import * as tf from '@tensorflow/tfjs-core';
import { type ResampleMatrix, resample } from '../../core/cube/resample';
import type { GridSize } from '../../core/entropy/hyperSynthesis';
import { throwIfAborted } from '../../core/errors';
import type { AutoencoderModel } from '../../nn/neighbours/file';
import { readFinite } from '../hific/device';
import type { LatentWindow } from '../hific/windows';
import { nextTurn } from '../turn';
import type { JobContext } from '../types';
import { latentSize, mirrored, windowsOf } from './windows';

/**
 * An image's latents in quantiser steps, not yet rounded, [h / stride, w / stride, components]; an image that is no
 * multiple of the stride is mirrored up to one. `samples`: 0..1, BIP. Throws `aborted`, and `device`
 * where the backend computes no numbers.
 */
export async function analyse(
  model: AutoencoderModel,
  samples: Float32Array<ArrayBuffer>,
  size: GridSize,
  toGrid: ResampleMatrix,
  job: JobContext,
): Promise<Float32Array<ArrayBuffer>> {
  const { network, steps } = model;
  const { width, height } = latentSize(size, network);
  const latents = new Float32Array(width * height * steps.length);
  for (const window of report(windowsOf(size, network), job, 'analysis transform')) {
    await nextTurn();
    throwIfAborted(job.signal);
    const rows = rowsOf(window);
    const shape = [
      1,
      rows.height * network.stride,
      rows.width * network.stride,
      toGrid.to,
    ] as const;
    const image = resample(toGrid, windowOf(samples, size, window, network.stride));
    const values = await readFinite(
      tf.tidy(() => network.analyse(model.device(), tf.tensor4d(image, [...shape]))),
    );
    eachCorePixel(window, 1, { width, height }, (from, to) => {
      for (let k = 0; k < steps.length; k++) {
        latents[to * steps.length + k] = values[from * steps.length + k] / steps[k];
      }
    });
  }
  return latents;
}

/** The image of rounded latents, BIP at the bands that `toNative` leads to. Throws as {@link analyse}. */
export async function synthesise(
  model: AutoencoderModel,
  symbols: Int32Array,
  size: GridSize,
  toNative: ResampleMatrix,
  job: JobContext,
): Promise<Float32Array<ArrayBuffer>> {
  const { architecture, network, steps } = model;
  const { stride } = network;
  const { width } = latentSize(size, network);
  const bands = toNative.to;
  const samples = new Float32Array(size.width * size.height * bands);
  for (const window of report(windowsOf(size, network), job, 'synthesis transform')) {
    await nextTurn();
    throwIfAborted(job.signal);
    const rows = rowsOf(window);
    const latents = new Float32Array(rows.width * rows.height * steps.length);
    for (let y = 0; y < rows.height; y++) {
      const from = ((window.y.whole.from + y) * width + window.x.whole.from) * steps.length;
      for (let i = 0; i < rows.width * steps.length; i++) {
        latents[y * rows.width * steps.length + i] = symbols[from + i] * steps[i % steps.length];
      }
    }
    const shape = [1, rows.height, rows.width, steps.length] as const;
    const values = await readFinite(
      tf.tidy(() =>
        network.synthesise(model.device(), tf.tensor4d(latents, [...shape]), architecture),
      ),
    );
    const native = resample(toNative, values);
    eachCorePixel(window, stride, size, (from, to) => {
      samples.set(native.subarray(from * bands, (from + 1) * bands), to * bands);
    });
  }
  return samples;
}

function* report<T>(items: readonly T[], job: JobContext, label: string): Iterable<T> {
  for (const [i, item] of items.entries()) {
    job.onProgress?.(i / items.length, label);
    yield item;
  }
}

function rowsOf({ x, y }: LatentWindow): GridSize {
  return { width: x.whole.to - x.whole.from, height: y.whole.to - y.whole.from };
}

/** The window's pixels, mirrored where it reaches beyond the image. */
function windowOf(
  samples: Float32Array<ArrayBuffer>,
  size: GridSize,
  window: LatentWindow,
  stride: number,
): Float32Array {
  const bands = samples.length / (size.width * size.height);
  const rows = rowsOf(window);
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
 * Places of a window's core, each `scale` × `scale` pixels, within the window and within an image of that
 * size; those beyond the image are left out.
 */
function eachCorePixel(
  { x, y }: LatentWindow,
  scale: number,
  size: GridSize,
  visit: (inWindow: number, inImage: number) => void,
): void {
  const width = (x.whole.to - x.whole.from) * scale;
  const right = Math.min(size.width, x.core.to * scale);
  const bottom = Math.min(size.height, y.core.to * scale);
  for (let row = y.core.from * scale; row < bottom; row++) {
    for (let column = x.core.from * scale; column < right; column++) {
      const from = (row - y.whole.from * scale) * width + column - x.whole.from * scale;
      visit(from, row * size.width + column);
    }
  }
}

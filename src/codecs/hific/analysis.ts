import * as tf from '@tensorflow/tfjs-core';
import { normalize, type ValueRange } from '../../core/cube/normalize';
import { resample } from '../../core/cube/resample';
import type { HyperspectralCube } from '../../core/cube/types';
import { cropSamples, selectBands } from '../../core/cube/window';
import type { GridSize } from '../../core/entropy/hyperSynthesis';
import { throwIfAborted } from '../../core/errors';
import type { Network } from '../../nn/network';
import { DOWNSAMPLING } from '../../nn/spec';
import { analysisTransform, synthesisTargets } from '../../nn/transforms';
import type { BandPlan } from '../bands';
import { fillGaps } from '../gaps';
import { nextTurn } from '../turn';
import type { JobContext } from '../types';
import { readFinite } from './device';
import { type LatentImage, latentsOf } from './latents';
import { type LatentWindow, planWindows, visibleSize, type WholeWindow } from './windows';

/**
 * Halo of the analysis windows in latents. The conv stack sees 31 pixels plus the first kernel's
 * reach to either side, so two latents (three for kernels of 5 and more) make windows exact; only
 * SE gates, which pool over the window, know of its border.
 */
function haloOf(net: Network): number {
  const reach = 31 + (net.spec.firstKernel - 1) / 2;
  return Math.ceil(reach / DOWNSAMPLING);
}

/** An image as it is before any network: what to read, and what becomes 0 and 1. */
export interface PlannedImage {
  readonly cube: HyperspectralCube;
  readonly plan: BandPlan;
  readonly range: ValueRange;
}

/** A window of the image: 0..1 on the grid, sides multiples of 16, BIP; edges are replicated. */
export function windowImage(
  { cube, plan, range }: PlannedImage,
  { x, y }: WholeWindow,
): { samples: Float32Array<ArrayBuffer>; size: GridSize } {
  const left = x.whole.from * DOWNSAMPLING;
  const top = y.whole.from * DOWNSAMPLING;
  const { width, height } = visibleSize({ x, y }, cube);
  const all = cropSamples(cube.data, cube, { x: left, y: top, width, height });
  const bands = plan.codedBands.length;
  const coded = bands === cube.bands ? all : selectBands(all, cube.bands, plan.codedBands);
  const normalized = normalize(coded, range, cube.noDataValue);
  fillGaps(normalized, width, bands);
  const size = {
    width: (x.whole.to - x.whole.from) * DOWNSAMPLING,
    height: (y.whole.to - y.whole.from) * DOWNSAMPLING,
  };
  const onGrid = resample(plan.toGrid, normalized);
  return { samples: replicateEdges(onGrid, { width, height }, size, plan.toGrid.to), size };
}

function replicateEdges(
  samples: Float32Array<ArrayBuffer>,
  from: GridSize,
  to: GridSize,
  bands: number,
): Float32Array<ArrayBuffer> {
  if (from.width === to.width && from.height === to.height) return samples;
  const grown = new Float32Array(to.width * to.height * bands);
  for (let y = 0; y < to.height; y++) {
    const row = Math.min(y, from.height - 1) * from.width * bands;
    const at = y * to.width * bands;
    grown.set(samples.subarray(row, row + from.width * bands), at);
    const last = samples.subarray(row + (from.width - 1) * bands, row + from.width * bands);
    for (let x = from.width; x < to.width; x++) grown.set(last, at + x * bands);
  }
  return grown;
}

/** What the networks make of an image before quantisation. */
export interface AnalysedImage {
  readonly latents: LatentImage;
  /** Inner products of the image with the synthesis kernels; none for a model without a bypass. */
  readonly targets?: LatentImage;
}

/**
 * Analysis transform of a whole image, window by window: its latents y, and what they are fitted
 * to. `align` brings samples on the grid into the image's spectral frame, in place.
 * Throws `aborted`, and `device` where the backend computes no numbers.
 */
export async function analyse(
  net: Network,
  image: PlannedImage,
  job: JobContext,
  align: (samples: Float32Array) => void = () => {},
): Promise<AnalysedImage> {
  const latents = latentsOf(image.cube, net.spec.latentChannels);
  const targets = net.spec.bypass ? latentsOf(image.cube, latents.channels) : undefined;
  const windows = planWindows(latents, haloOf(net));
  for (const [done, window] of windows.entries()) {
    job.onProgress?.(done / windows.length, 'analysis transform');
    await nextTurn();
    throwIfAborted(job.signal);
    const { samples, size } = windowImage(image, window);
    align(samples);
    const input = tf.tensor4d(samples, [1, size.height, size.width, image.plan.toGrid.to]);
    const visible = visibleSize(window, image.cube);
    const y = analysisTransform(net, input, visible);
    const products = targets && productsOf(net, input, visible);
    input.dispose();
    copyCore(await readFinite(y), window, latents);
    if (products) copyCore(await readFinite(products), window, targets);
  }
  return { latents, targets };
}

/** The window's targets, with zeros for latents that the bypass does not give. */
function productsOf(net: Network, input: tf.Tensor4D, visible: GridSize): tf.Tensor4D {
  return tf.tidy(() => {
    const products = synthesisTargets(net, input, visible);
    const spare = net.spec.latentChannels - products.shape[3];
    return tf.pad(products, [
      [0, 0],
      [0, 0],
      [0, 0],
      [0, spare],
    ]);
  });
}

function copyCore(values: Float32Array, { x, y }: LatentWindow, latents: LatentImage): void {
  const { channels } = latents;
  const stride = (x.whole.to - x.whole.from) * channels;
  for (let row = y.core.from; row < y.core.to; row++) {
    const start = (row - y.whole.from) * stride + (x.core.from - x.whole.from) * channels;
    const end = start + (x.core.to - x.core.from) * channels;
    latents.data.set(values.subarray(start, end), (row * latents.width + x.core.from) * channels);
  }
}

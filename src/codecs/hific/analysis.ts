import * as tf from '@tensorflow/tfjs-core';
import type { Tile } from '../../core/bitstream/tiles';
import { normalize, type ValueRange } from '../../core/cube/normalize';
import { resample } from '../../core/cube/resample';
import type { CubeSource } from '../../core/cube/types';
import type { GridSize } from '../../core/entropy/hyperSynthesis';
import { throwIfAborted } from '../../core/errors';
import { readFinite } from '../../nn/finite';
import type { Network } from '../../nn/network';
import { DOWNSAMPLING } from '../../nn/spec';
import { analysisTransform, synthesisTargets } from '../../nn/transforms';
import type { BandPlan } from '../bands';
import { fillGaps } from '../gaps';
import { nextTurn } from '../turn';
import type { JobContext } from '../types';
import { type LatentImage, latentsOf } from './latents';
import { mapSpectra, type SpectralMap } from './spectralMap';
import { type LatentWindow, meets, planWindows, visibleSize, type WholeWindow } from './windows';

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
  readonly source: CubeSource;
  readonly plan: BandPlan;
  readonly range: ValueRange;
}

/**
 * A window of the image: 0..1 on the grid, sides multiples of 16, BIP; edges are replicated. Throws
 * read errors and `aborted`.
 */
export async function windowImage(
  { source, plan, range }: PlannedImage,
  { x, y }: WholeWindow,
  signal?: AbortSignal,
): Promise<{ samples: Float32Array<ArrayBuffer>; size: GridSize }> {
  const { info } = source;
  const left = x.whole.from * DOWNSAMPLING;
  const top = y.whole.from * DOWNSAMPLING;
  const { width, height } = visibleSize({ x, y }, info);
  const bands = plan.codedBands.length;
  const picked = bands === info.bands ? undefined : plan.codedBands;
  const visible = { x: left, y: top, width, height };
  const coded = await source.readWindow(visible, { bands: picked, signal });
  const normalized = normalize(coded, range, info.noDataValue);
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

/**
 * What the networks make of an image before quantisation: its latents y, and what these are fitted
 * to. Computed window by window as tiles ask for it, so that a large image is read as it is coded.
 */
export class Analysis {
  readonly latents: LatentImage;
  /** Inner products of the image with the synthesis kernels; none for a model without a bypass. */
  readonly targets?: LatentImage;
  private readonly missing: Set<LatentWindow>;

  /** `intoFrame` brings samples on the grid into the image's spectral frame. */
  constructor(
    private readonly net: Network,
    private readonly image: PlannedImage,
    private readonly intoFrame?: SpectralMap,
  ) {
    const { info } = image.source;
    this.latents = latentsOf(info, net.spec.latentChannels);
    if (net.spec.bypass) this.targets = latentsOf(info, this.latents.channels);
    this.missing = new Set(planWindows(this.latents, haloOf(net)));
  }

  /**
   * Computes what is missing of an area, in latents; of all where it is left out. Throws read errors,
   * `aborted`, and `device` where the backend computes no numbers.
   */
  async cover(job: JobContext, area: Tile = { x: 0, y: 0, ...this.latents }): Promise<void> {
    const windows = [...this.missing].filter(
      ({ x, y }) =>
        meets(x.core, area.x, area.x + area.width) && meets(y.core, area.y, area.y + area.height),
    );
    for (const [done, window] of windows.entries()) {
      job.onProgress?.(done / windows.length, 'analysis transform');
      await nextTurn();
      throwIfAborted(job.signal);
      await this.analyse(window, job.signal);
      this.missing.delete(window);
    }
  }

  private async analyse(window: LatentWindow, signal: AbortSignal | undefined): Promise<void> {
    const { net, image, latents, targets } = this;
    const { samples, size } = await windowImage(image, window, signal);
    const onGrid = tf.tensor4d(samples, [1, size.height, size.width, image.plan.toGrid.to]);
    const input = this.intoFrame ? mapSpectra(onGrid, this.intoFrame) : onGrid;
    const visible = visibleSize(window, image.source.info);
    const y = analysisTransform(net, input, visible);
    const products = targets && productsOf(net, input, visible);
    input.dispose();
    copyCore(await readFinite(y), window, latents);
    if (products) copyCore(await readFinite(products), window, targets);
  }
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

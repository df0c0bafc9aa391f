import * as tf from '@tensorflow/tfjs-core';
import { PIXELS_PER_LATENT, type Tile } from '../../core/bitstream/tiles';
import { type GridSize, hyperSynthesis } from '../../core/entropy/hyperSynthesis';
import { roundToSymbol, type TileSymbols } from '../../core/entropy/latentCoder';
import { type EntropyModel, MEAN_UNIT } from '../../core/entropy/model';
import { throwIfAborted } from '../../core/errors';
import { hyperAnalysis } from '../../nn/hyper';
import type { Network } from '../../nn/network';
import { nextTurn } from '../turn';
import type { JobContext } from '../types';
import { readFinite } from './device';

/** Latents of a whole image, [height, width, channels]. */
export interface LatentImage extends GridSize {
  readonly channels: number;
  readonly data: Float32Array<ArrayBuffer>;
}

/** Zeroed latents for an image of the given size in pixels. */
export function latentsOf(
  image: { readonly width: number; readonly height: number },
  channels: number,
): LatentImage {
  const width = Math.ceil(image.width / PIXELS_PER_LATENT);
  const height = Math.ceil(image.height / PIXELS_PER_LATENT);
  return { width, height, channels, data: new Float32Array(width * height * channels) };
}

/** Latents of one tile times the gains. */
function scaledTile(latents: LatentImage, tile: Tile, gains: Float64Array) {
  const { channels } = latents;
  const s = new Float32Array(tile.width * tile.height * channels);
  let to = 0;
  for (let row = tile.y; row < tile.y + tile.height; row++) {
    let from = (row * latents.width + tile.x) * channels;
    for (let i = 0; i < tile.width * channels; i++) {
      s[to++] = latents.data[from++] * gains[i % channels];
    }
  }
  return s;
}

/**
 * Symbols of every tile, in the order of the file: hyper-latents from the network, latents less
 * the means that the integer hyper-synthesis gives them. Throws `aborted`.
 */
export async function quantise(
  net: Network,
  model: EntropyModel,
  latents: LatentImage,
  tiles: readonly Tile[],
  gains: Float64Array,
  job: JobContext,
): Promise<TileSymbols[]> {
  const symbols: TileSymbols[] = [];
  for (const [done, tile] of tiles.entries()) {
    job.onProgress?.(done / tiles.length, 'hyperprior');
    await nextTurn();
    throwIfAborted(job.signal);
    const s = scaledTile(latents, tile, gains);
    const input = tf.tensor4d(s, [1, tile.height, tile.width, latents.channels]);
    const z = hyperAnalysis(net, input);
    input.dispose();
    const zq = Int32Array.from(await readFinite(z), roundToSymbol);
    const { mean } = hyperSynthesis(model, zq, tile);
    symbols.push({
      zq,
      q: Int32Array.from(s, (value, i) => roundToSymbol(value - mean[i] / MEAN_UNIT)),
    });
  }
  return symbols;
}

/** Puts one decoded tile's latents ŷ = (q + mean) / gain into the image. */
export function dequantise(
  latents: LatentImage,
  tile: Tile,
  { q, mean }: { readonly q: Int32Array; readonly mean: Int16Array },
  gains: Float64Array,
): void {
  const { channels } = latents;
  let from = 0;
  for (let row = tile.y; row < tile.y + tile.height; row++) {
    let to = (row * latents.width + tile.x) * channels;
    for (let i = 0; i < tile.width * channels; i++, from++) {
      latents.data[to++] = (q[from] + mean[from] / MEAN_UNIT) / gains[i % channels];
    }
  }
}

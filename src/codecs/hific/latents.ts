import * as tf from '@tensorflow/tfjs-core';
import { PIXELS_PER_LATENT, type Tile } from '../../core/bitstream/tiles';
import { codeInContext, type LatentPrior } from '../../core/entropy/contextModel';
import type { GridSize } from '../../core/entropy/hyperSynthesis';
import { roundToSymbol, type TileSymbols } from '../../core/entropy/latentCoder';
import { type EntropyModel, MEAN_UNIT } from '../../core/entropy/model';
import { HscError } from '../../core/errors';
import { hyperAnalysis } from '../../nn/hyper';
import type { ModelFile } from '../../nn/modelFile';
import type { Network } from '../../nn/network';
import { readFinite } from './device';
import { gainsAt, lambdaAt } from './rate';
import { bitWeights, type SymbolChoice } from './symbolChoice';

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

/** How latents become symbols at one rate. */
export interface Quantiser {
  /** Stored rate, 0 … 240. */
  readonly rate: number;
  /** [channels] */
  readonly gains: Float64Array;
  /** Squared error in steps that a bit is worth, [channels]; zeros for plain rounding. */
  readonly bitWeights: Float64Array;
}

/** Gains of the latents at a stored rate, [channels]. Throws `bad-file` where the weights lack them. */
export function gainsOf({ parameters, spec }: ModelFile, rate: number): Float64Array {
  const logGains = parameters.get('log_gains');
  if (!logGains) throw new HscError('bad-file', 'The weights lack the parameter log_gains.');
  return gainsAt(logGains.data, spec.latentChannels, rate);
}

/** The encoder's quantiser at a stored rate. Throws as {@link gainsOf}. */
export function quantiserAt(file: ModelFile, rate: number): Quantiser {
  const gains = gainsOf(file, rate);
  return { rate, gains, bitWeights: bitWeights(gains, lambdaAt(file.spec.lambdas, rate)) };
}

/** The integers of a tile and what the entropy model makes of their surroundings. */
export interface QuantisedTile extends TileSymbols {
  readonly prior: LatentPrior;
}

/**
 * Symbols of one tile: hyper-latents from the network; latents one after the other, less the means
 * that the integer entropy model gives them from those before. Throws `device`.
 */
export async function quantiseTile(
  net: Network,
  model: EntropyModel,
  latents: LatentImage,
  tile: Tile,
  { rate, gains, bitWeights }: Quantiser,
  choice: SymbolChoice,
): Promise<QuantisedTile> {
  const { channels } = latents;
  const s = scaledTile(latents, tile, gains);
  const input = tf.tensor4d(s, [1, tile.height, tile.width, channels]);
  const z = hyperAnalysis(net, input);
  input.dispose();
  const zq = Int32Array.from(await readFinite(z), roundToSymbol);
  const symbol = (at: number, mean: number, scaleIndex: number) =>
    choice.choose(s[at] - mean / MEAN_UNIT, scaleIndex, bitWeights[at % channels]);
  const { q, prior } = codeInContext(model, zq, tile, rate, symbol);
  return { zq, q, prior };
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

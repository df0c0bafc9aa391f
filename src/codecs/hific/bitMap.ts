import { type Tile, tileAt } from '../../core/bitstream/tiles';
import { hyperSize } from '../../core/entropy/hyperSynthesis';
import type { DecodedTile } from '../../core/entropy/latentCoder';
import { type EntropyModel, targetOfRate } from '../../core/entropy/model';
import { type ChannelOrigin, channelOrigins } from './channelOrigin';
import type { DecodedLatents, TilesRead } from './decoding';

/** Where the bits of a file's latents go, by the integer tables: Σ −log2 p, an estimate. */
export interface LatentBits {
  /** Latents on either axis; each stands for a block of 16 × 16 pixels. */
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  /** Bits of the latents y at each position, [height, width]. */
  readonly latentBits: Float64Array<ArrayBuffer>;
  /** Bits of the hyper-latents z, each spread evenly over the positions it covers, [height, width]. */
  readonly sideBits: Float64Array<ArrayBuffer>;
  /** Bits of the latents in each channel, [channels]. */
  readonly channelBits: Float64Array<ArrayBuffer>;
  /** Share of positions whose symbol is not zero, of those in tiles that are not damaged, [channels]. */
  readonly nonZeroShare: Float64Array<ArrayBuffer>;
  /** Latents less their means, as coded, [height, width, channels]. */
  readonly symbols: Int16Array<ArrayBuffer>;
  /** Bits of each of them, [height, width, channels]. */
  readonly symbolBits: Float32Array<ArrayBuffer>;
  /** Of the first channels, where the model has a linear bypass. */
  readonly origins: readonly ChannelOrigin[];
}

/** Hyper-latents lie on every fourth latent of a tile. */
const HYPER_STRIDE = 4;

/** Bits of every position and channel of a decoded file, zero in damaged tiles; no network is run. */
export function latentBitsOf({
  header,
  model,
  tiles,
  latents,
}: DecodedLatents & TilesRead): LatentBits {
  const { width, height, channels } = latents;
  const { rate } = header.model;
  const map: LatentBits = {
    width,
    height,
    channels,
    latentBits: new Float64Array(width * height),
    sideBits: new Float64Array(width * height),
    channelBits: new Float64Array(channels),
    nonZeroShare: new Float64Array(channels),
    symbols: new Int16Array(width * height * channels),
    symbolBits: new Float32Array(width * height * channels),
    origins: channelOrigins(model.file),
  };
  let positions = 0;
  for (const [index, symbols] of tiles) {
    const tile = tileAt(header.width, header.height, index);
    positions += tile.width * tile.height;
    addLatents(map, model.file.entropy, tile, symbols);
    addSide(map, model.file.entropy, rate, tile, symbols);
  }
  for (let c = 0; c < channels; c++) map.nonZeroShare[c] /= positions;
  return map;
}

function addLatents(
  map: LatentBits,
  { yTables }: EntropyModel,
  tile: Tile,
  { q, scaleIndex }: DecodedTile,
): void {
  const { channels } = map;
  let from = 0;
  for (let y = tile.y; y < tile.y + tile.height; y++) {
    for (let x = tile.x; x < tile.x + tile.width; x++) {
      const position = y * map.width + x;
      for (let c = 0; c < channels; c++, from++) {
        const bits = yTables.bits(scaleIndex[from], q[from]);
        map.symbols[position * channels + c] = q[from];
        map.symbolBits[position * channels + c] = bits;
        map.latentBits[position] += bits;
        map.channelBits[c] += bits;
        if (q[from] !== 0) map.nonZeroShare[c]++;
      }
    }
  }
}

function addSide(
  map: LatentBits,
  { zTables, hyperFilters }: EntropyModel,
  rate: number,
  tile: Tile,
  { zq }: DecodedTile,
): void {
  const first = targetOfRate(rate) * hyperFilters;
  const hyper = hyperSize(tile);
  for (let hy = 0; hy < hyper.height; hy++) {
    for (let hx = 0; hx < hyper.width; hx++) {
      const at = (hy * hyper.width + hx) * hyperFilters;
      let bits = 0;
      for (let f = 0; f < hyperFilters; f++) bits += zTables.bits(first + f, zq[at + f]);
      spread(map, tile, hx * HYPER_STRIDE, hy * HYPER_STRIDE, bits);
    }
  }
}

/** Shares bits out over the latents of a tile from (left, top) on that a hyper-latent covers. */
function spread(map: LatentBits, tile: Tile, left: number, top: number, bits: number): void {
  const right = Math.min(tile.width, left + HYPER_STRIDE);
  const bottom = Math.min(tile.height, top + HYPER_STRIDE);
  const each = bits / ((right - left) * (bottom - top));
  for (let y = tile.y + top; y < tile.y + bottom; y++) {
    for (let x = tile.x + left; x < tile.x + right; x++) map.sideBits[y * map.width + x] += each;
  }
}

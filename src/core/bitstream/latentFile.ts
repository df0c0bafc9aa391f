import type { LatentPrior } from '../entropy/contextModel';
import { decodeFrame, type FrameSymbols } from '../entropy/frameCoder';
import {
  type DecodedTile,
  decodeTile,
  encodeTile,
  encodeWithPrior,
  type TileSymbols,
} from '../entropy/latentCoder';
import { type EntropyModel, targetOfRate } from '../entropy/model';
import { HscError } from '../errors';
import { formatFile, type HscFile, type TileCheck, type TileRecord, tileCheck } from './container';
import type { HificHeader } from './header';
import type { HscMetadata } from './metadata';
import { tileAt, tileLayout } from './tiles';

/** Bytes of a file by section, which add up to it; payloads are shared out by the tables' estimate of either part. */
export interface LatentSections {
  readonly header: number;
  readonly metadata: number;
  /** Changes of the model's weights, in files that have any. */
  readonly weights?: number;
  /** Hyper-latents and the spectral frame. */
  readonly sideInformation: number;
  readonly latents: number;
}

export interface LatentFile {
  readonly file: Uint8Array<ArrayBuffer>;
  /** Σ -log2 p over all symbols, from the integer tables: an estimate, never a measurement. */
  readonly estimatedBits: number;
  readonly sections: LatentSections;
}

/** A tile's integers, with means and scale indices where they are known already. */
export interface PreparedTile extends TileSymbols {
  readonly prior?: LatentPrior;
}

/**
 * Writes the integers of all tiles (in the order of `tileLayout`) to a file.
 * Throws `bad-argument` where arrays or values do not fit, `limit` for too large an image.
 */
export function writeLatentFile(
  model: EntropyModel,
  header: HificHeader,
  tiles: readonly PreparedTile[],
  metadata?: HscMetadata,
): LatentFile {
  const layout = tileLayout(header.width, header.height);
  if (tiles.length !== layout.tiles.length) {
    throw new HscError('bad-argument', `The image takes ${layout.tiles.length} tiles.`);
  }
  const { rate, frame } = header.model;
  const encoded = tiles.map(({ prior, ...symbols }, i) =>
    prior
      ? encodeWithPrior(model, rate, layout.tiles[i], symbols, prior)
      : encodeTile(model, rate, layout.tiles[i], symbols),
  );
  const { file, sections } = formatFile(
    header,
    metadata,
    encoded.map(({ bytes }) => bytes),
    tiles.map(checkOf),
  );
  const { sideInformation, latents } = shareOut(
    encoded.map(({ bytes, ...bits }) => ({ bytes: bytes.length, ...bits })),
  );
  return {
    file,
    estimatedBits: encoded.reduce((sum, { zBits, yBits }) => sum + zBits + yBits, 0),
    sections: {
      header: sections.header - frame.length,
      metadata: sections.metadata,
      ...(sections.weights && { weights: sections.weights }),
      sideInformation: sideInformation + frame.length,
      latents,
    },
  };
}

/**
 * The spectral frame of a file, `undefined` where it has none. It is verified only together with a
 * tile. Throws what `decodeFrame` throws and `bad-argument` for a codec without frames.
 */
export function readFrame({ header }: HscFile, model: EntropyModel): FrameSymbols | undefined {
  if (header.family !== 'hific') {
    throw new HscError('bad-argument', `A file of another codec holds no frame.`);
  }
  return decodeFrame(model, header.model.frame);
}

/**
 * Decodes one tile of a parsed file and verifies it: random access, and a damaged tile costs that
 * tile alone. `model` must be the one that `header.model.digest` names.
 * Throws `check-failed`, `truncated` or `bitstream` for a damaged tile (or, in a file of one tile,
 * a damaged header); a damage passes unnoticed with a probability of 2^-24. Throws
 * `model-mismatch` where the model lacks the file's rate and `bad-argument` for no such tile.
 */
export function readTile(file: HscFile, model: EntropyModel, index: number): DecodedTile {
  const { header, tiles, headerBytes } = file;
  if (header.family !== 'hific') {
    throw new HscError('bad-argument', `A file of another codec holds no latents.`);
  }
  const { rate } = header.model;
  if (targetOfRate(rate) >= model.targets) {
    throw new HscError('model-mismatch', 'The model was not trained for the rate of the file.');
  }
  const record: TileRecord | undefined = tiles[index];
  if (!record) throw new HscError('bad-argument', `The file has no tile number ${index}.`);
  const { check, payload } = record;
  const decoded = decodeTile(model, rate, tileAt(header.width, header.height, index), payload);
  if (check !== tileCheck(headerBytes, index, checkOf(decoded))) {
    throw new HscError('check-failed', 'The .hsc file is damaged: its check does not match.');
  }
  return decoded;
}

function checkOf({ zq, q }: TileSymbols): TileCheck {
  return (crc) => crc.int32(zq).int32(q);
}

/** A tile's bytes and what the tables charge for its two parts. */
export interface TileBits {
  readonly bytes: number;
  readonly zBits: number;
  readonly yBits: number;
}

/** Bytes of hyper-latents and latents, shared out by the tables' estimate. */
export function shareOut(
  tiles: readonly TileBits[],
): Pick<LatentSections, 'sideInformation' | 'latents'> {
  let sideInformation = 0;
  let latents = 0;
  for (const { bytes, zBits, yBits } of tiles) {
    const bits = zBits + yBits;
    sideInformation += bits > 0 ? (bytes * zBits) / bits : 0;
    latents += bits > 0 ? (bytes * yBits) / bits : bytes;
  }
  return { sideInformation, latents };
}

import type { HscFile } from '../../core/bitstream/container';
import type { HificHeader } from '../../core/bitstream/header';
import { shareOut, type TileBits } from '../../core/bitstream/latentFile';
import { tileBits } from '../../core/entropy/latentCoder';
import { HscError } from '../../core/errors';
import type { Model, ModelStore } from '../../nn/models';
import type { Quality, SectionBytes } from '../types';
import { withDelta } from './carriedWeights';
import { highestRate, lambdaAt } from './rate';
import { readTiles } from './tileReading';

/** The header of a HiFiC file. Throws `bad-argument` for files of other families. */
export function hificHeader({ header }: HscFile): HificHeader {
  if (header.family === 'hific') return header;
  throw new HscError('bad-argument', `The file was made by ${header.family}, not by HiFiC.`);
}

/**
 * The model that made a file, with what the file changes of it. Throws `model-missing` where it is not
 * installed, and as `withDelta`.
 */
export async function modelOfFile(
  header: HificHeader,
  models: ModelStore,
  onProgress?: (done: number) => void,
): Promise<Model> {
  const { digest, delta } = header.model;
  const entry = await models.findByDigest(digest);
  if (entry) {
    const model = await models.load(entry.id, onProgress);
    return delta ? withDelta(model, delta, models) : model;
  }
  throw new HscError(
    'model-missing',
    `The file was made with weights ${digest}, which are not installed here: import the weights ` +
      'file that came with it, or open it with the version of the studio that wrote it.',
  );
}

export interface LatentFileFacts {
  /** Id of the codec that made the file. */
  readonly codec: string;
  readonly quality: Quality;
  readonly sections: SectionBytes;
  /** Σ −log2 p over all symbols, from the integer tables; of damaged tiles nothing is known. */
  readonly estimatedBits: number;
}

/**
 * What a file says of itself, from its range-decoded symbols; no network is run. Bytes of damaged
 * tiles count as latents. Throws what `modelOfFile` and, of a file of one tile, `readTile` throw.
 */
export async function inspectLatentFile(
  file: HscFile,
  models: ModelStore,
): Promise<LatentFileFacts> {
  const header = hificHeader(file);
  const { codec, file: weights } = await modelOfFile(header, models);
  const { entropy, spec } = weights;
  const { rate, frame } = header.model;
  const { header: headerBytes, metadata, weights: changes, tiles: payloads } = file.sections;
  const tiles: TileBits[] = [];
  const read = { label: 'entropy decoding', damaged: 'mark' } as const;
  for await (const { index, tile } of readTiles(file, entropy, {}, read)) {
    const bits = tile ? tileBits(entropy, rate, tile, tile) : { zBits: 0, yBits: 0 };
    tiles.push({ bytes: payloads[index], ...bits });
  }
  const { sideInformation, latents } = shareOut(tiles);
  return {
    codec,
    quality: {
      position: rate,
      of: highestRate(spec.lambdas.length),
      lambda: lambdaAt(spec.lambdas, rate),
    },
    sections: {
      header: headerBytes - frame.length,
      metadata,
      ...(changes && { weights: changes }),
      sideInformation: sideInformation + frame.length,
      latents,
    },
    estimatedBits: tiles.reduce((sum, { zBits, yBits }) => sum + zBits + yBits, 0),
  };
}

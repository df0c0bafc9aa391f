import { parseFile } from '../../core/bitstream/container';
import { type LatentFile, writeLatentFile } from '../../core/bitstream/latentFile';
import { metadataOf } from '../../core/bitstream/metadata';
import type { HyperspectralCube } from '../../core/cube/types';
import type { TileSymbols } from '../../core/entropy/latentCoder';
import type { EntropyModel } from '../../core/entropy/model';
import { HscError } from '../../core/errors';
import { sameNumbers } from '../../core/same';
import type { ModelStore } from '../../nn/models';
import { notesOf } from '../coded';
import { share } from '../progress';
import { nextTurn } from '../turn';
import type {
  Codec,
  CodecMeta,
  DecodeResult,
  EncodeOptions,
  EncodeResult,
  JobContext,
} from '../types';
import { type FittedImage, fitToBudget } from './budgetFit';
import { decodeLatentFile, readTiles } from './decoding';
import { highestRate } from './rate';
import { budgetRequest, planCoding } from './request';

/**
 * A HiFiC variant as a codec (Byju et al.): spectral frame, analysis transform, rate gains,
 * hyperprior and context model, range coder; and back. Decodes the files of every HiFiC variant: a file names its weights.
 */
export class HificCodec implements Codec {
  constructor(
    readonly meta: CodecMeta,
    private readonly models: ModelStore,
  ) {}

  async encode(
    cube: HyperspectralCube,
    options: EncodeOptions,
    job: JobContext = {},
  ): Promise<EncodeResult> {
    const loading = share(job, 0, 0.1);
    const { model, plan } = await planCoding(this.meta, this.models, cube, options, loading);
    const start = performance.now();
    const { spec, entropy } = model.file;
    const request = budgetRequest(model, plan, cube, options);
    const fitted = await fitToBudget(request, share(job, 0.1, 0.9));
    const highest = highestRate(spec.targetRates.length);
    const rate = rangeNotes(fitted, request.bytes, highest);
    const notes = [...notesOf(cube, plan.codedBands), ...rate];

    job.onProgress?.(0.9, 'entropy coding');
    await nextTurn();
    const info = { ...cube, notes: [...(cube.notes ?? []), ...notes] };
    const metadata = metadataOf(info, plan.codedBands, options.metadata);
    const written = writeLatentFile(entropy, fitted.header, fitted.tiles, metadata);
    await verify(written, entropy, fitted.tiles, share(job, 0.92, 1));
    return {
      ...written,
      codedBands: plan.codedBands,
      notes,
      milliseconds: performance.now() - start,
    };
  }

  async decode(
    file: Uint8Array,
    options: { readonly bandsFrom?: readonly number[] } = {},
    job: JobContext = {},
  ): Promise<DecodeResult> {
    return decodeLatentFile(file, this.models, options, job);
  }
}

/** Share of the budget below which a file of the highest rate is worth a word. */
const FILLED = 0.97;

/** What a user should know where no rate of the model fits or fills the budget. */
function rangeNotes({ rate, bytes, header }: FittedImage, budget: number, highest: number) {
  const end = bytes > budget ? 'lowest' : 'highest';
  if (bytes <= budget && !(rate === highest && bytes < FILLED * budget)) return [];
  const bppOf = (size: number) => ((8 * size) / (header.width * header.height)).toFixed(3);
  const note = `The ${end} rate of this model for this image is ${bppOf(bytes)} bpp`;
  const { delta } = header.model;
  if (!delta) return [`${note}.`];
  return [
    `${note}, of which the changed weights that the file carries take ${bppOf(delta.length)}.`,
  ];
}

/**
 * Reads the written file back and compares every symbol, so that no fault of the coder can lose an
 * image unnoticed. Throws `check-failed`.
 */
async function verify(
  { file }: LatentFile,
  entropy: EntropyModel,
  symbols: readonly TileSymbols[],
  job: JobContext,
): Promise<void> {
  const decoded = await readTiles(parseFile(file), entropy, job, 'checking the file');
  const same = symbols.every(
    ({ zq, q }, i) => sameNumbers(zq, decoded[i].zq) && sameNumbers(q, decoded[i].q),
  );
  if (same) return;
  throw new HscError(
    'check-failed',
    'The written file does not decode to what was encoded; please report this.',
  );
}

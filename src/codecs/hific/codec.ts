import { parseFile } from '../../core/bitstream/container';
import { type LatentFile, writeLatentFile } from '../../core/bitstream/latentFile';
import { metadataOf } from '../../core/bitstream/metadata';
import type { CubeSource, HyperspectralCube, PixelWindow } from '../../core/cube/types';
import { memorySource } from '../../core/cube/window';
import type { TileSymbols } from '../../core/entropy/latentCoder';
import type { EntropyModel } from '../../core/entropy/model';
import { HscError } from '../../core/errors';
import { sameNumbers } from '../../core/same';
import type { ModelStore } from '../../nn/models';
import { uploadTripletNet } from '../../nn/tripletNet';
import { bppText, notesOf, rateNote } from '../coded';
import { share } from '../progress';
import { nextTurn } from '../turn';
import type {
  Codec,
  CodecMeta,
  DecodedRows,
  DecodeOptions,
  DecodeResult,
  EncodeOptions,
  EncodeResult,
  JobContext,
  PartStore,
} from '../types';
import { fitToBudget } from './budgetFit';
import { decodeLatentFile, decodeLatentRows } from './decoding';
import { PartRecord } from './partFiles';
import { highestRate } from './rate';
import { budgetRequest, planCoding, surveyCoded } from './request';
import { readTiles } from './tileReading';
import type { BudgetRequest, FittedImage } from './trials';

/**
 * A HiFiC variant as a codec (Byju et al.): spectral frame, analysis transform, rate gains,
 * hyperprior and context model, range coder; and back. Decodes the files of every HiFiC variant: a file names its weights.
 */
export class HificCodec implements Codec {
  constructor(
    readonly meta: CodecMeta,
    private readonly models: ModelStore,
  ) {}

  encode(
    cube: HyperspectralCube,
    options: EncodeOptions,
    job: JobContext = {},
  ): Promise<EncodeResult> {
    return this.encodeSource(memorySource(cube), options, job);
  }

  async encodeSource(
    source: CubeSource,
    options: EncodeOptions,
    job: JobContext = {},
    store?: PartStore,
  ): Promise<EncodeResult> {
    const { info } = source;
    const { model, plan } = await planCoding(
      this.meta,
      this.models,
      info,
      options,
      share(job, 0, 0.1),
    );
    const start = performance.now();
    const { spec, entropy } = model.file;
    const survey = await surveyCoded(source, plan, share(job, 0.1, 0.15));
    const request = budgetRequest(model, plan, source, survey, options);
    const fitted = await this.fitted(request, options, share(job, 0.15, 0.9), store);
    const highest = highestRate(spec.targetRates.length);
    const rate = rangeNotes(fitted, request.bytes, highest);
    const notes = [...notesOf(info, plan.codedBands, survey.pixelsWithGaps), ...rate];

    job.onProgress?.(0.9, 'entropy coding');
    await nextTurn();
    const noted = { ...info, notes: [...(info.notes ?? []), ...notes] };
    const metadata = metadataOf(noted, plan.codedBands, options.metadata);
    const written = writeLatentFile(entropy, fitted.header, fitted.tiles, metadata);
    await verify(written, entropy, fitted.tiles, share(job, 0.92, 1));
    return {
      ...written,
      codedBands: plan.codedBands,
      notes,
      milliseconds: performance.now() - start,
    };
  }

  /** The symbols of a file that fills the budget, kept in `store` as they are found where they can be. */
  private async fitted(
    request: BudgetRequest,
    { perceptualFit }: EncodeOptions,
    job: JobContext,
    store: PartStore | undefined,
  ): Promise<FittedImage> {
    if (!perceptualFit || !this.meta.perceptual) {
      // Changed weights stand in no part file.
      const kept = store && !request.model.delta;
      return fitToBudget(request, job, kept ? await PartRecord.open(store, request) : undefined);
    }
    const critic = uploadTripletNet(await this.models.perceptualFile());
    try {
      return await fitToBudget({ ...request, critic }, job);
    } finally {
      critic.dispose();
    }
  }

  async decode(
    file: Uint8Array,
    options: DecodeOptions = {},
    job: JobContext = {},
  ): Promise<DecodeResult> {
    return decodeLatentFile(file, this.models, options, job);
  }

  decodeRows(
    file: Uint8Array,
    options: DecodeOptions & { readonly window?: PixelWindow } = {},
    job: JobContext = {},
  ): Promise<DecodedRows> {
    return decodeLatentRows(file, this.models, options, job);
  }
}

/** What a user should know where no rate of the model fits or fills the budget. */
function rangeNotes({ rate, bytes, header }: FittedImage, budget: number, highest: number) {
  const note = rateNote(bytes, budget, rate === highest, header);
  const { delta } = header.model;
  if (!note || !delta) return note ? [`${note}.`] : [];
  const changed = bppText(delta.length, header.width * header.height);
  return [`${note}, of which the changed weights that the file carries take ${changed}.`];
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
  const read = readTiles(parseFile(file), entropy, job, { label: 'checking the file' });
  let same = true;
  for await (const { index, tile } of read) {
    const { zq, q } = symbols[index];
    same &&= tile !== undefined && sameNumbers(zq, tile.zq) && sameNumbers(q, tile.q);
  }
  if (same) return;
  throw new HscError(
    'check-failed',
    'The written file does not decode to what was encoded; please report this.',
  );
}

import { formatHeader, type HificHeader } from '../../core/bitstream/header';
import { writeLatentFile } from '../../core/bitstream/latentFile';
import { metadataOf } from '../../core/bitstream/metadata';
import {
  formatPartHead,
  formatPartTile,
  type Part,
  type PartHead,
  parsePart,
} from '../../core/bitstream/partFile';
import { tileAt, tileCount } from '../../core/bitstream/tiles';
import { gridNamed } from '../../core/cube/gridChoice';
import type { CubeSource } from '../../core/cube/types';
import { decodeTile, encodeWithPrior } from '../../core/entropy/latentCoder';
import { HscError } from '../../core/errors';
import type { Model, ModelStore } from '../../nn/models';
import { planBands } from '../bands';
import { notesOf } from '../coded';
import { share } from '../progress';
import type { CodecMeta, EncodeOptions, JobContext, PartStore, Share } from '../types';
import { codeTiles, judgeImage } from './budgetFit';
import { chosenFrame } from './frameChoice';
import { modelOfFile } from './inspect';
import type { QuantisedTile } from './latents';
import { budgetRequest, planCoding, surveyCoded } from './request';
import type { BudgetRequest, CodingRecord, EncoderChoice } from './trials';

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

function choiceOf({ header, bitShare }: PartHead, { file }: Model): EncoderChoice {
  return {
    rate: header.model.rate,
    bitShare,
    frame: chosenFrame(file, header.model.frame.slice()),
  };
}

function tileBytes(
  { file }: Model,
  { width, height, model: { rate } }: HificHeader,
  index: number,
  { prior, ...symbols }: QuantisedTile,
): Uint8Array {
  const place = tileAt(width, height, index);
  const { bytes } = encodeWithPrior(file.entropy, rate, place, symbols, prior);
  return formatPartTile(index, bytes);
}

/** Tiles of a part file, decoded. Throws `check-failed` for those that no encoder wrote. */
function tilesOf({ head, tiles }: Part, { file }: Model): Map<number, QuantisedTile> {
  const { width, height, model } = head.header;
  return new Map(
    [...tiles].map(([index, payload]) => {
      const place = tileAt(width, height, index);
      const { zq, q, ...prior } = decodeTile(file.entropy, model.rate, place, payload);
      return [index, { zq, q, prior }];
    }),
  );
}

/**
 * Keeps the tiles of a coding in a part file as they are coded. What an earlier run left there is
 * taken over where it was coding the same image in as many bytes by the same weights.
 */
export class PartRecord implements CodingRecord {
  private constructor(
    private readonly store: PartStore,
    private readonly request: BudgetRequest,
    private readonly part: Part | undefined,
    private header: HificHeader | undefined,
  ) {}

  /** Throws `io` where the store cannot be read. */
  static async open(store: PartStore, request: BudgetRequest): Promise<PartRecord> {
    const bytes = await store.read();
    const part = bytes && readable(bytes);
    const same = part && isOf(request, part);
    return new PartRecord(store, request, same ? part : undefined, undefined);
  }

  get before(): EncoderChoice | undefined {
    return this.part && choiceOf(this.part.head, this.request.model);
  }

  async begin(
    header: HificHeader,
    { bitShare }: EncoderChoice,
  ): Promise<ReadonlyMap<number, QuantisedTile>> {
    const { part, store, request } = this;
    this.header = header;
    const head = formatPartHead({ header, metadata: undefined, bitShare, budget: request.bytes });
    if (part && sameBytes(head.subarray(0, part.headBytes.length), part.headBytes)) {
      await store.keep(part.wholeBytes);
      return tilesOf(part, request.model);
    }
    await store.restart(head);
    return new Map();
  }

  async add(index: number, tile: QuantisedTile): Promise<void> {
    await this.store.append(tileBytes(this.request.model, this.header as HificHeader, index, tile));
  }
}

function readable(bytes: Uint8Array): Part | undefined {
  try {
    return parsePart(bytes);
  } catch (error) {
    // A head cut short, or another file: nothing to go on from.
    if (error instanceof HscError) return undefined;
    throw error;
  }
}

/** True where a part is one of what a request asks for. */
function isOf({ header, model, bytes }: BudgetRequest, { head }: Part): boolean {
  const own = head.header.model;
  const asked = formatHeader({ ...header, model: own }, false);
  const same = sameBytes(asked, formatHeader(head.header, false));
  return same && own.digest === model.digest && head.budget === bytes;
}

/** How a large image is to be coded, for {@link codeShard} on as many machines as there are. */
export async function planParts(
  meta: CodecMeta,
  models: ModelStore,
  source: CubeSource,
  options: EncodeOptions,
  job: JobContext,
): Promise<Uint8Array> {
  const { info } = source;
  const { model, plan } = await planCoding(meta, models, info, options, share(job, 0, 0.1));
  const survey = await surveyCoded(source, plan, share(job, 0.1, 0.4));
  const request = budgetRequest(model, plan, source, survey, options);
  const { rate, frame, bitShare } = await judgeImage(request, share(job, 0.4, 1));
  const notes = notesOf(info, plan.codedBands, survey.pixelsWithGaps);
  const noted = { ...info, notes: [...(info.notes ?? []), ...notes] };
  const { digest, delta } = model;
  return formatPartHead({
    header: { ...request.header, model: { digest, rate, frame: frame.bytes, delta } },
    metadata: metadataOf(noted, plan.codedBands, options.metadata),
    bitShare,
    budget: request.bytes,
  });
}

/**
 * Codes one share of a planned image's tiles into a part file; tiles that an earlier run left in it are
 * taken over. Throws `bad-argument` where the image is not the one that was planned, what parsing the
 * plan throws, `model-missing`, read errors, `io`, `aborted`, `device`.
 */
export async function codeShard(
  models: ModelStore,
  source: CubeSource,
  planned: Uint8Array,
  { index, of }: Share,
  store: PartStore,
  job: JobContext,
): Promise<void> {
  const { head, headBytes } = parsePart(planned);
  const { header, bitShare, metadata } = head;
  const model = await modelOfFile(header, models);
  const image = { source, plan: plannedBands(source, head, model), range: header.range };
  const bytes = await store.read();
  const before = bytes && readable(bytes);
  const same = before && sameBytes(before.headBytes, headBytes) ? before : undefined;
  if (same) await store.keep(same.wholeBytes);
  else await store.restart(formatPartHead({ header, metadata, bitShare, budget: head.budget }));
  const count = tileCount(header.width, header.height);
  const cut = (share: number) => Math.floor((share * count) / of);
  const own = Array.from({ length: cut(index + 1) - cut(index) }, (_, i) => cut(index) + i);
  const missing = own.filter((tile) => !same?.tiles.has(tile));
  const request = { model, image, header };
  await codeTiles(request, choiceOf(head, model), missing, job, async (tile, symbols) => {
    await store.append(tileBytes(model, header, tile, symbols));
  });
}

function plannedBands(source: CubeSource, { header, metadata }: PartHead, model: Model) {
  const { info } = source;
  const plan = planBands(gridNamed(model.file.spec.grid), info, 'covered');
  const coded = metadata?.selection?.codedBands ?? plan.codedBands;
  const same =
    info.width === header.width &&
    info.height === header.height &&
    info.sampleType === header.sampleType &&
    plan.mapping === header.mapping &&
    plan.codedBands.length === header.bands &&
    plan.codedBands.every((band, i) => band === coded[i]);
  if (same) return plan;
  throw new HscError('bad-argument', 'The plan is for another image: plan this one anew.');
}

/**
 * The whole file from its parts. Throws `bad-argument` for parts of several images or with tiles
 * missing, what parsing throws, `model-missing`.
 */
export async function joinParts(
  models: ModelStore,
  files: readonly Uint8Array[],
): Promise<{
  readonly file: Uint8Array<ArrayBuffer>;
  readonly header: HificHeader;
  readonly budget: number;
}> {
  const parts = files.map(parsePart);
  const [first] = parts;
  if (!first) throw new HscError('bad-argument', 'There are no parts to join.');
  if (!parts.every(({ headBytes }) => sameBytes(headBytes, first.headBytes))) {
    throw new HscError(
      'bad-argument',
      'The parts belong to several images or plans: join those of one plan.',
    );
  }
  const { header, metadata, budget } = first.head;
  const model = await modelOfFile(header, models);
  const count = tileCount(header.width, header.height);
  const tiles = new Map(parts.flatMap((part) => [...tilesOf(part, model)]));
  if (tiles.size < count) {
    const missing = Array.from({ length: count }, (_, i) => i).find((i) => !tiles.has(i));
    throw new HscError(
      'bad-argument',
      `The parts hold ${tiles.size} of ${count} tiles; the first that is missing is number ${missing}. Code that shard, then join again.`,
    );
  }
  const inOrder = Array.from({ length: count }, (_, i) => tiles.get(i) as QuantisedTile);
  return { ...writeLatentFile(model.file.entropy, header, inOrder, metadata), header, budget };
}

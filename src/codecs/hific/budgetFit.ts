import { weightsSectionBytes } from '../../core/bitstream/container';
import { formatHeader, type HificHeader } from '../../core/bitstream/header';
import { writeLatentFile } from '../../core/bitstream/latentFile';
import { type Tile, tileLayout } from '../../core/bitstream/tiles';
import { tileBits } from '../../core/entropy/latentCoder';
import { throwIfAborted } from '../../core/errors';
import { sameNumbers } from '../../core/same';
import type { Model } from '../../nn/models';
import type { GateHook } from '../../nn/network';
import { share } from '../progress';
import { nextTurn } from '../turn';
import type { JobContext } from '../types';
import { Analysis, type PlannedImage } from './analysis';
import { intoFrame } from './frame';
import { FrameBasis } from './frameBasis';
import { type ChosenFrame, FrameChoice, NO_FRAME } from './frameChoice';
import { KernelGrams } from './kernelGrams';
import { type FitRequest, type QuantisedTile, quantiserAt, quantiseTile } from './latents';
import { highestRate } from './rate';
import { FULL, type RateTrial, searchRate } from './rateSearch';
import { bitShares, SymbolChoice } from './symbolChoice';
import { spread } from './windows';

/** An image to be coded in at most `bytes` bytes, its file's metadata apart. */
export interface BudgetRequest {
  readonly model: Model;
  readonly image: PlannedImage;
  readonly header: Omit<HificHeader, 'model'>;
  readonly bytes: number;
  readonly plainRounding?: boolean;
}

/** A request by which bits weigh that share of their worth. */
interface WeighingRequest extends BudgetRequest {
  readonly bitShare: number;
}

type CodingRequest = Omit<WeighingRequest, 'bytes'>;

/** What the encoder chose for an image: its file follows from it. */
export interface EncoderChoice {
  /** Stored rate, 0 … 240. */
  readonly rate: number;
  readonly frame: ChosenFrame;
  /** How much of its worth a bit weighs. */
  readonly bitShare: number;
}

/** Where the coding of a large image is kept as it goes, so that it can go on after a crash. */
export interface CodingRecord {
  /** What an earlier run of the same coding had chosen. */
  readonly before?: EncoderChoice;
  /**
   * A coding of all tiles by a choice begins. Yields the tiles that an earlier run coded by the very
   * same; others are void. Throws `io`.
   */
  begin(header: HificHeader, choice: EncoderChoice): Promise<ReadonlyMap<number, QuantisedTile>>;
  /** A tile is coded. Throws `io`. */
  add(index: number, tile: QuantisedTile): Promise<void>;
}

/** All that a file holds, and its length without metadata. */
export interface FittedImage extends RateTrial, EncoderChoice {
  readonly header: HificHeader;
  readonly tiles: readonly QuantisedTile[];
}

/** A frame chosen for a rate that is further from the one found than this is chosen again. */
const FAR = 60;

/** Images of more tiles are judged by some of them before all are coded: by at least this many. */
const JUDGED_TILES = 9;

/** One in so many tiles is looked at to judge a large image, up to a number. */
const JUDGED_SHARE = 16;
const MOST_JUDGED = 64;

/** Images of more tiles are taken to fill their budget where they take this share of it. */
const LARGE = { tiles: 256, full: 0.98 } as const;

/** The share of the budget that a large image is led to by what some of its tiles take. */
const AIM = 0.995;

/** Most trials of the search for the rate: with some of the tiles or few, and with many. */
const TRIALS = { cheap: 8, dear: 4 } as const;

/** Bytes of a small file beside frame and tiles. */
const HEADER_BYTES = 22;

/** Bytes of a tile beside its code: check, length in the tile index, end of the range coder. */
const TILE_BYTES = 6;

/**
 * Codes an image as well as the budget allows: spectral frame, latents, and the largest rate that
 * fits. The answer is over the budget where not even rate 0 fits. `record` keeps what is coded, and
 * what it kept of an earlier run is taken over. Throws read errors, `aborted`, and `device` where the
 * backend computes no numbers.
 */
export async function fitToBudget(
  request: BudgetRequest,
  job: JobContext,
  record?: CodingRecord,
): Promise<FittedImage> {
  const begun = record?.before;
  if (begun) {
    const own = { ...request, bitShare: begun.bitShare };
    return fitWhole(own, new Trials(own, begun.frame), begun.rate, job, record);
  }
  const shares = bitSharesOf(request);
  const choice = await FrameChoice.of(request.model.file, request.image, share(job, 0, 0.1));
  const part = parts(share(job, 0.1, 1), shares.length);
  let fitted: FittedImage | undefined;
  for (const [n, bitShare] of shares.entries()) {
    const own = { ...request, bitShare };
    const judged = await judge(own, choice, share(part(n), 0, 0.4));
    fitted =
      'tiles' in judged.trial
        ? judged.trial
        : await fitWhole(own, judged.trials, judged.trial.rate, share(part(n), 0.4, 1), record);
    if (fitted.bytes <= request.bytes) break;
  }
  return fitted as FittedImage;
}

/** What {@link fitToBudget} would begin with, judged by some tiles alone of a large image. */
export async function judgeImage(request: BudgetRequest, job: JobContext): Promise<EncoderChoice> {
  const choice = await FrameChoice.of(request.model.file, request.image, share(job, 0, 0.2));
  const shares = bitSharesOf(request);
  const part = parts(share(job, 0.2, 1), shares.length);
  let best: EncoderChoice | undefined;
  for (const [n, bitShare] of shares.entries()) {
    const { trial, trials } = await judge({ ...request, bitShare }, choice, part(n));
    best = { rate: trial.rate, frame: trials.frame, bitShare };
    if (trial.bytes <= request.bytes) break;
  }
  return best as EncoderChoice;
}

function bitSharesOf({ plainRounding, model }: BudgetRequest): readonly number[] {
  return plainRounding ? [0] : bitShares(model.file.stage);
}

/**
 * Codes tiles of an image by choices made before, in the order given; `onTile` hears of each. Throws
 * as {@link fitToBudget}.
 */
export async function codeTiles(
  request: Omit<BudgetRequest, 'bytes'>,
  { rate, frame, bitShare }: EncoderChoice,
  indices: readonly number[],
  job: JobContext,
  onTile: (index: number, tile: QuantisedTile) => Promise<void>,
): Promise<void> {
  await new Trials({ ...request, bitShare }, frame).quantise(indices, rate, job, onTile);
}

/**
 * Codes an image by choices made before, such as another coding of it ended with, whatever bytes it
 * takes. `onGate` hears, and may replace, the gates of E. Throws as {@link fitToBudget}.
 */
export async function codeAsChosen(
  request: Omit<BudgetRequest, 'bytes'>,
  { rate, frame, bitShare }: EncoderChoice,
  job: JobContext,
  onGate?: GateHook,
): Promise<FittedImage> {
  return new Trials({ ...request, bitShare }, frame, onGate).whole(rate, job);
}

/** An image so far: how its tiles are coded, and its file or an estimate of one. */
interface Judged {
  readonly trials: Trials;
  /** Has its tiles where all of them were looked at. */
  readonly trial: FittedImage | RateTrial;
}

/** Looks for the frame and the rate at which the image, or what some of its tiles say of it, fits. */
async function judge(
  request: WeighingRequest,
  choice: FrameChoice,
  job: JobContext,
): Promise<Judged> {
  const { header, bytes, model } = request;
  const symbolBytes = Math.max(0, bytes - HEADER_BYTES - carriedBytes(model));
  const guess = choice.guessRate((8 * symbolBytes) / (header.width * header.height));
  const frame = choice.at(guess);
  let judged = await judgeIn(request, frame, guess, share(job, 0, 0.65));
  if (Math.abs(judged.trial.rate - guess) > FAR) {
    const better = choice.at(judged.trial.rate);
    if (!sameNumbers(better.bytes, frame.bytes)) {
      judged = await judgeIn(request, better, judged.trial.rate, share(job, 0.65, 0.85));
    }
  }
  if (judged.trial.bytes <= bytes || judged.trials.frame.bytes.length === 0) return judged;
  // Where not even the lowest rate fits, the frame's own bytes may be too many.
  const plain = await judgeIn(request, NO_FRAME, judged.trial.rate, share(job, 0.85, 1));
  return plain.trial.bytes < judged.trial.bytes ? plain : judged;
}

/** {@link judge} in one frame, from a rate on. */
async function judgeIn(
  request: WeighingRequest,
  frame: ChosenFrame,
  start: number,
  job: JobContext,
): Promise<Judged> {
  const trials = new Trials(request, frame);
  const budget = { ...budgetOf(request), trials: TRIALS.cheap };
  await trials.prepare(share(job, 0, 0.7));
  const part = parts(share(job, 0.7, 1), budget.trials);
  const attempt = (rate: number, n: number): Promise<FittedImage | RateTrial> =>
    trials.many ? trials.judged(rate, part(n)) : trials.whole(rate, part(n));
  return { trials, trial: await searchRate(attempt, budget, start) };
}

/**
 * Codes a large image at the largest rate that fits, looked for from `rate` on: what some tiles take at
 * other rates tells what all will take, once it is known how many times as much that is.
 */
async function fitWhole(
  request: WeighingRequest,
  trials: Trials,
  rate: number,
  job: JobContext,
  record: CodingRecord | undefined,
): Promise<FittedImage> {
  const { bytes, highest } = budgetOf(request);
  const full = trials.count > LARGE.tiles ? LARGE.full : FULL;
  // Most images take two: the first tells how far off the judgement was.
  const part = parts(job, 2);
  const tried = new Set<number>();
  let best: FittedImage | undefined;
  for (let n = 0, at = rate; ; n++) {
    const trial = await trials.whole(at, part(n), record);
    tried.add(at);
    const fits = trial.bytes <= bytes;
    if (fits && trial.rate > (best?.rate ?? -1)) best = trial;
    if ((fits && (trial.bytes >= full * bytes || at === highest)) || (!fits && at === 0)) {
      return best ?? trial;
    }
    if (best && n + 1 >= TRIALS.dear) return best;
    const times = trial.bytes / (await trials.judged(at, { signal: job.signal })).bytes;
    const aim = { bytes: (AIM * bytes) / times, highest, trials: TRIALS.cheap };
    const judge = (other: number) => trials.judged(other, { signal: job.signal });
    const next = (await searchRate(judge, aim, at)).rate;
    at = fits ? Math.max(at + 1, next) : Math.min(at - 1, next);
    if (best && tried.has(at)) return best;
  }
}

function budgetOf({ bytes, model }: WeighingRequest) {
  return { bytes, highest: highestRate(model.file.spec.targetRates.length) };
}

function aligner({ file }: Model, frame: ChosenFrame['frame']) {
  if (!file.frame || !frame) return undefined;
  return intoFrame(new FrameBasis(file.frame, file.spec.input), frame);
}

/** The progress of one of several trials; those beyond the number expected report the end. */
function parts(job: JobContext, count: number): (trial: number) => JobContext {
  const at = (trial: number) => Math.min(1, trial / count);
  return (trial) => share(job, at(trial), at(trial + 1));
}

/** Codes the latents of an image at one rate or another, in one spectral frame. */
class Trials {
  private readonly layout: ReturnType<typeof tileLayout>;
  private readonly choice: SymbolChoice;
  private readonly analysis: Analysis;
  private readonly fit: FitRequest | undefined;
  private readonly judgements = new Map<number, RateTrial>();

  constructor(
    private readonly request: CodingRequest,
    readonly frame: ChosenFrame,
    onGate?: GateHook,
  ) {
    const { header, image, model, plainRounding } = request;
    this.layout = tileLayout(header.width, header.height);
    this.choice = new SymbolChoice(model.file.entropy.yTables);
    this.analysis = new Analysis(model.network(onGate), image, aligner(model, frame.frame));
    const grams = KernelGrams.of(model.file);
    const { targets } = this.analysis;
    if (grams && targets && !plainRounding) {
      const { width, height } = header;
      this.fit = { grams, width, height, targets };
    }
  }

  get count(): number {
    return this.layout.tiles.length;
  }

  /** Judged by some of its tiles. */
  get many(): boolean {
    return this.count > JUDGED_TILES;
  }

  /** Does ahead of all trials what they share. */
  async prepare(job: JobContext): Promise<void> {
    const places = this.many ? this.judgedPlaces() : [...this.layout.tiles.keys()];
    for (const [n, index] of places.entries()) {
      const part = share(job, n / places.length, (n + 1) / places.length);
      await this.analysis.cover(part, this.layout.tiles[index]);
    }
  }

  /** The whole image, its tiles kept in `record`. */
  async whole(rate: number, job: JobContext, record?: CodingRecord): Promise<FittedImage> {
    const { entropy } = this.request.model.file;
    const { bitShare } = this.request;
    const header = this.header(rate);
    const kept = await record?.begin(header, { rate, frame: this.frame, bitShare });
    const tiles: QuantisedTile[] = [];
    for (const [index, tile] of kept ?? []) tiles[index] = tile;
    const missing = [...this.layout.tiles.keys()].filter((index) => !tiles[index]);
    await this.quantise(missing, rate, job, async (index, tile) => {
      tiles[index] = tile;
      await record?.add(index, tile);
    });
    const { file } = writeLatentFile(entropy, header, tiles);
    return { rate, frame: this.frame, bitShare, bytes: file.length, header, tiles };
  }

  /** The file's length, estimated from some of its tiles. */
  async judged(rate: number, job: JobContext): Promise<RateTrial> {
    const known = this.judgements.get(rate);
    if (known) return known;
    const { tiles } = this.layout;
    const places = this.judgedPlaces();
    const { entropy } = this.request.model.file;
    let bits = 0;
    await this.quantise(places, rate, job, async (_, symbols) => {
      const { zBits, yBits } = tileBits(entropy, rate, symbols, symbols.prior);
      bits += zBits + yBits;
    });
    const header = formatHeader(this.header(rate), false).length;
    const fixed = header + carriedBytes(this.request.model) + TILE_BYTES * tiles.length;
    const share = areaOf(tiles) / areaOf(places.map((index) => tiles[index]));
    const judgement = { rate, bytes: fixed + (share * bits) / 8 };
    this.judgements.set(rate, judgement);
    return judgement;
  }

  /** Tiles by which the image is judged, evenly spread. */
  private judgedPlaces(): number[] {
    const { columns, rows } = this.layout;
    const most = Math.min(MOST_JUDGED, Math.max(JUDGED_TILES, this.count / JUDGED_SHARE));
    return spread({ height: rows, width: columns }, most).map(({ x, y }) => y * columns + x);
  }

  private header(rate: number): HificHeader {
    const { header, model } = this.request;
    const { digest, delta } = model;
    return { ...header, model: { digest, rate, frame: this.frame.bytes, ...(delta && { delta }) } };
  }

  /** Tiles one after the other. Throws as {@link fitToBudget}. */
  async quantise(
    indices: readonly number[],
    rate: number,
    job: JobContext,
    onTile: (index: number, tile: QuantisedTile) => Promise<void>,
  ): Promise<void> {
    const { model, bitShare } = this.request;
    const net = model.network();
    const { entropy } = model.file;
    const quantiser = quantiserAt(model.file, rate, bitShare);
    const { signal } = job;
    for (const [done, index] of indices.entries()) {
      job.onProgress?.(done / indices.length, 'hyperprior');
      await nextTurn();
      throwIfAborted(signal);
      const tile = this.layout.tiles[index];
      await this.analysis.cover({ signal }, tile);
      const { latents } = this.analysis;
      const { choice, fit } = this;
      await onTile(index, await quantiseTile(net, entropy, latents, tile, quantiser, choice, fit));
    }
  }
}

/** Bytes that a file takes to carry what it changes of its weights. */
function carriedBytes({ delta }: Model): number {
  return delta ? weightsSectionBytes(delta) : 0;
}

function areaOf(tiles: readonly Tile[]): number {
  return tiles.reduce((sum, { width, height }) => sum + width * height, 0);
}

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
import { type AnalysedImage, analyse, type PlannedImage } from './analysis';
import { align } from './frame';
import { FrameBasis } from './frameBasis';
import { type ChosenFrame, FrameChoice, NO_FRAME } from './frameChoice';
import { KernelGrams } from './kernelGrams';
import { type FitRequest, type QuantisedTile, quantiserAt, quantiseTile } from './latents';
import { highestRate } from './rate';
import { type RateTrial, searchRate } from './rateSearch';
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

/** All that a file holds, and its length without metadata. */
export interface FittedImage extends RateTrial, EncoderChoice {
  readonly header: HificHeader;
  readonly tiles: readonly QuantisedTile[];
}

/** A frame chosen for a rate that is further from the one found than this is chosen again. */
const FAR = 60;

/** Images of more tiles are judged by this many of them before all are coded. */
const JUDGED_TILES = 9;

/** Most trials of the search for the rate: with some of the tiles or few, and with many. */
const TRIALS = { cheap: 8, dear: 4 } as const;

/** Bytes of a small file beside frame and tiles. */
const HEADER_BYTES = 22;

/** Bytes of a tile beside its code: check, length in the tile index, end of the range coder. */
const TILE_BYTES = 6;

/**
 * Codes an image as well as the budget allows: spectral frame, latents, and the largest rate that
 * fits. The answer is over the budget where not even rate 0 fits. Throws `aborted`, and `device`
 * where the backend computes no numbers.
 */
export async function fitToBudget(request: BudgetRequest, job: JobContext): Promise<FittedImage> {
  const [first, ...others] = request.plainRounding ? [0] : bitShares(request.model.file.stage);
  const usual = others.length > 0 ? 0.85 : 1;
  const choice = await FrameChoice.of(request.model.file, request.image, share(job, 0, 0.1));
  let fitted = await fitWeighing({ ...request, bitShare: first }, choice, share(job, 0.1, usual));
  for (const bitShare of others) {
    if (fitted.bytes <= request.bytes) break;
    fitted = await fitWeighing({ ...request, bitShare }, choice, share(job, usual, 1));
  }
  return fitted;
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
  const { model, image } = request;
  const net = model.network(onGate);
  const analysed = await analyse(net, image, share(job, 0, 0.5), aligner(model, frame.frame));
  return new Trials({ ...request, bitShare }, frame, analysed).whole(rate, share(job, 0.5, 1));
}

/** {@link fitToBudget} with bits weighing a share of their worth. */
async function fitWeighing(
  request: WeighingRequest,
  choice: FrameChoice,
  job: JobContext,
): Promise<FittedImage> {
  const { image, bytes, model } = request;
  const symbolBytes = Math.max(0, bytes - HEADER_BYTES - carriedBytes(model));
  const guess = choice.guessRate((8 * symbolBytes) / (image.cube.width * image.cube.height));
  const frame = choice.at(guess);
  let fitted = await fitIn(request, frame, guess, share(job, 0, 0.65));
  if (Math.abs(fitted.rate - guess) > FAR) {
    const better = choice.at(fitted.rate);
    if (!sameNumbers(better.bytes, frame.bytes)) {
      fitted = await fitIn(request, better, fitted.rate, share(job, 0.65, 0.85));
    }
  }
  if (fitted.bytes <= bytes || fitted.header.model.frame.length === 0) return fitted;
  // Where not even the lowest rate fits, the frame's own bytes may be too many.
  const plain = await fitIn(request, NO_FRAME, fitted.rate, share(job, 0.85, 1));
  return plain.bytes < fitted.bytes ? plain : fitted;
}

/** Codes the image in a frame at the largest rate that fits, looked for from `start` on. */
async function fitIn(
  request: WeighingRequest,
  chosen: ChosenFrame,
  start: number,
  job: JobContext,
): Promise<FittedImage> {
  const { model, image, bytes } = request;
  const analysed = await analyse(
    model.network(),
    image,
    share(job, 0, 0.5),
    aligner(model, chosen.frame),
  );
  const trials = new Trials(request, chosen, analysed);
  const highest = highestRate(model.file.spec.targetRates.length);
  if (!trials.many) {
    const budget = { bytes, highest, trials: TRIALS.cheap };
    const part = parts(share(job, 0.5, 1), TRIALS.cheap);
    return searchRate((rate, n) => trials.whole(rate, part(n)), budget, start);
  }
  const judge = parts(share(job, 0.5, 0.65), TRIALS.cheap);
  const judged = await searchRate(
    (rate, n) => trials.judged(rate, judge(n)),
    { bytes, highest, trials: TRIALS.cheap },
    start,
  );
  const whole = parts(share(job, 0.65, 1), TRIALS.dear);
  return searchRate(
    (rate, n) => trials.whole(rate, whole(n)),
    { bytes, highest, trials: TRIALS.dear },
    judged.rate,
  );
}

function aligner({ file }: Model, frame: ChosenFrame['frame']) {
  if (!file.frame || !frame) return undefined;
  const basis = new FrameBasis(file.frame, file.spec.input);
  return (samples: Float32Array) => align(basis, frame, samples);
}

/** The progress of one of several trials; those beyond the number expected report the end. */
function parts(job: JobContext, count: number): (trial: number) => JobContext {
  const at = (trial: number) => Math.min(1, trial / count);
  return (trial) => share(job, at(trial), at(trial + 1));
}

/** Codes the latents of an image at one rate or another. */
class Trials {
  private readonly layout: ReturnType<typeof tileLayout>;
  private readonly choice: SymbolChoice;
  private readonly fit: FitRequest | undefined;

  constructor(
    private readonly request: CodingRequest,
    private readonly frame: ChosenFrame,
    private readonly analysed: AnalysedImage,
  ) {
    const { header, model, plainRounding } = request;
    this.layout = tileLayout(header.width, header.height);
    this.choice = new SymbolChoice(model.file.entropy.yTables);
    const grams = KernelGrams.of(model.file);
    const { targets } = analysed;
    if (grams && targets && !plainRounding) {
      const { width, height } = header;
      this.fit = { grams, width, height, targets };
    }
  }

  get many(): boolean {
    return this.layout.tiles.length > JUDGED_TILES;
  }

  /** The whole image. */
  async whole(rate: number, job: JobContext): Promise<FittedImage> {
    const tiles = await this.quantise(this.layout.tiles, rate, job);
    const header = this.header(rate);
    const { file } = writeLatentFile(this.request.model.file.entropy, header, tiles);
    const { bitShare } = this.request;
    return { rate, frame: this.frame, bitShare, bytes: file.length, header, tiles };
  }

  /** The file's length, estimated from some of its tiles. */
  async judged(rate: number, job: JobContext): Promise<RateTrial> {
    const { columns, rows, tiles } = this.layout;
    const places = spread({ height: rows, width: columns }, JUDGED_TILES);
    const some = places.map(({ x, y }) => tiles[y * columns + x]);
    const { entropy } = this.request.model.file;
    let bits = 0;
    for (const symbols of await this.quantise(some, rate, job)) {
      const { zBits, yBits } = tileBits(entropy, rate, symbols, symbols.prior);
      bits += zBits + yBits;
    }
    const header = formatHeader(this.header(rate), false).length;
    const fixed = header + carriedBytes(this.request.model) + TILE_BYTES * tiles.length;
    return { rate, bytes: fixed + ((areaOf(tiles) / areaOf(some)) * bits) / 8 };
  }

  private header(rate: number): HificHeader {
    const { header, model } = this.request;
    const { digest, delta } = model;
    return { ...header, model: { digest, rate, frame: this.frame.bytes, ...(delta && { delta }) } };
  }

  private async quantise(
    tiles: readonly Tile[],
    rate: number,
    job: JobContext,
  ): Promise<QuantisedTile[]> {
    const { model, bitShare } = this.request;
    const net = model.network();
    const quantiser = quantiserAt(model.file, rate, bitShare);
    const done: QuantisedTile[] = [];
    for (const tile of tiles) {
      job.onProgress?.(done.length / tiles.length, 'hyperprior');
      await nextTurn();
      throwIfAborted(job.signal);
      const { latents } = this.analysed;
      const { entropy } = model.file;
      done.push(await quantiseTile(net, entropy, latents, tile, quantiser, this.choice, this.fit));
    }
    return done;
  }
}

/** Bytes that a file takes to carry what it changes of its weights. */
function carriedBytes({ delta }: Model): number {
  return delta ? weightsSectionBytes(delta) : 0;
}

function areaOf(tiles: readonly Tile[]): number {
  return tiles.reduce((sum, { width, height }) => sum + width * height, 0);
}

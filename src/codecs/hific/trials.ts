import { weightsSectionBytes } from '../../core/bitstream/container';
import { formatHeader, type HificHeader } from '../../core/bitstream/header';
import { writeLatentFile } from '../../core/bitstream/latentFile';
import { type Tile, tileLayout } from '../../core/bitstream/tiles';
import { tileBits } from '../../core/entropy/latentCoder';
import { throwIfAborted } from '../../core/errors';
import type { Model } from '../../nn/models';
import type { GateHook, Weights } from '../../nn/network';
import { share } from '../progress';
import { nextTurn } from '../turn';
import type { JobContext } from '../types';
import { Analysis, type PlannedImage } from './analysis';
import { intoFrame, outOfFrame } from './frame';
import { FrameBasis } from './frameBasis';
import type { ChosenFrame } from './frameChoice';
import { KernelGrams } from './kernelGrams';
import {
  type FitRequest,
  type QuantisedTile,
  type Quantiser,
  quantiserAt,
  quantiseTile,
} from './latents';
import { PerceptualFit } from './perceptualFit';
import type { RateTrial } from './rateSearch';
import { SymbolChoice } from './symbolChoice';
import { spread } from './windows';

/** An image to be coded in at most `bytes` bytes, its file's metadata apart. */
export interface BudgetRequest {
  readonly model: Model;
  readonly image: PlannedImage;
  readonly header: Omit<HificHeader, 'model'>;
  readonly bytes: number;
  readonly plainRounding?: boolean;
  /** TripletNet's parameters, where latents are to be moved by what it sees. */
  readonly critic?: Weights;
}

/** A request by which bits weigh that share of their worth. */
export interface WeighingRequest extends BudgetRequest {
  readonly bitShare: number;
}

export type CodingRequest = Omit<WeighingRequest, 'bytes'>;

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

/** Images of more tiles are judged by some of them before all are coded: by at least this many. */
const JUDGED_TILES = 9;

/** One in so many tiles is looked at to judge a large image, up to a number. */
const JUDGED_SHARE = 16;
const MOST_JUDGED = 64;

/** Bytes of a tile beside its code: check, length in the tile index, end of the range coder. */
const TILE_BYTES = 6;

/** Into an image's frame and out of it again; undefined where it has none. */
function mapsOf({ file }: Model, { frame }: ChosenFrame) {
  if (!file.frame || !frame) return undefined;
  const basis = new FrameBasis(file.frame, file.spec);
  return { into: intoFrame(basis, frame), out: outOfFrame(basis, frame) };
}

/** Codes the latents of an image at one rate or another, in one spectral frame. */
export class Trials {
  private readonly layout: ReturnType<typeof tileLayout>;
  private readonly choice: SymbolChoice;
  private readonly analysis: Analysis;
  private readonly fit: FitRequest | undefined;
  private readonly perceptual: PerceptualFit | undefined;
  /** What is added to the latents of tiles, by their index. */
  private readonly shifts = new Map<number, Float32Array>();
  private readonly judgements = new Map<number, RateTrial>();

  constructor(
    private readonly request: CodingRequest,
    readonly frame: ChosenFrame,
    onGate?: GateHook,
  ) {
    const { header, image, model, plainRounding } = request;
    this.layout = tileLayout(header.width, header.height);
    this.choice = new SymbolChoice(model.file.entropy.yTables);
    const maps = mapsOf(model, frame);
    this.analysis = new Analysis(model.network(onGate), image, maps?.into);
    const grams = KernelGrams.of(model.file);
    const { targets } = this.analysis;
    if (grams && targets && !plainRounding) {
      const { width, height } = header;
      this.fit = { grams, width, height, targets };
    }
    if (request.critic) {
      const net = model.network();
      this.perceptual = new PerceptualFit(net, request.critic, image, this.analysis.latents, maps);
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

  /** Moves the latents of every tile as is perceptually best at a rate; all codings that follow have it so. */
  async moveLatents(rate: number, job: JobContext): Promise<void> {
    const { perceptual, request, layout } = this;
    if (!perceptual) return;
    const quantiser = quantiserAt(request.model.file, rate, request.bitShare);
    const { tiles } = layout;
    for (const [index, tile] of tiles.entries()) {
      const part = share(job, index / tiles.length, (index + 1) / tiles.length);
      // The margin that the fit sees around the tile, too.
      await this.analysis.cover({ signal: job.signal }, perceptual.seenAround(tile));
      const code = (shift: Float32Array) => this.coded(tile, quantiser, shift);
      this.shifts.set(index, await perceptual.shiftOf(tile, quantiser, code, part));
    }
    this.judgements.clear();
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
    const quantiser = quantiserAt(model.file, rate, bitShare);
    const { signal } = job;
    for (const [done, index] of indices.entries()) {
      job.onProgress?.(done / indices.length, 'hyperprior');
      await nextTurn();
      throwIfAborted(signal);
      const tile = this.layout.tiles[index];
      await this.analysis.cover({ signal }, tile);
      await onTile(index, await this.coded(tile, quantiser, this.shifts.get(index)));
    }
  }

  private coded(tile: Tile, quantiser: Quantiser, shift?: Float32Array): Promise<QuantisedTile> {
    const { analysis, choice, fit } = this;
    const { model } = this.request;
    const { entropy } = model.file;
    return quantiseTile(
      model.network(),
      entropy,
      analysis.latents,
      tile,
      quantiser,
      choice,
      fit,
      shift,
    );
  }
}

/** Bytes that a file takes to carry what it changes of its weights. */
export function carriedBytes({ delta }: Model): number {
  return delta ? weightsSectionBytes(delta) : 0;
}

function areaOf(tiles: readonly Tile[]): number {
  return tiles.reduce((sum, { width, height }) => sum + width * height, 0);
}

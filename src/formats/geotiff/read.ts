import type { PixelWindow, SampleArray } from '../../core/cube/types';
import { throwIfAborted } from '../../core/errors';
import { newSamples, sampleTypeOf, storedBytes } from '../samples';
import type { ByteSource } from '../types';
import { type BlockDecoder, blockDecoder } from './decode';
import { blockRows, type TiffImage } from './image';

/** Where each band of a cube lies: band `sample` of `image`. */
export interface Plane {
  readonly image: TiffImage;
  readonly sample: number;
}

/** Blocks that lie next to each other in the file are read together, up to these lengths. */
const MAX_GAP_BYTES = 64 * 1024;
const MAX_READ_BYTES = 8 * 1024 * 1024;
/** Decoded blocks kept, so that neighbouring windows do not decode the same strips again. */
const CACHE_BYTES = 64 * 1024 * 1024;

/** A part of a block that a window needs, and which of its samples go to which output band. */
interface Piece {
  readonly image: TiffImage;
  readonly index: number;
  /** Pixel of the image at which the piece starts. */
  readonly x: number;
  readonly y: number;
  readonly rows: number;
  readonly offset: number;
  readonly length: number;
  readonly picks: readonly Pick[];
}

interface Pick {
  readonly sample: number;
  readonly out: number;
}

/** Reads windows of a cube from the blocks that hold it. */
export class BlockReader {
  private readonly cache = new Map<string, SampleArray>();
  private readonly images = new Map<TiffImage, { number: number; decode: BlockDecoder }>();
  private cachedBytes = 0;

  constructor(
    private readonly file: ByteSource,
    private readonly planes: readonly Plane[],
    /** Value of blocks that the file leaves out. */
    private readonly fill: number,
  ) {
    for (const { image } of planes) {
      if (this.images.has(image)) continue;
      this.images.set(image, { number: this.images.size, decode: blockDecoder(image) });
    }
  }

  /** Samples of a window, band-interleaved by pixel; `bands` in the order wanted. */
  async read(
    window: PixelWindow,
    bands: readonly number[],
    signal?: AbortSignal,
  ): Promise<SampleArray> {
    const { type } = this.planes[0].image;
    const out = newSamples(sampleTypeOf(type), window.width * window.height * bands.length);
    const pieces = [...this.plan(window, bands)].sort((a, b) => a.offset - b.offset);
    for (const group of groups(pieces)) {
      throwIfAborted(signal);
      const wanted = group.filter((piece) => piece.length > 0 && !this.cache.has(this.key(piece)));
      const start = wanted[0]?.offset ?? 0;
      const last = wanted[wanted.length - 1];
      const bytes = last && (await this.file.read(start, last.offset + last.length - start));
      for (const piece of group) {
        const samples = await this.samplesOf(piece, start, bytes);
        copyPiece(piece, samples, window, out, bands.length);
      }
    }
    return out;
  }

  /** Drops the decoded blocks. */
  forget(): void {
    this.cache.clear();
    this.cachedBytes = 0;
  }

  private *plan(window: PixelWindow, bands: readonly number[]): Generator<Piece> {
    const byImage = new Map<TiffImage, Pick[]>();
    bands.forEach((band, out) => {
      const { image, sample } = this.planes[band];
      const picks = byImage.get(image) ?? [];
      picks.push({ sample, out });
      byImage.set(image, picks);
    });
    for (const [image, picks] of byImage) {
      if (!image.planar) yield* pieces(image, window, picks, 0);
      else
        for (const pick of picks)
          yield* pieces(image, window, [{ ...pick, sample: 0 }], pick.sample);
    }
  }

  private async samplesOf(
    piece: Piece,
    start: number,
    bytes: Uint8Array<ArrayBuffer> | undefined,
  ): Promise<SampleArray> {
    const { image, rows } = piece;
    const key = this.key(piece);
    const cached = this.cache.get(key);
    if (cached) return cached;
    if (!bytes || piece.length === 0) return this.emptyBlock(image, rows);
    const at = piece.offset - start;
    const own = bytes.subarray(at, at + piece.length);
    const samples = await this.images.get(image)!.decode(own, rows);
    if (image.compression !== 'none') this.keep(key, samples);
    return samples;
  }

  private emptyBlock(image: TiffImage, rows: number): SampleArray {
    const length = image.blockWidth * rows * (image.planar ? 1 : image.samples);
    return newSamples(sampleTypeOf(image.type), length).fill(this.fill);
  }

  private key(piece: Piece): string {
    return `${this.images.get(piece.image)!.number}/${piece.index}`;
  }

  private keep(key: string, samples: SampleArray): void {
    if (samples.byteLength > CACHE_BYTES) return;
    this.cache.set(key, samples);
    this.cachedBytes += samples.byteLength;
    for (const [oldest, old] of this.cache) {
      if (this.cachedBytes <= CACHE_BYTES) break;
      this.cache.delete(oldest);
      this.cachedBytes -= old.byteLength;
    }
  }
}

/** The blocks that a window meets; of uncompressed ones, only the rows it meets. */
function* pieces(
  image: TiffImage,
  window: PixelWindow,
  picks: readonly Pick[],
  plane: number,
): Generator<Piece> {
  const { blockWidth, blockHeight, across, down } = image;
  const [bx0, bx1] = [window.x, window.x + window.width - 1].map((x) => Math.floor(x / blockWidth));
  const [by0, by1] = [window.y, window.y + window.height - 1].map((y) =>
    Math.floor(y / blockHeight),
  );
  for (let by = by0; by <= by1; by++) {
    for (let bx = bx0; bx <= bx1; bx++) {
      const index = (plane * down + by) * across + bx;
      const whole: Piece = {
        image,
        index,
        x: bx * blockWidth,
        y: by * blockHeight,
        rows: blockRows(image, by),
        offset: image.offsets[index],
        length: image.lengths[index],
        picks,
      };
      yield image.compression === 'none' && image.predictor === 1 ? cropRows(whole, window) : whole;
    }
  }
}

function cropRows(piece: Piece, window: PixelWindow): Piece {
  const { image } = piece;
  const rowBytes = image.blockWidth * (image.planar ? 1 : image.samples) * storedBytes(image.type);
  const y = Math.max(piece.y, window.y);
  const rows = Math.min(piece.y + piece.rows, window.y + window.height) - y;
  return {
    ...piece,
    y,
    rows,
    offset: piece.offset + (y - piece.y) * rowBytes,
    length: piece.length === 0 ? 0 : rows * rowBytes,
  };
}

/** Joins pieces, sorted by offset, whose gaps in the file are small. */
function* groups(sorted: readonly Piece[]): Generator<Piece[]> {
  let group: Piece[] = [];
  let [start, end] = [0, 0];
  for (const piece of sorted) {
    const pieceEnd = piece.offset + piece.length;
    const near = piece.offset - end <= MAX_GAP_BYTES && pieceEnd - start <= MAX_READ_BYTES;
    if (group.length > 0 && !near) {
      yield group;
      group = [];
    }
    if (group.length === 0) [start, end] = [piece.offset, pieceEnd];
    group.push(piece);
    end = Math.max(end, pieceEnd);
  }
  if (group.length > 0) yield group;
}

function copyPiece(
  piece: Piece,
  samples: SampleArray,
  window: PixelWindow,
  out: SampleArray,
  outBands: number,
): void {
  const { image, picks } = piece;
  const perPixel = image.planar ? 1 : image.samples;
  const x0 = Math.max(piece.x, window.x);
  const x1 = Math.min(piece.x + image.blockWidth, image.width, window.x + window.width);
  const y0 = Math.max(piece.y, window.y);
  const y1 = Math.min(piece.y + piece.rows, image.height, window.y + window.height);
  const dense =
    picks.length === perPixel &&
    outBands === perPixel &&
    picks.every(({ sample, out: band }) => sample === band);
  for (let y = y0; y < y1; y++) {
    const from = ((y - piece.y) * image.blockWidth + (x0 - piece.x)) * perPixel;
    const to = ((y - window.y) * window.width + (x0 - window.x)) * outBands;
    if (dense) {
      out.set(samples.subarray(from, from + (x1 - x0) * perPixel) as never, to);
      continue;
    }
    for (const { sample, out: band } of picks) {
      let source = from + sample;
      let target = to + band;
      for (let x = x0; x < x1; x++, source += perPixel, target += outBands) {
        out[target] = samples[source];
      }
    }
  }
}

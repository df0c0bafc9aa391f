import type { CubeInfo, CubeSource, PixelWindow, SampleArray } from '../core/cube/types';
import { emptyLike } from '../core/cube/window';
import { throwIfAborted } from '../core/errors';
import { SAMPLE_BYTES } from '../core/metrics/rate';

const MEGABYTE = 2 ** 20;
/** Largest overview kept in memory. */
const HELD_BYTES = 96 * MEGABYTE;
/** What is read of a file for its overview, unless that would leave too coarse a picture. */
const READ_BYTES = 256 * MEGABYTE;
const COARSEST_SIDE = 384;
/** Rows are read in blocks of about this many bytes. */
const BLOCK_BYTES = 16 * MEGABYTE;
/** Rows so far apart in a planar file are not read through: that would cost more than a read each. */
const MOST_READ_THROUGH = 64 * 1024;

/** The smallest stride whose overview fits in memory and is read in a second or two. */
export function overviewStride(
  info: Pick<CubeInfo, 'width' | 'height' | 'bands' | 'sampleType'>,
): number {
  const { width, height, bands } = info;
  const total = width * height * bands * SAMPLE_BYTES[info.sampleType];
  const toHold = Math.ceil(Math.sqrt(total / HELD_BYTES));
  const toRead = Math.min(
    Math.ceil(total / READ_BYTES),
    Math.ceil(Math.max(width, height) / COARSEST_SIDE),
  );
  return Math.max(1, toHold, toRead);
}

/** Every `stride`-th pixel of the rows given (rows themselves are not thinned). */
function thinColumns(rows: SampleArray, width: number, bands: number, stride: number): SampleArray {
  if (stride === 1) return rows;
  const kept = Math.ceil(width / stride);
  const count = rows.length / (width * bands);
  const target = emptyLike(rows, count * kept * bands);
  for (let row = 0; row < count; row++) {
    for (let i = 0; i < kept; i++) {
      const from = (row * width + i * stride) * bands;
      target.set(rows.subarray(from, from + bands) as never, (row * kept + i) * bands);
    }
  }
  return target;
}

/** How far a longer read is, and whether it is still wanted. */
export interface Reading {
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number) => void;
}

/** A thinned window of some bands. */
export interface ThinWindow {
  readonly width: number;
  readonly height: number;
  readonly stride: number;
  readonly samples: SampleArray;
}

/** Rows of a thinned cube that are asked for at once, where they are small. */
const ROWS_AT_ONCE = 16;

/** Rows that are timed to tell how the bands lie. */
const PROBES = 4;
/**
 * Reading all bands may take this many times as long as reading a few and is still chosen: the
 * sliders then never wait for the file again.
 */
const WORTH_ALL = 4;

/**
 * Every `stride`-th column and row of a cube, one plane a band, read when first asked for: all
 * bands at once where they lie side by side in the file, band by band where they lie apart.
 */
export class Overview {
  readonly stride: number;
  readonly width: number;
  readonly height: number;
  private readonly planes = new Map<number, SampleArray>();
  private queue: Promise<unknown> = Promise.resolve();
  private readonly readsAll: boolean;
  private together: boolean | undefined;

  /**
   * `now`: a clock in milliseconds, by which reads are timed. `stride` is given for a window that
   * is looked at closely.
   */
  constructor(
    private readonly source: CubeSource,
    private readonly now: () => number = () => performance.now(),
    stride?: number,
  ) {
    this.stride = stride ?? overviewStride(source.info);
    // A whole cube is read in one go, but for planar files, where a band more costs next to nothing;
    // of a window, these would be read far beyond it.
    const planar = source.bandsTogether === false;
    this.readsAll = this.stride === 1 && stride === undefined && !planar;
    // Of a part that is too large to be held with all its bands, only those looked at are read.
    if (source.inMemory || (stride && stride < overviewStride(source.info))) this.together = false;
    this.width = Math.ceil(source.info.width / this.stride);
    this.height = Math.ceil(source.info.height / this.stride);
  }

  /** The picked bands of the whole cube. Read errors pass through and can be tried again. */
  async bands(picked: readonly number[]): Promise<ThinWindow> {
    const { width, height, stride } = this;
    const planes = await this.load(picked);
    const samples = emptyLike(planes[0], width * height * planes.length);
    planes.forEach((plane, channel) => {
      for (let pixel = 0; pixel < plane.length; pixel++)
        samples[pixel * planes.length + channel] = plane[pixel];
    });
    return { width, height, stride, samples };
  }

  /**
   * One plane a picked band, row by row. The same array comes back as long as it is held, so that
   * what was found out about it can be kept beside it. Throws `aborted` and read errors.
   */
  async load(picked: readonly number[], reading: Reading = {}): Promise<readonly SampleArray[]> {
    const loaded = this.queue.then(async () => {
      await this.fill(picked, reading);
      const planes = picked.map((band) => this.plane(band));
      this.forgetOldest(picked);
      return planes;
    });
    this.queue = loaded.catch(() => {});
    return loaded;
  }

  heldBytes(): number {
    return [...this.planes.values()].reduce((sum, { byteLength }) => sum + byteLength, 0);
  }

  private plane(band: number): SampleArray {
    const plane = this.planes.get(band);
    if (!plane) throw new RangeError(`Band ${band} was not read.`);
    return plane;
  }

  /** Keeps what is held within bounds; a map gives its members back in the order of coming. */
  private forgetOldest(needed: readonly number[]): void {
    let held = this.heldBytes();
    for (const [band, plane] of this.planes) {
      if (held <= HELD_BYTES) return;
      if (needed.includes(band)) continue;
      this.planes.delete(band);
      held -= plane.byteLength;
    }
  }

  private async fill(picked: readonly number[], reading: Reading): Promise<void> {
    const missing = [...new Set(picked)].filter((band) => !this.planes.has(band));
    if (missing.length === 0) return;
    this.together ??=
      this.readsAll || (this.source.bandsTogether ?? (await this.bandsLieTogether(missing)));
    const all = Array.from({ length: this.source.info.bands }, (_, band) => band);
    await this.read(
      this.together ? all.filter((band) => !this.planes.has(band)) : missing,
      reading,
    );
  }

  /** Times a few rows with some and with all bands; the sources hide how they are laid out. */
  private async bandsLieTogether(some: readonly number[]): Promise<boolean> {
    const { width, height } = this.source.info;
    const fastest = async (bands?: readonly number[]) => {
      let least = Number.POSITIVE_INFINITY;
      for (let probe = 0; probe < PROBES; probe++) {
        const y = Math.floor((probe * height) / PROBES);
        const start = this.now();
        await this.source.readWindow({ x: 0, y, width, height: 1 }, { bands });
        least = Math.min(least, this.now() - start);
      }
      return least;
    };
    const withSome = await fastest(some);
    return (await fastest()) < WORTH_ALL * withSome;
  }

  /**
   * Rows that are read together. Those between the rows of a thinned cube are left alone, unless it
   * is planar and reading through them is quicker.
   */
  private blockRows(bands: number): number {
    const { info, bandsTogether } = this.source;
    const rowBytes = info.width * SAMPLE_BYTES[info.sampleType];
    const rows = Math.max(1, Math.floor(BLOCK_BYTES / (rowBytes * bands)));
    if (this.stride === 1) return rows;
    const through = bandsTogether === false && (this.stride - 1) * rowBytes <= MOST_READ_THROUGH;
    return through ? Math.max(1, rows - (rows % this.stride)) : 1;
  }

  /** Each waits for the file, so several go out together, within the bytes of a block. */
  private readsAtOnce(bands: number): number {
    const { width, sampleType } = this.source.info;
    const bytes = width * bands * SAMPLE_BYTES[sampleType];
    return Math.max(1, Math.min(ROWS_AT_ONCE, Math.floor(BLOCK_BYTES / bytes)));
  }

  private async read(bands: readonly number[], { signal, onProgress }: Reading): Promise<void> {
    const { info } = this.source;
    const block = this.blockRows(bands.length);
    const step = Math.max(block, this.stride);
    const windows = Array.from({ length: Math.ceil(info.height / step) }, (_, i) => {
      const y = i * step;
      return { x: 0, y, width: info.width, height: Math.min(block, info.height - y) };
    });
    const planes: SampleArray[] = [];
    const atOnce = block > 1 ? 1 : this.readsAtOnce(bands.length);
    for (let first = 0; first < windows.length; first += atOnce) {
      throwIfAborted(signal);
      const group = windows.slice(first, first + atOnce);
      const read = await Promise.all(
        group.map((window) => this.source.readWindow(window, { bands, signal })),
      );
      onProgress?.(Math.min(1, (first + atOnce) / windows.length));
      if (planes.length === 0)
        planes.push(...bands.map(() => emptyLike(read[0], this.width * this.height)));
      read.forEach((rows, i) => {
        this.scatter(rows, group[i], planes);
      });
    }
    bands.forEach((band, i) => {
      this.planes.set(band, planes[i]);
    });
  }

  /** Every `stride`-th pixel of a block of rows into the planes. */
  private scatter(rows: SampleArray, { y, width, height }: PixelWindow, planes: SampleArray[]) {
    const { stride } = this;
    for (let row = 0; row < height; row += stride) {
      let to = ((y + row) / stride) * this.width;
      for (let x = 0; x < width; x += stride, to++) {
        const from = (row * width + x) * planes.length;
        for (let band = 0; band < planes.length; band++) planes[band][to] = rows[from + band];
      }
    }
  }
}

/** The stride at which the longest side of a window is at most `maxSide`. */
export function strideFor({ width, height }: PixelWindow, maxSide: number): number {
  return Math.max(1, Math.ceil(Math.max(width, height) / maxSide));
}

/** The picked bands of a window at full resolution, thinned if its longest side is over `maxSide`. */
export function windowBands(
  source: CubeSource,
  window: PixelWindow,
  picked: readonly number[],
  maxSide: number,
): Promise<ThinWindow> {
  return thinBands(source, window, picked, strideFor(window, maxSide));
}

/** Every `stride`-th column and row of a window. */
export async function thinBands(
  source: CubeSource,
  window: PixelWindow,
  picked: readonly number[],
  stride: number,
): Promise<ThinWindow> {
  const samples = await source.readWindow(window, { bands: picked });
  const columns = thinColumns(samples, window.width, picked.length, stride);
  const width = Math.ceil(window.width / stride);
  const height = Math.ceil(window.height / stride);
  if (stride === 1) return { width, height, stride, samples };
  const row = width * picked.length;
  const target = emptyLike(samples, height * row);
  for (let y = 0; y < height; y++) {
    const from = y * stride * row;
    target.set(columns.subarray(from, from + row) as never, y * row);
  }
  return { width, height, stride, samples: target };
}

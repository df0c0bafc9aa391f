import type { CubeInfo, CubeSource, PixelWindow, SampleArray } from '../core/cube/types';
import { emptyLike, selectBands } from '../core/cube/window';
import { bytesPerSample } from '../core/metrics/rate';

const MEGABYTE = 2 ** 20;
/** Largest overview kept in memory. */
const HELD_BYTES = 96 * MEGABYTE;
/** What is read of a file for its overview, unless that would leave too coarse a picture. */
const READ_BYTES = 256 * MEGABYTE;
const COARSEST_SIDE = 384;
/** Rows are read in blocks of about this many bytes where every row is wanted. */
const BLOCK_BYTES = 16 * MEGABYTE;

/**
 * All bands of every `stride`-th column and row, band-interleaved by pixel. Band sliders move
 * over it without touching the file again; with stride 1 it is the whole cube.
 */
export interface Overview {
  readonly stride: number;
  readonly width: number;
  readonly height: number;
  readonly bands: number;
  readonly samples: SampleArray;
}

/** The smallest stride whose overview fits in memory and is read in a second or two. */
export function overviewStride(
  info: Pick<CubeInfo, 'width' | 'height' | 'bands' | 'sampleType'>,
): number {
  const { width, height, bands } = info;
  const total = width * height * bands * bytesPerSample(info.sampleType);
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

/** Reads the overview row block by row block; `aborted` and read errors pass through. */
export async function readOverview(source: CubeSource, signal?: AbortSignal): Promise<Overview> {
  const { info } = source;
  const stride = overviewStride(info);
  const width = Math.ceil(info.width / stride);
  const height = Math.ceil(info.height / stride);
  const rowBytes = info.width * info.bands * bytesPerSample(info.sampleType);
  const block = stride === 1 ? Math.max(1, Math.floor(BLOCK_BYTES / rowBytes)) : 1;
  let samples: SampleArray | undefined;
  let filled = 0;
  for (let y = 0; y < info.height; y += block * stride) {
    const rows = Math.min(block, info.height - y);
    const window = { x: 0, y, width: info.width, height: rows };
    const thinned = thinColumns(
      await source.readWindow(window, { signal }),
      info.width,
      info.bands,
      stride,
    );
    samples ??= emptyLike(thinned, width * height * info.bands);
    samples.set(thinned as never, filled);
    filled += thinned.length;
  }
  if (!samples) throw new RangeError('The cube has no rows.');
  return { stride, width, height, bands: info.bands, samples };
}

/** A thinned window of some bands. */
export interface ThinWindow {
  readonly width: number;
  readonly height: number;
  readonly stride: number;
  readonly samples: SampleArray;
}

/** The picked bands of the whole overview. */
export function overviewBands(overview: Overview, picked: readonly number[]): ThinWindow {
  const { width, height, stride, bands, samples } = overview;
  return { width, height, stride, samples: selectBands(samples, bands, picked) };
}

/** The picked bands of a window at full resolution, thinned if its longest side is over `maxSide`. */
export async function windowBands(
  source: CubeSource,
  window: PixelWindow,
  picked: readonly number[],
  maxSide: number,
): Promise<ThinWindow> {
  const stride = Math.max(1, Math.ceil(Math.max(window.width, window.height) / maxSide));
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

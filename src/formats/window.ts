import type { CubeInfo, CubeSource, PixelWindow, SampleArray } from '../core/cube/types';
import { assertWindow } from '../core/cube/window';
import { HscError, throwIfAborted } from '../core/errors';
import { requireBytes } from './bytes';
import { decodeSamples, newSamples, type StoredType, sampleTypeOf, storedBytes } from './samples';
import type { ByteSource } from './types';

/** Steps, in samples, from one column, row or band to the next. */
export interface Strides {
  readonly x: number;
  readonly y: number;
  readonly b: number;
}

export interface CubeShape {
  readonly width: number;
  readonly height: number;
  readonly bands: number;
}

export type Interleave = 'bsq' | 'bil' | 'bip';

/** An uncompressed cube in a file: sample (x, y, b) is number `x·strides.x + y·strides.y + b·strides.b`. */
export interface StridedLayout {
  readonly type: StoredType;
  readonly littleEndian: boolean;
  /** Where sample (0, 0, 0) starts, in bytes. */
  readonly offset: number;
  readonly strides: Strides;
}

/** Reading through a gap this long costs about as much as a read of its own. */
const MAX_GAP_BYTES = 64 * 1024;
/** Longest single read, unless one line of the window is longer. */
const MAX_READ_BYTES = 4 * 1024 * 1024;
/** Reads under way at the same time, and the memory they may take together. */
const MAX_BATCH_READS = 64;
const MAX_BATCH_BYTES = 16 * 1024 * 1024;

export function interleaveStrides(interleave: Interleave, shape: CubeShape): Strides {
  const { width, height, bands } = shape;
  if (interleave === 'bsq') return { x: 1, y: width, b: width * height };
  if (interleave === 'bil') return { x: 1, y: width * bands, b: width };
  return { x: bands, y: width * bands, b: 1 };
}

/** The bands to read, checked: all of them by default. Throws `bad-argument`. */
export function resolveBands(bands: number, picked: readonly number[] | undefined): number[] {
  if (!picked) return Array.from({ length: bands }, (_, band) => band);
  const wrong = picked.find((band) => !Number.isInteger(band) || band < 0 || band >= bands);
  if (picked.length === 0 || wrong !== undefined) {
    throw new HscError(
      'bad-argument',
      wrong === undefined
        ? 'No band was picked.'
        : `There is no band ${wrong}; the cube has bands 0 to ${bands - 1}.`,
    );
  }
  return [...picked];
}

/**
 * A cube that stays in its file; only windows of it are read. The source stays the caller's to close.
 * Throws `truncated` at once if the file cannot hold the cube.
 */
export function stridedCube(source: ByteSource, layout: StridedLayout, info: CubeInfo): CubeSource {
  const size = storedBytes(layout.type);
  const { strides, offset } = layout;
  const last =
    (info.width - 1) * strides.x + (info.height - 1) * strides.y + (info.bands - 1) * strides.b;
  requireBytes(
    source,
    offset,
    (last + 1) * size,
    `a cube of ${info.height} rows × ${info.width} columns × ${info.bands} bands of ${layout.type}`,
  );
  return {
    info,
    bandsTogether: strides.b < info.width * info.height,
    async readWindow(window, options) {
      assertWindow(window, info.width, info.height);
      const bands = resolveBands(info.bands, options?.bands);
      return readStrided(source, layout, window, bands, options?.signal);
    },
    async close() {},
  };
}

/** A window of a strided array in memory, reordered to BIP. */
export function gather(
  samples: SampleArray,
  strides: Strides,
  window: PixelWindow,
  bands: readonly number[],
  into: SampleArray,
): void {
  const { lines, inner } = planLines(strides, window, bands);
  for (const line of lines) copyLine(samples, line.start, into, line.out, inner);
}

async function readStrided(
  source: ByteSource,
  layout: StridedLayout,
  window: PixelWindow,
  bands: readonly number[],
  signal: AbortSignal | undefined,
): Promise<SampleArray> {
  const size = storedBytes(layout.type);
  const out = newSamples(sampleTypeOf(layout.type), window.width * window.height * bands.length);
  const { lines, inner } = planLines(layout.strides, window, bands);
  for (const batch of batches(runs(lines, inner.span, size), size)) {
    throwIfAborted(signal);
    await Promise.all(
      batch.map(async (run) => {
        const bytes = await source.read(
          layout.offset + run.start * size,
          (run.end - run.start) * size,
        );
        const samples = decodeSamples(bytes, layout.type, layout.littleEndian);
        for (const line of run.lines) {
          copyLine(samples, line.start - run.start, out, line.out, inner);
        }
      }),
    );
  }
  return out;
}

/** One pass along the axis of the smallest stride: first sample in the file, first in the result. */
interface Line {
  readonly start: number;
  readonly out: number;
}

/** Where the samples of a line lie, from its first one on, in the file and in the result. */
interface LinePattern {
  readonly from: Int32Array;
  readonly to: Int32Array;
  /** Samples of the file from the first to the last one of a line. */
  readonly span: number;
  /** Both sides are dense, so that the line is one copy. */
  readonly dense: boolean;
}

/** One axis of the window in the order of the file: steps in the file and in the result. */
interface Axis {
  readonly stride: number;
  readonly from: readonly number[];
  readonly to: readonly number[];
}

function axis(stride: number, indices: readonly number[], outStride: number): Axis {
  const order = indices.map((index, position) => ({ index, position }));
  order.sort((a, b) => a.index - b.index);
  return {
    stride,
    from: order.map(({ index }) => index * stride),
    to: order.map(({ position }) => position * outStride),
  };
}

function range(start: number, length: number): number[] {
  return Array.from({ length }, (_, i) => start + i);
}

function planLines(
  strides: Strides,
  window: PixelWindow,
  bands: readonly number[],
): { lines: Iterable<Line>; inner: LinePattern } {
  const axes = [
    axis(strides.y, range(window.y, window.height), window.width * bands.length),
    axis(strides.x, range(window.x, window.width), bands.length),
    axis(strides.b, bands, 1),
  ];
  axes.sort((a, b) => b.stride - a.stride);
  const [outer, middle, inner] = axes;
  const [from0, to0] = [inner.from[0], inner.to[0]];
  const from = Int32Array.from(inner.from, (value) => value - from0);
  const to = Int32Array.from(inner.to, (value) => value - to0);
  const dense = from.every((value, i) => value === i) && to.every((value, i) => value === i);
  function* lines(): Generator<Line> {
    for (let o = 0; o < outer.from.length; o++) {
      for (let m = 0; m < middle.from.length; m++) {
        yield {
          start: outer.from[o] + middle.from[m] + from0,
          out: outer.to[o] + middle.to[m] + to0,
        };
      }
    }
  }
  return { lines: lines(), inner: { from, to, span: from[from.length - 1] + 1, dense } };
}

function copyLine(
  samples: SampleArray,
  start: number,
  out: SampleArray,
  outStart: number,
  { from, to, dense }: LinePattern,
): void {
  if (dense) {
    out.set(samples.subarray(start, start + from.length) as never, outStart);
    return;
  }
  for (let i = 0; i < from.length; i++) out[outStart + to[i]] = samples[start + from[i]];
}

/** Lines that are read together: samples `start` to `end` of the file. */
interface Run {
  readonly start: number;
  readonly end: number;
  readonly lines: readonly Line[];
}

/** Joins lines whose gaps are small, up to the longest read. */
function* runs(lines: Iterable<Line>, span: number, size: number): Generator<Run> {
  const maxGap = MAX_GAP_BYTES / size;
  const maxRead = MAX_READ_BYTES / size;
  let run: { start: number; end: number; lines: Line[] } | undefined;
  for (const line of lines) {
    const end = line.start + span;
    if (
      run &&
      line.start >= run.start &&
      line.start - run.end <= maxGap &&
      end - run.start <= maxRead
    ) {
      run.lines.push(line);
      run.end = Math.max(run.end, end);
    } else {
      if (run) yield run;
      run = { start: line.start, end, lines: [line] };
    }
  }
  if (run) yield run;
}

function* batches(all: Iterable<Run>, size: number): Generator<Run[]> {
  let batch: Run[] = [];
  let bytes = 0;
  for (const run of all) {
    const more = (run.end - run.start) * size;
    if (batch.length > 0 && (batch.length === MAX_BATCH_READS || bytes + more > MAX_BATCH_BYTES)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(run);
    bytes += more;
  }
  if (batch.length > 0) yield batch;
}

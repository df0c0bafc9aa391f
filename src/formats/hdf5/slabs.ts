import type { PixelWindow, SampleArray } from '../../core/cube/types';
import type { CubeAxes } from '../axes';
import type { Offer } from './offers';

/** A block of the dataset that is read at once, and where its samples go. */
export interface Slab {
  /** Of every dimension of the dataset. */
  readonly start: readonly number[];
  readonly count: readonly number[];
  /** Three nested passes over the slab's samples, from the largest step in the file to the least. */
  readonly passes: readonly Pass[];
  /** First sample in the result. */
  readonly out: number;
}

/** Steps in the slab and in the result: regular, or listed for picked bands. */
interface Pass {
  readonly from: readonly number[];
  readonly to: readonly number[];
}

/** A range of one axis of the window. */
interface Range {
  readonly start: number;
  readonly length: number;
}

/** The library's memory never shrinks, so that blocks stay below this. */
const MAX_SLAB_BYTES = 32 * 1024 * 1024;
/** Bands closer than this are read together. */
const MAX_BAND_GAP = 16;

/** What a window is made of: ranges of rows and columns, picked bands and their places. */
interface Request {
  readonly y: Range;
  readonly x: Range;
  /** Rising bands of the file; `places` are theirs in the result. */
  readonly bands: readonly number[];
  readonly places: readonly number[];
}

/**
 * The blocks that hold a window; `bands` are those of the file. Blocks end where chunks end, so
 * that no chunk is decompressed twice.
 */
export function planSlabs(
  offer: Offer,
  axes: CubeAxes,
  window: PixelWindow,
  bands: readonly number[],
  sampleBytes: number,
): Slab[] {
  const steps = { y: window.width * bands.length, x: bands.length };
  const layout = layoutOf(offer, axes);
  const limit = MAX_SLAB_BYTES / sampleBytes;
  return bandRuns(bands, layout.chunk.b).flatMap((run) => {
    const whole: Request = {
      y: { start: window.y, length: window.height },
      x: { start: window.x, length: window.width },
      ...run,
    };
    return split(whole, layout, limit).map((part) => {
      const out = (part.y.start - window.y) * steps.y + (part.x.start - window.x) * steps.x;
      return slabOf(offer, layout, part, steps, out);
    });
  });
}

/** Copies a slab's samples to their places in the result. */
export function scatter(samples: SampleArray, { passes, out }: Slab, into: SampleArray): void {
  const [outer, middle, inner] = passes;
  const length = inner.from.length;
  const dense = inner.from.every((step, i) => step === i && inner.to[i] === i);
  for (let i = 0; i < outer.from.length; i++) {
    for (let j = 0; j < middle.from.length; j++) {
      const from = outer.from[i] + middle.from[j];
      const to = out + outer.to[i] + middle.to[j];
      if (dense) into.set(samples.subarray(from, from + length) as never, to);
      else for (let k = 0; k < length; k++) into[to + inner.to[k]] = samples[from + inner.from[k]];
    }
  }
}

/** Which dimension of the dataset is which axis; of bands × pixels, x and y share one. */
interface Layout {
  readonly dimension: Readonly<Record<'y' | 'x' | 'b', number>>;
  readonly chunk: Readonly<Record<'y' | 'x' | 'b', number>>;
  /** Bands × pixels: the axis whose neighbours are this many pixels apart, the other's are one. */
  readonly lines?: { readonly axis: 'y' | 'x'; readonly pixels: number };
}

function layoutOf(offer: Offer, axes: CubeAxes): Layout {
  const shown = offer.order === 'row-major' ? offer.free : offer.free.toReversed();
  const chunkOf = (dimension: number) => offer.dataset.chunks?.[dimension] ?? 1;
  if (offer.dims.length === 3) {
    const at = (letter: string) => shown[axes.axes.indexOf(letter)];
    const dimension = { y: at('y'), x: at('x'), b: at('b') };
    const chunk = { y: chunkOf(at('y')), x: chunkOf(at('x')), b: chunkOf(at('b')) };
    return { dimension, chunk };
  }
  const bandsFirst = axes.axes.startsWith('b');
  const [b, pixel] = bandsFirst ? shown : shown.toReversed();
  const rowsFastest = axes.strides.y < axes.strides.x;
  return {
    dimension: { y: pixel, x: pixel, b },
    chunk: { y: 1, x: 1, b: chunkOf(b) },
    lines: rowsFastest
      ? { axis: 'x', pixels: axes.shape.height }
      : { axis: 'y', pixels: axes.shape.width },
  };
}

/** Picked bands in rising order, cut where many bands between are not wanted. */
function bandRuns(bands: readonly number[], chunk: number) {
  const sorted = bands.map((band, place) => ({ band, place })).sort((a, b) => a.band - b.band);
  const runs: { bands: number[]; places: number[] }[] = [];
  for (const { band, place } of sorted) {
    const run = runs[runs.length - 1];
    if (run && band - run.bands[run.bands.length - 1] <= Math.max(chunk, MAX_BAND_GAP)) {
      run.bands.push(band);
      run.places.push(place);
    } else runs.push({ bands: [band], places: [place] });
  }
  return runs;
}

/** Halves a request, at the edge of a chunk where there is one, until its slab is small enough. */
function split(request: Request, layout: Layout, limit: number): Request[] {
  if (slabLength(request, layout) <= limit) return [request];
  const { y, x, bands } = request;
  const lengths = { y: y.length, x: x.length, b: spanOf(bands) };
  // Lines of bands × pixels are cut between them only.
  const cuttable = (['y', 'x', 'b'] as const).filter(
    (axis) => lengths[axis] > 1 && (!layout.lines || axis === 'b' || axis === layout.lines.axis),
  );
  const [axis] = cuttable.sort(
    (a, b) => lengths[b] / layout.chunk[b] - lengths[a] / layout.chunk[a],
  );
  if (!axis) return [request];
  return halves(request, axis, layout.chunk[axis]).flatMap((half) => split(half, layout, limit));
}

function halves(request: Request, axis: 'y' | 'x' | 'b', chunk: number): Request[] {
  if (axis === 'b') {
    const { bands, places } = request;
    const at = cutAt({ start: bands[0], length: spanOf(bands) }, chunk);
    const index = bands.findIndex((band) => band >= at);
    return [
      { ...request, bands: bands.slice(0, index), places: places.slice(0, index) },
      { ...request, bands: bands.slice(index), places: places.slice(index) },
    ];
  }
  const { start, length } = request[axis];
  const at = cutAt(request[axis], chunk);
  return [
    { ...request, [axis]: { start, length: at - start } },
    { ...request, [axis]: { start: at, length: start + length - at } },
  ];
}

/** The edge of a chunk next to the middle, or else the middle. */
function cutAt({ start, length }: Range, chunk: number): number {
  const middle = start + Math.ceil(length / 2);
  const edge = Math.round(middle / chunk) * chunk;
  return edge > start && edge < start + length ? edge : middle;
}

function spanOf(bands: readonly number[]): number {
  return bands[bands.length - 1] - bands[0] + 1;
}

/** Pixels from the first to the last one of a request's lines. */
function pixelRange({ y, x }: Request, { axis, pixels }: NonNullable<Layout['lines']>): Range {
  const [slow, fast] = axis === 'y' ? [y, x] : [x, y];
  return {
    start: slow.start * pixels + fast.start,
    length: (slow.length - 1) * pixels + fast.length,
  };
}

function slabLength(request: Request, { lines }: Layout): number {
  const pixels = lines ? pixelRange(request, lines).length : request.y.length * request.x.length;
  return pixels * spanOf(request.bands);
}

function slabOf(
  offer: Offer,
  layout: Layout,
  request: Request,
  steps: { y: number; x: number },
  out: number,
): Slab {
  const { dimension, lines } = layout;
  const { y, x, bands, places } = request;
  const start = [...offer.fixed];
  const count = start.map(() => 1);
  const put = (at: number, range: Range) => {
    start[at] = range.start;
    count[at] = range.length;
  };
  put(dimension.b, { start: bands[0], length: spanOf(bands) });
  if (lines) put(dimension.y, pixelRange(request, lines));
  else {
    put(dimension.y, y);
    put(dimension.x, x);
  }
  const strideOf = (at: number) => count.slice(at + 1).reduce((product, n) => product * n, 1);
  const pixelStep = (axis: 'y' | 'x') =>
    strideOf(dimension[axis]) * (lines?.axis === axis ? lines.pixels : 1);
  const regular = (length: number, from: number, to: number) => ({
    step: from,
    from: Array.from({ length }, (_, i) => i * from),
    to: Array.from({ length }, (_, i) => i * to),
  });
  const bandStep = strideOf(dimension.b);
  const passes = [
    regular(y.length, pixelStep('y'), steps.y),
    regular(x.length, pixelStep('x'), steps.x),
    { step: bandStep, from: bands.map((band) => (band - bands[0]) * bandStep), to: [...places] },
  ];
  passes.sort((a, b) => b.step - a.step);
  return { start, count, passes, out };
}

import { throwIfAborted } from '../errors';
import {
  HIGH_PERCENTILE,
  isDataSample,
  LOW_PERCENTILE,
  noValidSamples,
  rangeBetween,
  type ValueRange,
} from './normalize';
import type { CubeSource, SampleArray, SampleType } from './types';

/** Samples of whole rows of a source, BIP. */
export interface Strip {
  /** First row. */
  readonly y: number;
  readonly rows: number;
  readonly samples: SampleArray;
}

/** What a strip may take in memory as it is read, unless one row takes more. */
const STRIP_SAMPLES = 4 * 2 ** 20;

/** Rows of so many samples each that are in memory at a time. */
export function rowsAtOnce(samplesPerRow: number): number {
  return Math.max(1, Math.floor(STRIP_SAMPLES / samplesPerRow));
}

/** All rows of a source, a few at a time, of the given bands. Throws as `readWindow`, and `aborted`. */
export async function* strips(
  source: CubeSource,
  bands: readonly number[],
  signal?: AbortSignal,
): AsyncGenerator<Strip> {
  const { width, height, bands: all } = source.info;
  const most = rowsAtOnce(width * bands.length);
  const picked = bands.length === all ? undefined : bands;
  for (let y = 0; y < height; y += most) {
    throwIfAborted(signal);
    const rows = Math.min(most, height - y);
    const window = { x: 0, y, width, height: rows };
    yield { y, rows, samples: await source.readWindow(window, { bands: picked, signal }) };
  }
}

/** What coding needs to know of all samples of an image. */
export interface ValueSurvey {
  /** As `valueRange` gives it; of 32- and 64-bit integers and of float64, to float32 precision. */
  readonly range: ValueRange;
  /** Pixels in which a surveyed band carries no data. */
  readonly pixelsWithGaps: number;
}

/** Bins of a count: 16 of a key's bits. */
const BINS = 2 ** 16;

/**
 * Value range of an image of any size: its samples are read once and, where they take more than 16
 * bits, a second time to tell those near the percentiles apart. Throws `bad-file` where no sample
 * carries data, read errors, and `aborted`. `onProgress` hears 0…1.
 */
export async function surveyValues(
  source: CubeSource,
  bands: readonly number[],
  job: { signal?: AbortSignal; onProgress?: (done: number) => void } = {},
): Promise<ValueSurvey> {
  const { height, sampleType } = source.info;
  const short = /^u?int(8|16)$/.test(sampleType);
  const keysOf = short ? shortKeys : floatKeys;
  const read = async function* (from: number, to: number): AsyncGenerator<KeyedStrip> {
    for await (const { y, samples } of strips(source, bands, job.signal)) {
      job.onProgress?.(from + ((to - from) * y) / height);
      yield { samples, keys: keysOf(samples) };
    }
  };
  const { noDataValue } = source.info;
  const { counts, pixelsWithGaps } = await countKeys(read(0, short ? 1 : 0.5), bands, noDataValue);
  const count = counts.reduce((sum, own) => sum + own, 0);
  if (count === 0) throw noValidSamples();
  const ranks = [LOW_PERCENTILE, HIGH_PERCENTILE].map((percent) => ((count - 1) * percent) / 100);
  const wanted = ranks.map(Math.floor).flatMap((rank) => [rank, Math.min(count - 1, rank + 1)]);
  const places = wanted.map((rank) => placeOf(counts, rank));
  const values = short
    ? places.map(({ bin }) => shortValue(bin, sampleType))
    : await valuesWithin(places, read(0.5, 1), noDataValue);
  const [low, high] = ranks.map((rank, i) => {
    const [below, above] = [values[2 * i], values[2 * i + 1]];
    return below + (above - below) * (rank - Math.floor(rank));
  });
  return { range: rangeBetween(low, high), pixelsWithGaps };
}

interface KeyedStrip {
  readonly samples: SampleArray;
  /** Ascending with the samples, 32 bits each. */
  readonly keys: Uint32Array;
}

/** How often each upper half of a key occurs among the samples that carry data. */
async function countKeys(
  read: AsyncIterable<KeyedStrip>,
  { length: bands }: readonly number[],
  noDataValue: number | undefined,
) {
  const counts = new Float64Array(BINS);
  let pixelsWithGaps = 0;
  for await (const { samples, keys } of read) {
    for (let at = 0; at < samples.length; at += bands) {
      let gap = 0;
      for (let i = at; i < at + bands; i++) {
        if (isDataSample(samples[i], noDataValue)) counts[keys[i] >>> 16]++;
        else gap = 1;
      }
      pixelsWithGaps += gap;
    }
  }
  return { counts, pixelsWithGaps };
}

/** The samples at places within bins, from the lower halves of the keys there. */
async function valuesWithin(
  places: readonly Place[],
  read: AsyncIterable<KeyedStrip>,
  noDataValue: number | undefined,
): Promise<number[]> {
  const finer = new Map(places.map(({ bin }) => [bin, new Float64Array(BINS)]));
  for await (const { samples, keys } of read) {
    for (let i = 0; i < keys.length; i++) {
      const bins = finer.get(keys[i] >>> 16);
      if (bins && isDataSample(samples[i], noDataValue)) bins[keys[i] & 0xffff]++;
    }
  }
  return places.map(({ bin, within }) =>
    floatValue(bin * BINS + placeOf(finer.get(bin) as Float64Array, within).bin),
  );
}

interface Place {
  readonly bin: number;
  readonly within: number;
}

/** The bin in which a rank falls, and the rank within it. */
function placeOf(counts: Float64Array, rank: number): Place {
  let before = 0;
  let bin = 0;
  while (before + counts[bin] <= rank) before += counts[bin++];
  return { bin, within: rank - before };
}

/** Samples of 8 and 16 bits: the key's upper half is the sample, turned to be positive. */
function shortKeys(samples: SampleArray): Uint32Array {
  const offset = samples instanceof Int8Array || samples instanceof Int16Array ? 2 ** 15 : 0;
  const keys = new Uint32Array(samples.length);
  for (let i = 0; i < keys.length; i++) keys[i] = (samples[i] + offset) << 16;
  return keys;
}

function shortValue(bin: number, type: SampleType): number {
  return type.startsWith('int') ? bin - 2 ** 15 : bin;
}

/** Bits of float32 numbers, so turned that they ascend with the numbers. */
function floatKeys(samples: SampleArray): Uint32Array {
  const keys = new Uint32Array(new Float32Array(samples).buffer);
  for (let i = 0; i < keys.length; i++) {
    const bits = keys[i];
    keys[i] = bits >>> 31 ? ~bits : bits | 0x80000000;
  }
  return keys;
}

function floatValue(key: number): number {
  const bits = Uint32Array.of(key >= 2 ** 31 ? key & 0x7fffffff : ~key);
  return new Float32Array(bits.buffer)[0];
}

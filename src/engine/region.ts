import { Turns } from '../codecs/turn';
import type { JobContext } from '../codecs/types';
import { type Area, assertArea, type Corner, insideSpans } from '../core/cube/polygon';
import { SpectralSpread } from '../core/cube/spread';
import type { CubeSource, PixelWindow, SampleArray } from '../core/cube/types';
import { assertWindow } from '../core/cube/window';
import { throwIfAborted } from '../core/errors';
import { SAMPLE_BYTES } from '../core/metrics/rate';
import type { RegionSpectrum } from './api';

/** Regions up to this size are read whole; of larger ones, rows evenly spread. */
const READ_BYTES = 64 * 2 ** 20;
const BLOCK_BYTES = 16 * 2 ** 20;
/** Pixels that are enough for a mean: more change it no longer. */
const ENOUGH_PIXELS = 100_000;

/** Mean and spread of the spectra of an area. Throws `bad-argument`, `aborted`, read errors. */
export async function regionSpectrum(
  source: CubeSource,
  { window, polygon }: Area,
  job: JobContext,
): Promise<RegionSpectrum> {
  const { width, height, bands, sampleType, noDataValue } = source.info;
  assertWindow(window, width, height);
  assertArea({ window, polygon });
  const rowBytes = window.width * bands * SAMPLE_BYTES[sampleType];
  const whole = window.height * rowBytes <= READ_BYTES;
  // A file may hold each band of a row in another place: few rows, and all their pixels.
  const rows = whole ? window.height : Math.ceil(ENOUGH_PIXELS / window.width);
  const step = Math.max(1, Math.floor(window.height / rows));
  const block = step > 1 ? 1 : Math.max(1, Math.floor(BLOCK_BYTES / rowBytes));
  const spread = new SpectralSpread(bands, noDataValue);
  const turns = new Turns(job, 'Reading the region');
  let pixels = 0;
  for (let row = 0; row < window.height; row += block * step) {
    throwIfAborted(job.signal);
    const part = { ...window, y: window.y + row, height: Math.min(block, window.height - row) };
    const samples = await source.readWindow(part, { signal: job.signal });
    for (const inside of polygon ? spectraInside(samples, part, polygon, bands) : [samples]) {
      spread.add(inside);
      pixels += inside.length / bands;
    }
    if (turns.due()) await turns.take(row / window.height);
  }
  return { mean: spread.mean(), deviation: spread.deviation(), pixels };
}

/** The spectra of a window's BIP samples that lie inside a polygon, span by span. */
function* spectraInside(
  samples: SampleArray,
  { x, y, width, height }: PixelWindow,
  polygon: readonly Corner[],
  bands: number,
): Generator<SampleArray> {
  for (let row = 0; row < height; row++) {
    for (const [from, to] of insideSpans(polygon, y + row)) {
      const start = row * width - x;
      yield samples.subarray((start + from) * bands, (start + to) * bands);
    }
  }
}

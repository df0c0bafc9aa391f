import { isDataSample } from './normalize';
import type { CubeInfo, PixelWindow, SampleArray } from './types';

/** What a sample of a cube's pixels tells of each band. */
export interface BandStatistics {
  /** Pixels looked at. */
  readonly pixels: number;
  /** Mean of the samples with data, in the cube's own units; NaN where there is none. */
  readonly mean: Float32Array;
  /** True where every sample with data is the same, or none has data. */
  readonly constant: readonly boolean[];
  /**
   * Correlation over the pixels with the next band; NaN where either is constant.
   * The last band has no next one.
   */
  readonly withNext: Float32Array;
}

/** Windows to read of a cube for its statistics: the whole, or a grid of small ones over it. */
export function statisticsWindows({
  width,
  height,
}: Pick<CubeInfo, 'width' | 'height'>): PixelWindow[] {
  if (width * height <= PER_SIDE ** 2 * SIDE ** 2) return [{ x: 0, y: 0, width, height }];
  const w = Math.min(SIDE, width);
  const h = Math.min(SIDE, height);
  const starts = (extent: number, size: number) => {
    const count = Math.max(1, Math.min(PER_SIDE, Math.floor(extent / size)));
    return Array.from({ length: count }, (_, i) =>
      Math.floor(((i + 0.5) * extent) / count - size / 2),
    );
  };
  return starts(height, h).flatMap((y) =>
    starts(width, w).map((x) => ({ x, y, width: w, height: h })),
  );
}

const PER_SIDE = 4;
const SIDE = 32;

/** Sums over pixels, window by window. Samples are BIP. */
export class BandSums {
  private pixels = 0;
  private readonly own: Moments[];
  private readonly pairs: Moments[];
  private readonly low: Float64Array;
  private readonly high: Float64Array;

  constructor(
    private readonly bands: number,
    private readonly noDataValue: number | undefined,
  ) {
    this.own = Array.from({ length: bands }, () => new Moments());
    this.pairs = Array.from({ length: bands }, () => new Moments());
    this.low = new Float64Array(bands).fill(Number.POSITIVE_INFINITY);
    this.high = new Float64Array(bands).fill(Number.NEGATIVE_INFINITY);
  }

  add(samples: SampleArray): void {
    const { bands, noDataValue } = this;
    this.pixels += samples.length / bands;
    for (let at = 0; at < samples.length; at += bands) {
      for (let band = 0; band < bands; band++) {
        const value = samples[at + band];
        if (!isDataSample(value, noDataValue)) continue;
        this.own[band].add(value, value);
        this.low[band] = Math.min(this.low[band], value);
        this.high[band] = Math.max(this.high[band], value);
        const next = band + 1 < bands ? samples[at + band + 1] : Number.NaN;
        if (isDataSample(next, noDataValue)) this.pairs[band].add(value, next);
      }
    }
  }

  statistics(): BandStatistics {
    return {
      pixels: this.pixels,
      mean: Float32Array.from(this.own, (moments) => moments.mean()),
      constant: Array.from(this.low, (low, band) => !(this.high[band] > low)),
      withNext: Float32Array.from(this.pairs, (moments) => moments.correlation()),
    };
  }
}

/** Running means and co-moments (Welford), exact enough for offsets far above the spread. */
class Moments {
  private count = 0;
  private meanA = 0;
  private meanB = 0;
  private aa = 0;
  private bb = 0;
  private ab = 0;

  add(a: number, b: number): void {
    this.count++;
    const da = a - this.meanA;
    const db = b - this.meanB;
    this.meanA += da / this.count;
    this.meanB += db / this.count;
    this.aa += da * (a - this.meanA);
    this.bb += db * (b - this.meanB);
    this.ab += da * (b - this.meanB);
  }

  mean(): number {
    return this.count > 0 ? this.meanA : Number.NaN;
  }

  correlation(): number {
    return this.aa > 0 && this.bb > 0 ? this.ab / Math.sqrt(this.aa * this.bb) : Number.NaN;
  }
}

/** Correlation with both neighbours under which a band is mostly noise. */
const NOISY_CORRELATION = 0.8;

/**
 * Bands that look bad: constant or without data, or correlated with neither neighbour, where
 * neighbouring bands of a scene all but repeat each other. Ascending indices; a proposal, since a
 * scene without contrast correlates with nothing.
 */
export function noisyBands({ constant, withNext }: BandStatistics): number[] {
  const typical = median(withNext);
  const limit = Math.min(NOISY_CORRELATION, NOISY_CORRELATION * typical);
  return [...constant.keys()].filter((band) => {
    if (constant[band]) return true;
    const near = [withNext[band - 1], withNext[band]].filter(Number.isFinite);
    return near.length > 0 && Math.max(...near) < limit;
  });
}

function median(values: Float32Array): number {
  const sorted = values.filter(Number.isFinite).sort();
  return sorted.length > 0 ? sorted[sorted.length >> 1] : 1;
}

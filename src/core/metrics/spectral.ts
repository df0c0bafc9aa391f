import { isDataSample, type ValueRange } from '../cube/normalize';
import type { SampleArray } from '../cube/types';
import { clip01, requireSameSize } from './images';

/** How far a reconstruction is from its original, band by band. */
export interface ErrorSpectrum {
  /** `[band]` root mean square error in the cube's own units, before clipping. */
  readonly rmse: Float64Array<ArrayBuffer>;
  /** `[band]` PSNR in dB, normalised and clipped as for the whole cube, peak 1. */
  readonly psnr: Float64Array<ArrayBuffer>;
  /** `[band]` largest absolute error in the cube's own units, before clipping. */
  readonly maxError: Float64Array<ArrayBuffer>;
  /** `[band]` samples compared. */
  readonly samples: Float64Array<ArrayBuffer>;
}

/** {@link errorSpectrum} of an image that comes in strips, each with the same strip of the other. */
export class ErrorSpectrumSums {
  private readonly squares: Float64Array<ArrayBuffer>;
  private readonly normalizedSquares: Float64Array<ArrayBuffer>;
  private readonly maxError: Float64Array<ArrayBuffer>;
  private readonly samples: Float64Array<ArrayBuffer>;

  constructor(
    private readonly bands: number,
    private readonly range: ValueRange,
    private readonly noDataValue?: number,
  ) {
    this.squares = new Float64Array(bands);
    this.normalizedSquares = new Float64Array(bands);
    this.maxError = new Float64Array(bands);
    this.samples = new Float64Array(bands);
  }

  /** Pixels that follow those before. Throws `bad-argument` where the shapes differ. */
  add(original: SampleArray, reconstruction: SampleArray): void {
    const { bands, range, noDataValue, squares, normalizedSquares, maxError, samples } = this;
    requireSameSize(original, reconstruction, bands);
    const scale = 1 / (range.high - range.low);
    const normalized = (value: number) => clip01((value - range.low) * scale);
    for (let at = 0; at < original.length; at += bands) {
      for (let band = 0; band < bands; band++) {
        const x = original[at + band];
        if (!isDataSample(x, noDataValue)) continue;
        const y = reconstruction[at + band];
        squares[band] += (y - x) ** 2;
        normalizedSquares[band] += (normalized(y) - normalized(x)) ** 2;
        maxError[band] = Math.max(maxError[band], Math.abs(y - x));
        samples[band]++;
      }
    }
  }

  result(): ErrorSpectrum {
    const { samples } = this;
    return {
      rmse: this.squares.map((sum, band) => Math.sqrt(sum / samples[band])),
      psnr: this.normalizedSquares.map((sum, band) => -10 * Math.log10(sum / samples[band])),
      maxError: this.maxError.map((error, band) => (samples[band] > 0 ? error : Number.NaN)),
      samples: samples.slice(),
    };
  }
}

/**
 * The error spectrum of two BIP arrays of the same shape. Samples of the original without data
 * are left out; a band without any has NaN figures. Throws `bad-argument` where the shapes
 * differ.
 */
export function errorSpectrum(
  original: SampleArray,
  reconstruction: SampleArray,
  bands: number,
  range: ValueRange,
  noDataValue?: number,
): ErrorSpectrum {
  const sums = new ErrorSpectrumSums(bands, range, noDataValue);
  sums.add(original, reconstruction);
  return sums.result();
}

/**
 * Spectral angle in radians of two spectra from their dot product and squared norms; NaN where
 * one of them is zero. Source: Kruse et al., "The spectral image processing system (SIPS)",
 * Remote Sensing of Environment 44, 1993.
 */
export function spectralAngle(dot: number, squareX: number, squareY: number): number {
  // Rounding can push the cosine of equal spectra just past 1.
  return Math.acos(Math.min(1, Math.max(-1, dot / Math.sqrt(squareX * squareY))));
}

export const degrees = (radians: number) => (radians * 180) / Math.PI;

/**
 * Spectral angle of every pixel of two BIP arrays of the same shape, in degrees, row by row.
 * Samples of the original without data are left out of the spectra; NaN where there is no angle:
 * no data, or a zero spectrum. Throws `bad-argument` where the shapes differ.
 */
export function samMap(
  original: SampleArray,
  reconstruction: SampleArray,
  bands: number,
  noDataValue?: number,
): Float32Array<ArrayBuffer> {
  requireSameSize(original, reconstruction, bands);
  const map = new Float32Array(original.length / bands);
  for (let pixel = 0; pixel < map.length; pixel++) {
    let dot = 0;
    let squareX = 0;
    let squareY = 0;
    for (let at = pixel * bands; at < (pixel + 1) * bands; at++) {
      const x = original[at];
      if (!isDataSample(x, noDataValue)) continue;
      const y = reconstruction[at];
      dot += x * y;
      squareX += x * x;
      squareY += y * y;
    }
    map[pixel] = degrees(spectralAngle(dot, squareX, squareY));
  }
  return map;
}

/** Mean and maximum of a SAM map in degrees, over the pixels that have an angle; 0 without any. */
export function samOf(map: Float32Array): { readonly mean: number; readonly max: number } {
  let sum = 0;
  let max = 0;
  let pixels = 0;
  for (const angle of map) {
    if (Number.isNaN(angle)) continue;
    sum += angle;
    max = Math.max(max, angle);
    pixels++;
  }
  return { mean: pixels > 0 ? sum / pixels : 0, max };
}

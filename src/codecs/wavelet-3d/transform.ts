import { analyseLines, type Lines, synthesiseLines } from './lifting';

export interface Volume {
  readonly width: number;
  readonly height: number;
  readonly bands: number;
}

/** Levels of decomposition along the spectrum and in space. */
export interface Levels {
  readonly spectral: number;
  readonly spatial: number;
}

/** More would find nothing left to decompose in what images of a size hold. */
const MOST_SPATIAL = 6;

/** Along the spectrum down to a single coefficient, in space six times where there is room. */
export function levelsOf({ width, height, bands }: Volume): Levels {
  const halvings = (length: number) => Math.ceil(Math.log2(length));
  return {
    spectral: halvings(bands),
    spatial: Math.min(MOST_SPATIAL, halvings(Math.max(width, height))),
  };
}

/**
 * Samples (BIP, float32) as planes of wavelet coefficients, [bands + 1, height, width], interleaved as
 * lifting leaves them. Each pixel's spectrum less the `mean` is split into its part along the mean, its
 * brightness, which becomes the last plane, and the rest, which the spectral wavelet decomposes.
 */
export function analyse(
  samples: Float32Array,
  volume: Volume,
  mean: Float64Array,
): Float32Array<ArrayBuffer> {
  const { bands } = volume;
  const pixels = volume.width * volume.height;
  const planes = new Float32Array((bands + 1) * pixels);
  const direction = directionOf(mean);
  for (let p = 0; p < pixels; p++) {
    let brightness = 0;
    for (let b = 0; b < bands; b++) brightness += (samples[p * bands + b] - mean[b]) * direction[b];
    for (let b = 0; b < bands; b++) {
      planes[b * pixels + p] = samples[p * bands + b] - mean[b] - brightness * direction[b];
    }
    planes[bands * pixels + p] = brightness;
  }
  for (const lines of steps(volume)) analyseLines(planes, lines);
  return planes;
}

/** Undoes {@link analyse}, in place but for the samples; what errors put along the mean is dropped. */
export function synthesise(
  planes: Float32Array,
  volume: Volume,
  mean: Float64Array,
): Float32Array<ArrayBuffer> {
  const { bands } = volume;
  const pixels = volume.width * volume.height;
  for (const lines of [...steps(volume)].reverse()) synthesiseLines(planes, lines);
  const samples = new Float32Array(bands * pixels);
  const direction = directionOf(mean);
  for (let p = 0; p < pixels; p++) {
    let brightness = planes[bands * pixels + p];
    for (let b = 0; b < bands; b++) brightness -= planes[b * pixels + p] * direction[b];
    for (let b = 0; b < bands; b++) {
      samples[p * bands + b] = mean[b] + planes[b * pixels + p] + brightness * direction[b];
    }
  }
  return samples;
}

function directionOf(mean: Float64Array): Float64Array {
  const length = Math.sqrt(mean.reduce((sum, value) => sum + value * value, 0));
  return length > 0 ? mean.map((value) => value / length) : mean;
}

/** The transform's steps: spectral levels, then each plane's spatial ones. */
function* steps(volume: Volume): Generator<Lines> {
  const { width, height, bands } = volume;
  const { spectral, spatial } = levelsOf(volume);
  const plane = width * height;
  yield* spectralSteps(bands, plane, spectral);
  for (let band = 0; band <= bands; band++) {
    const start = band * plane;
    for (let level = 0; level < spatial; level++) {
      const step = 2 ** level;
      const [columns, rows] = [Math.ceil(width / step), Math.ceil(height / step)];
      yield { start, length: columns, stride: step, count: rows, spacing: width * step };
      yield { start, length: rows, stride: width * step, count: columns, spacing: step };
    }
  }
}

/** Levels along the spectrum, `pixels` spectra side by side. */
export function* spectralSteps(bands: number, pixels: number, levels: number): Generator<Lines> {
  for (let level = 0; level < levels; level++) {
    const length = Math.ceil(bands / 2 ** level);
    yield { start: 0, length, stride: pixels * 2 ** level, count: pixels, spacing: 1 };
  }
}

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type {
  Codec,
  EncodeOptions,
  JobContext,
  MetadataChoice,
  SectionBytes,
} from '../codecs/types';
import { sections } from '../core/bitstream/container';
import { trueColourBands } from '../core/cube/composite';
import { valueRange } from '../core/cube/normalize';
import type { HyperspectralCube } from '../core/cube/types';
import { withBands } from '../core/cube/window';
import { distortion } from '../core/metrics/distortion';
import { figures } from '../core/metrics/figures';
import { meanSpectrumImage } from '../core/metrics/meanSpectrum';
import { rate } from '../core/metrics/rate';
import type { Perceptual } from './lpips';

/** One measured point of a rate–distortion curve; every figure comes from a file on disk. */
export interface Measurement {
  readonly cube: string;
  readonly codec: string;
  /** Target rate in bpp; absent for a codec that takes none. */
  readonly rate?: number;
  /** dB, over the coded native bands; Infinity where nothing differs. */
  readonly psnr: number;
  /** Mean over the bands; NaN for images smaller than 11×11. */
  readonly ssim: number;
  /** Mean and largest spectral angle in degrees. */
  readonly sam: number;
  readonly samMax: number;
  /** Of the true-colour view. */
  readonly gmsd?: number;
  /** Mean of the true-colour and colour-infrared views, where LPIPS was asked for. */
  readonly lpips?: number;
  readonly bpp: number;
  readonly bpppc: number;
  readonly bytes: number;
  /** Compression ratio against the compared bands in the type that they were given in. */
  readonly ratio: number;
  /** Σ −log2 p of the tables: an estimate beside the measured bytes. */
  readonly estimatedBits: number;
  readonly encodeMs: number;
  readonly decodeMs: number;
  readonly width: number;
  readonly height: number;
  /** Bands compared: those that the file holds. */
  readonly bands: number;
  /** Name of the spectral grid that the cube was resampled to before coding, if any. */
  readonly grid?: string;
  readonly tiles: number;
  readonly metadataBytes: number;
  readonly sections: SectionBytes;
  /** In the cube's own units, unclipped. */
  readonly rmse: number;
  readonly maxError: number;
  readonly clippedShare: number;
  /** PSNR of the image that repeats the cube's mean spectrum. */
  readonly meanSpectrumPsnr: number;
  /** SHA-256 over all decoded symbols: equal on every machine that decodes the file. */
  readonly symbols: string;
  /** The backend that networks ran on, e.g. `wasm`. */
  readonly backend: string;
}

/** A point with the two cubes that it compares, at the same bands. */
export interface Measured {
  readonly point: Measurement;
  readonly original: HyperspectralCube;
  readonly reconstruction: HyperspectralCube;
}

/** What is the same for all points of a sweep. */
export interface MeasureSetup {
  /** Where the files are written. */
  readonly folder: string;
  readonly metadata: MetadataChoice;
  readonly backend: string;
  readonly grid?: string;
  readonly perceptual?: Perceptual;
  readonly plainRounding?: boolean;
  readonly perceptualFit?: boolean;
  readonly weights?: EncodeOptions['weights'];
}

/** A half of a job's progress. */
function half(job: JobContext, from: 0 | 0.5): JobContext {
  const { signal, onProgress } = job;
  return {
    signal,
    onProgress: onProgress && ((done, label) => onProgress(from + done / 2, label)),
  };
}

/** `cube.codec.rate.hsc`, without the rate where a codec takes none. */
export function fileName(cube: string, codec: string, target: number | undefined): string {
  return [cube, codec, ...(target === undefined ? [] : [target]), 'hsc'].join('.');
}

/**
 * Encodes at a target rate in bpp (none where the codec takes none), writes `folder/NAME.hsc`,
 * reads it back, decodes and compares at the bands that the file holds.
 */
export async function measure(
  cube: HyperspectralCube,
  codec: Codec,
  target: number | undefined,
  setup: MeasureSetup,
  job: JobContext,
): Promise<Measured> {
  const { folder, backend, grid, perceptual, ...choices } = setup;
  const options: EncodeOptions = { ...choices, rate: target ?? Infinity, bandPolicy: 'covered' };
  const encoded = await codec.encode(cube, options, half(job, 0));
  const path = join(folder, fileName(cube.name, codec.meta.id, target));
  await writeFile(path, encoded.file);
  const file = await readFile(path);

  const original = withBands(cube, encoded.codedBands);
  const bandsFrom = original.wavelengthsNm;
  const decoded = await codec.decode(file, { bandsFrom }, half(job, 0.5));
  const point: Measurement = {
    cube: cube.name,
    codec: codec.meta.id,
    rate: target,
    ...quality(original, decoded.cube),
    lpips: await perceptual?.(original, decoded.cube),
    ...rate(file.length, original, original.sampleType),
    estimatedBits: encoded.estimatedBits,
    encodeMs: encoded.milliseconds,
    decodeMs: decoded.milliseconds,
    width: original.width,
    height: original.height,
    bands: original.bands,
    grid,
    tiles: sections(file).tiles.length,
    metadataBytes: encoded.sections.metadata,
    sections: encoded.sections,
    symbols: decoded.symbolDigest,
    backend,
  };
  return { point, original, reconstruction: decoded.cube };
}

function quality(original: HyperspectralCube, reconstruction: HyperspectralCube) {
  const { data, bands, noDataValue } = original;
  const range = valueRange(original);
  const rgb = trueColourBands(original);
  const found = figures(data, reconstruction.data, original, range, { noDataValue, rgb });
  const mean = meanSpectrumImage(data, bands, noDataValue);
  return {
    psnr: found.psnr,
    ssim: found.ssim,
    sam: found.samDegrees,
    samMax: found.samMaxDegrees,
    gmsd: found.gmsd,
    rmse: found.rmse,
    maxError: found.maxError,
    clippedShare: found.clippedShare,
    meanSpectrumPsnr: distortion(data, mean, bands, range, noDataValue).psnr,
  };
}

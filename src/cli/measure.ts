import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Codec, EncodeOptions, JobContext } from '../codecs/types';
import { sections } from '../core/bitstream/container';
import { valueRange } from '../core/cube/normalize';
import type { HyperspectralCube } from '../core/cube/types';
import { withBands } from '../core/cube/window';
import { distortion } from '../core/metrics/distortion';
import { meanSpectrumImage } from '../core/metrics/meanSpectrum';
import { rate } from '../core/metrics/rate';

/** One measured point of a rate–distortion curve; every figure comes from a file on disk. */
export interface Measurement {
  readonly cube: string;
  readonly codec: string;
  /** Target rate in bpp. */
  readonly rate: number;
  /** dB, over the coded native bands. */
  readonly psnr: number;
  /** Mean spectral angle in degrees. */
  readonly sam: number;
  readonly bpp: number;
  readonly bpppc: number;
  readonly bytes: number;
  /** Σ −log2 p of the tables: an estimate beside the measured bytes. */
  readonly estimatedBits: number;
  readonly encodeMs: number;
  readonly decodeMs: number;
  readonly bands: number;
  readonly tiles: number;
  readonly metadataBytes: number;
  /** In the cube's own units, unclipped. */
  readonly rmse: number;
  readonly maxError: number;
  readonly clippedShare: number;
  /** PSNR of the image that repeats the cube's mean spectrum. */
  readonly meanSpectrumPsnr: number;
  /** SHA-256 over all decoded symbols: equal on every machine that decodes the file. */
  readonly symbols: string;
}

/** A half of a job's progress. */
function half(job: JobContext, from: 0 | 0.5): JobContext {
  const { signal, onProgress } = job;
  return {
    signal,
    onProgress: onProgress && ((done, label) => onProgress(from + done / 2, label)),
  };
}

/**
 * Encodes, writes `folder/cube.codec.rate.hsc`, reads it back, decodes and compares at the cube's
 * native bands.
 */
export async function measure(
  name: string,
  cube: HyperspectralCube,
  codec: Codec,
  options: EncodeOptions,
  folder: string,
  job: JobContext,
): Promise<Measurement> {
  const encoded = await codec.encode(cube, options, half(job, 0));
  const path = join(folder, `${name}.${codec.meta.id}.${options.rate}.hsc`);
  await writeFile(path, encoded.file);
  const file = await readFile(path);

  const original = withBands(cube, encoded.codedBands);
  const { data, bands, noDataValue, sampleType, wavelengthsNm } = original;
  const decoded = await codec.decode(file, { bandsFrom: wavelengthsNm }, half(job, 0.5));
  const range = valueRange(original);
  const error = distortion(data, decoded.cube.data, bands, range, noDataValue);
  const mean = meanSpectrumImage(data, bands, noDataValue);
  const cost = rate(file.length, original, sampleType);
  return {
    cube: name,
    codec: codec.meta.id,
    rate: options.rate,
    psnr: error.psnr,
    sam: error.samDegrees,
    bpp: cost.bpp,
    bpppc: cost.bpppc,
    bytes: cost.bytes,
    estimatedBits: encoded.estimatedBits,
    encodeMs: encoded.milliseconds,
    decodeMs: decoded.milliseconds,
    bands,
    tiles: sections(file).tiles.length,
    metadataBytes: encoded.sections.metadata,
    rmse: error.rmse,
    maxError: error.maxError,
    clippedShare: error.clippedShare,
    meanSpectrumPsnr: distortion(data, mean, bands, range, noDataValue).psnr,
    symbols: decoded.symbolDigest,
  };
}

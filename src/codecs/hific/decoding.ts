import { type HscFile, parseFile } from '../../core/bitstream/container';
import type { HificHeader } from '../../core/bitstream/header';
import { readFrame, readTile } from '../../core/bitstream/latentFile';
import type { HscMetadata } from '../../core/bitstream/metadata';
import { symbolDigest } from '../../core/bitstream/symbolDigest';
import { tileLayout } from '../../core/bitstream/tiles';
import { gridNamed } from '../../core/cube/gridChoice';
import { gridCenters } from '../../core/cube/grids';
import { denormalize } from '../../core/cube/normalize';
import { resampleMatrix } from '../../core/cube/resample';
import type { HyperspectralCube } from '../../core/cube/types';
import type { FrameSymbols } from '../../core/entropy/frameCoder';
import type { DecodedTile } from '../../core/entropy/latentCoder';
import type { EntropyModel } from '../../core/entropy/model';
import { throwIfAborted } from '../../core/errors';
import type { ModelFile } from '../../nn/modelFile';
import type { Model, ModelStore } from '../../nn/models';
import type { GateHook } from '../../nn/network';
import { type NativeBands, nativeBands } from '../bands';
import { restoredCube } from '../coded';
import { share } from '../progress';
import { nextTurn } from '../turn';
import type { DecodeResult, JobContext } from '../types';
import { frameOfSymbols, restore } from './frame';
import { FrameBasis } from './frameBasis';
import { hificHeader, modelOfFile } from './inspect';
import { dequantise, gainsOf, type LatentImage, latentsOf } from './latents';
import { type BandsOut, synthesise } from './synthesis';

/** Everything of a file that comes before the synthesis transform. */
export interface DecodedLatents {
  readonly header: HificHeader;
  readonly metadata: HscMetadata | undefined;
  readonly model: Model;
  readonly native: NativeBands;
  readonly frame: FrameSymbols | undefined;
  /** In the order of `tileLayout`. */
  readonly tiles: readonly DecodedTile[];
  /** ŷ */
  readonly latents: LatentImage;
}

/** A parsed file with the model that made it. */
export interface OpenFile {
  readonly parsed: HscFile;
  readonly header: HificHeader;
  readonly model: Model;
}

/** Parses a file and loads its weights. Throws what `parseFile`, `hificHeader`, `modelOfFile` throw. */
export async function openFile(
  file: Uint8Array,
  models: ModelStore,
  job: JobContext,
): Promise<OpenFile> {
  const parsed = parseFile(file);
  const header = hificHeader(parsed);
  const model = await loading(job, (onProgress) => modelOfFile(header, models, onProgress));
  return { parsed, header, model };
}

/** Loads a model, with its progress. Throws `aborted`. */
export async function loading(
  job: JobContext,
  load: (onProgress: (done: number) => void) => Promise<Model>,
): Promise<Model> {
  throwIfAborted(job.signal);
  const model = await load((done) => job.onProgress?.(done, 'loading the model'));
  throwIfAborted(job.signal);
  return model;
}

/**
 * Range decodes a file and dequantises its latents; exact on every machine. `bandsFrom` as in
 * `Codec.decode`. Throws what `readTile` and `nativeBands` throw, and `aborted`.
 */
export async function decodeLatents(
  { parsed, header, model }: OpenFile,
  bandsFrom: readonly number[] | undefined,
  job: JobContext,
): Promise<DecodedLatents> {
  const { metadata } = parsed;
  const { spec, entropy } = model.file;
  const native = nativeBands(gridNamed(spec.grid), header, metadata?.wavelengthsNm, bandsFrom);
  const gains = gainsOf(model.file, header.model.rate);
  const frame = readFrame(parsed, entropy);
  const tiles = await readTiles(parsed, entropy, job, 'entropy decoding');
  const latents = latentsOf(header, spec.latentChannels);
  const layout = tileLayout(header.width, header.height);
  for (const [i, tile] of layout.tiles.entries()) dequantise(latents, tile, tiles[i], gains);
  return { header, metadata, model, native, frame, tiles, latents };
}

/**
 * The cube that latents, decoded or edited, stand for. `onGate` hears the gates of G and may replace
 * them. Throws as `synthesise`.
 */
export async function cubeOfLatents(
  decoded: DecodedLatents,
  latents: LatentImage,
  job: JobContext,
  onGate?: GateHook,
): Promise<HyperspectralCube> {
  const { header, metadata, model, native, frame } = decoded;
  const centers = gridCenters(gridNamed(model.file.spec.grid));
  const out: BandsOut = {
    toNative: resampleMatrix(centers, native.positionsNm),
    restore: frame && restorer(model.file, frame),
  };
  const { rate } = header.model;
  const samples = await synthesise(model.network(onGate), latents, rate, header, out, job);
  return restoredCube(header, metadata, native, denormalize(samples, header.range));
}

/**
 * Decodes a file of any HiFiC variant. `bandsFrom` supplies band centres where the file has none.
 * `onGate` hears the gates of G; where it replaces them, the result is no longer what the file
 * says. Throws what parsing throws, `model-missing`, `aborted`, `device`.
 */
export async function decodeLatentFile(
  file: Uint8Array,
  models: ModelStore,
  { bandsFrom }: { readonly bandsFrom?: readonly number[] },
  job: JobContext,
  onGate?: GateHook,
): Promise<DecodeResult> {
  const open = await openFile(file, models, share(job, 0, 0.1));
  const start = performance.now();
  const decoded = await decodeLatents(open, bandsFrom, share(job, 0.1, 0.3));
  const cube = await cubeOfLatents(decoded, decoded.latents, share(job, 0.3, 1), onGate);
  return {
    cube,
    codec: decoded.model.codec,
    symbolDigest: await symbolDigest(decoded.tiles),
    milliseconds: performance.now() - start,
  };
}

/** What brings decoded samples out of a file's spectral frame, in place. */
function restorer({ frame: axes, entropy, spec }: ModelFile, symbols: FrameSymbols) {
  if (!axes) return undefined;
  const frame = frameOfSymbols(entropy, symbols);
  const basis = new FrameBasis(axes, spec.input);
  return (samples: Float32Array) => restore(basis, frame, samples);
}

/** All tiles of a file. Throws what `readTile` throws, and `aborted`. */
export async function readTiles(
  file: HscFile,
  entropy: EntropyModel,
  job: JobContext,
  label: string,
): Promise<DecodedTile[]> {
  const decoded: DecodedTile[] = [];
  for (const index of file.tiles.keys()) {
    job.onProgress?.(index / file.tiles.length, label);
    await nextTurn();
    throwIfAborted(job.signal);
    decoded.push(readTile(file, entropy, index));
  }
  return decoded;
}

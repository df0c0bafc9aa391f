import { type HscFile, parseFile } from '../../core/bitstream/container';
import type { HificHeader } from '../../core/bitstream/header';
import { readFrame } from '../../core/bitstream/latentFile';
import type { HscMetadata } from '../../core/bitstream/metadata';
import { symbolDigest } from '../../core/bitstream/symbolDigest';
import { tileAt, tileLayout } from '../../core/bitstream/tiles';
import { gridNamed } from '../../core/cube/gridChoice';
import { gridCenters } from '../../core/cube/grids';
import { denormalize } from '../../core/cube/normalize';
import { resampleMatrix } from '../../core/cube/resample';
import type { HyperspectralCube, PixelWindow } from '../../core/cube/types';
import { wholeWindow, windowInfo } from '../../core/cube/window';
import type { FrameSymbols } from '../../core/entropy/frameCoder';
import type { DecodedTile } from '../../core/entropy/latentCoder';
import { throwIfAborted } from '../../core/errors';
import type { ModelFile } from '../../nn/modelFile';
import type { Model, ModelStore } from '../../nn/models';
import type { GateHook } from '../../nn/network';
import { type NativeBands, nativeBands } from '../bands';
import { restoredInfo } from '../coded';
import { share } from '../progress';
import type { DecodedRows, DecodeOptions, DecodeResult, JobContext } from '../types';
import { frameOfSymbols, outOfFrame } from './frame';
import { FrameBasis } from './frameBasis';
import { hificHeader, modelOfFile } from './inspect';
import { dequantise, gainsOf, type LatentImage, latentsOf } from './latents';
import { blank, concealTiles, inside, lostWindows } from './lostTiles';
import { identityMap, ontoBands, type SpectralMap } from './spectralMap';
import { synthesiseRows, windowsFor } from './synthesis';
import { readTiles } from './tileReading';
import { meets } from './windows';

/** Everything of a file that comes before the synthesis transform. */
export interface DecodedLatents {
  readonly header: HificHeader;
  readonly metadata: HscMetadata | undefined;
  readonly model: Model;
  readonly native: NativeBands;
  readonly frame: FrameSymbols | undefined;
  /** ŷ; zeros where the area that is decoded does not reach. */
  readonly latents: LatentImage;
}

/** Tiles of a file by their numbers in `tileLayout`. */
export interface TilesRead {
  readonly tiles: ReadonlyMap<number, DecodedTile>;
  /** Numbers of those that are damaged. */
  readonly lost: readonly number[];
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

/** A file with its bands and the latents that are still to be read. */
function prepare(
  { parsed, header, model }: OpenFile,
  bandsFrom: readonly number[] | undefined,
): DecodedLatents {
  const { metadata } = parsed;
  const { spec, entropy } = model.file;
  const native = nativeBands(gridNamed(spec.grid), header, metadata?.wavelengthsNm, bandsFrom);
  const latents = latentsOf(header, spec.latentChannels);
  return { header, metadata, model, native, frame: readFrame(parsed, entropy), latents };
}

/**
 * Range decodes a file and dequantises its latents; exact on every machine. Throws what `readTile` and
 * `nativeBands` throw, and `aborted`.
 */
export async function decodeLatents(
  open: OpenFile,
  { bandsFrom, damaged = 'refuse' }: DecodeOptions,
  job: JobContext,
): Promise<DecodedLatents & TilesRead> {
  const decoded = prepare(open, bandsFrom);
  const tiles = new Map<number, DecodedTile>();
  const keep = (index: number, tile: DecodedTile) => tiles.set(index, tile);
  const lost = await fillLatents(decoded, open, damaged, job, undefined, keep);
  return { ...decoded, tiles, lost };
}

/**
 * Decodes tiles into an image's latents, all by default, and conceals those that are damaged. Yields
 * their numbers. Throws as {@link readTiles}.
 */
async function fillLatents(
  { header, model, latents }: DecodedLatents,
  { parsed }: OpenFile,
  damaged: DecodeOptions['damaged'],
  job: JobContext,
  indices?: readonly number[],
  onTile?: (index: number, tile: DecodedTile) => void,
): Promise<readonly number[]> {
  const gains = gainsOf(model.file, header.model.rate);
  const placeOf = (index: number) => tileAt(header.width, header.height, index);
  const read = { damaged, indices, label: 'entropy decoding' };
  const lost: number[] = [];
  for await (const { index, tile } of readTiles(parsed, model.file.entropy, job, read)) {
    if (tile) {
      dequantise(latents, placeOf(index), tile, gains);
      onTile?.(index, tile);
    } else lost.push(index);
  }
  concealTiles(latents, lost.map(placeOf));
  return lost;
}

/**
 * Rows of an area of the image that latents, decoded or edited, stand for, in its own units. `onGate`
 * hears the gates of G and may replace them. Throws as `synthesiseRows`.
 */
async function* rowsOfLatents(
  { header, model, native, frame }: DecodedLatents,
  latents: LatentImage,
  area: PixelWindow,
  lost: readonly PixelWindow[],
  job: JobContext,
  onGate?: GateHook,
): AsyncGenerator<Float32Array<ArrayBuffer>> {
  const centers = gridCenters(gridNamed(model.file.spec.grid));
  const toNative = resampleMatrix(centers, native.positionsNm);
  const out = ontoBands(outOfFileFrame(model.file, frame), toNative);
  const net = model.network(onGate);
  const { rate } = header.model;
  for await (const { y, samples } of synthesiseRows(net, latents, rate, header, area, out, job)) {
    const rows = denormalize(samples, header.range);
    for (const window of lost) blank(rows, { ...area, y }, window, out.to);
    yield rows;
  }
}

/**
 * The cube that latents, decoded or edited, stand for. `onGate` hears the gates of G and may replace
 * them. Throws as `synthesiseRows`.
 */
export async function cubeOfLatents(
  decoded: DecodedLatents,
  latents: LatentImage,
  job: JobContext,
  onGate?: GateHook,
  lost: readonly PixelWindow[] = [],
): Promise<HyperspectralCube> {
  const info = restoredInfo(decoded.header, decoded.metadata, decoded.native);
  const area = wholeWindow(info);
  let data: Float32Array<ArrayBuffer> | undefined;
  let at = 0;
  for await (const rows of rowsOfLatents(decoded, latents, area, lost, job, onGate)) {
    const total = info.width * info.height * info.bands;
    if (rows.length === total) return { ...info, data: rows };
    data ??= new Float32Array(total);
    data.set(rows, at);
    at += rows.length;
  }
  return { ...info, data: data as Float32Array };
}

/**
 * Decodes a file of any HiFiC variant. `onGate` hears the gates of G; where it replaces them, the
 * result is no longer what the file says. Throws what parsing throws, `model-missing`, `aborted`,
 * `device`.
 */
export async function decodeLatentFile(
  file: Uint8Array,
  models: ModelStore,
  options: DecodeOptions,
  job: JobContext,
  onGate?: GateHook,
): Promise<DecodeResult> {
  const open = await openFile(file, models, share(job, 0, 0.1));
  const start = performance.now();
  const decoded = await decodeLatents(open, options, share(job, 0.1, 0.3));
  const { latents, tiles, header, model } = decoded;
  const lost = lostWindows(header, decoded.lost);
  const cube = await cubeOfLatents(decoded, latents, share(job, 0.3, 1), onGate, lost);
  return {
    cube,
    codec: model.codec,
    symbolDigest: await symbolDigest([...tiles.values()]),
    ...(lost.length > 0 && { lost }),
    milliseconds: performance.now() - start,
  };
}

/** {@link decodeLatentFile} of a window, row by row: only the tiles that it takes are read. */
export async function decodeLatentRows(
  file: Uint8Array,
  models: ModelStore,
  options: DecodeOptions & { readonly window?: PixelWindow },
  job: JobContext,
): Promise<DecodedRows> {
  const open = await openFile(file, models, share(job, 0, 0.1));
  const decoded = prepare(open, options.bandsFrom);
  const { header, metadata, model, native, latents } = decoded;
  const all = restoredInfo(header, metadata, native);
  const area = options.window ?? wholeWindow(all);
  const info = windowInfo(all, area);
  const indices = tilesFor(latents, header, info.bands, area);
  const { damaged } = options;
  const lost = await fillLatents(decoded, open, damaged, share(job, 0.1, 0.2), indices);
  const windows = lostWindows(header, lost);
  return {
    info,
    codec: model.codec,
    lost: windows.flatMap((window) => inside(window, area) ?? []),
    rows: rowsOfLatents(decoded, latents, area, windows, share(job, 0.2, 1)),
  };
}

/** Numbers of the tiles that the synthesis of an area looks at. */
function tilesFor(
  latents: LatentImage,
  header: HificHeader,
  bands: number,
  area: PixelWindow,
): number[] {
  const windows = windowsFor(latents, header, bands, area);
  return [...tileLayout(header.width, header.height).tiles.entries()].flatMap(([index, tile]) =>
    windows.some(
      ({ x, y }) =>
        meets(x.whole, tile.x, tile.x + tile.width) && meets(y.whole, tile.y, tile.y + tile.height),
    )
      ? index
      : [],
  );
}

/** What brings decoded samples out of a file's spectral frame, where it has one. */
function outOfFileFrame(
  { frame: axes, entropy, spec }: ModelFile,
  symbols: FrameSymbols | undefined,
): SpectralMap {
  if (!axes || !symbols) return identityMap(spec.bands);
  return outOfFrame(new FrameBasis(axes, spec), frameOfSymbols(entropy, symbols));
}

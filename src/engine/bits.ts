import type { BitFile, FileBits } from '../codecs/fileBits';
import type { LatentBits } from '../codecs/hific/bitMap';
import type { ChannelOrigin } from '../codecs/hific/channelOrigin';
import type { LatentEdit, LatentPosition } from '../codecs/hific/latentEdits';
import { share } from '../codecs/progress';
import type { JobContext } from '../codecs/types';
import { withoutPixels } from '../core/cube/lostPixels';
import type { HyperspectralCube, PixelWindow, SampleArray } from '../core/cube/types';
import { memorySource, wholeWindow } from '../core/cube/window';
import { HscError, throwIfAborted } from '../core/errors';
import { type Distortion, distortion } from '../core/metrics/distortion';
import type { CubeId } from './api';
import type { CubeTable } from './cubes';
import type { HeldFacts } from './heldFacts';
import { type Difference, differenceOf } from './imageDifference';
import { requireSmall } from './large';
import type { Toolbox } from './toolbox';
import type { Turnstile } from './turnstile';

export type { ChannelOrigin, Difference, FileBits, LatentBits, LatentEdit, LatentPosition };

/** A decode of an open reconstruction's file with edits to its latents. */
export interface EditRequest {
  readonly reconstruction: CubeId;
  readonly edits: readonly LatentEdit[];
  /** The id that the edited image gets. */
  readonly edited: CubeId;
  /** The open cube that the file is compared with, and the window of it. */
  readonly original?: { readonly cube: CubeId; readonly window: PixelWindow };
}

/** An edited image that the engine holds. */
export interface EditedImage {
  readonly id: CubeId;
  /** How far it is from the unedited reconstruction. */
  readonly fromUnedited: Distortion;
  /** How far it is from the original, where that is open. */
  readonly fromOriginal?: Distortion;
  /** Edited less unedited. */
  readonly difference: Difference;
}

/** The latents whose share of an image is asked for: one position, all channels or some. */
export interface FootprintRequest {
  readonly reconstruction: CubeId;
  readonly position: LatentPosition;
  readonly channels?: readonly number[];
}

interface Desk {
  readonly tools: Pick<Toolbox, 'openBits'>;
  readonly cubes: CubeTable;
  readonly facts: Map<CubeId, HeldFacts>;
  readonly device: Turnstile;
  /** Larger images, as float32, are not decoded anew. */
  readonly largeBytes: number;
}

interface KeptFile {
  readonly file: Uint8Array;
  /** As in `Codec.decode`. */
  readonly bandsFrom: readonly number[] | undefined;
}

/** Where the bits of open reconstructions go, and what becomes of them with other latents. */
export class BitsDesk {
  private readonly files = new Map<CubeId, KeptFile>();
  /** The file that was looked at last, taken apart. */
  private opened: { readonly id: CubeId; readonly file: BitFile } | undefined;

  constructor(private readonly desk: Desk) {}

  /** Every reconstruction's file is kept: it is small beside its samples. */
  keep(id: CubeId, file: Uint8Array, bandsFrom: readonly number[] | undefined): void {
    this.forget(id);
    this.files.set(id, { file, bandsFrom });
  }

  forget(id: CubeId): void {
    this.files.delete(id);
    if (this.opened?.id === id) this.opened = undefined;
  }

  /** The file of an open reconstruction. Throws `bad-argument` where it is none. */
  fileOf(id: CubeId): KeptFile {
    const kept = this.files.get(id);
    if (!kept) throw notOpen();
    return kept;
  }

  fileBits(id: CubeId, job: JobContext): Promise<FileBits> {
    return this.desk.device.pass(job.signal, async () => (await this.open(id, job)).bits);
  }

  /** Throws `unsupported` for files without latents, `limit` for large images, and what decoding throws. */
  async edit(request: EditRequest, job: JobContext): Promise<EditedImage> {
    const { reconstruction: base, original, edited: id } = request;
    const { cubes, facts } = this.desk;
    const known = facts.get(base);
    if (!known) throw notOpen();
    const cube = await this.decode(base, request.edits, job);
    const unedited = await this.samplesOf(base);
    const fromUnedited = distortion(unedited, cube.data, cube.bands, known.range);
    const fromOriginal = original && (await this.fromOriginal(original, cube, known));
    throwIfAborted(job.signal);
    await cubes.put(id, memorySource(cube), cube.data.byteLength);
    facts.set(id, known);
    const difference = differenceOf(cube, cube.data, unedited);
    return { id, fromUnedited, fromOriginal, difference };
  }

  /** What the latents add to the image: decoded with them, less decoded without. */
  async footprint(request: FootprintRequest, job: JobContext): Promise<Difference> {
    const { reconstruction: base, position, channels } = request;
    const without = await this.decode(base, [{ factor: 0, position, channels }], job);
    return differenceOf(without, await this.samplesOf(base), without.data);
  }

  private async fromOriginal(
    { cube, window }: NonNullable<EditRequest['original']>,
    edited: HyperspectralCube,
    { codedBands, range, lost = [] }: HeldFacts,
  ): Promise<Distortion> {
    const { source } = this.desk.cubes.get(cube);
    const read = await source.readWindow(window, { bands: codedBands });
    const samples = withoutPixels(read, { width: window.width, bands: edited.bands }, lost);
    return distortion(samples, edited.data, edited.bands, range, source.info.noDataValue);
  }

  private async decode(
    id: CubeId,
    edits: readonly LatentEdit[],
    job: JobContext,
  ): Promise<HyperspectralCube> {
    const { cubes, largeBytes } = this.desk;
    if (this.files.has(id)) {
      requireSmall('Decoding with other latents', cubes.get(id).source.info, largeBytes);
    }
    return this.desk.device.pass(job.signal, async () => {
      const file = await this.open(id, share(job, 0, 0.3));
      if (file.decode) return file.decode(edits, share(job, 0.3, 1));
      throw new HscError('unsupported', 'This codec has no latents that could be edited.');
    });
  }

  private async open(id: CubeId, job: JobContext): Promise<BitFile> {
    if (this.opened?.id === id) return this.opened.file;
    const kept = this.fileOf(id);
    const facts = this.desk.facts.get(id);
    if (!facts) throw notOpen();
    const file = await this.desk.tools.openBits(kept.file, facts, kept.bandsFrom, job);
    if (this.files.get(id) === kept) this.opened = { id, file };
    return file;
  }

  private samplesOf(id: CubeId): Promise<SampleArray> {
    const { source } = this.desk.cubes.get(id);
    return source.readWindow(wholeWindow(source.info));
  }
}

function notOpen(): HscError {
  return new HscError('bad-argument', 'That reconstruction is no longer open.');
}

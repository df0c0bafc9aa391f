import type {
  AttendedPatch,
  AttentionEdits,
  BlockGates,
  CodedPatch,
  InputBands,
} from '../codecs/hific/attention';
import type { EncodeOptions, JobContext } from '../codecs/types';
import type { HyperspectralCube, PixelWindow } from '../core/cube/types';
import { selectBands } from '../core/cube/window';
import { type Distortion, distortion } from '../core/metrics/distortion';
import { type Rate, rate } from '../core/metrics/rate';
import { sameNumbers } from '../core/same';
import type { CubeId } from './api';
import type { Turnstile } from './turnstile';

export type { AttentionEdits, BlockGates, InputBands };

/** A patch whose gates are read while it is coded. */
export interface AttentionRequest {
  readonly cube: CubeId;
  readonly window: PixelWindow;
  readonly codec: string;
  readonly options: EncodeOptions;
  /** The id that the reconstruction gets; where there is none, only the gates are wanted. */
  readonly reconstruction?: CubeId;
}

/** What a file of the patch costs and keeps: its bytes, decoded, against the unedited patch. */
export interface AttentionFigures {
  readonly rate: Rate;
  readonly distortion: Distortion;
}

/** Gates of all SE blocks for one patch. */
export interface Attention {
  /** In the order in which the network runs them. */
  readonly blocks: readonly BlockGates[];
  readonly input: InputBands;
  /** Bands of the cube that the file holds. */
  readonly codedBands: readonly number[];
  readonly figures: AttentionFigures;
}

/** The same patch with gates or bands scaled. */
export interface AttentionEditRequest extends AttentionRequest {
  readonly edits: AttentionEdits;
  /** The id that the edited reconstruction gets. */
  readonly edited: CubeId;
  /** The id of an image of one band: RMS over bands of what the edits changed at each pixel. */
  readonly difference: CubeId;
}

export interface EditedAttention {
  readonly figures: AttentionFigures;
  /** Largest value of the difference image, in the cube's own units. */
  readonly largestDifference: number;
  /**
   * `kept`: only G was edited, and the file is the unedited one; else it was written anew, and came
   * out the `same` byte for byte or `changed`.
   */
  readonly file: 'kept' | 'same' | 'changed';
}

/** Codes patches with one codec and reads their gates. */
export interface AttentionReader {
  /** Throws `limit` for patches that are too large. */
  check(size: Pick<PixelWindow, 'width' | 'height'>): void;
  read(cube: HyperspectralCube, options: EncodeOptions, job: JobContext): Promise<AttendedPatch>;
}

/** What the work needs of the engine around it. */
interface Bench {
  readonly device: Turnstile;
  load(cube: CubeId, window: PixelWindow, signal?: AbortSignal): Promise<HyperspectralCube>;
  reader(codec: string): Promise<AttentionReader>;
  hold(id: CubeId, cube: HyperspectralCube): Promise<void>;
}

interface Kept {
  readonly key: string;
  readonly cube: CubeId;
  readonly patch: Promise<AttendedPatch>;
}

/** Reads the gates of patches; keeps the last one that has a reconstruction, to be edited. */
export class AttentionWork {
  private kept: Kept | undefined;

  constructor(private readonly bench: Bench) {}

  async read(request: AttentionRequest, job: JobContext): Promise<Attention> {
    const patch = await this.patchOf(request, job);
    if (request.reconstruction) await this.bench.hold(request.reconstruction, patch.plain.cube);
    return {
      blocks: patch.blocks,
      input: patch.inputBands(),
      codedBands: patch.codedBands,
      figures: figuresOf(patch, patch.plain),
    };
  }

  async edit(request: AttentionEditRequest, job: JobContext): Promise<EditedAttention> {
    const patch = await this.patchOf(request, job);
    const edited = await this.bench.device.pass(job.signal, () => patch.edited(request.edits, job));
    const difference = differenceOf(edited.cube, patch.plain.cube);
    await this.bench.hold(request.edited, edited.cube);
    await this.bench.hold(request.difference, difference);
    return {
      figures: figuresOf(patch, edited),
      largestDifference: (difference.data as Float32Array).reduce((a, b) => Math.max(a, b), 0),
      file: fileOf(edited, patch.plain),
    };
  }

  /** Frees what is kept of a cube that is closed. */
  forget(cube: CubeId): void {
    if (this.kept?.cube === cube) this.kept = undefined;
  }

  private patchOf(request: AttentionRequest, job: JobContext): Promise<AttendedPatch> {
    const { cube, window, codec, options } = request;
    const key = JSON.stringify([cube, window, codec, options]);
    if (this.kept?.key === key) return this.kept.patch;
    const patch = this.code(request, job);
    if (request.reconstruction) {
      this.kept = { key, cube, patch };
      patch.catch(() => {
        if (this.kept?.key === key) this.kept = undefined;
      });
    }
    return patch;
  }

  private async code(request: AttentionRequest, job: JobContext): Promise<AttendedPatch> {
    const reader = await this.bench.reader(request.codec);
    reader.check(request.window);
    const cube = await this.bench.load(request.cube, request.window, job.signal);
    return this.bench.device.pass(job.signal, () => reader.read(cube, request.options, job));
  }
}

function figuresOf(
  { original, codedBands, range }: AttendedPatch,
  { file, cube }: CodedPatch,
): AttentionFigures {
  const { data, bands, noDataValue, sampleType } = original;
  const samples = selectBands(data, bands, codedBands);
  return {
    rate: rate(file.byteLength, cube, sampleType),
    distortion: distortion(samples, cube.data, codedBands.length, range, noDataValue),
  };
}

function fileOf(edited: CodedPatch, plain: CodedPatch): EditedAttention['file'] {
  if (edited.file === plain.file) return 'kept';
  return sameNumbers(edited.file, plain.file) ? 'same' : 'changed';
}

function differenceOf(a: HyperspectralCube, b: HyperspectralCube): HyperspectralCube {
  const { width, height, bands } = a;
  const data = Float32Array.from({ length: width * height }, (_, pixel) => {
    let sum = 0;
    for (let i = pixel * bands; i < (pixel + 1) * bands; i++) sum += (a.data[i] - b.data[i]) ** 2;
    return Math.sqrt(sum / bands);
  });
  return { name: 'difference', width, height, bands: 1, sampleType: 'float32', data };
}

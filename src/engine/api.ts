import type { CodecMeta, EncodeOptions, SectionBytes } from '../codecs/types';
import type { Stretch } from '../core/cube/composite';
import type { ValueRange } from '../core/cube/normalize';
import type { CubeInfo, PixelWindow, SampleType } from '../core/cube/types';
import type { HscErrorCode } from '../core/errors';
import type { Distortion } from '../core/metrics/distortion';
import type { CubeCandidate, OpenOptions, WrittenFile } from '../formats/types';
import type { BackendChoice, BackendName, BackendReport } from '../nn/backend';

/** Names a cube that the engine holds; the client chooses it, so that it survives a restart. */
export type CubeId = string;

/** Names a running job, for cancelling. */
export type JobId = string;

export type { BackendChoice, BackendName, BackendReport };

/** What an opened cube is, without its samples. */
export interface OpenedCube {
  readonly id: CubeId;
  readonly info: CubeInfo;
  /** e.g. `ENVI`, `MATLAB 5`. */
  readonly format: string;
  readonly candidates: readonly CubeCandidate[];
  readonly chosen: string;
}

export interface SampleCard {
  readonly id: string;
  readonly title: string;
  readonly description: string;
}

/** What a picture shows and how. */
export interface PictureRequest {
  readonly cube: CubeId;
  /** The whole cube by default. */
  readonly window?: PixelWindow;
  /** Red, green and blue band, or a single one shown grey. */
  readonly bands: readonly number[];
  /** A stretch that is shared with another picture, or percentiles of this one. */
  readonly stretch: Stretch | readonly [number, number];
  /** Longest side in pixels; beyond it every n-th row and column is shown. */
  readonly maxSide: number;
}

/** RGBA pixels; one picture pixel stands for `stride` × `stride` cube pixels. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly stride: number;
  readonly rgba: Uint8ClampedArray<ArrayBuffer>;
  readonly stretch: Stretch;
}

/** A reconstruction that the engine holds, with everything that its file alone tells. */
export interface Reconstruction {
  readonly id: CubeId;
  readonly info: CubeInfo;
  readonly codec: string;
  readonly codecLabel: string;
  /** Target rate in bpp that the file was made for, where its codec says. */
  readonly targetRate?: number;
  readonly bytes: number;
  readonly sections: SectionBytes;
  /** Σ −log2 p over the file's symbols, from the probability tables: an estimate. */
  readonly estimatedBits?: number;
  readonly decodeMs: number;
  readonly backend: BackendName;
  /** Type that the original's samples are stored in, for the compression ratio. */
  readonly storedType: SampleType;
  /** The values that the file maps to 0 and 1, for PSNR. */
  readonly range: ValueRange;
  /** Band of the original behind each band of the file. */
  readonly codedBands: readonly number[];
}

export interface EncodeRequest {
  readonly cube: CubeId;
  readonly window: PixelWindow;
  readonly codec: string;
  readonly options: EncodeOptions;
  /** The id that the reconstruction gets. */
  readonly reconstruction: CubeId;
}

/** What only the encoder knows of a file. */
export interface EncodeReport {
  readonly encodeMs: number;
}

export interface Encoded {
  readonly file: Uint8Array<ArrayBuffer>;
  /** Decoded from `file`, never taken from the encoder. */
  readonly reconstruction: Reconstruction;
  readonly report: EncodeReport;
}

/** A reconstruction laid over a window of an original. */
export interface CompareRequest {
  readonly original: CubeId;
  readonly reconstruction: CubeId;
  readonly window: PixelWindow;
}

export type ProgressListener = (done: number, label: string) => void;

export interface EngineMemory {
  /** Bytes of cubes held in memory. */
  readonly cubes: number;
  /** Bytes of tensors (weights included). */
  readonly tensors: number;
}

/** What the worker offers. Ids and small values go in; pictures come out as transferred buffers. */
export interface EngineApi {
  /** Chooses a backend (the best that passes its known-answer test, or the one named). */
  start(baseUrl: string, backend?: BackendName): Promise<BackendChoice>;
  codecs(): Promise<CodecMeta[]>;
  samples(): Promise<SampleCard[]>;
  open(id: CubeId, files: readonly File[], options: OpenOptions): Promise<OpenedCube>;
  openSample(id: CubeId, sample: string): Promise<OpenedCube>;
  decode(
    id: CubeId,
    file: Uint8Array,
    job: JobId,
    onProgress?: ProgressListener,
  ): Promise<Reconstruction>;
  encode(request: EncodeRequest, job: JobId, onProgress?: ProgressListener): Promise<Encoded>;
  picture(request: PictureRequest): Promise<Picture>;
  /** One pixel's samples at all bands, in the cube's own units; NaN where there is no data. */
  spectrum(cube: CubeId, x: number, y: number): Promise<Float32Array<ArrayBuffer>>;
  compare(request: CompareRequest): Promise<Distortion>;
  /** The window of the original that looks most like the reconstruction. */
  locate(original: CubeId, reconstruction: CubeId): Promise<PixelWindow>;
  exportCube(cube: CubeId, format: string, baseName: string): Promise<WrittenFile[]>;
  /** Asks a job to stop; false where no such job runs. */
  cancel(job: JobId): Promise<boolean>;
  close(cube: CubeId): Promise<void>;
  memory(): Promise<EngineMemory>;
}

/** An error as it crosses the worker's border. */
export interface WireError {
  readonly code?: HscErrorCode;
  readonly message: string;
  readonly cause?: string;
}

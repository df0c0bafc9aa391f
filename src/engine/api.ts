import type { CodecMeta, EncodeOptions, Quality, SectionBytes } from '../codecs/types';
import type { BandStatistics } from '../core/cube/bandStatistics';
import type { ColourMap } from '../core/cube/colourMaps';
import type { Stretch } from '../core/cube/composite';
import type { ValueRange } from '../core/cube/normalize';
import type { CubeOverrides } from '../core/cube/overrides';
import type { Area } from '../core/cube/polygon';
import type { CubeInfo, PixelWindow, SampleType } from '../core/cube/types';
import type { HscErrorCode } from '../core/errors';
import type { Distortion } from '../core/metrics/distortion';
import type { Figures } from '../core/metrics/figures';
import type { Rate } from '../core/metrics/rate';
import type { ErrorSpectrum } from '../core/metrics/spectral';
import type { CubeCandidate, OpenOptions } from '../formats/types';
import type { BackendChoice, BackendName, BackendReport } from '../nn/backend';
import type {
  Attention,
  AttentionEditRequest,
  AttentionRequest,
  EditedAttention,
} from './attention';
import type { Difference, EditedImage, EditRequest, FileBits, FootprintRequest } from './bits';
import type { DamageOutcome, DamageRequest } from './damage';
import type { TuningApi } from './tuningTypes';

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
  /** The corrections that `info` carries, from the user or from a sidecar. */
  readonly overrides?: CubeOverrides;
  /** What the file itself says; `info` where nothing was corrected. */
  readonly stated?: CubeInfo;
}

export interface SampleCard {
  readonly id: string;
  readonly title: string;
  readonly description: string;
}

/** What a picture shows. */
export interface PictureSource {
  readonly cube: CubeId;
  /** The whole cube by default. */
  readonly window?: PixelWindow;
  /** Red, green and blue band, or a single one; with `components`, the bands that take part. */
  readonly bands: readonly number[];
  /**
   * Shows the first three principal components instead: those of cube `of` (taken over the whole
   * of it) at its `bands`, which are those of this cube in another numbering, one for one.
   */
  readonly components?: { readonly of: CubeId; readonly bands: readonly number[] };
  /** Longest side in pixels; beyond it every n-th row and column is shown. */
  readonly maxSide: number;
}

/** What a picture shows, and whose percentiles stretch it. */
export interface StretchedSource extends PictureSource {
  /** The picture whose percentiles stretch this one; itself where left out. */
  readonly like?: PictureSource;
}

/** What a picture shows and how. */
export interface PictureRequest extends StretchedSource {
  /** A stretch that is shared with another picture, or percentiles of this one. */
  readonly stretch: Stretch | readonly [number, number];
  /** For a single band; grey by default. */
  readonly colourMap?: ColourMap;
}

/** RGBA pixels; one picture pixel stands for `stride` × `stride` cube pixels. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly stride: number;
  readonly rgba: Uint8ClampedArray<ArrayBuffer>;
  readonly stretch: Stretch;
}

/** How the samples of one channel of a picture are spread, in the cube's own units. */
export interface ChannelHistogram {
  /** Ends of the axis. A few outliers may lie beyond: they count in the outermost bins. */
  readonly low: number;
  readonly high: number;
  /** Pixels with data in even bins from `low` to `high`. */
  readonly counts: Uint32Array;
  /** Values at percentiles 0, 0.1 … 100 of the picture that stretches this one. */
  readonly quantiles: Float64Array;
}

/** A reconstruction that the engine holds, with everything that its file alone tells. */
export interface Reconstruction {
  readonly id: CubeId;
  readonly info: CubeInfo;
  readonly codec: string;
  readonly codecLabel: string;
  /** How finely the file is quantised, where its codec has such a scale. */
  readonly quality?: Quality;
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
  /** Damaged tiles, in pixels: no data there. Undefined for files without damage. */
  readonly lost?: readonly PixelWindow[];
  /** SHA-256 over all decoded symbols, the same on every machine; none where they were not held. */
  readonly symbolDigest?: string;
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

/** Mean spectrum of a region, in the cube's own units. */
export interface RegionSpectrum {
  /** At all bands; NaN where no pixel has data. */
  readonly mean: Float64Array<ArrayBuffer>;
  /** Sample standard deviation at all bands. */
  readonly deviation: Float64Array<ArrayBuffer>;
  /** Pixels inside that were read: all, or those of rows evenly spread over a very large region. */
  readonly pixels: number;
}

/** A reconstruction laid over a window of an original. */
export interface CompareRequest {
  readonly original: CubeId;
  readonly reconstruction: CubeId;
  readonly window: PixelWindow;
}

/** How far a reconstruction is from its original, pixel by pixel. */
export interface DifferenceRequest extends CompareRequest {
  /** Absolute error at the bands shown, root mean square error over all bands, or spectral angle. */
  readonly kind: 'shown' | 'all' | 'sam';
  /** Positions among the bands of the reconstruction. */
  readonly bands: readonly number[];
  readonly maxSide: number;
}

/** One value a pixel: shares of the file's value range, or degrees; NaN where there is no data. */
export interface DifferenceMap {
  readonly width: number;
  readonly height: number;
  readonly stride: number;
  readonly values: Float32Array<ArrayBuffer>;
}

/** A codec as the engine runs it. */
export interface CodecCard extends CodecMeta {
  /** Names its code and weights: the same version makes the same file of the same samples. */
  readonly version: string;
}

/** Which bands of an original a file without metadata holds. */
export interface BandOrigin {
  readonly bands: readonly number[];
  /** Centres in nm of these bands, where known. */
  readonly wavelengthsNm?: readonly number[];
}

/** A part of a cube that several codecs are measured on. */
export interface SurveyRequest {
  readonly cube: CubeId;
  readonly window: PixelWindow;
  /** The bands that every codec gets; all where left out. */
  readonly bands?: readonly number[];
  /** Longest side of its pictures in pixels. */
  readonly maxSide: number;
}

/** What a part of a cube is, before anything is measured on it. */
export interface Survey {
  /** SHA-256 of the samples with their shape, type, wavelengths and no-data value. */
  readonly digest: string;
  /** The values that become 0 and 1, as files store them: one range for all codecs. */
  readonly range: ValueRange;
  /** True colour by its own percentiles. */
  readonly picture: Picture;
}

export interface MeasureRequest extends SurveyRequest {
  readonly codec: string;
  /** Target rate in bpp; ignored by codecs that take none. */
  readonly rate: number;
}

/** One measured file: encoded without metadata, decoded from its bytes, compared. */
export interface Measured {
  readonly file: Uint8Array<ArrayBuffer>;
  readonly figures: Figures;
  readonly rate: Rate;
  readonly encodeMs: number;
  readonly decodeMs: number;
  readonly backend: BackendName;
  /** The reconstruction in the colours of the survey's picture. */
  readonly picture: Picture;
}

/** Tiles of a large image, which are safe once they are coded: the same job goes on from them. */
export interface TilesKept {
  readonly done: number;
  readonly of: number;
  /** Those of an earlier run among them. */
  readonly before: number;
  /** From 1 on: the whole image may be coded a second time to come closer to the rate. */
  readonly pass: number;
}

/** Hears 0..1 and what is being done; of large images, of their tiles too. */
export type ProgressListener = (done: number, label: string, tiles?: TilesKept) => void;

/** Hears of a large image's file before it is decoded: whatever comes then, the file is there. */
export type FileListener = (file: Uint8Array<ArrayBuffer>) => void;

/** A file to be saved, whose bytes may lie in a file of the browser's storage. */
export interface ExportedFile {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer> | Blob;
}

export interface EngineMemory {
  /** Bytes of cubes held in memory. */
  readonly cubes: number;
  /** The same, cube by cube. */
  readonly byCube?: Readonly<Record<CubeId, number>>;
  /** Bytes of tensors (weights included). */
  readonly tensors: number;
}

/** What the worker offers. Ids and small values go in; pictures come out as transferred buffers. */
export interface EngineApi {
  /** Chooses a backend (the best that passes its known-answer test, or the one named). */
  start(baseUrl: string, backend?: BackendName): Promise<BackendChoice>;
  codecs(): Promise<CodecCard[]>;
  /** Fine-tuning. */
  tuning(): Promise<TuningApi>;
  samples(): Promise<SampleCard[]>;
  open(id: CubeId, files: readonly File[], options: OpenOptions): Promise<OpenedCube>;
  openSample(id: CubeId, sample: string, options?: OpenOptions): Promise<OpenedCube>;
  /** Mean spectrum and agreement of neighbouring bands, from pixels spread over the cube. */
  bandStatistics(cube: CubeId): Promise<BandStatistics>;
  /** `origin` tells what a file without metadata cannot. */
  decode(
    id: CubeId,
    file: Uint8Array,
    job: JobId,
    onProgress?: ProgressListener,
    origin?: BandOrigin,
  ): Promise<Reconstruction>;
  /** Large images are coded part by part; `onFile` hears of their files. */
  encode(
    request: EncodeRequest,
    job: JobId,
    onProgress?: ProgressListener,
    onFile?: FileListener,
  ): Promise<Encoded>;
  /** Reads a part of a cube and keeps it for {@link measure}, until another one is surveyed. */
  survey(request: SurveyRequest): Promise<Survey>;
  measure(request: MeasureRequest, job: JobId, onProgress?: ProgressListener): Promise<Measured>;
  /** Frees what {@link survey} keeps. */
  endSurvey(): Promise<void>;
  /** Codes a patch and reads the gates of its SE blocks. */
  attend(request: AttentionRequest, job: JobId, onProgress?: ProgressListener): Promise<Attention>;
  /** Codes it again with gates or bands scaled, at the same quantiser. */
  editAttention(
    request: AttentionEditRequest,
    job: JobId,
    onProgress?: ProgressListener,
  ): Promise<EditedAttention>;
  picture(request: PictureRequest): Promise<Picture>;
  /** The histogram of a picture, channel by channel, and where its stretch may begin and end. */
  histogram(request: StretchedSource): Promise<readonly ChannelHistogram[]>;
  /** Finds the principal components of a cube at the bands given, for pictures to come. */
  findComponents(
    cube: CubeId,
    bands: readonly number[],
    job: JobId,
    onProgress?: ProgressListener,
  ): Promise<void>;
  /** One pixel's samples at all bands, in the cube's own units; NaN where there is no data. */
  spectrum(cube: CubeId, x: number, y: number): Promise<Float32Array<ArrayBuffer>>;
  /** Mean and spread of the spectra of an area. */
  regionSpectrum(
    cube: CubeId,
    area: Area,
    job: JobId,
    onProgress?: ProgressListener,
  ): Promise<RegionSpectrum>;
  compare(request: CompareRequest): Promise<Distortion>;
  difference(request: DifferenceRequest): Promise<DifferenceMap>;
  errorSpectrum(request: CompareRequest): Promise<ErrorSpectrum>;
  /** Every figure of a reconstruction against the window, structural similarity included. */
  figures(request: CompareRequest): Promise<Figures>;
  /** The window of the original that looks most like the reconstruction. */
  locate(original: CubeId, reconstruction: CubeId): Promise<PixelWindow>;
  exportCube(cube: CubeId, format: string, baseName: string): Promise<ExportedFile[]>;
  /** Where the bits of a reconstruction's file go. */
  fileBits(id: CubeId, job: JobId, onProgress?: ProgressListener): Promise<FileBits>;
  /** Decodes a reconstruction's file anew with edited latents and holds the image. */
  editLatents(
    request: EditRequest,
    job: JobId,
    onProgress?: ProgressListener,
  ): Promise<EditedImage>;
  /** What latents add to a reconstruction. */
  footprint(
    request: FootprintRequest,
    job: JobId,
    onProgress?: ProgressListener,
  ): Promise<Difference>;
  /** Reads a damaged copy of a reconstruction's file as any file is read, and tells what became of it. */
  damage(request: DamageRequest, job: JobId, onProgress?: ProgressListener): Promise<DamageOutcome>;
  /** Holds a coding job up after its present step, or lets it go on; false where no such job runs. */
  hold(job: JobId, held: boolean): Promise<boolean>;
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

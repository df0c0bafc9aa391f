import * as Comlink from 'comlink';
import type { BandStatistics } from '../core/cube/bandStatistics';
import type { Area } from '../core/cube/polygon';
import type { PixelWindow } from '../core/cube/types';
import type { Distortion } from '../core/metrics/distortion';
import type { Figures } from '../core/metrics/figures';
import type { ErrorSpectrum } from '../core/metrics/spectral';
import type { OpenOptions } from '../formats/types';
import type {
  BandOrigin,
  ChannelHistogram,
  CodecCard,
  CompareRequest,
  CubeId,
  DifferenceMap,
  DifferenceRequest,
  Encoded,
  EncodeRequest,
  EngineMemory,
  ExportedFile,
  FileListener,
  JobId,
  Measured,
  MeasureRequest,
  OpenedCube,
  Picture,
  PictureRequest,
  Reconstruction,
  RegionSpectrum,
  SampleCard,
  StretchedSource,
  Survey,
  SurveyRequest,
} from './api';
import type {
  Attention,
  AttentionEditRequest,
  AttentionRequest,
  EditedAttention,
} from './attention';
import type { Difference, EditedImage, EditRequest, FileBits, FootprintRequest } from './bits';
import type { DamageOutcome, DamageRequest } from './damage';
import type { JobOptions } from './outlivingEngine';
import { TuningClient } from './tuningClient';
import { type Verification, verifyIn } from './verification';

/** The cubes that a picture is made of. */
function cubesOf({ cube, components, like }: StretchedSource): readonly CubeId[] {
  const ids = [cube, components?.of, like?.cube, like?.components?.of];
  return [...new Set(ids.filter((id) => id !== undefined))];
}

/** What encoding tells as it goes. */
export interface EncodeJobOptions extends JobOptions {
  readonly onFile?: FileListener;
}

/** The page's side of the engine: a call for everything that the worker does. */
export class EngineClient extends TuningClient {
  codecs(): Promise<CodecCard[]> {
    return this.afterStart((api) => api.codecs());
  }

  samples(): Promise<SampleCard[]> {
    return this.call((api) => api.samples());
  }

  async open(id: CubeId, files: readonly File[], options: OpenOptions = {}): Promise<OpenedCube> {
    return this.openBy(id, (api) => api.open(id, files, options));
  }

  async openSample(id: CubeId, sample: string, options: OpenOptions = {}): Promise<OpenedCube> {
    return this.openBy(id, (api) => api.openSample(id, sample, options));
  }

  bandStatistics(cube: CubeId): Promise<BandStatistics> {
    return this.call((api) => api.bandStatistics(cube), [cube]);
  }

  async encode(request: EncodeRequest, options: EncodeJobOptions = {}): Promise<Encoded> {
    const onFile = options.onFile && Comlink.proxy(options.onFile);
    const encoded = await this.job([request.cube], options, (api, job, progress) =>
      api.encode(request, job, progress, onFile),
    );
    this.keepDecoded(request.reconstruction, encoded.file);
    return encoded;
  }

  async decode(
    id: CubeId,
    file: Uint8Array<ArrayBuffer>,
    options: JobOptions = {},
    origin?: BandOrigin,
  ): Promise<Reconstruction> {
    const decoded = await this.job([], options, (api, job, progress) =>
      api.decode(id, file, job, progress, origin),
    );
    this.keepDecoded(id, file, origin);
    return decoded;
  }

  /** Decodes a reconstruction's file once more, in an engine of its own on another backend, and compares. */
  async verify(of: Reconstruction, signal?: AbortSignal): Promise<Verification> {
    const decode = this.decoderOf(of.id);
    const spectrum = (x: number, y: number) => this.spectrum(of.id, x, y);
    return verifyIn(this.spawn(), this.options.baseUrl, { of, decode, spectrum }, signal);
  }

  survey(request: SurveyRequest): Promise<Survey> {
    return this.call((api) => api.survey(request), [request.cube]);
  }

  measure(request: MeasureRequest, options: JobOptions = {}): Promise<Measured> {
    return this.job([request.cube], options, (api, job, progress) =>
      api.measure(request, job, progress),
    );
  }

  endSurvey(): Promise<void> {
    return this.call((api) => api.endSurvey());
  }

  async attend(request: AttentionRequest, options: JobOptions = {}): Promise<Attention> {
    const attention = await this.job([request.cube], options, (api, job, progress) =>
      api.attend(request, job, progress),
    );
    if (request.reconstruction) {
      this.keepMade([request.reconstruction], [request.cube], (api, job) =>
        api.attend(request, job),
      );
    }
    return attention;
  }

  async editAttention(
    request: AttentionEditRequest,
    options: JobOptions = {},
  ): Promise<EditedAttention> {
    const edited = await this.job([request.cube], options, (api, job, progress) =>
      api.editAttention(request, job, progress),
    );
    this.keepMade([request.edited, request.difference], [request.cube], (api, job) =>
      api.editAttention(request, job),
    );
    return edited;
  }

  picture(request: PictureRequest): Promise<Picture> {
    return this.call((api) => api.picture(request), cubesOf(request));
  }

  histogram(request: StretchedSource): Promise<readonly ChannelHistogram[]> {
    return this.call((api) => api.histogram(request), cubesOf(request));
  }

  findComponents(cube: CubeId, bands: readonly number[], options: JobOptions = {}): Promise<void> {
    return this.job([cube], options, (api, job, progress) =>
      api.findComponents(cube, bands, job, progress),
    );
  }

  spectrum(cube: CubeId, x: number, y: number): Promise<Float32Array<ArrayBuffer>> {
    return this.call((api) => api.spectrum(cube, x, y), [cube]);
  }

  regionSpectrum(cube: CubeId, area: Area, options: JobOptions = {}): Promise<RegionSpectrum> {
    return this.job([cube], options, (api, job, progress) =>
      api.regionSpectrum(cube, area, job, progress),
    );
  }

  compare(request: CompareRequest): Promise<Distortion> {
    const cubes = [request.original, request.reconstruction];
    return this.call((api) => api.compare(request), cubes);
  }

  difference(request: DifferenceRequest): Promise<DifferenceMap> {
    const cubes = [request.original, request.reconstruction];
    return this.call((api) => api.difference(request), cubes);
  }

  errorSpectrum(request: CompareRequest): Promise<ErrorSpectrum> {
    const cubes = [request.original, request.reconstruction];
    return this.call((api) => api.errorSpectrum(request), cubes);
  }

  figures(request: CompareRequest): Promise<Figures> {
    const cubes = [request.original, request.reconstruction];
    return this.call((api) => api.figures(request), cubes);
  }

  locate(original: CubeId, reconstruction: CubeId): Promise<PixelWindow> {
    return this.call((api) => api.locate(original, reconstruction), [original, reconstruction]);
  }

  exportCube(cube: CubeId, format: string, baseName: string): Promise<ExportedFile[]> {
    return this.call((api) => api.exportCube(cube, format, baseName), [cube]);
  }

  fileBits(id: CubeId, options: JobOptions = {}): Promise<FileBits> {
    return this.job([id], options, (api, job, progress) => api.fileBits(id, job, progress));
  }

  async editLatents(request: EditRequest, options: JobOptions = {}): Promise<EditedImage> {
    const { reconstruction, original, edited: id } = request;
    const cubes = original ? [reconstruction, original.cube] : [reconstruction];
    const edited = await this.job(cubes, options, (api, job, progress) =>
      api.editLatents(request, job, progress),
    );
    this.keepMade([id], cubes, (api, job) => api.editLatents(request, job));
    return edited;
  }

  async damage(request: DamageRequest, options: JobOptions = {}): Promise<DamageOutcome> {
    const { reconstruction, damaged } = request;
    const outcome = await this.job([reconstruction], options, (api, job, progress) =>
      api.damage(request, job, progress),
    );
    if (outcome.restored) {
      this.keepMade([damaged], [reconstruction], (api, job) => api.damage(request, job));
    }
    return outcome;
  }

  footprint(request: FootprintRequest, options: JobOptions = {}): Promise<Difference> {
    return this.job([request.reconstruction], options, (api, job, progress) =>
      api.footprint(request, job, progress),
    );
  }

  /** Holds a coding job up, or lets it go on. */
  hold(job: JobId, held: boolean): Promise<boolean> {
    return this.call((api) => api.hold(job, held));
  }

  memory(): Promise<EngineMemory> {
    return this.call((api) => api.memory());
  }
}

import * as Comlink from 'comlink';
import type { BandStatistics } from '../core/cube/bandStatistics';
import type { Area } from '../core/cube/polygon';
import type { PixelWindow } from '../core/cube/types';
import { HscError, isHscError } from '../core/errors';
import type { Distortion } from '../core/metrics/distortion';
import type { Figures } from '../core/metrics/figures';
import type { ErrorSpectrum } from '../core/metrics/spectral';
import type { OpenOptions, WrittenFile } from '../formats/types';
import type {
  BackendChoice,
  BackendName,
  BandOrigin,
  ChannelHistogram,
  CodecCard,
  CompareRequest,
  CubeId,
  DifferenceMap,
  DifferenceRequest,
  Encoded,
  EncodeRequest,
  EngineApi,
  EngineMemory,
  Measured,
  MeasureRequest,
  OpenedCube,
  Picture,
  PictureRequest,
  ProgressListener,
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
import { TuningClient } from './tuningClient';
import type { TuningApi } from './tuningTypes';
import { type Verification, verifyIn } from './verification';

/** The cubes that a picture is made of. */
function cubesOf({ cube, components, like }: StretchedSource): readonly CubeId[] {
  const ids = [cube, components?.of, like?.cube, like?.components?.of];
  return [...new Set(ids.filter((id) => id !== undefined))];
}

/** A running worker. Invariant: once `broken` has rejected, `api` is never called again. */
export interface EngineLink {
  readonly api: Comlink.Remote<EngineApi>;
  readonly broken: Promise<never>;
  /** Ends the worker; everything pending rejects with `reason`. */
  end(reason: HscError): void;
}

export interface JobOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: ProgressListener;
}

export interface EngineClientOptions {
  readonly baseUrl: string;
  /** How long a cancelled job may take to stop before its worker is ended. */
  readonly graceMs?: number;
  /** Told after the worker was replaced, with the reason as a sentence. */
  readonly onRestart?: (reason: string) => void;
}

/** How to bring a cube back into a fresh worker. */
type Recipe = (api: Comlink.Remote<EngineApi>) => Promise<unknown>;

/** The recipe of a decoded file. */
type Decode = (api: Comlink.Remote<EngineApi>) => Promise<Reconstruction>;

interface Live {
  readonly link: EngineLink;
  readonly started: Promise<BackendChoice>;
  /** Cubes that this worker holds already, or is opening. */
  readonly cubes: Map<CubeId, Promise<unknown>>;
}

const DEFAULT_GRACE_MS = 3000;

/**
 * The page's side of the engine. It outlives its worker: after a crash, a lost device or a job
 * that would not stop, a fresh worker is started and open cubes return to it under their old ids
 * when next used.
 */
export class EngineClient extends TuningClient {
  private live: Live | undefined;
  private backend: BackendName | undefined;
  private readonly recipes = new Map<CubeId, Recipe>();
  private readonly decoders = new Map<CubeId, Decode>();
  private nextJob = 1;

  constructor(
    private readonly spawn: () => EngineLink,
    private readonly options: EngineClientOptions,
  ) {
    super();
  }

  /** Starts the engine if need be; with `backend`, on that backend and no other. */
  async start(backend?: BackendName): Promise<BackendChoice> {
    if (backend !== this.backend) {
      this.backend = backend;
      this.replace(new HscError('aborted', 'The engine was restarted on another backend.'));
    }
    return this.worker().started;
  }

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

  async encode(request: EncodeRequest, options: JobOptions = {}): Promise<Encoded> {
    const encoded = await this.job([request.cube], options, (api, job, progress) =>
      api.encode(request, job, progress),
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
    const decode = this.decoders.get(of.id);
    if (!decode) throw new HscError('bad-argument', 'That image is no longer open.');
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
      this.keepMade([request.reconstruction], request.cube, (api, job) => api.attend(request, job));
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
    this.keepMade([request.edited, request.difference], request.cube, (api, job) =>
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

  exportCube(cube: CubeId, format: string, baseName: string): Promise<WrittenFile[]> {
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
    this.recipes.set(id, async (api) => {
      const { live } = this;
      if (live) await Promise.all(cubes.map((cube) => this.bring(live, cube)));
      return api.editLatents(request, `restore ${id}`);
    });
    this.live?.cubes.set(id, Promise.resolve());
    return edited;
  }

  async damage(request: DamageRequest, options: JobOptions = {}): Promise<DamageOutcome> {
    const { reconstruction, damaged } = request;
    const outcome = await this.job([reconstruction], options, (api, job, progress) =>
      api.damage(request, job, progress),
    );
    if (outcome.restored) {
      this.keepMade([damaged], reconstruction, (api, job) => api.damage(request, job));
    }
    return outcome;
  }

  footprint(request: FootprintRequest, options: JobOptions = {}): Promise<Difference> {
    return this.job([request.reconstruction], options, (api, job, progress) =>
      api.footprint(request, job, progress),
    );
  }

  memory(): Promise<EngineMemory> {
    return this.call((api) => api.memory());
  }

  /** Forgets a cube, here and in the worker. */
  async close(cube: CubeId): Promise<void> {
    this.recipes.delete(cube);
    this.decoders.delete(cube);
    if (this.live?.cubes.delete(cube)) await this.call((api) => api.close(cube));
  }

  private worker(): Live {
    if (this.live) return this.live;
    const link = this.spawn();
    const started = Promise.race([link.api.start(this.options.baseUrl, this.backend), link.broken]);
    const live: Live = { link, started, cubes: new Map() };
    this.live = live;
    started.catch(() => {});
    link.broken.catch((error: unknown) => {
      if (this.live !== live) return;
      this.live = undefined;
      this.options.onRestart?.(error instanceof Error ? error.message : String(error));
    });
    return live;
  }

  private replace(reason: HscError): void {
    const old = this.live;
    this.live = undefined;
    old?.link.end(reason);
  }

  private async call<T>(
    run: (api: Comlink.Remote<EngineApi>) => Promise<T>,
    cubes: readonly CubeId[] = [],
  ): Promise<T> {
    const live = this.worker();
    try {
      await Promise.all(cubes.map((id) => this.bring(live, id)));
      return await Promise.race([run(live.link.api), live.link.broken]);
    } catch (error) {
      // What an engine has of its memory it never gives back, and the networks' may be damaged.
      if (isHscError(error) && error.code === 'memory' && this.live === live) {
        this.replace(error);
        this.options.onRestart?.('The engine ran out of memory and was started anew.');
      }
      throw error;
    }
  }

  /** A lost device ends the worker: what a run has kept can be resumed in the next one. */
  protected async atDesk<T>(
    run: (desk: TuningApi) => Promise<T>,
    cubes: readonly CubeId[] = [],
  ): Promise<T> {
    await this.worker().started;
    const live = this.worker();
    try {
      return await this.call(async (api) => {
        const desk = await api.tuning();
        try {
          return await run(desk);
        } finally {
          // Freed here and not before: comlink forgets answers to what nobody holds any more.
          (desk as Partial<Comlink.ProxyMethods>)[Comlink.releaseProxy]?.();
        }
      }, cubes);
    } catch (error) {
      if (isHscError(error) && error.code === 'device' && this.live === live) this.replace(error);
      throw error;
    }
  }

  private async afterStart<T>(run: (api: Comlink.Remote<EngineApi>) => Promise<T>): Promise<T> {
    await this.worker().started;
    return this.call(run);
  }

  private async bring(live: Live, id: CubeId): Promise<void> {
    const recipe = this.recipes.get(id);
    if (!recipe) return;
    let opening = live.cubes.get(id);
    if (!opening) {
      opening = Promise.race([recipe(live.link.api), live.link.broken]);
      live.cubes.set(id, opening);
      opening.catch(() => live.cubes.delete(id));
    }
    await opening;
  }

  private async openBy(
    id: CubeId,
    recipe: (api: Comlink.Remote<EngineApi>) => Promise<OpenedCube>,
  ): Promise<OpenedCube> {
    const live = this.worker();
    const opened = await Promise.race([recipe(live.link.api), live.link.broken]);
    this.recipes.set(id, recipe);
    live.cubes.set(id, Promise.resolve());
    return opened;
  }

  private keepDecoded(id: CubeId, file: Uint8Array<ArrayBuffer>, origin?: BandOrigin): void {
    const decode: Decode = (api) => api.decode(id, file, `restore ${id}`, undefined, origin);
    this.decoders.set(id, decode);
    this.recipes.set(id, async (api) => {
      await this.live?.started;
      return decode(api);
    });
    this.live?.cubes.set(id, Promise.resolve());
  }

  /** Images that the worker made of a cube come back by being made again. */
  private keepMade(
    ids: readonly CubeId[],
    cube: CubeId,
    make: (api: Comlink.Remote<EngineApi>, job: string) => Promise<unknown>,
  ): void {
    for (const id of ids) {
      this.recipes.set(id, async (api) => {
        const { live } = this;
        await live?.started;
        if (live) await this.bring(live, cube);
        return make(api, `restore ${id}`);
      });
      this.live?.cubes.set(id, Promise.resolve());
    }
  }

  /** Runs a job that reports progress and can be cancelled; repeats it once on a lost device. */
  private async job<T>(
    cubes: readonly CubeId[],
    options: JobOptions,
    run: (api: Comlink.Remote<EngineApi>, job: string, progress?: ProgressListener) => Promise<T>,
    retry = true,
  ): Promise<T> {
    const { signal, onProgress } = options;
    const cancelled = () => new HscError('aborted', 'The job was cancelled.');
    if (signal?.aborted) throw cancelled();
    const job = `job ${this.nextJob++}`;
    await this.worker().started;
    if (signal?.aborted) throw cancelled();
    const live = this.worker();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = () => {
      live.link.api.cancel(job).catch(() => {});
      timer = setTimeout(() => {
        if (this.live !== live) return;
        this.replace(cancelled());
        this.options.onRestart?.('The job did not stop when asked, so the engine was restarted.');
      }, this.options.graceMs ?? DEFAULT_GRACE_MS);
    };
    signal?.addEventListener('abort', stop, { once: true });
    const progress = onProgress && Comlink.proxy(onProgress);
    try {
      return await this.call((api) => run(api, job, progress), cubes);
    } catch (error) {
      if (signal?.aborted) throw cancelled();
      if (!retry || !isHscError(error) || error.code !== 'device') throw error;
      // A worker that has crashed is replaced already, and was reported.
      if (this.live === live) {
        this.replace(new HscError('device', 'The graphics device was lost.'));
        this.options.onRestart?.('The graphics device was lost; the job is repeated.');
      }
      return this.job(cubes, options, run, false);
    } finally {
      signal?.removeEventListener('abort', stop);
      clearTimeout(timer);
    }
  }
}

import { type BandStatistics, BandSums, statisticsWindows } from '../core/cube/bandStatistics';
import { isDataSample } from '../core/cube/normalize';
import { applyOverrides } from '../core/cube/overrides';
import type { Area } from '../core/cube/polygon';
import type { PixelWindow } from '../core/cube/types';
import { loadWindow, memorySource, wholeWindow as wholeOf } from '../core/cube/window';
import { HscError, throwIfAborted } from '../core/errors';
import type { Distortion } from '../core/metrics/distortion';
import type { Figures } from '../core/metrics/figures';
import type { ErrorSpectrum } from '../core/metrics/spectral';
import type { OpenOptions } from '../formats/types';
import type {
  BackendChoice,
  BackendName,
  BackendReport,
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
  ExportedFile,
  FileListener,
  JobId,
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
import { type AttentionEditRequest, type AttentionRequest, AttentionWork } from './attention';
import {
  BitsDesk,
  type Difference,
  type EditedImage,
  type EditRequest,
  type FileBits,
  type FootprintRequest,
} from './bits';
import { CodingDesk, type CodingJob } from './coding';
import { Comparisons } from './comparisons';
import { CubeTable } from './cubes';
import { type DamageOutcome, type DamageRequest, readDamaged } from './damage';
import { exportStored } from './exportStored';
import type { HeldFacts } from './heldFacts';
import { Jobs } from './jobs';
import { LARGE_BYTES } from './large';
import { measureCodec, type Original, surveyOf, surveyOriginal } from './measure';
import { Pictures } from './pictures';
import { regionSpectrum } from './region';
import { RunControls } from './runControls';
import { isStored } from './storedImage';
import type { Toolbox } from './toolbox';
import { TuningDesk } from './tuningDesk';
import type { TuningApi } from './tuningTypes';
import { Turnstile } from './turnstile';

/** The engine's work, free of threads: the worker exposes it, tests call it directly. */
export class EngineService implements EngineApi {
  private readonly cubes = new CubeTable();
  private readonly pictures = new Pictures(this.cubes);
  private readonly jobs = new Jobs();
  private readonly facts = new Map<CubeId, HeldFacts>();
  private readonly comparisons = new Comparisons({ cubes: this.cubes, facts: this.facts });
  /** Codecs share the device: one works at a time, so that its times are its own. */
  private readonly device = new Turnstile();
  private surveyed: { readonly key: string; readonly original: Promise<Original> } | undefined;
  private backend: BackendReport | undefined;
  private readonly attention = new AttentionWork({
    device: this.device,
    load: (cube, window, signal) => loadWindow(this.cubes.get(cube).source, window, signal),
    reader: async (codec) => this.tools.attention((await this.coding.codec(codec)).meta),
    hold: (id, cube) => this.cubes.put(id, memorySource(cube), cube.data.byteLength),
  });

  private readonly bits: BitsDesk;
  private readonly coding: CodingDesk;
  /** Of coding jobs, which can be held up. */
  private readonly controls = new RunControls();
  private readonly desk: TuningDesk;

  /** Images that take more than `largeBytes` as float32 are never in memory whole. */
  constructor(
    private readonly tools: Toolbox,
    private readonly largeBytes = LARGE_BYTES,
  ) {
    const { cubes, facts, device } = this;
    this.bits = new BitsDesk({ tools, cubes, facts, device, largeBytes });
    const { bits } = this;
    const backend = () => this.backend?.name;
    this.coding = new CodingDesk({ tools, cubes, facts, bits, device, largeBytes, backend });
    this.desk = new TuningDesk({
      device,
      source: (cube) => cubes.get(cube).source,
      tools: () => tools.tuning(),
      store: () => tools.localModels(),
      backend: () => this.backend,
      shelf: (folder) => tools.shelf(folder),
    });
  }

  async start(baseUrl: string, backend?: BackendName): Promise<BackendChoice> {
    const choice = await this.tools.startBackend(baseUrl, backend);
    this.backend = choice.chosen;
    this.device.watch(this.tools.deviceLost());
    await this.tools
      .scratch()
      .sweep()
      .catch((error) => console.warn('Files of closed tabs are left where they are.', error));
    // Without its tuned weights the studio still works.
    await this.desk.install().catch((error) => console.warn('Tuned weights are left out.', error));
    return choice;
  }

  async tuning(): Promise<TuningApi> {
    return this.desk;
  }

  async codecs(): Promise<CodecCard[]> {
    const codecs = await this.tools.codecs();
    return Promise.all(
      codecs.map(async ({ meta }) => ({ ...meta, version: await this.tools.version(meta.id) })),
    );
  }

  async samples(): Promise<SampleCard[]> {
    const scenes = await this.tools.samples();
    return scenes.map(({ id, title, description }) => ({ id, title, description }));
  }

  async open(id: CubeId, files: readonly File[], options: OpenOptions): Promise<OpenedCube> {
    const opened = await this.tools.openFiles(files, options);
    await this.cubes.put(id, opened.cube);
    const { format, candidates, chosen, overrides, stated } = opened;
    return { id, info: opened.cube.info, format, candidates, chosen, overrides, stated };
  }

  async openSample(
    id: CubeId,
    sample: string,
    { overrides }: OpenOptions = {},
  ): Promise<OpenedCube> {
    const scene = (await this.tools.samples()).find((one) => one.id === sample);
    if (!scene) throw new HscError('bad-argument', `There is no shipped sample named ${sample}.`);
    const opened = scene.open();
    const named = { ...opened, info: { ...opened.info, name: scene.title } };
    const source = overrides ? applyOverrides(named, overrides) : named;
    await this.cubes.put(id, source);
    const { info } = source;
    const edits = { overrides, stated: named.info };
    return { id, info, format: 'Shipped sample', candidates: [], chosen: '', ...edits };
  }

  async encode(
    request: EncodeRequest,
    job: JobId,
    onProgress?: ProgressListener,
    onFile?: FileListener,
  ): Promise<Encoded> {
    return this.coded(job, onProgress, (own) => this.coding.encode(request, own, onFile));
  }

  async decode(
    id: CubeId,
    file: Uint8Array,
    job: JobId,
    onProgress?: ProgressListener,
    origin?: BandOrigin,
  ): Promise<Reconstruction> {
    return this.coded(job, onProgress, (own) => this.coding.read(id, file, own, origin));
  }

  async survey(request: SurveyRequest): Promise<Survey> {
    return surveyOf(await this.original(request));
  }

  async measure(
    request: MeasureRequest,
    job: JobId,
    onProgress?: ProgressListener,
  ): Promise<Measured> {
    return this.jobs.run(job, async (signal) => {
      const codec = await this.coding.codec(request.codec);
      const original = await this.original(request);
      throwIfAborted(signal);
      const measured = await this.device.pass(signal, () =>
        measureCodec(original, codec, request, { signal, onProgress }),
      );
      return { ...measured, backend: this.backend?.name ?? 'cpu' };
    });
  }

  async endSurvey(): Promise<void> {
    this.surveyed = undefined;
  }

  async attend(request: AttentionRequest, job: JobId, onProgress?: ProgressListener) {
    return this.jobs.run(job, (signal) => this.attention.read(request, { signal, onProgress }));
  }

  async editAttention(request: AttentionEditRequest, job: JobId, onProgress?: ProgressListener) {
    return this.jobs.run(job, (signal) => this.attention.edit(request, { signal, onProgress }));
  }

  async picture(request: PictureRequest): Promise<Picture> {
    return this.pictures.picture(request);
  }

  async histogram(request: StretchedSource): Promise<readonly ChannelHistogram[]> {
    return this.pictures.histogram(request);
  }

  async findComponents(
    cube: CubeId,
    bands: readonly number[],
    job: JobId,
    onProgress?: ProgressListener,
  ): Promise<void> {
    return this.jobs.run(job, (signal) =>
      this.pictures.findComponents(cube, bands, signal, onProgress),
    );
  }

  async spectrum(cube: CubeId, x: number, y: number): Promise<Float32Array<ArrayBuffer>> {
    const { source } = this.cubes.get(cube);
    const samples = await source.readWindow({ x, y, width: 1, height: 1 });
    const { noDataValue } = source.info;
    return Float32Array.from(samples as ArrayLike<number>, (value) =>
      isDataSample(value, noDataValue) ? value : Number.NaN,
    );
  }

  async regionSpectrum(
    cube: CubeId,
    area: Area,
    job: JobId,
    onProgress?: ProgressListener,
  ): Promise<RegionSpectrum> {
    const { source } = this.cubes.get(cube);
    return this.jobs.run(job, (signal) => regionSpectrum(source, area, { signal, onProgress }));
  }

  async bandStatistics(cube: CubeId): Promise<BandStatistics> {
    const { source } = this.cubes.get(cube);
    const sums = new BandSums(source.info.bands, source.info.noDataValue);
    for (const window of statisticsWindows(source.info)) {
      sums.add(await source.readWindow(window));
    }
    return sums.statistics();
  }

  async compare(request: CompareRequest): Promise<Distortion> {
    return this.comparisons.compare(request);
  }

  async difference(request: DifferenceRequest): Promise<DifferenceMap> {
    return this.comparisons.difference(request);
  }

  async errorSpectrum(request: CompareRequest): Promise<ErrorSpectrum> {
    return this.comparisons.errorSpectrum(request);
  }

  async figures(request: CompareRequest): Promise<Figures> {
    return this.comparisons.figures(request);
  }

  async locate(original: CubeId, reconstruction: CubeId): Promise<PixelWindow> {
    return this.comparisons.locate(original, reconstruction);
  }

  async exportCube(cube: CubeId, format: string, baseName: string): Promise<ExportedFile[]> {
    const { source } = this.cubes.get(cube);
    if (isStored(source)) return exportStored(source, await this.tools.writer(format), baseName);
    const whole = await loadWindow(source, wholeOf(source.info));
    return (await this.tools.writer(format)).write(whole, baseName);
  }

  async fileBits(id: CubeId, job: JobId, onProgress?: ProgressListener): Promise<FileBits> {
    return this.jobs.run(job, (signal) => this.bits.fileBits(id, { signal, onProgress }));
  }

  async editLatents(
    request: EditRequest,
    job: JobId,
    onProgress?: ProgressListener,
  ): Promise<EditedImage> {
    return this.jobs.run(job, (signal) => this.bits.edit(request, { signal, onProgress }));
  }

  async footprint(
    request: FootprintRequest,
    job: JobId,
    onProgress?: ProgressListener,
  ): Promise<Difference> {
    return this.jobs.run(job, (signal) => this.bits.footprint(request, { signal, onProgress }));
  }

  async damage(
    request: DamageRequest,
    job: JobId,
    onProgress?: ProgressListener,
  ): Promise<DamageOutcome> {
    const { bits, coding, cubes, facts, largeBytes } = this;
    const desk = { bits, coding, cubes, facts, largeBytes };
    return this.coded(job, onProgress, (own) => readDamaged(desk, request, own));
  }

  async hold(job: JobId, held: boolean): Promise<boolean> {
    if (!this.controls.isRunning(job)) return false;
    this.controls.steer(job, held ? 'pause' : 'resume');
    return true;
  }

  async cancel(job: JobId): Promise<boolean> {
    return this.jobs.cancel(job);
  }

  async close(cube: CubeId): Promise<void> {
    this.facts.delete(cube);
    this.bits.forget(cube);
    this.attention.forget(cube);
    await this.cubes.remove(cube);
  }

  async memory(): Promise<EngineMemory> {
    const byCube = this.cubes.heldByCube();
    return { cubes: this.cubes.heldBytes(), byCube, tensors: this.tools.tensorBytes() };
  }

  /** A job that makes or reads a file. */
  private coded<T>(
    job: JobId,
    onProgress: ProgressListener | undefined,
    work: (own: CodingJob) => Promise<T>,
  ): Promise<T> {
    return this.jobs.run(job, (signal) =>
      this.controls.during(job, (control) => work({ signal, onProgress, control })),
    );
  }

  /** The part of a cube that is measured on, read once for all points. */
  private original(request: SurveyRequest): Promise<Original> {
    const { cube, window, bands, maxSide } = request;
    const key = JSON.stringify([cube, window, bands, maxSide]);
    if (this.surveyed?.key === key) return this.surveyed.original;
    const original = surveyOriginal(this.cubes.get(cube).source, request);
    this.surveyed = { key, original };
    original.catch(() => {
      if (this.surveyed?.key === key) this.surveyed = undefined;
    });
    return original;
  }
}

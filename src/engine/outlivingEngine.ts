import * as Comlink from 'comlink';
import { HscError, isHscError } from '../core/errors';
import type {
  BackendChoice,
  BackendName,
  BandOrigin,
  CubeId,
  EngineApi,
  JobId,
  OpenedCube,
  ProgressListener,
  Reconstruction,
} from './api';
import type { TuningApi } from './tuningTypes';

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
  /** Hears the job's name, for {@link EngineClient.hold}; a job that is repeated gets another. */
  readonly onJob?: (job: JobId) => void;
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
 * Keeps a worker and outlives it: after a crash, a lost device, short memory or a job that would not
 * stop, a fresh worker is started and open cubes return to it under their old ids when next used.
 */
export abstract class OutlivingEngine {
  private live: Live | undefined;
  private backend: BackendName | undefined;
  private readonly recipes = new Map<CubeId, Recipe>();
  private readonly decoders = new Map<CubeId, Decode>();
  private nextJob = 1;

  constructor(
    protected readonly spawn: () => EngineLink,
    protected readonly options: EngineClientOptions,
  ) {}

  /** Starts the engine if need be; with `backend`, on that backend and no other. */
  async start(backend?: BackendName): Promise<BackendChoice> {
    if (backend !== this.backend) {
      this.backend = backend;
      this.replace(new HscError('aborted', 'The engine was restarted on another backend.'));
    }
    return this.worker().started;
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

  protected async call<T>(
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

  protected async afterStart<T>(run: (api: Comlink.Remote<EngineApi>) => Promise<T>): Promise<T> {
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

  protected async openBy(
    id: CubeId,
    recipe: (api: Comlink.Remote<EngineApi>) => Promise<OpenedCube>,
  ): Promise<OpenedCube> {
    const live = this.worker();
    const opened = await Promise.race([recipe(live.link.api), live.link.broken]);
    this.recipes.set(id, recipe);
    live.cubes.set(id, Promise.resolve());
    return opened;
  }

  protected keepDecoded(id: CubeId, file: Uint8Array<ArrayBuffer>, origin?: BandOrigin): void {
    const decode: Decode = (api) => api.decode(id, file, `restore ${id}`, undefined, origin);
    this.decoders.set(id, decode);
    this.recipes.set(id, async (api) => {
      await this.live?.started;
      return decode(api);
    });
    this.live?.cubes.set(id, Promise.resolve());
  }

  /** Images that the worker made of cubes come back by being made again. */
  protected keepMade(
    ids: readonly CubeId[],
    cubes: readonly CubeId[],
    make: (api: Comlink.Remote<EngineApi>, job: string) => Promise<unknown>,
  ): void {
    for (const id of ids) {
      this.recipes.set(id, async (api) => {
        const { live } = this;
        await live?.started;
        if (live) await Promise.all(cubes.map((cube) => this.bring(live, cube)));
        return make(api, `restore ${id}`);
      });
      this.live?.cubes.set(id, Promise.resolve());
    }
  }

  /** How a decoded file is decoded once more. Throws `bad-argument` where it is open no longer. */
  protected decoderOf(id: CubeId): Decode {
    const decode = this.decoders.get(id);
    if (!decode) throw new HscError('bad-argument', 'That image is no longer open.');
    return decode;
  }

  /** Runs a job that reports progress and can be cancelled; repeats it once on a lost device. */
  protected async job<T>(
    cubes: readonly CubeId[],
    options: JobOptions,
    run: (api: Comlink.Remote<EngineApi>, job: string, progress?: ProgressListener) => Promise<T>,
    retry = true,
  ): Promise<T> {
    const { signal, onProgress, onJob } = options;
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
    onJob?.(job);
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

import * as v from 'valibot';
import { findGrid } from '../core/cube/grids';
import { HscError, messageOf } from '../core/errors';
import { DeviceWeights } from './deviceWeights';
import { type LocalEntry, type LocalModel, localModel } from './localModels';
import { codecId, digestOf, type ModelFile, parseModelFile, sha256Of } from './modelFile';
import type { GateHook, Network } from './network';

/** Models made of others that stay in memory: that of a file, and one that is compared with it. */
const KEPT_DERIVED = 2;

const Sha256Schema = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, 'a SHA-256 in hexadecimal'));
const FileNameSchema = v.pipe(v.string(), v.regex(/^[\w.-]+$/, 'a plain file name'));

const FILE_FIELDS = { file: FileNameSchema, bytes: v.number(), sha256: Sha256Schema };

const ManifestSchema = v.object({
  models: v.array(
    v.object({
      id: v.string(),
      /** The codec that these weights are of, for one grid. */
      codec: v.string(),
      label: v.string(),
      ...FILE_FIELDS,
      grid: v.string(),
      stage: v.string(),
      targetRates: v.array(v.number()),
    }),
  ),
  /** Fixed spectral bases, one file a grid. */
  bases: v.optional(v.array(v.object({ grid: v.string(), ...FILE_FIELDS })), []),
  /** Weights of the learned codecs that HiFiC is compared with, one file each. */
  neighbours: v.optional(
    v.array(v.object({ codec: v.string(), grid: v.string(), ...FILE_FIELDS })),
    [],
  ),
  /** Perceptual distances to train by. */
  perceptual: v.optional(v.array(v.object({ id: v.string(), ...FILE_FIELDS })), []),
});

type Manifest = v.InferOutput<typeof ManifestSchema>;

/** What the manifest says of one model. */
export type ModelEntry = Manifest['models'][number];

export function isLocal(entry: ModelEntry): entry is LocalEntry {
  return 'local' in entry;
}

/**
 * Reads a file of the models folder by name: over HTTP in a browser, from disk in Node. Tells
 * `onBytes` how many bytes it has so far.
 */
export type ModelFetch = (
  file: string,
  onBytes?: (received: number) => void,
) => Promise<Uint8Array<ArrayBuffer>>;

/** Weights of a learned codec that HiFiC is compared with. */
export interface NeighbourModel {
  /** The codec that they are of. */
  readonly id: string;
  readonly grid: string;
  readonly bands: number;
  release(): void;
}

type ParseNeighbour<M> = (bytes: Uint8Array<ArrayBuffer>) => Promise<M>;

/** A model in memory, uploaded to the device when first run. */
export class Model {
  private weights: DeviceWeights | undefined;

  constructor(
    readonly id: string,
    /** The codec that these weights are of. */
    readonly codec: string,
    readonly file: ModelFile,
    /** What files carry of these weights, beside the digest of others that they change. */
    readonly delta?: Uint8Array,
  ) {}

  /** What `.hsc` files carry: the first 4 bytes of the weights file's SHA-256, hexadecimal. */
  get digest(): string {
    return digestOf(this.file.sha256);
  }

  /** The network on the current backend. */
  network(onGate?: GateHook): Network {
    this.weights ??= new DeviceWeights(this.file.parameters);
    return { spec: this.file.spec, weights: this.weights, onGate };
  }

  /** Frees the device's memory; `network` uploads anew. */
  release(): void {
    this.weights?.dispose();
    this.weights = undefined;
  }
}

/** The models of a manifest and local ones beside them, each loaded once. */
export class ModelStore {
  private manifest: Promise<Manifest> | undefined;
  private readonly loaded = new Map<string, Promise<Model>>();
  private readonly local = new Map<string, LocalModel>();
  private readonly made = new Map<string, Promise<Model>>();
  private readonly neighbours = new Map<string, Promise<NeighbourModel>>();

  constructor(private readonly fetchFile: ModelFetch) {}

  /** What can be loaded, local models last. Throws `bad-file` for a wrong manifest. */
  async entries(): Promise<readonly ModelEntry[]> {
    return [...(await this.read()).models, ...this.localEntries()];
  }

  /** Local models in the order in which they came. */
  localEntries(): readonly LocalEntry[] {
    return Array.from(this.local.values(), ({ entry }) => entry);
  }

  /**
   * Installs weights that the manifest does not list, e.g. tuned ones, under a codec id of their own,
   * for as long as the store lives. `name`: what they are to be called, by default what the file
   * says. The entry of weights that are installed already is that.
   * Throws what `localModel` throws, and `model-mismatch` where files could not tell the weights
   * from others that are installed.
   */
  async addLocal(bytes: Uint8Array<ArrayBuffer>, name?: string): Promise<ModelEntry> {
    const entries = await this.entries();
    const labelOf = (codec: string) =>
      entries.find((entry) => entry.codec === codec)?.label ?? codec;
    const model = await localModel(bytes, name, labelOf);
    const { sha256 } = model.entry;
    const installed = await this.findByDigest(digestOf(sha256));
    if (!installed) {
      this.local.set(model.entry.id, model);
      return model.entry;
    }
    if (installed.sha256 === sha256) return installed;
    throw new HscError(
      'model-mismatch',
      `Files could not tell these weights from those of ${installed.label}: train one step more.`,
    );
  }

  /** Takes a local model away and frees its memory on the device. */
  async removeLocal(id: string): Promise<void> {
    if (!this.local.delete(id)) return;
    const loading = this.loaded.get(id);
    this.loaded.delete(id);
    (await loading?.catch(() => undefined))?.release();
  }

  /** The weights of a codec, one entry a spectral grid; of a local one a single entry. */
  async entriesOf(codec: string): Promise<readonly ModelEntry[]> {
    return (await this.entries()).filter((entry) => entry.codec === codec);
  }

  /** True where fixed spectral bases of a grid are installed. */
  async hasBases(grid: string): Promise<boolean> {
    return (await this.read()).bases.some((entry) => entry.grid === grid);
  }

  /** The file with the spectral bases of a grid. Throws `model-missing`, `model-mismatch`. */
  async basesFile(grid: string): Promise<Uint8Array<ArrayBuffer>> {
    const entry = (await this.read()).bases.find((candidate) => candidate.grid === grid);
    if (!entry) {
      throw new HscError('model-missing', `No spectral bases for the grid ${grid} are installed.`);
    }
    return this.checked(entry);
  }

  /** Spectral grid of a neighbour's weights; undefined where they are not installed. */
  async neighbourGrid(codec: string): Promise<string | undefined> {
    return (await this.read()).neighbours.find((entry) => entry.codec === codec)?.grid;
  }

  /**
   * The weights of a neighbour, loaded once; a load that fails can be tried again. `parse` is the same for
   * one codec. Throws `model-missing`, `model-mismatch`, and what `parse` throws.
   */
  neighbour<M extends NeighbourModel>(codec: string, parse: ParseNeighbour<M>): Promise<M> {
    const known = this.neighbours.get(codec);
    if (known) return known as Promise<M>;
    const loading = this.loadNeighbour(codec, parse).catch((error) => {
      this.neighbours.delete(codec);
      throw error;
    });
    this.neighbours.set(codec, loading);
    return loading;
  }

  /** The file with TripletNet. Throws `model-missing`, `model-mismatch`. */
  async perceptualFile(): Promise<Uint8Array<ArrayBuffer>> {
    const [entry] = (await this.read()).perceptual;
    if (!entry) throw new HscError('model-missing', 'No perceptual network is installed.');
    return this.checked(entry);
  }

  /** {@link load} of a codec's weights for a spectral grid. */
  async loadFor(codec: string, grid: string, onProgress?: (done: number) => void): Promise<Model> {
    const entry = (await this.entriesOf(codec)).find((candidate) => candidate.grid === grid);
    if (!entry) throw missing(`${codec} on ${grid}`);
    return this.load(entry.id, onProgress);
  }

  /** The file of a codec's weights for a spectral grid. Throws `model-missing`, `model-mismatch`. */
  async weightsFor(codec: string, grid: string): Promise<Uint8Array<ArrayBuffer>> {
    const entry = (await this.entriesOf(codec)).find((candidate) => candidate.grid === grid);
    if (!entry) throw missing(`${codec} on ${grid}`);
    return this.local.get(entry.id)?.bytes ?? this.checked(entry);
  }

  /**
   * The model of that id, downloaded and checked on first use; a load that fails can be tried
   * again. `onProgress` hears the share of the download that is done, 0..1.
   * Throws `model-missing`, `model-mismatch` where the file is not the manifest's.
   */
  load(id: string, onProgress?: (done: number) => void): Promise<Model> {
    const known = this.loaded.get(id);
    if (known) return known;
    const loading = this.download(id, onProgress).catch((error) => {
      this.loaded.delete(id);
      throw error;
    });
    this.loaded.set(id, loading);
    return loading;
  }

  /**
   * A model made of loaded ones, e.g. with what a file changes of its weights. Kept while it is among
   * the last few that were asked for. Throws what `make` throws.
   */
  derived(key: string, make: () => Promise<Model>): Promise<Model> {
    const known = this.made.get(key);
    this.made.delete(key);
    const model = known ?? make();
    this.made.set(key, model);
    model.catch(() => this.made.delete(key));
    for (const [old, own] of this.made) {
      if (this.made.size <= KEPT_DERIVED) break;
      this.made.delete(old);
      own.then(
        (unused) => unused.release(),
        () => undefined,
      );
    }
    return model;
  }

  /** The entry of the model that a `.hsc` file's digest names, if it is installed. */
  async findByDigest(digest: string): Promise<ModelEntry | undefined> {
    return (await this.entries()).find(({ sha256 }) => digestOf(sha256) === digest);
  }

  /** Frees the device's memory of every loaded model. */
  async release(): Promise<void> {
    const models = await Promise.allSettled([
      ...this.loaded.values(),
      ...this.made.values(),
      ...this.neighbours.values(),
    ]);
    for (const model of models) if (model.status === 'fulfilled') model.value.release();
  }

  private async loadNeighbour<M extends NeighbourModel>(
    codec: string,
    parse: ParseNeighbour<M>,
  ): Promise<M> {
    const entry = (await this.read()).neighbours.find((candidate) => candidate.codec === codec);
    if (!entry) throw missing(codec);
    const model = await parse(await this.checked(entry));
    const fits = model.grid === entry.grid && findGrid(entry.grid)?.bands === model.bands;
    if (model.id !== codec || !fits) throw mismatch(entry.file);
    return model;
  }

  private async checked(entry: { readonly file: string; readonly sha256: string }) {
    const bytes = await this.fetchFile(entry.file);
    if ((await sha256Of(bytes)) !== entry.sha256) throw mismatch(entry.file);
    return bytes;
  }

  private async download(id: string, onProgress?: (done: number) => void): Promise<Model> {
    const entry = (await this.entries()).find((candidate) => candidate.id === id);
    if (!entry) throw missing(id);
    const onBytes = (received: number) => onProgress?.(Math.min(1, received / entry.bytes));
    const bytes = this.local.get(id)?.bytes ?? (await this.fetchFile(entry.file, onBytes));
    const file = await parseModelFile(bytes);
    const codec = isLocal(entry) ? entry.local.like.codec : entry.codec;
    if (
      file.sha256 !== entry.sha256 ||
      codecId(file.spec.name, file.stage) !== codec ||
      file.spec.grid !== entry.grid
    ) {
      throw mismatch(entry.file);
    }
    return new Model(id, entry.codec, file);
  }

  private read(): Promise<Manifest> {
    this.manifest ??= this.fetchFile('manifest.json')
      .then(parseManifest)
      .catch((error) => {
        this.manifest = undefined;
        throw error;
      });
    return this.manifest;
  }
}

function missing(model: string): HscError {
  return new HscError('model-missing', `No weights for the model ${model} are installed.`);
}

function mismatch(file: string): HscError {
  return new HscError(
    'model-mismatch',
    `The weights file ${file} is not the one that the manifest lists: reload the page or install ` +
      'the models again.',
  );
}

function parseManifest(bytes: Uint8Array): Manifest {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw new HscError('bad-file', `The list of models is not JSON: ${messageOf(cause)}.`, {
      cause,
    });
  }
  const parsed = v.safeParse(ManifestSchema, value);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  throw new HscError(
    'bad-file',
    `The list of models is wrong at ${v.getDotPath(issue) ?? 'the top'}: ${issue.message}.`,
  );
}

/** Fetches from a folder's URL, which ends in a slash. Throws `model-missing`, `io`. */
export function fetchFromUrl(folder: string): ModelFetch {
  return async (file, onBytes) => {
    try {
      const response = await fetch(new URL(file, folder));
      if (!response.ok || !response.body) {
        throw new HscError('model-missing', `The file ${file} of the models is not to be had.`);
      }
      let received = 0;
      const counter = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
        transform(chunk, controller) {
          received += chunk.length;
          onBytes?.(received);
          controller.enqueue(chunk);
        },
      });
      const body = new Response(response.body.pipeThrough(counter));
      return new Uint8Array(await body.arrayBuffer());
    } catch (cause) {
      if (cause instanceof HscError) throw cause;
      throw new HscError('io', `The file ${file} of the models could not be loaded.`, { cause });
    }
  };
}

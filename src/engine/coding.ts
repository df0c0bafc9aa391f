import { share } from '../codecs/progress';
import type { Codec, JobContext } from '../codecs/types';
import { parseFile } from '../core/bitstream/container';
import { shareOf } from '../core/cube/lostPixels';
import type { CubeInfo, CubeSource, PixelWindow, SampleArray } from '../core/cube/types';
import { loadWindow, memorySource, windowSource } from '../core/cube/window';
import { HscError, throwIfAborted } from '../core/errors';
import type {
  BackendName,
  BandOrigin,
  CubeId,
  Encoded,
  EncodeRequest,
  FileListener,
  ProgressListener,
  Reconstruction,
} from './api';
import type { BitsDesk } from './bits';
import type { CubeTable } from './cubes';
import { sourceDigest, textDigest } from './digest';
import type { HeldFacts } from './heldFacts';
import { KeptTiles, tilesInWords } from './keptTiles';
import { floatBytes, requireWhole, WHOLE_BYTES } from './large';
import type { RunControl } from './runControls';
import type { KeptPart } from './scratch';
import { storeImage } from './storedImage';
import type { Toolbox } from './toolbox';
import type { Turnstile } from './turnstile';

interface Desk {
  readonly tools: Pick<Toolbox, 'codecs' | 'inspect' | 'version' | 'scratch'>;
  readonly cubes: CubeTable;
  readonly facts: Map<CubeId, HeldFacts>;
  readonly bits: BitsDesk;
  readonly device: Turnstile;
  /** Larger images, as float32, are never in memory whole. */
  readonly largeBytes: number;
  backend(): BackendName | undefined;
}

/** A job that can be held up between steps. */
export interface CodingJob {
  readonly signal: AbortSignal;
  readonly onProgress?: ProgressListener;
  readonly control: RunControl;
}

/** What a decoded file is, wherever its samples lie. */
interface DecodedImage {
  readonly source: CubeSource;
  readonly heldBytes?: number;
  readonly lost?: readonly PixelWindow[];
  readonly symbolDigest?: string;
  readonly milliseconds: number;
}

/** A codec that needs no whole image in memory. */
type SourceCodec = Codec & Required<Pick<Codec, 'encodeSource'>>;

const codesSources = (codec: Codec): codec is SourceCodec => codec.encodeSource !== undefined;

/** Of a whole job, reading the image to tell which one it is, then coding it; the rest is decoding. */
const LARGE_SHARES = { known: 0.02, coded: 0.7 } as const;

/** Makes files of cubes and images of files, in memory or, where they are large, part by part. */
export class CodingDesk {
  constructor(private readonly desk: Desk) {}

  /** Throws `limit` where a codec that sees images whole cannot hold this one. */
  async encode(request: EncodeRequest, job: CodingJob, onFile?: FileListener): Promise<Encoded> {
    const codec = await this.codec(request.codec);
    const { source } = this.desk.cubes.get(request.cube);
    const { bands } = source.info;
    const { window } = request;
    if (floatBytes({ ...window, bands }) > this.desk.largeBytes) {
      if (codesSources(codec)) return this.encodeLarge(codec, source, request, job, onFile);
      requireWhole(codec.meta.label, { ...window, bands }, WHOLE_BYTES);
    }
    const { signal, onProgress } = job;
    onProgress?.(0, 'Reading the patch');
    const cube = await loadWindow(source, window, signal);
    onProgress?.(0, 'Preparing the codec');
    const { file, milliseconds } = await this.desk.device.pass(signal, () =>
      codec.encode(cube, request.options, share(job, 0, 0.5)),
    );
    const decoding = { ...job, ...share(job, 0.5, 1), signal };
    const reconstruction = await this.reconstruct(request.reconstruction, file, codec, decoding);
    return { file, reconstruction, report: { encodeMs: milliseconds } };
  }

  /** Decodes a file by the codec that it names. */
  async read(
    id: CubeId,
    file: Uint8Array,
    job: CodingJob,
    origin?: BandOrigin,
  ): Promise<Reconstruction> {
    const { codec } = await this.desk.tools.inspect(file);
    return this.reconstruct(id, file, await this.codec(codec), job, origin);
  }

  async codec(id: string): Promise<Codec> {
    const codec = (await this.desk.tools.codecs()).find((one) => one.meta.id === id);
    if (!codec) throw new HscError('model-missing', `This build has no model for codec “${id}”.`);
    return codec;
  }

  /** Codes from where the image lies; tiles outlive a crash, and a cancelled job. */
  private async encodeLarge(
    codec: SourceCodec,
    whole: CubeSource,
    request: EncodeRequest,
    job: CodingJob,
    onFile: FileListener | undefined,
  ): Promise<Encoded> {
    const { signal, onProgress } = job;
    const { known, coded } = LARGE_SHARES;
    const source = { ...windowSource(whole, request.window), inMemory: false };
    const part = await this.part(request, source, share(job, 0, known));
    try {
      const tiles = part && new KeptTiles(part, () => goOn(job));
      const hear = (done: number, label: string) => {
        const state = tiles?.state;
        const busy = state && state.done < state.of;
        onProgress?.(done, busy ? tilesInWords(state) : label, state);
      };
      const heard = { ...job, onProgress: onProgress && hear };
      const { file, milliseconds } = await this.desk.device.pass(signal, () =>
        codec.encodeSource(source, request.options, share(heard, known, coded), tiles),
      );
      onFile?.(file);
      const decoding = { ...job, ...share(heard, coded, 1), signal };
      const reconstruction = await this.reconstruct(request.reconstruction, file, codec, decoding);
      await part?.remove();
      return { file, reconstruction, report: { encodeMs: milliseconds } };
    } catch (error) {
      await part?.close();
      throw error;
    }
  }

  /** The part file of a job: of that content, by that codec's code and weights, with those options. */
  private async part(
    { codec, options }: EncodeRequest,
    source: CubeSource,
    { signal, onProgress }: JobContext,
  ): Promise<KeptPart | undefined> {
    const { info } = source;
    const content = await sourceDigest(source, signal, (rows) =>
      onProgress?.(rows / info.height, 'Reading the scene'),
    );
    const version = await this.desk.tools.version(codec);
    const { badBands, leftOutBands } = info;
    const facts = { content, badBands, leftOutBands, codec, version, options };
    return this.desk.tools.scratch().part(await textDigest(JSON.stringify(facts)));
  }

  private async reconstruct(
    id: CubeId,
    file: Uint8Array,
    codec: Codec,
    job: CodingJob,
    origin?: BandOrigin,
  ): Promise<Reconstruction> {
    const inspected = await this.desk.tools.inspect(file);
    const decoded = await this.desk.device.pass(job.signal, () =>
      this.decode(file, codec, job, origin),
    );
    const { source, heldBytes, lost, symbolDigest, milliseconds } = decoded;
    const facts = { ...inspected, ...(origin && { codedBands: origin.bands }), lost };
    await this.desk.cubes.put(id, source, heldBytes);
    this.desk.facts.set(id, facts);
    this.desk.bits.keep(id, file, origin?.wavelengthsNm);
    return {
      id,
      info: source.info,
      codec: codec.meta.id,
      codecLabel: codec.meta.label,
      bytes: file.byteLength,
      quality: facts.quality,
      sections: facts.sections,
      estimatedBits: facts.estimatedBits,
      storedType: facts.storedType,
      range: facts.range,
      codedBands: facts.codedBands,
      ...(lost && { lost }),
      symbolDigest,
      decodeMs: milliseconds,
      backend: this.desk.backend() ?? 'cpu',
    };
  }

  private async decode(
    file: Uint8Array,
    codec: Codec,
    job: CodingJob,
    origin: BandOrigin | undefined,
  ): Promise<DecodedImage> {
    const options = { bandsFrom: origin?.wavelengthsNm, damaged: 'mark' } as const;
    if (codec.decodeRows && floatBytes(parseFile(file).header) > this.desk.largeBytes) {
      const start = performance.now();
      const decoded = await codec.decodeRows(file, options, job);
      requireSome(decoded.lost, decoded.info);
      const rows = paced(decoded.rows, job);
      const source = await storeImage(this.desk.tools.scratch(), decoded.info, rows);
      const lost = decoded.lost.length > 0 ? decoded.lost : undefined;
      return { source, lost, milliseconds: performance.now() - start };
    }
    const { cube, ...decoded } = await codec.decode(file, options, job);
    requireSome(decoded.lost ?? [], cube);
    return { ...decoded, source: memorySource(cube), heldBytes: cube.data.byteLength };
  }
}

/** Waits while the job is held up. Throws `aborted`. */
async function goOn({ control, signal }: CodingJob): Promise<void> {
  while (control.holds()) {
    await control.order(signal);
    throwIfAborted(signal);
  }
}

async function* paced(
  rows: AsyncIterable<SampleArray>,
  job: CodingJob,
): AsyncGenerator<SampleArray> {
  for await (const own of rows) {
    await goOn(job);
    yield own;
  }
}

/** Throws `check-failed` where nothing of an image is left. */
function requireSome(lost: readonly PixelWindow[], info: CubeInfo): void {
  if (shareOf(lost, info) < 1) return;
  throw new HscError(
    'check-failed',
    'All tiles of the .hsc file are damaged: nothing of it can be shown.',
  );
}

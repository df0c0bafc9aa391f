import { parseFile } from '../core/bitstream/container';
import { type BandMapping, formatHeader, type OpaqueHeader } from '../core/bitstream/header';
import { checkDimensions } from '../core/bitstream/limits';
import { metadataOf } from '../core/bitstream/metadata';
import { readOpaquePayload, writeOpaqueFile } from '../core/bitstream/opaqueFile';
import { storedRange } from '../core/bitstream/storedRange';
import { sha256 } from '../core/bitstream/symbolDigest';
import { denormalize, normalize, valueRange } from '../core/cube/normalize';
import type { CubeInfo, HyperspectralCube } from '../core/cube/types';
import { pick } from '../core/cube/window';
import { HscError } from '../core/errors';
import type { NativeBands } from './bands';
import { budgetOf, codedSamples, notesOf, restoredInfo } from './coded';
import { checkFamily, type OpaqueFamily } from './families';
import { fillGaps, pixelsWithGaps } from './gaps';
import { share } from './progress';
import type {
  Codec,
  CodecMeta,
  DecodeOptions,
  DecodeResult,
  EncodeOptions,
  EncodeResult,
  JobContext,
} from './types';

/** Normalised samples without gaps, 0..1, BIP [height, width, bands]. */
export interface CodedImage {
  readonly width: number;
  readonly height: number;
  /** The bands' centres in nm, where known, or their places on the codec's grid. */
  readonly bands: NativeBands;
}

export interface CodedPayload {
  readonly payload: Uint8Array<ArrayBuffer>;
  /** Bytes of the payload that are no samples. */
  readonly sideInformation: number;
  /** Sum of squared errors of the decoded samples, before clipping. */
  readonly error: number;
  readonly notes?: readonly string[];
}

export interface DecodedSamples {
  /** 0..1 but for overshoot, BIP. */
  readonly samples: Float32Array<ArrayBuffer>;
  /** The integers that the payload holds, for the digest. */
  readonly symbols: readonly (
    | Int16Array<ArrayBuffer>
    | Uint16Array<ArrayBuffer>
    | Int32Array<ArrayBuffer>
  )[];
}

/** What sets one lossy codec of whole images apart from another. */
export interface SampleCoder {
  readonly meta: CodecMeta;
  readonly family: OpaqueFamily;
  /** Which bands are coded. Throws `band-range`. */
  plan(
    info: CubeInfo,
    options: Pick<EncodeOptions, 'bandPolicy' | 'grid'>,
  ): { readonly codedBands: readonly number[]; readonly mapping: BandMapping };
  /** Where the coded bands lie. Throws `choice-needed` where that must be known and is not. */
  bands(
    header: { readonly mapping: BandMapping; readonly bands: number },
    wavelengthsNm: readonly number[] | undefined,
  ): NativeBands;
  /** A payload of about `budget` bytes, at best no more; a codec that takes no rate has no budget. */
  encode(
    samples: Float32Array<ArrayBuffer>,
    image: CodedImage,
    budget: number,
    job: JobContext,
  ): Promise<CodedPayload>;
  /** Throws `bitstream` or `truncated`. */
  decode(payload: Uint8Array, image: CodedImage, job: JobContext): Promise<DecodedSamples>;
}

const CHECK_BYTES = 3;

/** A codec of normalised samples, its payload in a `.hsc` file. */
export class SampleCodec implements Codec {
  constructor(private readonly coder: SampleCoder) {}

  get meta(): CodecMeta {
    return this.coder.meta;
  }

  async encode(
    cube: HyperspectralCube,
    options: EncodeOptions,
    job: JobContext = {},
  ): Promise<EncodeResult> {
    const start = performance.now();
    checkDimensions(cube.width, cube.height, cube.bands);
    checkSamples(cube);
    const { codedBands, mapping } = this.coder.plan(cube, options);
    const own = codedSamples(cube, codedBands);
    const range = storedRange(valueRange(own));
    const samples = normalize(own.data, range, own.noDataValue);
    fillGaps(samples, cube.width, codedBands.length);

    const header: OpaqueHeader = {
      family: 'opaque',
      number: this.coder.family.number,
      width: cube.width,
      height: cube.height,
      bands: codedBands.length,
      sampleType: cube.sampleType,
      mapping,
      range,
    };
    const { width, height } = header;
    const bands = this.coder.bands(header, pick(cube.wavelengthsNm, codedBands));
    const overhead = formatHeader(header, false).length + CHECK_BYTES;
    const budget = this.meta.rateRange
      ? Math.max(0, budgetOf(options.rate, header) - overhead)
      : Number.POSITIVE_INFINITY;
    const image = { width, height, bands };
    const part = share(job, 0, 0.9);
    const coded = await this.coder.encode(samples, image, budget, part);
    const { payload, sideInformation, notes } = coded;
    const allNotes = [
      ...notesOf(cube, codedBands, pixelsWithGaps(cube, codedBands)),
      ...(notes ?? []),
    ];
    const info = { ...cube, notes: [...(cube.notes ?? []), ...allNotes] };
    const metadata = metadataOf(info, codedBands, options.metadata);
    const { file, sections } = writeOpaqueFile(header, payload, metadata);
    await this.verify(file, coded.error, samples, image, share(job, 0.9, 1));
    return {
      file,
      estimatedBits: 8 * payload.length,
      sections: {
        header: sections.header,
        metadata: sections.metadata,
        sideInformation,
        latents: payload.length - sideInformation,
      },
      codedBands,
      notes: allNotes,
      milliseconds: performance.now() - start,
    };
  }

  async decode(
    file: Uint8Array,
    options: DecodeOptions = {},
    job: JobContext = {},
  ): Promise<DecodeResult> {
    const start = performance.now();
    const parsed = parseFile(file);
    const { header, metadata } = parsed;
    checkFamily(header, this.coder.family);
    checkSamples(header);
    const payload = readOpaquePayload(parsed);
    const { width, height } = header;
    const bands = this.coder.bands(header, metadata?.wavelengthsNm ?? options.bandsFrom);
    const image = { width, height, bands };
    const { samples, symbols } = await this.coder.decode(payload, image, job);
    const clipped = samples.map((value) => Math.min(1, Math.max(0, value)));
    return {
      cube: {
        ...restoredInfo(header, metadata, bands),
        data: denormalize(clipped, header.range),
      },
      codec: this.meta.id,
      symbolDigest: await sha256(symbols),
      milliseconds: performance.now() - start,
    };
  }

  /**
   * Decodes what was written and compares its error with the encoder's, so that no fault of the
   * coder can lose an image unnoticed. Throws `check-failed`.
   */
  private async verify(
    file: Uint8Array,
    expected: number,
    samples: Float32Array,
    image: CodedImage,
    job: JobContext,
  ): Promise<void> {
    const payload = readOpaquePayload(parseFile(file));
    const decoded = await this.coder.decode(payload, image, job);
    const error = samples.reduce((sum, value, i) => sum + (value - decoded.samples[i]) ** 2, 0);
    if (Math.abs(error - expected) <= 1e-3 * expected + 1e-9 * samples.length) return;
    throw new HscError(
      'check-failed',
      'The written file does not decode to what was encoded; please report this.',
    );
  }
}

/** Whole images are held in memory: 1 GiB as float32. */
const MAX_SAMPLES = 2 ** 28;

/** Throws `limit`. */
function checkSamples({
  width,
  height,
  bands,
}: Pick<CubeInfo, 'width' | 'height' | 'bands'>): void {
  if (width * height * bands <= MAX_SAMPLES) return;
  throw new HscError(
    'limit',
    `An image of ${width} × ${height} pixels and ${bands} bands is more than this codec holds in ` +
      'memory (2^28 samples): choose a smaller patch.',
  );
}

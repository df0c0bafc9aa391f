import type {
  CubeInfo,
  CubeSource,
  HyperspectralCube,
  PixelWindow,
  SampleArray,
} from '../core/cube/types';

export interface JobContext {
  readonly signal?: AbortSignal;
  /** `done` in 0..1 and what is being done, e.g. "analysis transform". */
  readonly onProgress?: (done: number, label: string) => void;
}

/**
 * Metadata that a file may carry beside the samples: nothing, what restores the native bands, or
 * everything that is known of the cube.
 */
export const METADATA_CHOICES = ['none', 'spectral', 'all'] as const;
export type MetadataChoice = (typeof METADATA_CHOICES)[number];

export interface EncodeOptions {
  /** Target rate in bits per pixel (bpp, all bands together); lossless coding has none. */
  readonly rate: number;
  /**
   * What to do with bands that the model's spectral grid does not cover:
   * `refuse` throws `band-range`, `covered` encodes the bands inside and says so in the file.
   */
  readonly bandPolicy: 'refuse' | 'covered';
  readonly metadata: MetadataChoice;
  /** One of the codec's spectral grids; by default the one that fits the cube's bands. */
  readonly grid?: string;
  /**
   * How a file leads to tuned weights: it names them by their `digest`, so that they have to be
   * installed where it is decoded, or it carries, as a `delta`, what they change of the decoder of
   * shipped ones, by whose probability model it is coded then. Without effect on weights that shipped. By default `digest`.
   */
  readonly weights?: 'digest' | 'delta';
  /**
   * Choose symbols by what a perceptual network sees of the decoded image too, in many times the time.
   * Without effect on codecs that are not `perceptual`. Such a coding is not kept in part files.
   */
  readonly perceptualFit?: boolean;
  /** To measure what fitting latents to the image is worth: nearest integers instead. */
  readonly plainRounding?: boolean;
}

/** Bytes of a file by section; fractions where a range-coder stream is shared. */
export interface SectionBytes {
  readonly header: number;
  readonly metadata: number;
  /** Changes of the model's weights, in files that carry any. */
  readonly weights?: number;
  readonly sideInformation: number;
  readonly latents: number;
}

/** How finely a file's latents are quantised; its rate follows from that and the image. */
export interface Quality {
  /** The file's place between the coarsest (0) and the finest quantiser of its model. */
  readonly position: number;
  /** The finest. */
  readonly of: number;
  /** Lagrange multiplier there: squared error a pixel (standardised) that one bpp is worth. */
  readonly lambda: number;
}

export interface EncodeResult {
  readonly file: Uint8Array<ArrayBuffer>;
  /** Σ −log2 p over all coded symbols, from the integer tables: an estimate, never a measurement. */
  readonly estimatedBits: number;
  readonly sections: SectionBytes;
  /** Indices of the cube's bands that the file holds. */
  readonly codedBands: readonly number[];
  /** Things a user should know of how the cube was coded, one sentence each. */
  readonly notes?: readonly string[];
  readonly milliseconds: number;
}

export interface DecodeResult {
  /**
   * Reconstruction in the cube's own units at the bands that the file holds: float32, or from
   * lossless coding the original samples in their own type.
   */
  readonly cube: HyperspectralCube;
  readonly codec: string;
  /** SHA-256 over all decoded symbols: equal on every machine that decodes the file. */
  readonly symbolDigest: string;
  /** Damaged tiles, in pixels; the cube has no data there. */
  readonly lost?: readonly PixelWindow[];
  readonly milliseconds: number;
}

export interface CodecMeta {
  /** `hific-opt`, `jpeg2000` … as on the command line and in files. */
  readonly id: string;
  readonly label: string;
  readonly family: string;
  /** Two sentences for a user, with the citation. */
  readonly description: string;
  /** Rates in bpp that a sweep asks for by default; none where a codec has one result only. */
  readonly targetRates: readonly number[];
  /** Lowest and highest rate in bpp that the codec serves; absent where it takes no rate. */
  readonly rateRange?: readonly [number, number];
  /** Names of the spectral grids that the codec works on, where it is bound to some. */
  readonly grids?: readonly string[];
  /** Has channel attention, whose gates can be read and scaled. */
  readonly attention?: boolean;
  /** What its payload's two parts are called, "Latents" and "Side information" where left out. */
  readonly payload?: { readonly latents: string; readonly sideInformation: string };
  /** Trained for looks at the cost of squared error. */
  readonly perceptual?: boolean;
  /** Sweeps measure it only when asked to: it would keep those waiting who did not. */
  readonly onRequest?: boolean;
}

/** Where a part file lies while it is written. Throws `io`. */
export interface PartStore {
  /** What an earlier run left; nothing where there was none. */
  read(): Promise<Uint8Array | undefined>;
  /** Keeps the first so many bytes of what was read; what is appended follows them. */
  keep(length: number): Promise<void>;
  /** Begins the file anew. */
  restart(bytes: Uint8Array): Promise<void>;
  append(bytes: Uint8Array): Promise<void>;
}

/** Number `index`, from 0, of `of` shares of the work. */
export interface Share {
  readonly index: number;
  readonly of: number;
}

export interface DecodeOptions {
  /**
   * The band centres where the file carries none (rate–distortion figures are measured on files without
   * metadata).
   */
  readonly bandsFrom?: readonly number[];
  /**
   * What becomes of a file of which some tiles are damaged: `refuse` (the default) throws
   * `check-failed`, `mark` restores all others and leaves those without data (NaN).
   */
  readonly damaged?: 'refuse' | 'mark';
}

/** An image as it is decoded, row by row. */
export interface DecodedRows {
  /** Of what is decoded; samples are float32. */
  readonly info: CubeInfo;
  /** Id of the codec that made the file. */
  readonly codec: string;
  /** Damaged tiles within what is decoded, in its pixels. */
  readonly lost: readonly PixelWindow[];
  /** Whole rows from the first to the last, BIP. Throws as `Codec.decode`. */
  readonly rows: AsyncIterable<SampleArray>;
}

/** A codec writes and reads whole `.hsc` files; nothing else of it is seen by others. */
export interface Codec {
  readonly meta: CodecMeta;
  encode(cube: HyperspectralCube, options: EncodeOptions, job?: JobContext): Promise<EncodeResult>;
  decode(file: Uint8Array, options?: DecodeOptions, job?: JobContext): Promise<DecodeResult>;
  /**
   * `encode` of an image that need not fit into memory; absent where a codec has to see it whole.
   * Tiles are kept in `store` as they are coded, and those that an earlier run left there taken over.
   */
  encodeSource?(
    source: CubeSource,
    options: EncodeOptions,
    job?: JobContext,
    store?: PartStore,
  ): Promise<EncodeResult>;
  /** `decode` of a window, of the whole image where left out, that need not fit into memory. */
  decodeRows?(
    file: Uint8Array,
    options?: DecodeOptions & { readonly window?: PixelWindow },
    job?: JobContext,
  ): Promise<DecodedRows>;
}

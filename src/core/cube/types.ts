/** Sample types a cube can be stored in, named as NumPy names them. */
export type SampleType =
  | 'uint8'
  | 'int8'
  | 'uint16'
  | 'int16'
  | 'uint32'
  | 'int32'
  | 'float32'
  | 'float64';

export type SampleArray =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array;

/** The array that holds samples of each type. */
export const SAMPLE_ARRAYS = {
  uint8: Uint8Array,
  int8: Int8Array,
  uint16: Uint16Array,
  int16: Int16Array,
  uint32: Uint32Array,
  int32: Int32Array,
  float32: Float32Array,
  float64: Float64Array,
} as const satisfies Record<SampleType, unknown>;

/** Where the cube lies on the ground, kept verbatim so that an export can carry it on. */
export interface GeoReference {
  /** ENVI `map info` fields, first to last. */
  readonly mapInfo?: readonly string[];
  /** OGC WKT of the coordinate system. */
  readonly wkt?: string;
  readonly epsg?: number;
  /** GDAL order: x origin, x per column, x per row, y origin, y per column, y per row. */
  readonly transform?: readonly [number, number, number, number, number, number];
}

/** What is known of a cube besides its samples. */
export interface CubeInfo {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly bands: number;
  readonly sampleType: SampleType;
  /** Band centres in nm, one a band, in the order of the file. */
  readonly wavelengthsNm?: readonly number[];
  /** Full widths at half maximum in nm, one a band. */
  readonly fwhmNm?: readonly number[];
  readonly bandNames?: readonly string[];
  /** Indices of bands that the file itself marks as bad. */
  readonly badBands?: readonly number[];
  /** Indices of bands that the user leaves out of coding, ascending. */
  readonly leftOutBands?: readonly number[];
  /** Samples of this value carry no data. */
  readonly noDataValue?: number;
  /** Unit of the samples as the file states it, e.g. `reflectance × 10000`. */
  readonly units?: string;
  readonly sensor?: string;
  readonly geo?: GeoReference;
  /** `[band]` bands for a true-colour view as the file states them (red, green, blue). */
  readonly defaultBands?: readonly [number, number, number];
  /** Things a user should know of how the file was read, one sentence each. */
  readonly notes?: readonly string[];
  /** True where the file does not say that its wavelengths are such, or in which unit. */
  readonly wavelengthsGuessed?: boolean;
}

/**
 * A cube in memory, band-interleaved by pixel:
 * sample (x, y, b) is `data[(y * width + x) * bands + b]`.
 */
export interface HyperspectralCube extends CubeInfo {
  readonly data: SampleArray;
}

/** A rectangle of pixels, in columns and rows of the cube. */
export interface PixelWindow {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A cube that may still lie on disk; formats hide behind this. */
export interface CubeSource {
  readonly info: CubeInfo;
  /** All samples lie in memory: a few bands cost no more than themselves. */
  readonly inMemory?: boolean;
  /**
   * Whether all bands of a row lie close in the file, so that reading them takes little longer than
   * reading a few; left out where the source does not know.
   */
  readonly bandsTogether?: boolean;
  /**
   * Samples of a window, band-interleaved by pixel, in the file's own type.
   * `bands` picks and orders bands (all by default).
   * Throws `bad-argument` for a window outside the cube, `truncated` where the file ends early.
   */
  readWindow(
    window: PixelWindow,
    options?: { readonly bands?: readonly number[]; readonly signal?: AbortSignal },
  ): Promise<SampleArray>;
  close(): Promise<void>;
  /** Bytes that the source itself keeps in memory; none where it reads the file as asked. */
  readonly heldBytes?: number;
}

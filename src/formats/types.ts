import type { CubeOverrides } from '../core/cube/overrides';
import type { CubeInfo, CubeSource, HyperspectralCube } from '../core/cube/types';

/** Random access to the bytes of one file, in a browser (Blob) or in Node (file handle). */
export interface ByteSource {
  readonly name: string;
  readonly size: number;
  /**
   * Exactly `length` bytes from `offset`, a copy that the caller owns;
   * throws `truncated` if the file ends before.
   */
  read(offset: number, length: number): Promise<Uint8Array<ArrayBuffer>>;
  /** The Blob behind the source, where there is one (HDF5 mounts it without copying). */
  readonly blob?: Blob;
  /** The path behind the source, where there is one (Node). */
  readonly path?: string;
  close?(): Promise<void>;
}

/** One cube that a file offers, e.g. a variable of a MATLAB file. */
export interface CubeCandidate {
  readonly id: string;
  readonly label: string;
  readonly shape: readonly number[];
  readonly sampleType: string;
}

/** What the user may decide where a file leaves it open. */
export interface OpenOptions {
  /** `id` of the candidate to open; the reader's own best guess otherwise. */
  readonly candidate?: string;
  /**
   * Axis order of a 3-D array, e.g. `yxb` or `bxy`; for bands × pixels with rows and columns,
   * e.g. `b(xy):95x95` where rows run fastest. Guessed otherwise.
   */
  readonly axes?: string;
  /** Corrections of the metadata; those of a `.hsc-meta.json` beside the cube where left out. */
  readonly overrides?: CubeOverrides;
}

export interface OpenedFile {
  /** What the file is, for people, e.g. `MATLAB v5`. */
  readonly format: string;
  readonly candidates: readonly CubeCandidate[];
  /** The candidate that `cube` was opened from. */
  readonly chosen: string;
  readonly cube: CubeSource;
  /** The corrections that `cube.info` carries. */
  readonly overrides?: CubeOverrides;
  /** What the file itself says. */
  readonly stated?: CubeInfo;
}

/** One file format. `files` are all files dropped together (header, data, sidecar). */
export interface FormatReader {
  readonly id: string;
  readonly label: string;
  /** Looks at content first and at names last; `true` only where `open` is worth trying. */
  sniff(file: ByteSource, head: Uint8Array, files: readonly ByteSource[]): Promise<boolean>;
  open(file: ByteSource, files: readonly ByteSource[], options: OpenOptions): Promise<OpenedFile>;
}

/** One or more files to be saved together, e.g. an ENVI pair. */
export interface WrittenFile {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** A file whose samples are still to come, row by row, BIP. */
export interface StreamedFile {
  readonly name: string;
  /** What stands before the samples, which follow as `encodeSamples` gives them. */
  readonly head: Uint8Array<ArrayBuffer>;
  /** Files beside it. */
  readonly others: readonly WrittenFile[];
}

export interface FormatWriter {
  readonly id: string;
  readonly label: string;
  /** For cubes that do not fit into memory; absent where a format cannot be written row by row. */
  streamed?(info: CubeInfo, baseName: string): StreamedFile;
  write(cube: HyperspectralCube, baseName: string): Promise<WrittenFile[]>;
}

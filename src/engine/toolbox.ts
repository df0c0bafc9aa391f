import type { BitFile } from '../codecs/fileBits';
import type { FileFacts } from '../codecs/inspect';
import type { Codec, CodecMeta, JobContext } from '../codecs/types';
import type { SampleScene } from '../core/samples';
import type { FormatWriter, OpenedFile, OpenOptions } from '../formats/types';
import type { BackendChoice, BackendName } from './api';
import type { AttentionReader } from './attention';
import type { Scratch } from './scratch';
import type { Shelf } from './shelf';
import type { LocalStore } from './tunedShelf';
import type { TuningTools } from './tuningDesk';

/**
 * What the service works with. The worker's toolbox loads each part on first use, so that the
 * page paints before readers and networks are fetched; tests bring their own.
 */
export interface Toolbox {
  openFiles(files: readonly File[], options: OpenOptions): Promise<OpenedFile>;
  samples(): Promise<readonly SampleScene[]>;
  writer(format: string): Promise<FormatWriter>;
  startBackend(baseUrl: string, wanted?: BackendName): Promise<BackendChoice>;
  /** Resolves with the reason once the device that was started is lost. */
  deviceLost(): Promise<string>;
  codecs(): Promise<readonly Codec[]>;
  /** Names the code and the weights of a codec. */
  version(codec: string): Promise<string>;
  inspect(file: Uint8Array): Promise<FileFacts>;
  openBits(
    file: Uint8Array,
    facts: FileFacts,
    bandsFrom: readonly number[] | undefined,
    job: JobContext,
  ): Promise<BitFile>;
  /** For codecs with channel attention. */
  attention(codec: CodecMeta): Promise<AttentionReader>;
  tuning(): Promise<TuningTools>;
  /** Models that no manifest lists. */
  localModels(): Promise<LocalStore>;
  /** A folder of files that stay on this machine. */
  shelf(folder: string): Shelf;
  /** Room for what is too large for memory. */
  scratch(): Scratch;
  tensorBytes(): number;
}

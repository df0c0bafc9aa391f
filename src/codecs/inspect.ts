import { parseFile } from '../core/bitstream/container';
import type { ValueRange } from '../core/cube/normalize';
import type { SampleType } from '../core/cube/types';
import type { ModelStore } from '../nn/models';
import { inspectLatentFile } from './hific/inspect';
import type { SectionBytes } from './types';

/** What a `.hsc` file says of itself; nothing is reconstructed. */
export interface FileFacts {
  /** Id of the codec that reads the file. */
  readonly codec: string;
  readonly sections: SectionBytes;
  /** Target rate in bpp, where the codec stores one. */
  readonly targetRate?: number;
  readonly estimatedBits?: number;
  /** Type of the original's own samples. */
  readonly storedType: SampleType;
  /** The values that the file maps to 0 and 1. */
  readonly range: ValueRange;
  /** Which bands of the original the file holds, in order; all of them where it does not say. */
  readonly codedBands: readonly number[];
}

/** Throws what parsing throws, and `model-missing` for a file whose weights are not installed. */
export async function inspectFile(file: Uint8Array, models: ModelStore): Promise<FileFacts> {
  const parsed = parseFile(file);
  const { header, metadata, sections } = parsed;
  const common = {
    storedType: header.sampleType,
    range: header.range,
    codedBands:
      metadata?.selection?.codedBands ?? Array.from({ length: header.bands }, (_, band) => band),
  };
  if (header.family === 'hific') {
    return { ...common, ...(await inspectLatentFile(parsed, models)) };
  }
  const latents = sections.tiles.reduce((sum, bytes) => sum + bytes, 0);
  const own = { header: sections.header, metadata: sections.metadata, sideInformation: 0, latents };
  return { ...common, codec: header.family, sections: own };
}

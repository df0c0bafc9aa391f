import { parseFile } from '../core/bitstream/container';
import { readOpaquePayload } from '../core/bitstream/opaqueFile';
import type { ValueRange } from '../core/cube/normalize';
import type { SampleType } from '../core/cube/types';
import type { ModelStore } from '../nn/models';
import { familyOf } from './families';
import { inspectLatentFile, modelOfFile } from './hific/inspect';
// The codecs make the numbers of their files known.
import './registry';
import type { Quality, SectionBytes } from './types';

/** What a `.hsc` file says of itself; nothing is reconstructed. */
export interface FileFacts {
  /** Id of the codec that reads the file. */
  readonly codec: string;
  readonly sections: SectionBytes;
  /** How finely the file is quantised, where the codec has such a scale. */
  readonly quality?: Quality;
  readonly estimatedBits?: number;
  /** Type of the original's own samples. */
  readonly storedType: SampleType;
  /** The values that the file maps to 0 and 1. */
  readonly range: ValueRange;
  /** Which bands of the original the file holds, in order; all of them where it does not say. */
  readonly codedBands: readonly number[];
}

/** Id of the codec that reads a file. Throws as {@link inspectFile}. */
export async function codecOf(file: Uint8Array, models: ModelStore): Promise<string> {
  const { header } = parseFile(file);
  return header.family === 'hific'
    ? (await modelOfFile(header, models)).codec
    : familyOf(header).id;
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
  const payload = readOpaquePayload(parsed);
  const family = familyOf(header);
  const sideInformation = family.sideInformation(payload);
  const own = {
    header: sections.header,
    metadata: sections.metadata,
    sideInformation,
    latents: payload.length - sideInformation,
  };
  return { ...common, codec: family.id, sections: own };
}

/** For tests: codecs of this installation, and files whose payload is whatever a test makes it. */
import { fileURLToPath } from 'node:url';
import type { OpaqueHeader } from '../core/bitstream/header';
import { writeOpaqueFile } from '../core/bitstream/opaqueFile';
import { storedRange } from '../core/bitstream/storedRange';
import { ModelStore } from '../nn/models';
import { fetchFromFolder } from '../nn/modelsNode';
import { familyNamed } from './families';
import { openJpegFromPackage } from './openjpeg/openjpegNode';
import { createCodecs } from './registry';
import type { Codec } from './types';

const MODELS = fileURLToPath(new URL('../../models', import.meta.url));

export async function installedCodec(id: string): Promise<Codec> {
  const codecs = await createCodecs(new ModelStore(fetchFromFolder(MODELS)), openJpegFromPackage);
  const codec = codecs.find(({ meta }) => meta.id === id);
  if (!codec) throw new Error(`no codec ${id}`);
  return codec;
}

/** A file with a valid check around any payload, of a codec or, by number, of one that nobody knows. */
export function fileAround(
  codec: string | number,
  payload: Uint8Array,
  size: { width: number; height: number; bands: number },
): Uint8Array<ArrayBuffer> {
  const header: OpaqueHeader = {
    ...size,
    family: 'opaque',
    number: typeof codec === 'number' ? codec : (familyNamed(codec)?.number ?? -1),
    sampleType: 'uint16',
    mapping: 'position',
    range: storedRange({ low: 0, high: 1000 }),
  };
  return writeOpaqueFile(header, payload).file;
}

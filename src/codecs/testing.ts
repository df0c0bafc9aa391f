/** For tests: codecs of this installation, and files whose payload is whatever a test makes it. */
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { expect } from 'vitest';
import { parseFile } from '../core/bitstream/container';
import type { OpaqueHeader } from '../core/bitstream/header';
import { readOpaquePayload, writeOpaqueFile } from '../core/bitstream/opaqueFile';
import { storedRange } from '../core/bitstream/storedRange';
import { isHscError } from '../core/errors';
import { ModelStore } from '../nn/models';
import { fetchFromFolder } from '../nn/modelsNode';
import { familyNamed } from './families';
import { openJpegFromPackage } from './openjpeg/openjpegNode';
import { createCodecs } from './registry';
import type { Codec, DecodeOptions } from './types';

const MODELS = fileURLToPath(new URL('../../models', import.meta.url));

export async function installedCodec(id: string): Promise<Codec> {
  const codecs = await createCodecs(new ModelStore(fetchFromFolder(MODELS)), openJpegFromPackage);
  const codec = codecs.find(({ meta }) => meta.id === id);
  if (!codec) throw new Error(`no codec ${id}`);
  return codec;
}

interface ImageSize {
  readonly width: number;
  readonly height: number;
  readonly bands: number;
}

/** A file with a valid check around any payload, of a codec or, by number, of one that nobody knows. */
export function fileAround(
  codec: string | number,
  payload: Uint8Array,
  size: ImageSize,
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

/** Fails where a file with one bit flipped, in every so many bytes, decodes or throws anything untyped. */
export async function expectDamageNoticed(
  codec: Codec,
  file: Uint8Array<ArrayBuffer>,
  everyBytes: number,
  options: DecodeOptions = {},
): Promise<void> {
  for (let at = 0; at < file.length; at += everyBytes) {
    const damaged = file.slice();
    damaged[at] ^= 1 << (at % 8);
    await expect(codec.decode(damaged, options)).rejects.toSatisfy(isHscError);
  }
}

/**
 * Fails where a payload behind a valid check, random or a damaged one of the codec's own `file`, gives neither an
 * image nor a typed error.
 */
export async function expectAnyPayloadAnswered(
  codec: Codec,
  file: Uint8Array<ArrayBuffer>,
  size: ImageSize,
  numRuns: number,
): Promise<void> {
  const payload = readOpaquePayload(parseFile(file));
  const changes = fc.array(fc.tuple(fc.nat(payload.length - 1), fc.nat(255)), { maxLength: 6 });
  const damaged = fc.tuple(changes, fc.integer({ min: 0, max: 2 * payload.length }));
  const mutated = damaged.map(([list, length]) => {
    const bytes = payload.slice();
    for (const [at, value] of list) bytes[at] = value;
    return bytes.slice(0, length);
  });
  const count = size.width * size.height * size.bands;
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.uint8Array({ maxLength: 80 }), mutated), async (bytes) => {
      const decoding = codec.decode(fileAround(codec.meta.id, bytes, size));
      const outcome = await decoding.catch((error: unknown) => error);
      if (!isHscError(outcome)) expect(outcome).toHaveProperty('cube.data.length', count);
    }),
    { numRuns },
  );
}

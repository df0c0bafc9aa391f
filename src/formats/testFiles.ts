import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { isHscError } from '../core/errors';
import { bytesSource } from './bytes';
import { readAll } from './testData';
import type { ByteSource, FormatReader, OpenedFile, OpenOptions } from './types';

/** Shape of the cubes that `scripts/format_golden.py` makes. */
export const GOLDEN_SHAPE = { height: 5, width: 4, bands: 7 } as const;
export const GOLDEN_WAVELENGTHS = [450, 500, 550, 600, 650, 700, 750];

/** Their samples, band-interleaved by pixel. */
export function goldenSamples(type: string): number[] {
  const { height, width, bands } = GOLDEN_SHAPE;
  return Array.from({ length: height * width * bands }, (_, i) => {
    const [b, pixel] = [i % bands, Math.floor(i / bands)];
    const value = 31 * Math.floor(pixel / width) + 7 * (pixel % width) + 3 * b;
    if (type.startsWith('float')) return (value - 60) / 8;
    return (value % 128) - (type.startsWith('u') ? 0 : 60);
  });
}

export function goldenBytes(folder: string, name: string): Uint8Array {
  return new Uint8Array(readFileSync(join(resolve('src/formats'), folder, 'golden', name)));
}

/** A golden file in memory. */
export function goldenFile(folder: string, name: string): ByteSource {
  return bytesSource(goldenBytes(folder, name), name);
}

export function textSource(name: string, text: string): ByteSource {
  return bytesSource(new TextEncoder().encode(text), name);
}

/** Opens with one reader, past the registry, which would give every fault a type. */
export async function openWith(
  reader: FormatReader,
  files: readonly ByteSource[],
  options: OpenOptions = {},
): Promise<OpenedFile> {
  return reader.open(files[0], files, options);
}

/** Bytes with some of them changed, or cut off at some length. */
export function damagedBytes(bytes: Uint8Array): fc.Arbitrary<Uint8Array> {
  const flips = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 })), {
    minLength: 1,
    maxLength: 8,
  });
  const flipped = flips.map((changes) => {
    const copy = bytes.slice();
    for (const [at, mask] of changes) copy[at] ^= mask;
    return copy;
  });
  return fc.oneof(
    flipped,
    fc.nat(bytes.length - 1).map((length) => bytes.slice(0, length)),
  );
}

/** Opens and reads a damaged file: it may succeed, or fail with a typed error of one sentence. */
export async function expectTypedFailure(open: () => Promise<OpenedFile>): Promise<void> {
  try {
    await readAll((await open()).cube);
  } catch (error) {
    if (!isHscError(error) || error.message.length < 20) throw error;
  }
}

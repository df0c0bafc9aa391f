/** Seeds that lie in the repository, by their path from its root, which is the working directory. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { Part, Seed } from './types';

export function fileBytes(path: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(resolve(path)));
}

/** One file as a seed. */
export function fileSeed(path: string): Seed {
  return seedOf(basename(path), fileBytes(path));
}

/** The files of a folder with that extension, each a seed. */
export function folderSeeds(folder: string, extension: string): Seed[] {
  const names = readdirSync(resolve(folder)).filter((name) => name.endsWith(extension));
  return names.sort().map((name) => fileSeed(join(folder, name)));
}

export function seedOf(name: string, bytes: Uint8Array, text?: boolean): Seed {
  return { name, parts: [partOf(name, bytes, text)] };
}

/** A seed that is hostile by its size. */
export function slowSeed(name: string, bytes: Uint8Array): Seed {
  return { ...seedOf(name, bytes), slow: true };
}

export function partOf(name: string, bytes: Uint8Array, text?: boolean): Part {
  return { name, bytes: new Uint8Array(bytes), text };
}

export function textPart(name: string, text: string): Part {
  return partOf(name, new TextEncoder().encode(text), true);
}

/** Of anything that JSON can tell, and of arrays' bytes. */
export function digestOf(...contents: readonly unknown[]): string {
  const hash = createHash('sha256');
  for (const content of contents) {
    if (ArrayBuffer.isView(content)) {
      hash.update(new Uint8Array(content.buffer, content.byteOffset, content.byteLength));
    } else hash.update(JSON.stringify(content) ?? 'undefined');
  }
  return hash.digest('hex');
}

/** A number by its order of magnitude, so that results fall into few kinds. */
export function magnitude(value: number): number {
  return Math.ceil(Math.log2(Math.max(1, value)));
}

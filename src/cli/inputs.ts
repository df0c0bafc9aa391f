import { readdir, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { glob, isDynamicPattern } from 'tinyglobby';
import { HscError } from '../core/errors';

/** Files that describe an image but hold none; readers fetch them beside the data. */
const SIDECARS = ['.hdr', '.json', '.xml', '.csv', '.txt'];

function isSidecar(path: string): boolean {
  return SIDECARS.some((extension) => path.toLowerCase().endsWith(extension));
}

async function imagesIn(folder: string): Promise<string[]> {
  const paths = (await readdir(folder))
    .filter((name) => !name.startsWith('.') && !isSidecar(name))
    .map((name) => join(folder, name))
    .sort();
  // A link counts as what it points at.
  const isFile = (path: string) =>
    stat(path).then(
      (found) => found.isFile(),
      () => false,
    );
  const files = await Promise.all(paths.map(isFile));
  const images = paths.filter((_, i) => files[i]);
  if (images.length === 0) throw new HscError('io', `There is no image in the folder ${folder}.`);
  return images;
}

/** Names a scene that ships with the studio, e.g. `sample:fields`. */
export const SAMPLE_PREFIX = 'sample:';

async function imagesOf(name: string): Promise<string[]> {
  if (name.startsWith(SAMPLE_PREFIX)) return [name];
  const found = await stat(name).catch(() => undefined);
  if (found?.isDirectory()) return imagesIn(name);
  if (found) return [name];
  if (!isDynamicPattern(name)) throw new HscError('io', `There is no file or folder ${name}.`);
  const matches = (await glob(name)).filter((path) => !isSidecar(path)).sort();
  if (matches.length === 0) throw new HscError('io', `No file matches ${name}.`);
  return matches;
}

/**
 * Paths of the images named by files, folders and glob patterns, in order and without repeats;
 * a header named itself stands for its image, `sample:ID` for a shipped scene. Throws `io` where a name leads nowhere.
 */
export async function resolveInputs(names: readonly string[]): Promise<string[]> {
  const found = new Map<string, string>();
  for (const name of names) {
    for (const path of await imagesOf(name)) found.set(resolve(path), path);
  }
  return [...found.values()];
}

/** All bytes of a file; `what` it is, for the sentence. Throws `io`. */
export async function readInput(path: string, what = ''): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await readFile(path).catch((cause) => {
    throw new HscError('io', `${what}${path} cannot be read.`, { cause });
  });
  return new Uint8Array(bytes);
}

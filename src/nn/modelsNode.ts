import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HscError } from '../core/errors';
import type { ModelFetch } from './models';

/** Reads models from a folder on disk. Throws `model-missing`. */
export function fetchFromFolder(folder: string): ModelFetch {
  return async (file, onBytes) => {
    const path = join(folder, file);
    try {
      const bytes = new Uint8Array(await readFile(path));
      onBytes?.(bytes.length);
      return bytes;
    } catch (cause) {
      throw new HscError('model-missing', `The models' file ${path} could not be read.`, { cause });
    }
  };
}

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { WasmSource } from './openJpeg';

/** OpenJPEG's module from the installed package. */
export const openJpegFromPackage: WasmSource = async () => {
  const { resolve } = createRequire(import.meta.url);
  return new Uint8Array(await readFile(resolve('@cornerstonejs/codec-openjpeg/wasm')));
};

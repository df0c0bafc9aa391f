import { createCodecs } from '../../src/codecs/registry';
import type { Codec } from '../../src/codecs/types';
import { fetchFromUrl, ModelStore } from '../../src/nn/models';

declare global {
  interface Window {
    digestByCodec: (file: readonly number[], codec: string) => Promise<string>;
  }
}

const folder = (name: string) => new URL(`${name}/`, document.baseURI).href;

async function openJpegWasm(): Promise<Uint8Array> {
  const response = await fetch(`${folder('openjpeg')}openjpegwasm.wasm`);
  return new Uint8Array(await response.arrayBuffer());
}

let codecs: Promise<readonly Codec[]> | undefined;

/** SHA-256 of the symbols of a file without latents, decoded by this engine. */
window.digestByCodec = async (file, id) => {
  codecs ??= createCodecs(new ModelStore(fetchFromUrl(folder('models'))), openJpegWasm);
  const codec = (await codecs).find(({ meta }) => meta.id === id);
  if (!codec) throw new Error(`no codec ${id}`);
  return (await codec.decode(Uint8Array.from(file))).symbolDigest;
};

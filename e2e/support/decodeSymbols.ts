import { parseFile } from '../../src/core/bitstream/container';
import { readTile } from '../../src/core/bitstream/latentFile';
import { symbolDigest } from '../../src/core/bitstream/symbolDigest';
import { type ModelFile, parseModelFile } from '../../src/nn/modelFile';

declare global {
  interface Window {
    digestOfFile: (file: readonly number[], weightsUrl: string) => Promise<string>;
  }
}

const models = new Map<string, Promise<ModelFile>>();

async function load(url: string): Promise<ModelFile> {
  return parseModelFile(new Uint8Array(await (await fetch(url)).arrayBuffer()));
}

/** SHA-256 of a file's symbols, decoded by this engine. */
window.digestOfFile = async (file, weightsUrl) => {
  const known = models.get(weightsUrl) ?? load(weightsUrl);
  models.set(weightsUrl, known);
  const { entropy } = await known;
  const parsed = parseFile(Uint8Array.from(file));
  return symbolDigest(parsed.tiles.map((_, index) => readTile(parsed, entropy, index)));
};

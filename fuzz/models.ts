/** Models to decode with: the tiny ones of the tests, and the spectral bases that ship. */
import { type EntropyModel, entropyModelFromTensors } from '../src/core/entropy/model';
import { parseSafetensors } from '../src/core/safetensors';
import { ModelStore } from '../src/nn/models';
import { fetchFromFolder } from '../src/nn/modelsNode';
import { goldenModels } from '../src/nn/testing';
import { fileBytes } from './files';

const GOLDEN_MODEL = 'src/core/bitstream/golden/model.safetensors';

/** The random entropy model that pins the format. */
export function goldenEntropy(): EntropyModel {
  const { tensors, metadata } = parseSafetensors(fileBytes(GOLDEN_MODEL));
  return entropyModelFromTensors(tensors, JSON.parse(metadata.spec), JSON.parse(metadata.shifts));
}

/** The tiny networks of the tests. */
export async function tinyStore(): Promise<ModelStore> {
  const read = (name: string) => fileBytes(`src/nn/golden/${name}.safetensors`);
  return new ModelStore((await goldenModels(read)).fetch);
}

/** What ships: for its spectral bases. */
export function shippedStore(): ModelStore {
  return new ModelStore(fetchFromFolder('models'));
}

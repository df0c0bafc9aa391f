/** Models to decode with: the tiny ones of the tests, and the spectral bases that ship. */
import { type EntropyModel, entropyModelFromTensors } from '../src/core/entropy/model';
import { parseSafetensors } from '../src/core/safetensors';
import { sha256Of } from '../src/nn/modelFile';
import { ModelStore } from '../src/nn/models';
import { fetchFromFolder } from '../src/nn/modelsNode';
import { presetSpec, VARIANTS } from '../src/nn/spec';
import { fileBytes } from './files';

const GOLDEN_MODEL = 'src/core/bitstream/golden/model.safetensors';

/** The random entropy model that pins the format. */
export function goldenEntropy(): EntropyModel {
  const { tensors, metadata } = parseSafetensors(fileBytes(GOLDEN_MODEL));
  return entropyModelFromTensors(tensors, JSON.parse(metadata.spec), JSON.parse(metadata.shifts));
}

/** The manifest of the tiny networks, and their files. */
async function tinyFiles(): Promise<ReadonlyMap<string, Uint8Array<ArrayBuffer>>> {
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  const models = await Promise.all(
    VARIANTS.map(async (id) => {
      const file = `tiny-${id}.safetensors`;
      const bytes = fileBytes(`src/nn/golden/${file}`);
      files.set(file, bytes);
      const { grid, targetRates } = presetSpec('tiny', id);
      const sha256 = await sha256Of(bytes);
      const stage = 'fidelity';
      return {
        id,
        codec: id,
        label: id,
        file,
        bytes: bytes.length,
        sha256,
        grid,
        stage,
        targetRates,
      };
    }),
  );
  files.set('manifest.json', new TextEncoder().encode(JSON.stringify({ models })));
  return files;
}

export async function tinyStore(): Promise<ModelStore> {
  const files = await tinyFiles();
  return new ModelStore(async (file) => files.get(file) ?? new Uint8Array(0));
}

/** What ships: for its spectral bases. */
export function shippedStore(): ModelStore {
  return new ModelStore(fetchFromFolder('models'));
}

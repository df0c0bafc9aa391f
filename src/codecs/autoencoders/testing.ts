/** For tests: autoencoders with few feature maps and arbitrary weights, on the grid `vnir-128`. */
import { formatSafetensors, type Tensor } from '../../core/safetensors';
import { sha256Of } from '../../nn/modelFile';
import { ModelStore } from '../../nn/models';
import { AUTOENCODERS, type AutoencoderId } from '../../nn/neighbours/file';
import { CAE_1D } from '../cae-1d/meta';
import { CAE_3D } from '../cae-3d/meta';
import { noise } from '../lossless/testing';
import { SampleCodec } from '../sampleCodec';
import { SSCNET } from '../sscnet/meta';
import { createAutoencoder } from './coder';

export const FACTS = { 'cae-1d': CAE_1D, sscnet: SSCNET, 'cae-3d': CAE_3D } as const;

const WIDTHS = {
  'cae-1d': { hidden: [4, 3, 2], latents: 1 },
  sscnet: { hidden: [5, 6], latents: 7 },
  'cae-3d': { hidden: [3, 4], latents: 2 },
} as const;
const BANDS = 128;
const STEP = 0.05;

export function tinyWeights(id: AutoencoderId, seed = 1): Uint8Array<ArrayBuffer> {
  const network = AUTOENCODERS[id];
  const architecture = { widths: WIDTHS[id], bands: BANDS };
  const random = noise(seed);
  const values = (shape: readonly number[], scale: number): Tensor => {
    const count = shape.reduce((product, size) => product * size, 1);
    const data = Float32Array.from({ length: count }, () => scale * (2 * random() - 1));
    return { dtype: 'F32', shape: [...shape], data };
  };
  const tensors = new Map<string, Tensor>();
  for (const [name, shape] of network.shapes(architecture)) {
    const inputs = shape.slice(0, -1).reduce((product, size) => product * size, 1);
    tensors.set(name, values(shape, name.endsWith('kernel') ? Math.sqrt(3 / inputs) : 0.2));
  }
  const components = network.components(architecture);
  const steps = new Float32Array(components).fill(STEP);
  tensors.set('steps', { dtype: 'F32', shape: [components], data: steps });
  const metadata = {
    format: 'hsc-autoencoder-1',
    codec: id,
    grid: 'vnir-128',
    bands: String(BANDS),
    widths: JSON.stringify(WIDTHS[id]),
  };
  return formatSafetensors({ tensors, metadata });
}

/** A store with one neighbour's weights, on the grid `vnir-128`. */
export async function storeOf(
  codec: string,
  weights: Uint8Array<ArrayBuffer>,
): Promise<ModelStore> {
  const file = `${codec}.safetensors`;
  const sha256 = await sha256Of(weights);
  const entry = { codec, grid: 'vnir-128', file, bytes: weights.length, sha256 };
  const manifest = JSON.stringify({ models: [], neighbours: [entry] });
  return new ModelStore(async (name) =>
    name === file ? weights : new TextEncoder().encode(manifest),
  );
}

export async function tinyCodec(
  id: AutoencoderId,
  weights = tinyWeights(id),
): Promise<SampleCodec> {
  const coder = await createAutoencoder(FACTS[id], await storeOf(id, weights));
  if (!coder) throw new Error(`no codec ${id}`);
  return new SampleCodec(coder);
}

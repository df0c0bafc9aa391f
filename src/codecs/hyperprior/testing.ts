/** For tests: a hyperprior with few feature maps and arbitrary weights, on the grid `vnir-128`. */
import { TEST_SHIFTS, TEST_SPEC, testTensors } from '../../core/entropy/testModel';
import { formatSafetensors, type Tensor } from '../../core/safetensors';
import { hyperpriorShapes } from '../../nn/neighbours/hyperprior';
import { storeOf } from '../autoencoders/testing';
import { noise } from '../lossless/testing';
import { SampleCodec } from '../sampleCodec';
import { createHyperprior } from './coder';

const SPEC = {
  bands: 128,
  group: 32,
  filters: TEST_SPEC.hyperFilters,
  latentChannels: TEST_SPEC.latentChannels,
  lambdas: [100, 300, 1000, 3000, 10000],
};

/** Gains of e^0 … e^3 by target. */
const GAIN_STEP = 0.75;

export function tinyHyperprior(seed = 1): Uint8Array<ArrayBuffer> {
  const random = noise(seed);
  const tensors = new Map([...testTensors(seed)].filter(([name]) => /^(hyper_s|ta)/.test(name)));
  for (const [name, shape] of hyperpriorShapes(SPEC)) {
    const count = shape.reduce((product, size) => product * size, 1);
    const inputs = count / shape[shape.length - 1];
    const scale = name.endsWith('kernel') ? Math.sqrt(3 / inputs) : 0.2;
    const signed = Float32Array.from({ length: count }, () => scale * (2 * random() - 1));
    const data = /beta|gamma/.test(name) ? signed.map((value) => 0.05 + Math.abs(value)) : signed;
    const tensor: Tensor = { dtype: 'F32', shape: [...shape], data };
    tensors.set(name, tensor);
  }
  const gains = tensors.get('log_gains');
  gains?.data.forEach((_, i) => {
    gains.data[i] = GAIN_STEP * Math.floor(i / SPEC.latentChannels);
  });
  const metadata = {
    format: 'hsc-hyperprior-1',
    grid: 'vnir-128',
    spec: JSON.stringify(SPEC),
    shifts: JSON.stringify(TEST_SHIFTS.scale),
  };
  return formatSafetensors({ tensors, metadata });
}

export async function tinyHyperpriorCodec(weights = tinyHyperprior()): Promise<SampleCodec> {
  const coder = await createHyperprior(await storeOf('hyperprior', weights));
  if (!coder) throw new Error('no hyperprior');
  return new SampleCodec(coder);
}

/** Small random entropy models for tests; integers only, so a seed means one model everywhere. */
import type { Tensor } from '../safetensors';
import {
  type EntropyModel,
  type EntropyShifts,
  type EntropySpec,
  entropyModelFromTensors,
  SCALE_COUNT,
} from './model';
import { PROBABILITY_TOTAL } from './rangeCoder';

export const TEST_SPEC: EntropySpec = {
  latentChannels: 6,
  hyperFilters: 4,
  targetRates: [0.2, 0.4, 0.6, 0.8, 1],
  context: { slices: 4, width: 5, sliceWidth: 3 },
  frame: { components: 5, rows: 3 },
};

export const TEST_SHIFTS: EntropyShifts = {
  mean: [9, 10, 8],
  scale: [9, 10, 7],
  context: [12, 9, 8],
};

/** Uniform integers in [low, high] from a linear congruential generator (Numerical Recipes). */
export function randomIntegers(seed: number): (low: number, high: number) => number {
  let state = seed >>> 0;
  return (low, high) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return low + Math.floor((state / 2 ** 32) * (high - low + 1));
  };
}

/** Integer tensors of a random model, named as in a weights file. */
export function testTensors(seed: number, spec: EntropySpec = TEST_SPEC): Map<string, Tensor> {
  const random = randomIntegers(seed);
  const tensors = new Map<string, Tensor>();
  const { hyperFilters: hf, latentChannels: latents } = spec;
  for (const head of ['hyper_mean', 'hyper_scale']) {
    const shapes = [
      [5, 5, hf, hf],
      [5, 5, hf, hf],
      [3, 3, hf, latents],
    ];
    for (const [layer, shape] of shapes.entries()) {
      const size = shape.reduce((a, b) => a * b, 1);
      const outputs = layer < 2 ? hf : latents;
      tensors.set(`${head}.conv${layer}.weight`, {
        dtype: 'I16',
        shape,
        data: Int16Array.from({ length: size }, () => random(-800, 1000)),
      });
      tensors.set(`${head}.conv${layer}.bias`, {
        dtype: 'I32',
        shape: [outputs],
        data: Int32Array.from({ length: outputs }, () => random(-2000, 4000)),
      });
    }
  }
  addContext(tensors, spec, random);
  const zScales = Array.from({ length: hf * spec.targetRates.length }, () => random(1, 6));
  const yScales = Array.from({ length: SCALE_COUNT }, (_, index) => 1 + (index >> 2));
  addTables(tensors, 'tables.z', zScales);
  addTables(tensors, 'tables.y', yScales);
  return tensors;
}

function addContext(
  tensors: Map<string, Tensor>,
  { latentChannels: channels, context, frame }: EntropySpec,
  random: (low: number, high: number) => number,
): void {
  const { slices, width, sliceWidth } = context;
  const layers = {
    in: [10 * channels + 1, width],
    hidden: [width + 2 * channels, slices * sliceWidth],
    out: [sliceWidth, 2 * channels],
  };
  for (const [name, [inputs, outputs]] of Object.entries(layers)) {
    const weight = Int16Array.from({ length: inputs * outputs }, () => random(-400, 400));
    tensors.set(`context.${name}.weight`, { dtype: 'I16', shape: [inputs, outputs], data: weight });
    integers(tensors, `context.${name}.bias`, outputs, () => random(-3000, 20000));
  }
  integers(tensors, 'context.norm', channels, () => random(20000, 2 ** 19));
  integers(tensors, 'context.gain', channels, () => random(0, 2 ** 17));
  if (!frame) return;
  const shape = [frame.rows + 1, frame.components];
  const index = Uint8Array.from({ length: shape[0] * shape[1] }, () => random(0, 50));
  tensors.set('frame.index', { dtype: 'U8', shape, data: index });
  const step = Float32Array.from({ length: shape[0] }, () => random(1, 64) / 128);
  tensors.set('frame.step', { dtype: 'F32', shape: [shape[0]], data: step });
}

function integers(
  tensors: Map<string, Tensor>,
  name: string,
  length: number,
  value: () => number,
): void {
  const data = Int32Array.from({ length }, value);
  tensors.set(name, { dtype: 'I32', shape: [length], data });
}

export function testModel(seed: number, spec: EntropySpec = TEST_SPEC): EntropyModel {
  return entropyModelFromTensors(testTensors(seed, spec), spec, TEST_SHIFTS);
}

/** Triangular distributions over -3s … 3s, the escape with frequency 1. */
function addTables(tensors: Map<string, Tensor>, name: string, scales: readonly number[]): void {
  const cdf = scales.flatMap((scale) => {
    const reach = 3 * scale;
    const heights = Array.from(
      { length: 2 * reach + 1 },
      (_, i) => reach + 1 - Math.abs(i - reach),
    );
    return cumulate(heights);
  });
  tensors.set(`${name}.cdf`, { dtype: 'U16', shape: [cdf.length], data: Uint16Array.from(cdf) });
  const one = (data: Int32Array): Tensor => ({ dtype: 'I32', shape: [data.length], data });
  tensors.set(`${name}.min`, one(Int32Array.from(scales, (scale) => -3 * scale)));
  tensors.set(`${name}.length`, one(Int32Array.from(scales, (scale) => 6 * scale + 1)));
}

/** Start of each symbol and of the escape, in 0..65535; every frequency is at least 1. */
export function cumulate(heights: readonly number[]): number[] {
  const total = heights.reduce((a, b) => a + b, 0);
  const spare = PROBABILITY_TOTAL - 1 - heights.length;
  let sum = 0;
  return [0, ...heights].map((height, i) => {
    sum += height;
    return Math.floor((spare * sum) / total) + i;
  });
}

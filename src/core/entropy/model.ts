import { HscError } from '../errors';
import type { Tensor } from '../safetensors';
import { CdfTables } from './tables';

/** Number of scale indices; index i stands for sigma = 0.11 * (64 / 0.11) ** (i / 63). */
export const SCALE_COUNT = 64;

/** The mean head's outputs are means in units of 1 / MEAN_UNIT. */
export const MEAN_UNIT = 64;

/** One layer of a hyper-synthesis in fixed point. */
export interface IntegerLayer {
  /** `transposed`: stride 2, output twice the input; `plain`: stride 1, zero padding. */
  readonly kind: 'transposed' | 'plain';
  readonly kernel: number;
  readonly inputs: number;
  readonly outputs: number;
  /** `[kernel, kernel, inputs, outputs]`, whatever the order in the weights file. */
  readonly weight: Int16Array;
  readonly bias: Int32Array;
  /** Sums are divided by 2 ** shift and rounded half up; 1 to 40. */
  readonly shift: number;
}

export type HyperSynthesis = readonly [IntegerLayer, IntegerLayer, IntegerLayer];

/** All that a range decoder depends on: integers only, the same on every machine. */
export interface EntropyModel {
  readonly latentChannels: number;
  readonly hyperFilters: number;
  /** Number of target rates; table of z = target * hyperFilters + channel. */
  readonly targets: number;
  readonly mean: HyperSynthesis;
  readonly scale: HyperSynthesis;
  readonly zTables: CdfTables;
  /** One table a scale index, centred on the mean. */
  readonly yTables: CdfTables;
}

/** The part of an architecture specification that the entropy model depends on. */
export interface EntropySpec {
  readonly latentChannels: number;
  readonly hyperFilters: number;
  readonly targetRates: readonly number[];
}

/** Right shifts of the three layers of either hyper-synthesis. */
export interface HyperShifts {
  readonly mean: readonly number[];
  readonly scale: readonly number[];
}

export const ENTROPY_LIMITS = { channels: 4096, targets: 5, shift: 40 } as const;

const HYPER_KERNELS = [5, 5, 3] as const;

/**
 * Builds the entropy model from the integer tensors of a weights file
 * (`hyper_mean.*`, `hyper_scale.*`, `tables.*`; other tensors are left alone).
 * Throws `bad-file` where a tensor is missing or has the wrong type, shape or values, and `limit`
 * beyond {@link ENTROPY_LIMITS}.
 */
export function entropyModelFromTensors(
  tensors: ReadonlyMap<string, Tensor>,
  spec: EntropySpec,
  shifts: HyperShifts,
): EntropyModel {
  const { latentChannels, hyperFilters } = spec;
  const targets = spec.targetRates.length;
  checkLimit('latent channels', latentChannels, ENTROPY_LIMITS.channels);
  checkLimit('hyper filters', hyperFilters, ENTROPY_LIMITS.channels);
  checkLimit('target rates', targets, ENTROPY_LIMITS.targets);
  return {
    latentChannels,
    hyperFilters,
    targets,
    mean: readSynthesis(tensors, 'hyper_mean', spec, shifts.mean),
    scale: readSynthesis(tensors, 'hyper_scale', spec, shifts.scale),
    zTables: readTables(tensors, 'tables.z', targets * hyperFilters),
    yTables: readTables(tensors, 'tables.y', SCALE_COUNT),
  };
}

function checkLimit(what: string, value: number, limit: number): void {
  if (!Number.isInteger(value) || value < 1 || value > limit) {
    throw new HscError('limit', `The model has ${value} ${what}; 1 to ${limit} are possible.`);
  }
}

function readSynthesis(
  tensors: ReadonlyMap<string, Tensor>,
  head: string,
  { latentChannels, hyperFilters }: EntropySpec,
  shifts: readonly number[],
): HyperSynthesis {
  if (shifts.length !== HYPER_KERNELS.length) {
    throw new HscError('bad-file', `The weights file states no shifts for ${head}.`);
  }
  const layer = (index: 0 | 1 | 2): IntegerLayer => {
    const name = `${head}.conv${index}`;
    const kind = index < 2 ? 'transposed' : 'plain';
    const kernel = HYPER_KERNELS[index];
    const inputs = hyperFilters;
    const outputs = index < 2 ? hyperFilters : latentChannels;
    const shift = shifts[index];
    if (!Number.isInteger(shift) || shift < 1 || shift > ENTROPY_LIMITS.shift) {
      throw new HscError(
        'bad-file',
        `The shift of ${name} is not in 1 to ${ENTROPY_LIMITS.shift}.`,
      );
    }
    const order = kind === 'transposed' ? [outputs, inputs] : [inputs, outputs];
    const stored = int16(tensors, `${name}.weight`, [kernel, kernel, ...order]);
    const weight = kind === 'transposed' ? swapChannels(stored, kernel, inputs, outputs) : stored;
    return {
      kind,
      kernel,
      inputs,
      outputs,
      weight,
      bias: int32(tensors, `${name}.bias`, outputs),
      shift,
    };
  };
  return [layer(0), layer(1), layer(2)];
}

/** `[k, k, outputs, inputs]` to `[k, k, inputs, outputs]`. */
function swapChannels(
  weight: Int16Array,
  kernel: number,
  inputs: number,
  outputs: number,
): Int16Array {
  const swapped = new Int16Array(weight.length);
  for (let tap = 0; tap < kernel * kernel; tap++) {
    const base = tap * inputs * outputs;
    for (let o = 0; o < outputs; o++) {
      for (let i = 0; i < inputs; i++) {
        swapped[base + i * outputs + o] = weight[base + o * inputs + i];
      }
    }
  }
  return swapped;
}

function readTables(tensors: ReadonlyMap<string, Tensor>, name: string, count: number): CdfTables {
  const cdf = find(tensors, `${name}.cdf`).data;
  if (!(cdf instanceof Uint16Array)) throw wrongTensor(`${name}.cdf`);
  return new CdfTables(
    cdf,
    int32(tensors, `${name}.min`, count),
    int32(tensors, `${name}.length`, count),
  );
}

function int16(
  tensors: ReadonlyMap<string, Tensor>,
  name: string,
  shape: readonly number[],
): Int16Array {
  const tensor = find(tensors, name);
  if (!(tensor.data instanceof Int16Array) || !hasShape(tensor, shape)) throw wrongTensor(name);
  return tensor.data;
}

function int32(tensors: ReadonlyMap<string, Tensor>, name: string, length: number): Int32Array {
  const tensor = find(tensors, name);
  if (!(tensor.data instanceof Int32Array) || !hasShape(tensor, [length])) throw wrongTensor(name);
  return tensor.data;
}

function find(tensors: ReadonlyMap<string, Tensor>, name: string): Tensor {
  const tensor = tensors.get(name);
  if (!tensor) throw new HscError('bad-file', `The weights file lacks the tensor ${name}.`);
  return tensor;
}

function hasShape(tensor: Tensor, shape: readonly number[]): boolean {
  return tensor.shape.length === shape.length && tensor.shape.every((size, i) => size === shape[i]);
}

function wrongTensor(name: string): HscError {
  return new HscError('bad-file', `Tensor ${name} has the wrong type or shape for this model.`);
}

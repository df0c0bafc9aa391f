import { HscError } from '../errors';
import type { Tensor } from '../safetensors';
import { CdfTables } from './tables';

/** Number of scale indices; index i stands for sigma = 0.11 * (64 / 0.11) ** (i / 63). */
export const SCALE_COUNT = 64;

/** Means are in units of 1 / MEAN_UNIT steps; before rounding, so are scale indices. */
export const MEAN_UNIT = 64;

/** Stored rates a target: 0 … 240 are 60 times the position between five. */
export const RATE_STEPS = 60;

/** Index of the target nearest to a stored rate: picks the tables of the hyper-latents. */
export function targetOfRate(rate: number): number {
  return Math.floor((rate + RATE_STEPS / 2) / RATE_STEPS);
}

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

/** A fully connected layer in fixed point. */
export interface IntegerMatrix {
  readonly inputs: number;
  readonly outputs: number;
  /** `[inputs, outputs]`. */
  readonly weight: Int16Array;
  readonly bias: Int32Array;
  /** As that of {@link IntegerLayer}. */
  readonly shift: number;
}

/** Slices of the latent channels, width of the context, width of a slice's layer. */
export interface ContextSpec {
  readonly slices: number;
  readonly width: number;
  readonly sliceWidth: number;
}

/** Corrects means and scale indices by what is coded already (docs/bitstream.md, section 8). */
export interface ContextModelWeights extends ContextSpec {
  /** Factors / 65536 that bring each channel to its typical size, 1 … 2^24. */
  readonly norm: Int32Array;
  /** Factors / 65536 of the means' corrections, 0 … 2^24. */
  readonly gain: Int32Array;
  readonly into: IntegerMatrix;
  readonly hidden: IntegerMatrix;
  readonly out: IntegerMatrix;
}

/** Spectral components that an image may rotate, most rows that a file holds of them. */
export interface FrameSpec {
  readonly components: number;
  readonly rows: number;
}

/** Steps and probabilities of a file's spectral frame. */
export interface FrameModel extends FrameSpec {
  /** Scale indices at precision 0, `[rows + 1, components]`; row 0 is the mean's. */
  readonly index: Uint8Array;
  /** Quantiser steps at precision 0, `[rows + 1]`. */
  readonly step: Float32Array;
}

/** All that a range decoder depends on: integers only, the same on every machine. */
export interface EntropyModel {
  readonly latentChannels: number;
  readonly hyperFilters: number;
  /** Number of target rates; table of z = target * hyperFilters + channel. */
  readonly targets: number;
  readonly mean: HyperSynthesis;
  readonly scale: HyperSynthesis;
  readonly context: ContextModelWeights;
  readonly frame: FrameModel | null;
  readonly zTables: CdfTables;
  /** One table a scale index, centred on the mean. */
  readonly yTables: CdfTables;
}

/** The part of an architecture specification that the entropy model depends on. */
export interface EntropySpec {
  readonly latentChannels: number;
  readonly hyperFilters: number;
  readonly targetRates: readonly number[];
  readonly context: ContextSpec;
  readonly frame: FrameSpec | null;
}

/** Right shifts of the three layers of either hyper-synthesis and of the context model. */
export interface EntropyShifts {
  readonly mean: readonly number[];
  readonly scale: readonly number[];
  readonly context: readonly number[];
}

export const ENTROPY_LIMITS = {
  channels: 4096,
  targets: 5,
  shift: 40,
  factor: 2 ** 24,
  frameRows: 15,
} as const;

const HYPER_KERNELS = [5, 5, 3] as const;
const CONTEXT_LAYERS = 3;

/**
 * Builds the entropy model from the integer tensors of a weights file
 * (`hyper_mean.*`, `hyper_scale.*`, `context.*`, `frame.index`, `frame.step`, `tables.*`; others are
 * left alone).
 * Throws `bad-file` where a tensor is missing or has the wrong type, shape or values, and `limit`
 * beyond {@link ENTROPY_LIMITS}.
 */
export function entropyModelFromTensors(
  tensors: ReadonlyMap<string, Tensor>,
  spec: EntropySpec,
  shifts: EntropyShifts,
): EntropyModel {
  const { latentChannels, hyperFilters } = spec;
  const targets = spec.targetRates.length;
  checkChannels({ latentChannels, hyperFilters, targets });
  return {
    latentChannels,
    hyperFilters,
    targets,
    mean: readSynthesis(tensors, 'hyper_mean', spec, shifts.mean),
    scale: readSynthesis(tensors, 'hyper_scale', spec, shifts.scale),
    context: readContext(tensors, spec, shifts.context),
    frame: spec.frame && readFrameModel(tensors, spec.frame),
    zTables: readTables(tensors, 'tables.z', targets * hyperFilters),
    yTables: readTables(tensors, 'tables.y', SCALE_COUNT),
  };
}

/** Throws `limit` beyond {@link ENTROPY_LIMITS}. */
export function checkChannels(
  counts: Pick<EntropyModel, 'latentChannels' | 'hyperFilters' | 'targets'>,
): void {
  checkLimit('latent channels', counts.latentChannels, ENTROPY_LIMITS.channels);
  checkLimit('hyper filters', counts.hyperFilters, ENTROPY_LIMITS.channels);
  checkLimit('target rates', counts.targets, ENTROPY_LIMITS.targets);
}

function checkLimit(what: string, value: number, limit: number): void {
  if (!Number.isInteger(value) || value < 1 || value > limit) {
    throw new HscError('limit', `The model has ${value} ${what}; 1 to ${limit} are possible.`);
  }
}

function checkShift(name: string, shift: number): void {
  if (Number.isInteger(shift) && shift >= 1 && shift <= ENTROPY_LIMITS.shift) return;
  throw new HscError('bad-file', `The shift of ${name} is not in 1 to ${ENTROPY_LIMITS.shift}.`);
}

/**
 * One fixed-point hyper-synthesis from the tensors `<head>.conv0…2.weight`, `.bias`. Throws `bad-file` as
 * {@link entropyModelFromTensors}.
 */
export function readSynthesis(
  tensors: ReadonlyMap<string, Tensor>,
  head: string,
  { latentChannels, hyperFilters }: Pick<EntropySpec, 'latentChannels' | 'hyperFilters'>,
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
    checkShift(name, shift);
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

function readContext(
  tensors: ReadonlyMap<string, Tensor>,
  { latentChannels: channels, context }: EntropySpec,
  shifts: readonly number[],
): ContextModelWeights {
  const { slices, width, sliceWidth } = context;
  if (shifts.length !== CONTEXT_LAYERS) {
    throw new HscError('bad-file', 'The weights file states no shifts for the context model.');
  }
  checkLimit('slices of latents', slices, channels);
  checkLimit('context units', width, ENTROPY_LIMITS.channels);
  checkLimit('context units', slices * sliceWidth, ENTROPY_LIMITS.channels);
  return {
    ...context,
    norm: factors(tensors, 'context.norm', channels, 1),
    gain: factors(tensors, 'context.gain', channels, 0),
    into: readMatrix(tensors, 'context.in', 10 * channels + 1, width, shifts[0]),
    hidden: readMatrix(
      tensors,
      'context.hidden',
      width + 2 * channels,
      slices * sliceWidth,
      shifts[1],
    ),
    out: readMatrix(tensors, 'context.out', sliceWidth, 2 * channels, shifts[2]),
  };
}

function readMatrix(
  tensors: ReadonlyMap<string, Tensor>,
  name: string,
  inputs: number,
  outputs: number,
  shift: number,
): IntegerMatrix {
  checkShift(name, shift);
  const weight = int16(tensors, `${name}.weight`, [inputs, outputs]);
  return { inputs, outputs, weight, bias: int32(tensors, `${name}.bias`, outputs), shift };
}

function factors(
  tensors: ReadonlyMap<string, Tensor>,
  name: string,
  length: number,
  least: number,
): Int32Array {
  const values = int32(tensors, name, length);
  if (values.every((value) => value >= least && value <= ENTROPY_LIMITS.factor)) return values;
  throw new HscError('bad-file', `Tensor ${name} holds values outside ${least} to 2^24.`);
}

function readFrameModel(
  tensors: ReadonlyMap<string, Tensor>,
  { components, rows }: FrameSpec,
): FrameModel {
  checkLimit('frame components', components, ENTROPY_LIMITS.channels);
  checkLimit('frame rows', rows, Math.min(components, ENTROPY_LIMITS.frameRows));
  const index = find(tensors, 'frame.index');
  const step = find(tensors, 'frame.step');
  if (!(index.data instanceof Uint8Array) || !hasShape(index, [rows + 1, components])) {
    throw wrongTensor('frame.index');
  }
  if (!(step.data instanceof Float32Array) || !hasShape(step, [rows + 1])) {
    throw wrongTensor('frame.step');
  }
  const fits =
    index.data.every((i) => i < SCALE_COUNT) && step.data.every((s) => s > 0 && Number.isFinite(s));
  if (!fits) throw new HscError('bad-file', 'The frame of the weights file has impossible values.');
  return { components, rows, index: index.data, step: step.data };
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

/** `count` tables from the tensors `<name>.cdf`, `.min`, `.length`. Throws `bad-file`. */
export function readTables(
  tensors: ReadonlyMap<string, Tensor>,
  name: string,
  count: number,
): CdfTables {
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

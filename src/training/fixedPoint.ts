import { HscError } from '../core/errors';
import type { Tensor } from '../core/safetensors';
import { type FloatTensor, parameterOf } from './floatCodec';

/** Largest magnitude of weights and activations. */
const LIMIT = 32767;
const LARGEST_BIAS = 2 ** 31 - 1;
/** Activations may exceed the largest seen on training images by this factor before they clip. */
const HEADROOM = 4;
const FINEST_UNIT = 2 ** 14;
const SMALLEST = 1e-9;

/** Integers that stand for 1: one for all, or one for each input or output of a matrix. */
export type Unit = number | Float64Array;

/** What a layer maps, in integers that stand for 1. */
export interface LayerUnits {
  readonly input: Unit;
  readonly output: Unit;
}

/** Kernel [..., inputs, outputs] and bias. */
export interface FloatLayer {
  readonly kernel: FloatTensor;
  readonly bias: FloatTensor;
}

/** out = ⌊(Σ weight · a + bias + 2^(shift - 1)) / 2^shift⌋ (docs/bitstream.md, section 8). */
export interface FixedPointLayer {
  readonly shape: readonly number[];
  readonly weight: Int16Array;
  readonly bias: Int32Array;
  readonly shift: number;
}

/** The unit of activations of which training images show at most this: a power of two. */
export function activationUnit(largest: number): number {
  const bits = Math.floor(Math.log2(LIMIT / (HEADROOM * Math.max(largest, 1e-3))));
  return Math.min(FINEST_UNIT, 2 ** bits);
}

/**
 * A layer in integers, as precise as 16-bit weights, 32-bit biases and `mostShift` allow
 * (`training/hsc_training/fixed_point.py`, `integer_context.py`). Throws `limit` where the weights
 * of `name` are too large.
 */
export function quantisedLayer(
  name: string,
  { kernel, bias }: FloatLayer,
  { input, output }: LayerUnits,
  mostShift: number,
): FixedPointLayer {
  const outputs = bias.data.length;
  const weights = Float64Array.from(
    kernel.data,
    (w, i) => (w / inputAt(input, i, outputs)) * outputAt(output, i),
  );
  const biases = Float64Array.from(bias.data, (b, o) => b * outputAt(output, o));
  const shift = Math.min(
    Math.floor(Math.log2(LIMIT / largest(weights))),
    Math.floor(Math.log2(LARGEST_BIAS / largest(biases))),
    mostShift,
  );
  if (!(shift >= 1)) {
    throw new HscError(
      'limit',
      `The trained weights of ${name} are too large for a weights file: train fewer steps or with ` +
        'a smaller learning rate.',
    );
  }
  return {
    shape: kernel.shape,
    weight: Int16Array.from(weights, (w) => roundHalfEven(w * 2 ** shift)),
    bias: Int32Array.from(biases, (b) => roundHalfEven(b * 2 ** shift)),
    shift,
  };
}

/** The floats that a layer's integers stand for. */
export function floatLayer(
  { shape, weight, bias, shift }: FixedPointLayer,
  { input, output }: LayerUnits,
): FloatLayer {
  const outputs = bias.length;
  const kernel = Float32Array.from(
    weight,
    (w, i) => ((w / 2 ** shift) * inputAt(input, i, outputs)) / outputAt(output, i),
  );
  const biases = Float32Array.from(bias, (b, o) => b / 2 ** shift / outputAt(output, o));
  return {
    kernel: { shape, data: kernel },
    bias: { shape: [outputs], data: biases },
  };
}

/** The float layer of that name. Throws as {@link parameterOf}. */
export function layerOf(parameters: ReadonlyMap<string, FloatTensor>, name: string): FloatLayer {
  return {
    kernel: parameterOf(parameters, `${name}.kernel`),
    bias: parameterOf(parameters, `${name}.bias`),
  };
}

/** A layer of a checked weights file. */
export function fixedPointLayer(
  tensors: ReadonlyMap<string, Tensor>,
  name: string,
  shift: number,
): FixedPointLayer {
  const weight = tensors.get(`${name}.weight`);
  const bias = tensors.get(`${name}.bias`);
  if (!(weight?.data instanceof Int16Array) || !(bias?.data instanceof Int32Array)) {
    throw new HscError('bad-file', `The weights file lacks the integers of ${name}.`);
  }
  return { shape: weight.shape, weight: weight.data, bias: bias.data, shift };
}

/** Tensors of a weights file, named below `name`. */
export function layerTensors(
  name: string,
  { shape, weight, bias }: FixedPointLayer,
): [string, Tensor][] {
  return [
    [`${name}.weight`, { dtype: 'I16', shape, data: weight }],
    [`${name}.bias`, { dtype: 'I32', shape: [bias.length], data: bias }],
  ];
}

function inputAt(unit: Unit, at: number, outputs: number): number {
  return typeof unit === 'number' ? unit : unit[Math.floor(at / outputs)];
}

function outputAt(unit: Unit, at: number): number {
  return typeof unit === 'number' ? unit : unit[at % unit.length];
}

function largest(values: Float64Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), SMALLEST);
}

/** As NumPy and PyTorch round: integers between two floats are common here. */
function roundHalfEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  return rest > 0.5 || (rest === 0.5 && below % 2 !== 0) ? below + 1 : below;
}

import * as tf from '@tensorflow/tfjs-core';
import { HscError } from '../core/errors';
import type { FrameAxes } from '../nn/modelFile';
import type { Network, Weights } from '../nn/network';
import { inferenceShapes, networkShapes, type ParameterShapes } from '../nn/parameters';
import type { ArchitectureSpec } from '../nn/spec';
import type { FloatCodec, FloatTensor, ParameterUnits } from './floatCodec';

/** Names and shapes of all parameters of a {@link FloatCodec}. */
export function trainingShapes(spec: ArchitectureSpec): ParameterShapes {
  const { hyperSynthesis, context } = networkShapes(spec);
  const floats = [...context].map(
    ([name, shape]) => [name.replace(/weight$/, 'kernel'), shape] as const,
  );
  const prior = [spec.targetRates.length, spec.hyperFilters];
  return new Map([
    ...inferenceShapes(spec),
    ...hyperSynthesis,
    ...floats,
    ['z_mean', prior],
    ['z_log_scale', prior],
  ]);
}

/** Factors by which the networks see some parameters: the units folded into the kernels. */
function factorsOf({ symbol, plane, index }: ParameterUnits): Map<string, tf.Tensor> {
  const channels = symbol.length;
  const inverse = (unit: Float32Array) => unit.map((value) => 1 / value);
  const factors = new Map<string, tf.Tensor>([
    ['hyper_analysis.conv0.kernel', tf.tensor(inverse(symbol), [1, 1, channels, 1])],
    ['hyper_mean.conv2.kernel', tf.tensor(symbol, [1, 1, 1, channels])],
    ['hyper_mean.conv2.bias', tf.tensor(symbol, [channels])],
    ['hyper_scale.conv2.kernel', tf.scalar(index)],
    ['hyper_scale.conv2.bias', tf.scalar(index)],
  ]);
  if (plane) {
    factors.set(
      'generator.detail_planes.kernel',
      tf.tensor(inverse(plane), [1, 1, plane.length, 1]),
    );
  }
  return factors;
}

/**
 * The parameters of a codec as variables of the current backend. Networks get them with their units
 * folded in, by operations that have gradients; what is derived from them is made anew each time.
 */
export class TrainingWeights implements Weights {
  readonly learn = true;
  private readonly variables = new Map<string, tf.Variable>();
  private readonly factors: ReadonlyMap<string, tf.Tensor>;
  private readonly constants = new Map<string, tf.Tensor>();

  constructor(private readonly codec: FloatCodec) {
    for (const [name, shape] of trainingShapes(codec.spec)) {
      const parameter = codec.parameters.get(name);
      if (parameter?.shape.join() !== shape.join()) {
        throw new HscError('bad-argument', `The codec's parameter ${name} should be [${shape}].`);
      }
      const values = tf.tensor(parameter.data, [...shape], 'float32');
      this.variables.set(name, tf.variable(values));
      values.dispose();
    }
    this.factors = factorsOf(codec.units);
    for (const factor of this.factors.values()) tf.keep(factor);
  }

  get<R extends tf.Rank = tf.Rank>(name: string): tf.Tensor<R> {
    const variable = this.variable(name);
    const factor = this.factors.get(name);
    return (factor ? tf.mul(variable, factor) : variable) as tf.Tensor<R>;
  }

  derived<T extends tf.Tensor>(_key: string, make: () => T[]): T[] {
    return make();
  }

  /** The parameter itself, in its own unit. */
  variable(name: string): tf.Variable {
    const variable = this.variables.get(name);
    if (variable) return variable;
    throw new HscError('bad-argument', `The codec has no parameter ${name}.`);
  }

  /** A tensor that depends on no parameter, made once. */
  constant<T extends tf.Tensor>(key: string, make: () => T): T {
    const known = this.constants.get(key) ?? tf.keep(make());
    this.constants.set(key, known);
    return known as T;
  }

  /** Reads all parameters back. */
  async download(): Promise<FloatCodec> {
    const read = async ([name, variable]: [string, tf.Variable]): Promise<
      [string, FloatTensor]
    > => {
      const data = (await variable.data()) as Float32Array;
      return [name, { shape: variable.shape, data: data.slice() }];
    };
    const parameters = new Map(await Promise.all([...this.variables].map(read)));
    return { ...this.codec, parameters };
  }

  get units(): ParameterUnits {
    return this.codec.units;
  }

  get frame(): FrameAxes | null {
    return this.codec.frame;
  }

  /** Frees the device's memory; the weights cannot be used afterwards. */
  dispose(): void {
    for (const part of [this.variables, this.factors, this.constants])
      tf.dispose([...part.values()]);
    this.variables.clear();
    this.constants.clear();
  }
}

/** What a training pass needs. */
export interface TrainingNetwork extends Network {
  readonly weights: TrainingWeights;
}

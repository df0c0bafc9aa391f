import * as tf from '@tensorflow/tfjs-core';
import { HscError } from '../core/errors';
import type { Random } from '../core/samples/random';
import type { Weights } from '../nn/network';
import { discriminatorShapes } from '../nn/parameters';
import type { ArchitectureSpec } from '../nn/spec';
import { assign } from './adam';
import { withoutGradient } from './estimators';
import { type FloatTensor, parameterOf } from './floatCodec';
import type { Variables } from './step';

/** Half of the paper's: a step of the whole costs a third. */
const WIDTHS = [32, 64, 128, 256];
const TINY = 1e-12;
/** Rounds of power iteration that new vectors begin with, as PyTorch's. */
const FIRST_ROUNDS = 15;

/** Estimates of a kernel's first singular vectors: of outputs [1, out], of inputs [1, kh · kw · in]. */
type Vectors = {
  readonly left: tf.Tensor2D;
  readonly right: tf.Tensor2D;
};

/** D's kernels as one pass sees them, and the vectors that the next one begins with. */
export interface Normalised {
  readonly weights: Weights;
  readonly vectors: ReadonlyMap<string, Vectors>;
}

const isKernel = (name: string) => name.endsWith('.kernel');
const vectorName = (kernel: string, side: keyof Vectors) => kernel.replace(/kernel$/, side);

function unit(x: tf.Tensor2D): tf.Tensor2D {
  return tf.div(x, tf.maximum(tf.norm(x), TINY));
}

function asMatrix(kernel: tf.Tensor): tf.Tensor2D {
  return tf.reshape(kernel, [-1, kernel.shape[kernel.shape.length - 1]]);
}

/** One round of power iteration. */
function iterated(matrix: tf.Tensor2D, { right }: Vectors): Vectors {
  const left = unit(tf.matMul(right, matrix));
  return { left, right: unit(tf.matMul(left, tf.transpose(matrix))) };
}

/**
 * The discriminator's parameters as variables of the current backend, with spectral normalisation
 * (Miyato et al. 2018): each pass sees kernels over an estimate of their largest singular value, from
 * vectors that one round of power iteration improves (`torch.nn.utils.parametrizations`).
 */
export class DiscriminatorWeights implements Variables {
  /** What learns. */
  readonly names: readonly string[];
  private readonly variables = new Map<string, tf.Variable>();

  /** `state`: parameters, and the vectors of each kernel under `….left` and `….right`. */
  constructor(spec: ArchitectureSpec, state: ReadonlyMap<string, FloatTensor>, widths = WIDTHS) {
    const shapes = discriminatorShapes(spec, widths);
    this.names = [...shapes.keys()];
    const vectors = this.names
      .filter(isKernel)
      .flatMap((name) => [vectorName(name, 'left'), vectorName(name, 'right')]);
    for (const name of [...this.names, ...vectors]) {
      const { shape, data } = parameterOf(state, name);
      const expected = shapes.get(name);
      if (expected && expected.join() !== shape.join()) {
        throw new HscError('bad-argument', `The discriminator's ${name} should be [${expected}].`);
      }
      const trained = this.names.includes(name);
      const variable = tf.tidy(() => tf.variable(tf.tensor(data, [...shape]), trained));
      this.variables.set(name, variable);
    }
  }

  variable(name: string): tf.Variable {
    const variable = this.variables.get(name);
    if (variable) return variable;
    throw new HscError('bad-argument', `The discriminator has no parameter ${name}.`);
  }

  /** Kernels for one pass, after one more round from `vectors`, its own by default. */
  normalised(vectors?: Normalised['vectors']): Normalised {
    const kernels = this.names.filter(isKernel);
    const next = new Map(
      kernels.map((name) => {
        const known = vectors?.get(name) ?? this.vectorsOf(name);
        return [name, constant(iterated(asMatrix(this.variable(name)), known))] as const;
      }),
    );
    const get = (name: string): tf.Tensor => {
      const parameter = this.variable(name);
      const own = next.get(name);
      if (!own) return parameter;
      const image = tf.matMul(own.right, asMatrix(parameter));
      return tf.div(parameter, tf.sum(tf.mul(image, own.left)));
    };
    const weights: Weights = {
      learn: true,
      get: <R extends tf.Rank>(name: string) => get(name) as tf.Tensor<R>,
      derived: (_key, make) => make(),
    };
    return { weights, vectors: next };
  }

  /** Takes over vectors by name, as {@link stateOf} names them. */
  commit(state: ReadonlyMap<string, tf.Tensor>): void {
    for (const [name, vector] of state) this.variable(name).assign(vector);
  }

  /** Reads parameters and vectors back. */
  async download(): Promise<Map<string, FloatTensor>> {
    const read = async ([name, variable]: [string, tf.Variable]) => {
      const data = ((await variable.data()) as Float32Array).slice();
      return [name, { shape: variable.shape, data }] as const;
    };
    return new Map(await Promise.all([...this.variables].map(read)));
  }

  /** Goes on from what {@link download} gave. */
  restore(state: ReadonlyMap<string, FloatTensor>): void {
    for (const [name, variable] of this.variables) assign(variable, parameterOf(state, name));
  }

  dispose(): void {
    tf.dispose([...this.variables.values()]);
    this.variables.clear();
  }

  private vectorsOf(kernel: string): Vectors {
    const own = (side: keyof Vectors) => this.variable(vectorName(kernel, side)) as tf.Tensor2D;
    return { left: own('left'), right: own('right') };
  }
}

function constant({ left, right }: Vectors): Vectors {
  return { left: withoutGradient(() => left), right: withoutGradient(() => right) };
}

/** Vectors by the names that {@link DiscriminatorWeights} keeps them under. */
export function stateOf({ vectors }: Normalised): Record<string, tf.Tensor> {
  return Object.fromEntries(
    [...vectors].flatMap(([name, { left, right }]) => [
      [vectorName(name, 'left'), left],
      [vectorName(name, 'right'), right],
    ]),
  );
}

/** A discriminator to begin with: uniform within ±1 / √fan-in, as PyTorch's convolutions. */
export async function firstDiscriminator(
  spec: ArchitectureSpec,
  random: Random,
): Promise<Map<string, FloatTensor>> {
  const state = new Map<string, FloatTensor>();
  let bound = 0;
  for (const [name, shape] of discriminatorShapes(spec, WIDTHS)) {
    const size = shape.reduce((a, b) => a * b, 1);
    const outputs = shape[shape.length - 1];
    if (isKernel(name)) bound = Math.sqrt(outputs / size);
    const data = Float32Array.from({ length: size }, () => random.between(-bound, bound));
    state.set(name, { shape, data });
    if (!isKernel(name)) continue;
    const start = Float32Array.from({ length: size / outputs }, () => random.normal());
    const { left, right } = tf.tidy(() => {
      const matrix = tf.tensor2d(data, [size / outputs, outputs]);
      let vectors: Vectors = {
        left: tf.zeros([1, outputs]),
        right: unit(tf.tensor2d(start, [1, start.length])),
      };
      for (let round = 0; round < FIRST_ROUNDS; round++) vectors = iterated(matrix, vectors);
      return vectors;
    });
    for (const [side, vector] of Object.entries({ left, right })) {
      const values = (await vector.data()) as Float32Array;
      state.set(vectorName(name, side as keyof Vectors), {
        shape: vector.shape,
        data: values.slice(),
      });
      vector.dispose();
    }
  }
  return state;
}

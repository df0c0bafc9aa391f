import * as tf from '@tensorflow/tfjs-core';
import type { FloatTensor } from './floatCodec';
import { sumOf } from './scalars';

const [BETA_1, BETA_2, EPSILON] = [0.9, 0.999, 1e-8] as const;

/** One parameter and the running means of its gradient and of that squared. */
interface Moments {
  readonly first: tf.Variable;
  readonly second: tf.Variable;
}

/** What Adam remembers, to go on elsewhere exactly where it was. */
export interface AdamState {
  readonly steps: number;
  readonly first: ReadonlyMap<string, FloatTensor>;
  readonly second: ReadonlyMap<string, FloatTensor>;
}

/**
 * Adam (Kingma and Ba 2015, Algorithm 1). tfjs has one, but without learning rates of one's own for
 * some parameters, and it cannot be resumed exactly: it raises its betas to a power anew.
 */
export class Adam {
  private readonly moments = new Map<string, Moments>();
  private steps = 0;

  constructor(
    private readonly parameters: ReadonlyMap<string, tf.Variable>,
    private readonly betas: readonly [number, number] = [BETA_1, BETA_2],
  ) {
    for (const [name, { shape }] of parameters) {
      const zeros = () => tf.tidy(() => tf.variable(tf.zeros(shape), false));
      this.moments.set(name, { first: zeros(), second: zeros() });
    }
  }

  /** One step along `gradients`, all scaled by `scale`; `rateOf` gives each parameter's learning rate. */
  apply(
    gradients: ReadonlyMap<string, tf.Tensor>,
    scale: tf.Scalar,
    rateOf: (name: string) => number,
  ): void {
    this.steps++;
    const [beta1, beta2] = this.betas;
    const [left1, left2] = [1 - beta1 ** this.steps, 1 - beta2 ** this.steps];
    for (const [name, parameter] of this.parameters) {
      const { first, second } = this.moments.get(name) as Moments;
      const gradient = gradients.get(name);
      if (!gradient) continue;
      tf.tidy(() => {
        const g = tf.mul(gradient, scale);
        first.assign(tf.add(tf.mul(first, beta1), tf.mul(g, 1 - beta1)));
        second.assign(tf.add(tf.mul(second, beta2), tf.mul(tf.square(g), 1 - beta2)));
        const size = tf.add(tf.sqrt(tf.div(second, left2)), EPSILON);
        const change = tf.mul(tf.div(first, size), rateOf(name) / left1);
        parameter.assign(tf.sub(parameter, change));
      });
    }
  }

  async state(): Promise<AdamState> {
    const read = async (which: keyof Moments) => {
      const entries = [...this.moments].map(async ([name, moments]) => {
        const data = (await moments[which].data()) as Float32Array;
        return [name, { shape: moments[which].shape, data }] as const;
      });
      return new Map(await Promise.all(entries));
    };
    return { steps: this.steps, first: await read('first'), second: await read('second') };
  }

  /** Goes on from a state; false, and nothing is changed, where it is of other parameters. */
  restore({ steps, first, second }: AdamState): boolean {
    const fits = (from: ReadonlyMap<string, FloatTensor> | undefined) =>
      [...this.parameters].every(([name, { size }]) => from?.get(name)?.data.length === size);
    if (!fits(first) || !fits(second)) return false;
    this.steps = steps;
    for (const [name, moments] of this.moments) {
      assign(moments.first, first.get(name) as FloatTensor);
      assign(moments.second, second.get(name) as FloatTensor);
    }
    return true;
  }

  dispose(): void {
    for (const { first, second } of this.moments.values()) tf.dispose([first, second]);
    this.moments.clear();
  }
}

/** Gives a variable the values of a tensor that was read back. */
export function assign(variable: tf.Variable, { shape, data }: FloatTensor): void {
  tf.tidy(() => variable.assign(tf.tensor(data, [...shape])));
}

/** The factor that brings gradients to an l2 norm of at most `limit`, and that norm. */
export function clipping(
  gradients: readonly tf.Tensor[],
  limit: number,
): { readonly scale: tf.Scalar; readonly norm: tf.Scalar } {
  const squares = gradients.map((gradient) => tf.sum<tf.Scalar>(tf.square(gradient)));
  const norm = tf.sqrt(sumOf(squares));
  // As PyTorch's clip_grad_norm_.
  return { norm, scale: tf.minimum(1, tf.div(limit, tf.add(norm, 1e-6))) as tf.Scalar };
}

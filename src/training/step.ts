import * as tf from '@tensorflow/tfjs-core';
import { prepareGradients } from './gradients';

/** Values of a step by name: scalars, or one for each sample [n]. */
export type Terms = Readonly<Record<string, tf.Tensor>>;

/** What one pass tells a trainer; its tensors are the trainer's to dispose. */
export interface Step {
  readonly terms: Terms;
  /** Of the parameters asked for; those that the loss does not depend on have none. */
  readonly gradients: ReadonlyMap<string, tf.Tensor>;
  /** What the next pass begins with in the place of what this one did, by name. */
  readonly state: ReadonlyMap<string, tf.Tensor>;
}

/** What a pass computes. */
export interface Loss {
  readonly loss: tf.Scalar;
  readonly terms: Terms;
  readonly state?: Terms;
}

/** Variables by name, as {@link Step} names their gradients. */
export interface Variables {
  variable(name: string): tf.Variable;
}

/**
 * Runs a pass and its way back. `pass` may compute what stands still before it returns the function
 * that depends on the parameters `names`, so that nothing of that is kept for the way back.
 */
export function stepOf(
  variables: Variables,
  names: readonly string[],
  pass: () => () => Loss,
): Step {
  prepareGradients();
  const own = names.map((name) => variables.variable(name));
  const found = tf.tidy(() => {
    const run = pass();
    let [terms, state]: Terms[] = [{}, {}];
    const { grads } = tf.variableGrads(() => {
      const result = run();
      terms = result.terms;
      state = result.state ?? {};
      for (const kept of [...Object.values(terms), ...Object.values(state)]) tf.keep(kept);
      return result.loss;
    }, own);
    return { terms, state, grads };
  });
  const gradients = own.flatMap((variable, i) => {
    const gradient = found.grads[variable.name];
    return gradient ? [[names[i], gradient] as const] : [];
  });
  const state = new Map(Object.entries(found.state));
  return { terms: found.terms, gradients: new Map(gradients), state };
}

/** Frees a step's tensors. */
export function disposeStep({ terms, gradients, state }: Step): void {
  tf.dispose([...Object.values(terms), ...gradients.values(), ...state.values()]);
}

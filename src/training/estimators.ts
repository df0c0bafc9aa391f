import * as tf from '@tensorflow/tfjs-core';

// Operations whose gradients are not those of what they compute.

/** What `make` computes, as a constant: nothing inside is kept for a backward pass. */
export function withoutGradient<T extends tf.Tensor>(make: () => T): T {
  return tf.customGrad(() => ({ value: tf.clone(make()), gradFunc: () => [] }))() as T;
}

/** |x| with the gradient 0 at 0, where tfjs's own is −1. */
export function magnitude<T extends tf.Tensor>(x: T): T {
  return tf.mul(
    x,
    withoutGradient(() => tf.sign(x)),
  ) as T;
}

/** The value of `quantised` with the gradient of `value` (straight-through estimator). */
export function straightThrough<T extends tf.Tensor>(value: T, quantised: T): T {
  return tf.customGrad(() => ({
    value: tf.clone(quantised),
    gradFunc: (dy: tf.Tensor) => tf.clone(dy),
  }))(value) as T;
}

/** The value of `exact` with the gradients of both. */
export function trainedBy<T extends tf.Tensor>(exact: T, estimate: T): T {
  return tf.customGrad(() => ({
    value: tf.clone(exact),
    gradFunc: (dy: tf.Tensor) => [tf.clone(dy), tf.clone(dy)],
  }))(exact, estimate) as T;
}

/** Clamps; the gradient also passes where it would move a value back inside. */
export function clampedInside<T extends tf.Tensor>(x: T, low: number, high: number): T {
  return tf.customGrad((value, save) => {
    const input = value as tf.Tensor;
    (save as tf.GradSaveFunc)([input]);
    return {
      value: tf.clipByValue(input, low, high),
      gradFunc: (dy: tf.Tensor, [saved]: tf.Tensor[]) => {
        const below = tf.logicalAnd(tf.less(saved, low), tf.greater(dy, 0));
        const above = tf.logicalAnd(tf.greater(saved, high), tf.less(dy, 0));
        return tf.where(tf.logicalOr(below, above), tf.zerosLike(dy), dy);
      },
    };
  })(x) as T;
}

/** Coefficients in t = 1 / (1 + |x| / 2), last first; W. H. Press et al., Numerical Recipes, `erfcc`. */
const SERIES = [
  0.17087277, -0.82215223, 1.48851587, -1.13520398, 0.27886807, -0.18628806, 0.09678418, 0.37409196,
  1.00002368, -1.26551223,
] as const;

/**
 * Complementary error function to a relative error of about 1e-6 however small it is, which 1 − erf is
 * not, and with its own derivative instead of that of an approximation.
 */
export function erfc<T extends tf.Tensor>(x: T): T {
  return tf.customGrad((value, save) => {
    const input = value as tf.Tensor;
    (save as tf.GradSaveFunc)([input]);
    return {
      value: approximateErfc(input),
      gradFunc: (dy: tf.Tensor, [saved]: tf.Tensor[]) =>
        tf.mul(tf.mul(dy, -2 / Math.sqrt(Math.PI)), tf.exp(tf.neg(tf.square(saved)))),
    };
  })(x) as T;
}

function approximateErfc(x: tf.Tensor): tf.Tensor {
  const size = tf.abs(x);
  const t = tf.reciprocal(tf.add(tf.mul(size, 0.5), 1));
  let sum: tf.Tensor = tf.scalar(SERIES[0]);
  for (const coefficient of SERIES.slice(1)) sum = tf.add(tf.mul(sum, t), coefficient);
  const positive = tf.mul(t, tf.exp(tf.sub(sum, tf.square(size))));
  return tf.where(tf.less(x, 0), tf.sub(2, positive), positive);
}

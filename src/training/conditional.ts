import { SCALE_COUNT } from '../core/entropy/model';

/** Share of logistic tails in the conditional, which images need and which keeps gradients alive. */
export const TAIL_SHARE = 0.1;
/** Keeps code lengths finite. */
export const LEAST_PROBABILITY = 1e-30;
/** Scale of index 0 in quantiser steps, and the logarithm of the next one's over it. */
export const SCALE_MIN = 0.11;
export const LOG_STEP = Math.log(64 / SCALE_MIN) / (SCALE_COUNT - 1);

/** Scale in quantiser steps of a scale index 0 … 63. */
export function sigmaOfIndex(index: number): number {
  return SCALE_MIN * Math.exp(index * LOG_STEP);
}

/**
 * Probability of the unit bin around a latent less its mean, both in quantiser steps, in binary64:
 * what tables are made of (`training/hsc_training/entropy.py`).
 */
export function conditionalProbability(residual: number, sigma: number): number {
  const distance = Math.abs(residual);
  const root = sigma * Math.SQRT2;
  const gauss = 0.5 * (erfc((distance - 0.5) / root) - erfc((distance + 0.5) / root));
  return (1 - TAIL_SHARE) * gauss + TAIL_SHARE * logisticBin(distance, sigma);
}

/** The code lengths by which training chooses symbols: of the density itself, not of tables. */
export const CONDITIONAL_BITS = {
  bits(scaleIndex: number, value: number): number {
    return -Math.log2(
      Math.max(LEAST_PROBABILITY, conditionalProbability(value, sigmaOfIndex(scaleIndex))),
    );
  },
};

/** Probability of the unit bin at a distance from the mean of a logistic density. */
export function logisticBin(distance: number, scale: number): number {
  return sigmoid((0.5 - distance) / scale) - sigmoid((-0.5 - distance) / scale);
}

function sigmoid(v: number): number {
  return 0.5 * (1 + Math.tanh(v / 2));
}

/** From here on the continued fraction converges within {@link FRACTION_STEPS}. */
const SERIES_END = 1.75;
const FRACTION_STEPS = 80;

/** The complementary error function, within a few units of binary64's precision. */
export function erfc(x: number): number {
  if (x < 0) return 2 - erfc(-x);
  if (x < SERIES_END) return 1 - erfSeries(x);
  // Laplace's continued fraction, from its far end.
  let fraction = x;
  for (let k = FRACTION_STEPS; k > 0; k--) fraction = x + k / 2 / fraction;
  return Math.exp(-x * x) / (Math.sqrt(Math.PI) * fraction);
}

/** erf(x) = 2 / √π · exp(-x²) Σ 2^n x^(2n + 1) / (2n + 1)!!, whose terms are all positive. */
function erfSeries(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; term > (sum * Number.EPSILON) / 4; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

import { MAX_RATE } from '../../core/bitstream/header';
import { RATE_STEPS } from '../../core/entropy/model';

/**
 * Gain of each latent channel at a stored rate, 0 … 240: logarithms interpolated between the
 * model's five. `logGains` is [targets, channels].
 */
export function gainsAt(logGains: ArrayLike<number>, channels: number, stored: number) {
  const { below, share } = between(stored, logGains.length / channels);
  return Float64Array.from({ length: channels }, (_, c) => {
    const low = logGains[below * channels + c];
    const high = share > 0 ? logGains[(below + 1) * channels + c] : low;
    return Math.exp(low + share * (high - low));
  });
}

/**
 * Lagrange multiplier at a stored rate, interpolated in the logarithm: the squared error a pixel,
 * in standardised units and summed over bands, that a bit per pixel is worth.
 */
export function lambdaAt(lambdas: readonly number[], stored: number): number {
  const { below, share } = between(stored, lambdas.length);
  const high = lambdas[Math.min(below + 1, lambdas.length - 1)];
  return lambdas[below] ** (1 - share) * high ** share;
}

/** The largest stored rate of a model of that many targets. */
export function highestRate(targets: number): number {
  return Math.min(MAX_RATE, RATE_STEPS * (targets - 1));
}

function between(stored: number, targets: number): { below: number; share: number } {
  const position = Math.min(stored / RATE_STEPS, targets - 1);
  const below = Math.floor(position);
  return { below, share: position - below };
}

import { RATE_STEPS } from '../../core/bitstream/header';
import { HscError } from '../../core/errors';

/**
 * A rate in bpp as files store it: 60 times its position between the target rates, linear between
 * neighbours and held at both ends. Throws `bad-argument` for what is not a positive rate.
 */
export function storedRate(targetRates: readonly number[], rate: number): number {
  if (!(rate > 0)) {
    throw new HscError('bad-argument', `The rate must be a positive number of bpp, not ${rate}.`);
  }
  const above = targetRates.findIndex((target) => target >= rate);
  if (above === -1) return RATE_STEPS * (targetRates.length - 1);
  if (above === 0) return 0;
  const [low, high] = [targetRates[above - 1], targetRates[above]];
  return Math.round(RATE_STEPS * (above - 1 + (rate - low) / (high - low)));
}

/** The target rate in bpp that a stored rate stands for. */
export function targetRateOf(targetRates: readonly number[], stored: number): number {
  const { below, share } = between(stored, targetRates.length);
  const next = targetRates[Math.min(below + 1, targetRates.length - 1)];
  return targetRates[below] + share * (next - targetRates[below]);
}

/**
 * Gain of each latent channel at a stored rate: logarithms interpolated between the targets.
 * `logGains` is [targets, channels].
 */
export function gainsAt(logGains: ArrayLike<number>, channels: number, stored: number) {
  const { below, share } = between(stored, logGains.length / channels);
  return Float64Array.from({ length: channels }, (_, c) => {
    const low = logGains[below * channels + c];
    const high = share > 0 ? logGains[(below + 1) * channels + c] : low;
    return Math.exp(low + share * (high - low));
  });
}

function between(stored: number, targets: number): { below: number; share: number } {
  const position = Math.min(stored / RATE_STEPS, targets - 1);
  const below = Math.floor(position);
  return { below, share: position - below };
}

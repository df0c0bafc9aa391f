import type { BitPort } from './bitPort';

/** A probability of one, times this. */
const SCALE = 2 ** 21;
/** The sum of both averages in 1 / 65536. */
const SUM_SHIFT = 6;
const MIN_PROBABILITY = 32;
const MAX_PROBABILITY = 65536 - MIN_PROBABILITY;

const RATE_SHIFT = 9;
const FAST_RATE = 8;
const SLOW_RATE = 1;
/** After so many bits neither rate changes any more. */
const SETTLED = 510;

/** Rates in 1 / 512 by the number of bits seen: the plain mean at first. */
const RATES = Int32Array.from({ length: SETTLED + 1 }, (_, seen) =>
  Math.floor(1024 / (2 * seen + 3)),
);

/**
 * Adaptive models of single bits. Each keeps two averages of the bits it has seen, which begin as
 * the plain mean and end as exponential ones over 64 and 512 bits; their mean is the probability.
 */
export class AdaptiveBits {
  private readonly fast: Int32Array;
  private readonly slow: Int32Array;
  private readonly seen: Uint16Array;

  constructor(count: number) {
    this.fast = new Int32Array(count).fill(SCALE / 2);
    this.slow = new Int32Array(count).fill(SCALE / 2);
    this.seen = new Uint16Array(count);
  }

  /** Codes a bit with model `at` and lets the model learn it. */
  code(port: BitPort, at: number, bit: number): number {
    const fast = this.fast[at];
    const slow = this.slow[at];
    const mean = (fast + slow) >> SUM_SHIFT;
    const coded = port.code(Math.min(MAX_PROBABILITY, Math.max(MIN_PROBABILITY, mean)), bit);

    const seen = this.seen[at];
    const rate = RATES[seen];
    const goal = coded === 1 ? SCALE : 0;
    this.fast[at] = fast + (((goal - fast) * Math.max(rate, FAST_RATE)) >> RATE_SHIFT);
    this.slow[at] = slow + (((goal - slow) * Math.max(rate, SLOW_RATE)) >> RATE_SHIFT);
    if (seen < SETTLED) this.seen[at] = seen + 1;
    return coded;
  }
}

import type { BitPort } from './bitPort';
import { squash, stretch } from './logistic';

const SCALE = 65536;
const LEAST = 4;

/** Bits after which a context forgets as fast as it ever does. */
const MEMORY = 160;
const RATES = Float64Array.from({ length: MEMORY + 1 }, (_, seen) => 1 / (seen + 1.8));

const FIRST_LEARNING = 0.03;
const LEARNING = 0.004;
const LEARNING_DECAY = 0.998;

/**
 * Adaptive models of single bits that look at several contexts at once: each context's own
 * probability, in the logistic domain, weighs in with what it was worth so far (logistic mixing,
 * Mahoney 2005). Doubles in plain arithmetic only, so that both ends compute alike everywhere.
 */
export class MixedBits {
  private readonly probability: readonly Float64Array[];
  private readonly seen: readonly Uint8Array[];
  private readonly weights: Float64Array;
  private readonly learning: Float64Array;
  private readonly inputs: Float64Array;

  /** `sizes[i]` values of context i; `mixtures` sets of weights. */
  constructor(
    private readonly sizes: readonly number[],
    mixtures: number,
  ) {
    this.probability = sizes.map((size) => new Float64Array(size).fill(0.5));
    this.seen = sizes.map((size) => new Uint8Array(size));
    this.weights = new Float64Array(mixtures * sizes.length).fill(1.0 / sizes.length);
    this.learning = new Float64Array(mixtures).fill(FIRST_LEARNING);
    this.inputs = new Float64Array(sizes.length);
  }

  /** Codes a bit in the contexts `at`, one of each kind, with a set of weights. */
  code(port: BitPort, at: Int32Array, mixture: number, bit: number): number {
    const { inputs, weights, sizes } = this;
    const from = mixture * sizes.length;
    let sum = 0;
    for (let i = 0; i < sizes.length; i++) {
      const input = stretch(this.probability[i][at[i]]);
      inputs[i] = input;
      sum += weights[from + i] * input;
    }
    const mixed = squash(sum);
    const scaled = Math.floor(mixed * SCALE);
    const coded = port.code(Math.min(SCALE - LEAST, Math.max(LEAST, scaled)), bit);
    this.learn(at, mixture, coded, coded - mixed);
    return coded;
  }

  private learn(at: Int32Array, mixture: number, coded: number, error: number): void {
    const { inputs, weights, sizes } = this;
    const from = mixture * sizes.length;
    const rate = this.learning[mixture];
    this.learning[mixture] = LEARNING + (rate - LEARNING) * LEARNING_DECAY;
    for (let i = 0; i < sizes.length; i++) {
      weights[from + i] += rate * error * inputs[i];
      const probability = this.probability[i];
      const seen = this.seen[i];
      const place = at[i];
      const count = seen[place];
      probability[place] += (coded - probability[place]) * RATES[count];
      if (count < MEMORY) seen[place] = count + 1;
    }
  }
}

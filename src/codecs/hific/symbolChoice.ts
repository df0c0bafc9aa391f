import { roundToSymbol } from '../../core/entropy/latentCoder';
import { SCALE_COUNT } from '../../core/entropy/model';
import type { CdfTables } from '../../core/entropy/tables';

/**
 * Shares of the bits' worth that choices weigh in: the first, or where not even the lowest rate fits
 * the budget by that, the next. Less than all of it, for a symbol that is further from its value
 * also makes a poorer context for the next ones: over three training cubes and their crops at three
 * rates 0.7 was best of 0.3, 0.45, 0.6, 0.7 and 0.8, by 0.15 dB over 0.3. The less bits weigh, the
 * more of the fine texture is kept, at coarser steps: of 0.05, 0.2, 0.35, 0.5 and 0.7 the shares 0.2
 * and 0.35 were perceptually best at equal rate over nine training and validation cubes.
 */
const BIT_SHARES: Readonly<Record<string, readonly number[]>> = { gan: [0.2, 0.7] };
const USUAL_BIT_SHARES = [0.7];

/** How much a bit weighs to the encoder of weights of a training stage; in order of preference. */
export function bitShares(stage: string): readonly number[] {
  return BIT_SHARES[stage] ?? USUAL_BIT_SHARES;
}

/** Code lengths of symbols up to this magnitude are tabulated. */
const REACH = 15;
const WIDTH = 2 * REACH + 1;

/** Rate–distortion optimised rounding of latents. */
export class SymbolChoice {
  /** [SCALE_COUNT, WIDTH] */
  private readonly lengths: Float64Array;

  /** `tables`: code lengths of values by scale index. */
  constructor(private readonly tables: Pick<CdfTables, 'bits'>) {
    this.lengths = Float64Array.from({ length: SCALE_COUNT * WIDTH }, (_, i) =>
      tables.bits(Math.floor(i / WIDTH), (i % WIDTH) - REACH),
    );
  }

  /**
   * The symbol of a latent less its mean, in steps: of the nearest integer, its neighbour towards
   * zero and zero the one with the least squared error plus `weight` times its bits.
   */
  choose(value: number, scaleIndex: number, weight: number): number {
    const nearest = roundToSymbol(value);
    if (nearest === 0 || weight === 0) return nearest;
    let best = nearest;
    let least = this.cost(value, nearest, scaleIndex, weight);
    const smaller = nearest - Math.sign(nearest);
    for (let q = smaller; ; q = 0) {
      const cost = this.cost(value, q, scaleIndex, weight);
      if (cost < least) [best, least] = [q, cost];
      if (q === 0) return best;
    }
  }

  private cost(value: number, q: number, scaleIndex: number, weight: number): number {
    const bits =
      Math.abs(q) <= REACH
        ? this.lengths[scaleIndex * WIDTH + q + REACH]
        : this.tables.bits(scaleIndex, q);
    return weight * bits + (value - q) ** 2;
  }
}

/** Squared error in steps that a bit is worth, for each channel of the given gains. */
export function bitWeights(gains: Float64Array, lambda: number): Float64Array {
  return gains.map((gain) => lambda * gain * gain);
}

/** Share of an error that one level corrects. */
const RATE = 0.06;
/** Keeps a step finite where all neighbours are 0. */
const FLOOR = 1;

/**
 * Predicts a block's level (coefficient of frequency 0) from its neighbours' by weights that follow the
 * image: normalised least mean squares. Plain double arithmetic in a fixed order, so that
 * both ends predict the same integers.
 */
export class LevelPredictor {
  private readonly weights: Float64Array;
  private readonly known: Float64Array;
  private sum = 0;

  constructor(first: readonly number[]) {
    this.weights = Float64Array.from(first);
    this.known = new Float64Array(first.length);
  }

  /** The integer nearest to what the levels around, in a fixed order, make likely. */
  predict(levels: readonly number[]): number {
    this.sum = 0;
    for (let i = 0; i < levels.length; i++) {
      this.known[i] = levels[i];
      this.sum += this.weights[i] * levels[i];
    }
    return Math.floor(this.sum + 0.5);
  }

  /** Learns what the level was that has just been predicted. */
  learn(level: number): void {
    let energy = FLOOR;
    for (const value of this.known) energy += value * value;
    const step = (RATE * (level - this.sum)) / energy;
    for (let i = 0; i < this.known.length; i++) this.weights[i] += step * this.known[i];
  }
}

const STEP = 0x6d2b79f5;

/** The number that mulberry32 gives in a state, 0 … 2³² − 1. */
function mixed(state: number): number {
  let t = Math.imul(state ^ (state >>> 15), state | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return (t ^ (t >>> 14)) >>> 0;
}

/** Deterministic random numbers: the same seed gives the same numbers on every machine. */
export class Random {
  private current: number;

  constructor(seed: number) {
    this.current = seed >>> 0;
  }

  /** The seed of a generator that goes on from here. */
  get state(): number {
    return this.current;
  }

  set state(seed: number) {
    this.current = seed >>> 0;
  }

  /** Uniform in 0..1 (mulberry32). */
  next(): number {
    this.current = (this.current + STEP) >>> 0;
    return mixed(this.current) / 2 ** 32;
  }

  between(low: number, high: number): number {
    return low + (high - low) * this.next();
  }

  /** Uniform in 0 … `below` − 1. */
  integer(below: number): number {
    return Math.floor(below * this.next());
  }

  /** Standard normal (sum of uniforms: exact arithmetic, so equal on every engine). */
  normal(): number {
    return this.normals(new Float64Array(1))[0];
  }

  /** Fills an array with numbers as `normal` gives them; images take millions. */
  normals(values: Float64Array): Float64Array {
    let state = this.current | 0;
    for (let at = 0; at < values.length; at++) {
      let sum = 0;
      for (let i = 0; i < 12; i++) {
        state = (state + STEP) | 0;
        sum += mixed(state);
      }
      values[at] = sum / 2 ** 32 - 6;
    }
    this.current = state >>> 0;
    return values;
  }
}

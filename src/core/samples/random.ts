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
    this.current = (this.current + 0x6d2b79f5) >>> 0;
    let t = this.current;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
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
    let sum = -6;
    for (let i = 0; i < 12; i++) sum += this.next();
    return sum;
  }
}

import { exhaustive, exhaustiveCount, mutate } from './mutations';
import { Random } from './random';
import type { Part, Seed, Shell, Target } from './types';

export interface Input {
  readonly parts: readonly Part[];
  readonly seed: Seed;
  /** Checksums were made to fit, so that content other than the seed's may be accepted. */
  readonly repaired: boolean;
}

/** Which of a target's inputs: numbers `from` … `to` − 1 of `total`. */
export interface Lane {
  readonly target: string;
  readonly seed: string;
  readonly from: number;
  readonly to: number;
  readonly total: number;
}

/** Inputs that showed something new, kept by a lane as seeds. */
const MAX_KEPT = 200;
/** At most this share of a target's inputs is cut off at every byte and turned over at every bit. */
const EXHAUSTIVE_SHARE = 0.5;
const SLOW_SHARE = 0.003;

/**
 * The inputs of a target. First every seed as it is; then, spread over all places where there are too many, every
 * truncation and every flipped bit; the rest are damaged at random. An input depends on the run's seed, its
 * number, and what the lane kept before it.
 */
export class InputSource {
  private readonly kept: Seed[] = [];
  private readonly quick: readonly Seed[];
  private readonly slow: readonly Seed[];
  private readonly places: number;

  constructor(
    private readonly target: Target,
    private readonly seeds: readonly Seed[],
    private readonly lane: Lane,
  ) {
    this.quick = seeds.filter((seed) => !seed.slow);
    this.slow = seeds.filter((seed) => seed.slow);
    this.places = this.quick.reduce((sum, { parts }) => sum + placesIn(parts), 0);
  }

  /** Goes on from an input. */
  keep({ parts, seed, repaired }: Input): void {
    if (seed.slow) return;
    // What was repaired is no longer the seed: it is known by no digest.
    const digest = repaired ? undefined : seed.digest;
    const kept = { name: seed.name, parts, digest };
    if (this.kept.length < MAX_KEPT) this.kept.push(kept);
    else this.kept[this.random(this.kept.length).below(MAX_KEPT)] = kept;
  }

  at(index: number): Input {
    const { seeds, places } = this;
    if (index < seeds.length) {
      return { parts: seeds[index].parts, seed: seeds[index], repaired: false };
    }
    const own = index - seeds.length;
    const budget = Math.floor(EXHAUSTIVE_SHARE * this.lane.total);
    const tried = Math.min(places, budget);
    if (own >= tried) return this.damaged(index);
    return this.exhaustive(Math.floor((own * places) / tried));
  }

  private random(index: number): Random {
    return new Random(this.lane.seed, this.target.name, index);
  }

  private exhaustive(place: number): Input {
    let rest = place;
    for (const seed of this.quick) {
      for (const part of seed.parts) {
        const count = exhaustiveCount(part.bytes);
        if (rest < count) {
          const bytes = exhaustive(part.bytes, rest);
          return { parts: withPart(seed.parts, part, bytes), seed, repaired: false };
        }
        rest -= count;
      }
    }
    throw new RangeError(`There is no place ${place}.`);
  }

  private pickSeed(random: Random): Seed {
    const { kept, quick, slow } = this;
    if (slow.length > 0 && random.chance(SLOW_SHARE)) return random.pick(slow);
    return kept.length > 0 && random.chance(0.4) ? random.pick(kept) : random.pick(quick);
  }

  private damaged(index: number): Input {
    const random = this.random(index);
    const { quick, target } = this;
    const seed = this.pickSeed(random);
    const part = random.pick(seed.parts);
    if (part.bytes.length === 0) return { parts: seed.parts, seed, repaired: false };
    const otherSeed = random.pick(quick);
    const other = otherSeed.parts[seed.parts.indexOf(part)] ?? otherSeed.parts[0];

    const shell = target.shells && random.chance(0.5) ? random.pick(target.shells) : undefined;
    const inside = shell && attempt(() => shell.open(part.bytes));
    if (shell && inside && inside.inside.length > 0) {
      const bytes = throughShell(shell, inside, part.bytes, other.bytes, random);
      return { parts: withPart(seed.parts, part, bytes), seed, repaired: true };
    }
    const bytes = mutate(part.bytes, other.bytes, part.text === true, random);
    const repaired = target.repair && random.chance(0.6) && attempt(() => target.repair?.(bytes));
    return {
      parts: withPart(seed.parts, part, repaired ? new Uint8Array(repaired) : bytes),
      seed,
      repaired: Boolean(repaired),
    };
  }
}

function throughShell(
  shell: Shell,
  { inside, text }: { readonly inside: Uint8Array; readonly text?: boolean },
  bytes: Uint8Array<ArrayBuffer>,
  other: Uint8Array,
  random: Random,
): Uint8Array<ArrayBuffer> {
  const otherInside = attempt(() => shell.open(other))?.inside ?? inside;
  const donor = otherInside.length > 0 ? otherInside : inside;
  const damaged = mutate(new Uint8Array(inside), donor, text === true, random);
  return new Uint8Array(attempt(() => shell.close(damaged, bytes)) ?? bytes);
}

function placesIn(parts: readonly Part[]): number {
  return parts.reduce((sum, { bytes }) => sum + exhaustiveCount(bytes), 0);
}

function withPart(
  parts: readonly Part[],
  changed: Part,
  bytes: Uint8Array<ArrayBuffer>,
): readonly Part[] {
  return parts.map((part) => (part === changed ? { ...part, bytes } : part));
}

/** Shells and repairs read damaged bytes as far as these go. */
function attempt<T>(task: () => T): T | undefined {
  try {
    return task();
  } catch {
    return undefined;
  }
}

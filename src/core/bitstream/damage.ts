import { HscError } from '../errors';
import { Random } from '../samples/random';

/** Something that happens to the bytes of a file. Bytes are counted from 0, bits from the least significant. */
export type Damage =
  | { readonly kind: 'bit'; readonly byte: number; readonly bit: number }
  /** So many different bits anywhere in the file are flipped. */
  | { readonly kind: 'bits'; readonly count: number; readonly seed: number }
  /** Each byte of a run becomes another one. */
  | { readonly kind: 'run'; readonly from: number; readonly length: number; readonly seed: number }
  /** Only the first so many bytes stay. */
  | { readonly kind: 'cut'; readonly length: number };

/** More at once would only be a slow way to lose everything. */
export const MOST_BITS = 100_000;

/** The length of a file of so many bytes after damages, one after the other. */
export function lengthAfter(length: number, damages: readonly Damage[]): number {
  return damages.reduce((left, one) => (one.kind === 'cut' ? one.length : left), length);
}

/** Whether a file of so many bytes can be damaged so. */
export function isDamage(damage: Damage, length: number): boolean {
  const within = (value: number, low: number, high: number) =>
    Number.isInteger(value) && value >= low && value <= high;
  switch (damage.kind) {
    case 'bit':
      return within(damage.byte, 0, length - 1) && within(damage.bit, 0, 7);
    case 'bits':
      return within(damage.count, 1, Math.min(MOST_BITS, 8 * length));
    case 'run':
      return within(damage.from, 0, length - 1) && within(damage.length, 1, length - damage.from);
    case 'cut':
      return within(damage.length, 0, length - 1);
  }
}

/**
 * A damaged copy of a file; the same damages make the same copy everywhere. Throws `bad-argument`
 * for a place outside what the damages before left.
 */
export function damagedCopy(file: Uint8Array, damages: readonly Damage[]): Uint8Array<ArrayBuffer> {
  let copy = Uint8Array.from(file);
  for (const damage of damages) {
    if (!isDamage(damage, copy.length)) {
      throw new HscError(
        'bad-argument',
        `A file of ${copy.length} bytes cannot be damaged there: the place is outside of it.`,
      );
    }
    if (damage.kind === 'cut') copy = copy.slice(0, damage.length);
    else change(copy, damage);
  }
  return copy;
}

function change(bytes: Uint8Array, damage: Exclude<Damage, { kind: 'cut' }>): void {
  if (damage.kind === 'bit') {
    bytes[damage.byte] ^= 1 << damage.bit;
    return;
  }
  const random = new Random(damage.seed);
  if (damage.kind === 'run') {
    const end = damage.from + damage.length;
    for (let at = damage.from; at < end; at++) bytes[at] ^= 1 + random.integer(255);
    return;
  }
  for (const bit of differentIntegers(random, damage.count, 8 * bytes.length)) {
    bytes[bit >> 3] ^= 1 << (bit & 7);
  }
}

/** So many of 0 … `below` − 1, all different (Floyd's algorithm). */
function differentIntegers(random: Random, count: number, below: number): ReadonlySet<number> {
  const chosen = new Set<number>();
  for (let last = below - count; last < below; last++) {
    const any = random.integer(last + 1);
    chosen.add(chosen.has(any) ? last : any);
  }
  return chosen;
}

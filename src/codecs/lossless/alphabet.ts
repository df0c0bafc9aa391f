import { AdaptiveIntegers } from '../../core/entropy/adaptiveIntegers';
import type { BitPort } from '../../core/entropy/bitPort';
import { HscError } from '../../core/errors';

/**
 * Which words occur, so that what is coded is their number among those:
 * - `every` word;
 * - a `lattice`: offset + step × number;
 * - a `palette` of few words, ascending.
 */
export type Alphabet =
  | { readonly kind: 'every' }
  | { readonly kind: 'lattice'; readonly offset: number; readonly step: number }
  | { readonly kind: 'palette'; readonly words: Int32Array };

export const MAX_PALETTE = 65536;
/** A palette must have so many times fewer entries than there are samples, and than it spans. */
const PALETTE_GAIN = 16;

/** The alphabet that makes the numbers smallest. */
export function chooseAlphabet(words: Int32Array): Alphabet {
  let [low, high] = [words[0], words[0]];
  for (const word of words) {
    if (word < low) low = word;
    else if (word > high) high = word;
  }
  let step = 0;
  for (let i = 0; i < words.length && step !== 1; i++) step = commonDivisor(words[i] - low, step);
  if (step > 1) return { kind: 'lattice', offset: low, step };
  const most = Math.min(MAX_PALETTE, words.length / PALETTE_GAIN, (high - low) / PALETTE_GAIN);
  const palette = distinct(words, most);
  return palette ? { kind: 'palette', words: palette } : { kind: 'every' };
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}

/** Ascending; undefined where there are more. */
function distinct(words: Int32Array, most: number): Int32Array | undefined {
  const seen = new Set<number>();
  for (const word of words) {
    seen.add(word);
    if (seen.size > most) return undefined;
  }
  return Int32Array.from(seen).sort();
}

/** Puts its number in the place of every word. */
export function toNumbers(words: Int32Array, alphabet: Alphabet): void {
  if (alphabet.kind === 'lattice') {
    const { offset, step } = alphabet;
    for (let i = 0; i < words.length; i++) words[i] = (words[i] - offset) / step;
  } else if (alphabet.kind === 'palette') {
    const numbers = new Map(Array.from(alphabet.words, (word, number) => [word, number]));
    for (let i = 0; i < words.length; i++) words[i] = numbers.get(words[i]) ?? 0;
  }
}

/** The reverse of {@link toNumbers}, for numbers within {@link numberLimits}. */
export function fromNumbers(numbers: Int32Array, alphabet: Alphabet): void {
  if (alphabet.kind === 'lattice') {
    const { offset, step } = alphabet;
    for (let i = 0; i < numbers.length; i++) numbers[i] = offset + step * numbers[i];
  } else if (alphabet.kind === 'palette') {
    const { words } = alphabet;
    for (let i = 0; i < numbers.length; i++) numbers[i] = words[numbers[i]];
  }
}

/** Least and greatest number whose word lies within the limits. */
export function numberLimits(
  alphabet: Alphabet,
  [lowest, highest]: readonly [number, number],
): readonly [number, number] {
  switch (alphabet.kind) {
    case 'every':
      return [lowest, highest];
    case 'lattice': {
      const { offset, step } = alphabet;
      return [Math.ceil((lowest - offset) / step), Math.floor((highest - offset) / step)];
    }
    case 'palette':
      return [0, alphabet.words.length - 1];
  }
}

const CONTEXT = { size: 0, first: 1, gap: 2 } as const;

/** Codes a palette; a reading port needs none. Throws `bitstream` for an impossible one. */
export function codePalette(
  port: BitPort,
  [lowest, highest]: readonly [number, number],
  own?: Int32Array,
): Int32Array {
  const integers = new AdaptiveIntegers(3);
  const size = integers.code(port, CONTEXT.size, own?.length ?? 0);
  if (size < 1 || size > MAX_PALETTE) throw impossible();
  const words = new Int32Array(size);
  let last = 0;
  for (let i = 0; i < size; i++) {
    const context = i === 0 ? CONTEXT.first : CONTEXT.gap;
    const word = last + integers.code(port, context, own ? own[i] - last : 0);
    if (word < lowest || word > highest || (i > 0 && word <= last)) throw impossible();
    words[i] = word;
    last = word;
  }
  return words;
}

function impossible(): HscError {
  return new HscError('bitstream', 'The .hsc file holds an impossible palette: it is damaged.');
}

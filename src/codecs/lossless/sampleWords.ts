import { SAMPLE_ARRAYS, type SampleArray, type SampleType } from '../../core/cube/types';
import {
  doublesToSingleWords,
  doublesToWords,
  singlesToWords,
  singleWordsToDoubles,
  wordsToDoubles,
  wordsToSingles,
} from './floatBits';
import { findScale, type Scale, scaled } from './scale';

/**
 * How samples stand for 32-bit words, which are what is coded:
 * - `integer`: the sample itself, uint32 less 2^31;
 * - `scaled`: floats that are scaled whole numbers, which are the words;
 * - `single`: the bits of binary32 numbers, ordered like the numbers;
 * - `double`: the same of binary64 numbers, all upper words before all lower ones.
 */
export type WordForm =
  | { readonly kind: 'integer' | 'single' | 'double' }
  | { readonly kind: 'scaled'; readonly scale: Scale };

const MAX_INT32 = 2 ** 31 - 1;
const UINT32_BIAS = 2 ** 31;

const LIMITS: Partial<Record<SampleType, readonly [number, number]>> = {
  uint8: [0, 255],
  int8: [-128, 127],
  uint16: [0, 65535],
  int16: [-32768, 32767],
};

/** Words of one sample. */
export function wordsPerSample({ kind }: WordForm): number {
  return kind === 'double' ? 2 : 1;
}

/** True where samples of the type can have the form. */
export function fits({ kind }: WordForm, type: SampleType): boolean {
  if (type === 'float64') return kind !== 'integer';
  return type === 'float32' ? kind === 'scaled' || kind === 'single' : kind === 'integer';
}

/** Least and greatest word that samples of the type can have. */
export function wordLimits(type: SampleType): readonly [number, number] {
  return LIMITS[type] ?? [-MAX_INT32 - 1, MAX_INT32];
}

/** Words of all samples, in their order, in the form that takes the fewest bits. */
export function toWords(data: SampleArray): {
  readonly form: WordForm;
  readonly words: Int32Array<ArrayBuffer>;
} {
  if (data instanceof Float32Array || data instanceof Float64Array) return floatWords(data);
  const words = new Int32Array(data.length);
  const bias = data instanceof Uint32Array ? UINT32_BIAS : 0;
  for (let i = 0; i < words.length; i++) words[i] = data[i] - bias;
  return { form: { kind: 'integer' }, words };
}

function floatWords(data: Float32Array | Float64Array) {
  const found = findScale(data);
  if (found) return { form: { kind: 'scaled', scale: found.scale } as const, words: found.words };
  const single = data instanceof Float32Array ? singlesToWords(data) : doublesToSingleWords(data);
  if (single) return { form: { kind: 'single' } as const, words: single };
  return { form: { kind: 'double' } as const, words: doublesToWords(data as Float64Array) };
}

/** The samples that words within {@link wordLimits} stand for, in a form that fits the type. */
export function toSamples(words: Int32Array, form: WordForm, type: SampleType): SampleArray {
  if (form.kind === 'double') return wordsToDoubles(words);
  if (form.kind === 'single') {
    return type === 'float32' ? wordsToSingles(words) : singleWordsToDoubles(words);
  }
  const samples = newSamples(type, words.length);
  const bias = type === 'uint32' ? UINT32_BIAS : 0;
  for (let i = 0; i < words.length; i++) {
    samples[i] = form.kind === 'scaled' ? scaled(form.scale, words[i]) : words[i] + bias;
  }
  return samples;
}

function newSamples(type: SampleType, length: number): SampleArray {
  const Samples: new (length: number) => SampleArray = SAMPLE_ARRAYS[type];
  return new Samples(length);
}

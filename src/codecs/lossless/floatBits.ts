/**
 * Bits of floating-point numbers as integers that grow with the number: negative numbers, whose
 * bits grow away from zero, have all bits but the sign turned over. Nothing is lost: the sign of
 * zero and the payload of a NaN are bits like others.
 */
const MAGNITUDE = 0x7fffffff;
const SIGN = -0x80000000;

/** The one NaN of each type that binary32 words stand for where samples are binary64. */
const SINGLE_NAN = 0x7fc00000;
const DOUBLE_NAN_HIGH = 0x7ff80000;

/** Index of the upper word of a binary64 in memory. */
const UPPER = new Uint8Array(Uint16Array.of(1).buffer)[0];
const LOWER = 1 - UPPER;

/** Its own inverse. */
function ordered(bits: number): number {
  return bits < 0 ? bits ^ MAGNITUDE : bits;
}

function wordsOf(data: Float32Array | Float64Array): Int32Array {
  return new Int32Array(data.buffer, data.byteOffset, data.byteLength / 4);
}

export function singlesToWords(data: Float32Array): Int32Array<ArrayBuffer> {
  return Int32Array.from(wordsOf(data), ordered);
}

export function wordsToSingles(words: Int32Array): Float32Array<ArrayBuffer> {
  return new Float32Array(Int32Array.from(words, ordered).buffer);
}

/** Words of doubles that are binary32 numbers; undefined where one is not, down to its bits. */
export function doublesToSingleWords(data: Float64Array): Int32Array<ArrayBuffer> | undefined {
  const singles = Float32Array.from(data);
  const words = wordsOf(singles);
  const bits = wordsOf(data);
  for (let i = 0; i < data.length; i++) {
    if (Number.isNaN(data[i])) {
      if (bits[2 * i + UPPER] !== DOUBLE_NAN_HIGH || bits[2 * i + LOWER] !== 0) return undefined;
      words[i] = SINGLE_NAN;
    } else if (singles[i] !== data[i]) {
      return undefined;
    }
  }
  return singlesToWords(singles);
}

export function singleWordsToDoubles(words: Int32Array): Float64Array<ArrayBuffer> {
  const singles = wordsToSingles(words);
  const data = new Float64Array(words.length);
  const bits = wordsOf(data);
  for (let i = 0; i < data.length; i++) {
    if (Number.isNaN(singles[i])) bits[2 * i + UPPER] = DOUBLE_NAN_HIGH;
    else data[i] = singles[i];
  }
  return data;
}

/** The upper words of all doubles, then their lower words. */
export function doublesToWords(data: Float64Array): Int32Array<ArrayBuffer> {
  const bits = wordsOf(data);
  const words = new Int32Array(2 * data.length);
  for (let i = 0; i < data.length; i++) {
    const upper = bits[2 * i + UPPER];
    const lower = bits[2 * i + LOWER];
    words[i] = ordered(upper);
    words[data.length + i] = (upper < 0 ? ~lower : lower) ^ SIGN;
  }
  return words;
}

export function wordsToDoubles(words: Int32Array): Float64Array<ArrayBuffer> {
  const data = new Float64Array(words.length / 2);
  const bits = wordsOf(data);
  for (let i = 0; i < data.length; i++) {
    const upper = ordered(words[i]);
    const lower = words[data.length + i] ^ SIGN;
    bits[2 * i + UPPER] = upper;
    bits[2 * i + LOWER] = upper < 0 ? ~lower : lower;
  }
  return data;
}

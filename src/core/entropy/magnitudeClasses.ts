/** Sums of neighbours as classes for contexts: 0, 1, 2, 3, then two an octave. */

export const CLASSES = 16;
export const SMALL_CLASSES = 6;

const LARGEST = 255;

const CLASS_OF = Uint8Array.from({ length: LARGEST + 1 }, (_, value) => {
  if (value < 4) return value;
  const octave = 31 - Math.clz32(value);
  return 2 * octave + ((value >> (octave - 1)) & 1);
});

/** Of a sum that is not negative. */
export function classOf(sum: number): number {
  return CLASS_OF[sum > LARGEST ? LARGEST : sum];
}

/** The same with all from the sixth on in one. */
export function smallClassOf(sum: number): number {
  const found = classOf(sum);
  return found < SMALL_CLASSES ? found : SMALL_CLASSES - 1;
}

/**
 * Floats that are whole numbers divided or multiplied by one factor, each operation rounded once
 * to binary64 and then to the samples' type: what publishers make of integers when they scale
 * them.
 */
export interface Scale {
  readonly operation: 'divide' | 'multiply';
  readonly factor: number;
}

type Floats = Float32Array | Float64Array;

/** Whole numbers beyond these would have digits that the float does not. */
const MAX_WHOLE = { single: 2 ** 23, double: 2 ** 31 - 1 };
/** Relative error of a float of that type, and room for what Euclid's algorithm makes of it. */
const TOLERANCE = { single: 2 ** -17, double: 2 ** -40 };
const PROBES = 65536;
const DECIMAL_DIGITS = 6;

/** Sample i of a scale. */
export function scaled({ operation, factor }: Scale, whole: number): number {
  return operation === 'divide' ? whole / factor : whole * factor;
}

/** The words of samples that one scale restores to the bit, and the scale. */
export function findScale(
  data: Floats,
): { readonly scale: Scale; readonly words: Int32Array<ArrayBuffer> } | undefined {
  const precision = data instanceof Float32Array ? 'single' : 'double';
  const probes = probesOf(data);
  const largest = probes?.at(-1);
  if (!probes || !largest) return undefined;
  const step = commonStep(probes, TOLERANCE[precision]);
  const wholes = Math.round(largest / step);
  if (!(wholes <= MAX_WHOLE[precision])) return undefined;
  for (const scale of candidates(step, wholes / largest)) {
    const words = wordsOf(data, scale, MAX_WHOLE[precision]);
    if (words) return { scale, words };
  }
  return undefined;
}

/** Magnitudes other than zero of some of the samples, ascending; none where one is not finite. */
function probesOf(data: Floats): Float64Array | undefined {
  const every = Math.ceil(data.length / PROBES);
  const probes = Float64Array.from({ length: Math.ceil(data.length / every) }, (_, i) =>
    Math.abs(data[i * every]),
  );
  if (!probes.every(Number.isFinite)) return undefined;
  return probes.sort().filter((value, i) => value > 0 && value !== probes[i - 1]);
}

/**
 * About the greatest step of which all values are multiples, 0 where that drowns in their rounding:
 * Euclid's algorithm on their distances from the smallest, which are small and grow slowly.
 */
function commonStep(ascending: Float64Array, tolerance: number): number {
  const [smallest] = ascending;
  const largest = ascending[ascending.length - 1];
  const allowed = largest * tolerance;
  const multiples = [...ascending.map((value) => value - smallest).subarray(1), smallest, largest];
  let step = smallest;
  for (let i = 1; i < ascending.length; i++) step = Math.min(step, ascending[i] - ascending[i - 1]);
  for (const multiple of multiples) {
    let rest = distance(multiple, step);
    while (step > allowed && rest > allowed) [step, rest] = [rest, distance(step, rest)];
    if (!(step > allowed)) return 0;
    step = multiple / Math.round(multiple / step);
  }
  return step;
}

/** From the nearest multiple of the step. */
function distance(value: number, step: number): number {
  const rest = value % step;
  return Math.min(rest, step - rest);
}

function candidates(step: number, inverse: number): Scale[] {
  const decimal = (value: number) => Number(value.toPrecision(DECIMAL_DIGITS));
  const divide = (factor: number): Scale => ({ operation: 'divide', factor });
  const multiply = (factor: number): Scale => ({ operation: 'multiply', factor });
  const all = [
    divide(Math.round(inverse)),
    multiply(Math.round(step)),
    divide(decimal(inverse)),
    multiply(decimal(step)),
    multiply(Math.fround(decimal(step))),
    divide(inverse),
    multiply(step),
    multiply(Math.fround(step)),
  ];
  return all.filter(({ factor }) => factor > 0 && Number.isFinite(factor));
}

/** Undefined where a sample is not restored to the bit. */
function wordsOf(data: Floats, scale: Scale, limit: number): Int32Array<ArrayBuffer> | undefined {
  const round = data instanceof Float32Array ? Math.fround : (value: number) => value;
  const inverse: Scale = {
    operation: scale.operation === 'divide' ? 'multiply' : 'divide',
    factor: scale.factor,
  };
  const words = new Int32Array(data.length);
  for (let i = 0; i < data.length; i++) {
    const whole = Math.round(scaled(inverse, data[i]));
    if (!(Math.abs(whole) <= limit)) return undefined;
    words[i] = whole;
    if (!Object.is(round(scaled(scale, words[i])), data[i])) return undefined;
  }
  return words;
}

/** IEEE 754 binary16 and back; Node 20 has no Float16Array. */

const word = new Uint32Array(1);
const single = new Float32Array(word.buffer);

/** All binary16 values by their bits; made on first use. */
let values: Float32Array | undefined;

/** Exact: every binary16 value is a binary32 value. */
export function float32Of(bits: Uint16Array): Float32Array<ArrayBuffer> {
  values ??= Float32Array.from({ length: 65536 }, (_, half) => fromBits(half));
  const floats = new Float32Array(bits.length);
  for (let i = 0; i < bits.length; i++) floats[i] = values[bits[i]];
  return floats;
}

function fromBits(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 31;
  const fraction = half & 1023;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}

/** Rounds to nearest, ties to even; beyond 65504 becomes infinite. */
export function float16BitsOf(floats: ArrayLike<number>): Uint16Array<ArrayBuffer> {
  const bits = new Uint16Array(floats.length);
  for (let i = 0; i < floats.length; i++) bits[i] = toBits(floats[i]);
  return bits;
}

function toBits(value: number): number {
  single[0] = value;
  const sign = (word[0] >>> 16) & 0x8000;
  const magnitude = word[0] & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00;
  if (magnitude >= 0x47800000) return sign | 0x7c00;
  if (magnitude < 0x38800000) return sign | roundToEven(Math.abs(single[0]) * 2 ** 24);
  const rebiased = magnitude - (112 << 23);
  return sign | ((rebiased + 0xfff + ((rebiased >> 13) & 1)) >> 13);
}

function roundToEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  return rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below;
}

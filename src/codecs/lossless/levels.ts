/** Levels of {@link levelOf}: magnitudes up to 2^31 - 1. */
export const LEVELS = 120;

const MAX_MAGNITUDE = 2 ** 31 - 1;

/** A magnitude (≥ 0, whole) on a logarithmic scale of four levels an octave; 0…3 are themselves. */
export function levelOf(magnitude: number): number {
  const value = magnitude < MAX_MAGNITUDE ? magnitude : MAX_MAGNITUDE;
  if (value < 4) return value;
  const exponent = 31 - Math.clz32(value);
  return (exponent - 1) * 4 + ((value >> (exponent - 2)) & 3);
}

/** The smallest magnitude of a level. */
export function magnitudeOf(level: number): number {
  return level < 4 ? level : (4 + (level & 3)) << ((level >> 2) - 1);
}

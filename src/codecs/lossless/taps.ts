import { type PlaneHistory, SAMPLE_REACH } from './planeHistory';

/**
 * What a sample is predicted from, in the order of the weights: a constant; the same pixel of the
 * plane before; then neighbours of the sample and of the same pixel in the plane before; then the
 * same pixel of the planes further back.
 */
export const TAP = {
  constant: 0,
  before: 1,
  west: 2,
  north: 3,
  beforeWest: 4,
  beforeNorth: 5,
  northEast: 6,
  northWest: 7,
  beforeNorthEast: 8,
  beforeNorthWest: 9,
  /** Plane z - 2 - i is tap `further + i`. */
  further: 10,
} as const;

export const MAX_TAPS = TAP.further + SAMPLE_REACH - 1;

/** Weights are whole numbers of 1 / 256; the constant's count eighths of a sample. */
export const WEIGHT_ONE = 256;
export const CONSTANT = 32;

/** Taps that plane z has. */
export function tapCount(z: number): number {
  return TAP.further + Math.max(0, Math.min(SAMPLE_REACH, z) - 1);
}

/**
 * The margins of row y as its first sample sees them: to its left the sample above, in the first
 * row the plane before.
 */
export function openRow(history: PlaneHistory, z: number, y: number): void {
  const { samples, stride, origin } = history;
  const row = history.samplePlane(z) + origin + y * stride;
  samples[row - 1] = y > 0 ? samples[row - stride] : samples[history.samplePlane(z - 1) + origin];
}

/** The margins of row y as later rows and planes see them, and above the first row its copy. */
export function closeRow(history: PlaneHistory, z: number, y: number): void {
  const { samples, stride, origin, width } = history;
  const row = history.samplePlane(z) + origin + y * stride;
  samples[row - 1] = samples[row];
  samples[row + width] = samples[row + width - 1];
  if (y === 0) samples.copyWithin(row - stride - 1, row - 1, row + width + 1);
}

/** Added to magnitudes in steps before their fraction is dropped: less than half saves more bits than it costs error. */
const ROUNDING = 0.25;
/** Magnitudes below this share of a step become 0. */
export const DEAD_ZONE = 1 - ROUNDING;
/** What integers hold of a damaged or absurd image. */
const LARGEST = 2 ** 27;

/** A coefficient in whole steps, towards zero where it lies in the dead zone. */
export function quantised(coefficient: number, step: number): number {
  const magnitude = Math.min(LARGEST, Math.floor(Math.abs(coefficient) / step + ROUNDING));
  return coefficient < 0 ? -magnitude : magnitude;
}

/** Neighbours further apart than this many usual steps have bands missing between them. */
const GAP_STEPS = 4;

/**
 * The widest distance of neighbouring bands that is no gap: what lies further apart has bands left out
 * in between (water vapour, bad bands), and no line is drawn across.
 */
export function widestStep(xs: ArrayLike<number>): number {
  const steps = Array.from(xs, (x, i) => Math.abs(x - xs[Math.max(0, i - 1)])).slice(1);
  if (steps.length < 3) return Number.POSITIVE_INFINITY;
  return GAP_STEPS * steps.sort((a, b) => a - b)[Math.floor(steps.length / 2)];
}

/** The stretches of an axis where bands are missing, as pairs of the neighbours on both sides. */
export function gapsOf(xs: readonly number[]): (readonly [number, number])[] {
  const sorted = [...xs].sort((a, b) => a - b);
  const widest = widestStep(sorted);
  return sorted
    .slice(1)
    .flatMap((x, i) => (x - sorted[i] > widest ? [[sorted[i], x] as const] : []));
}

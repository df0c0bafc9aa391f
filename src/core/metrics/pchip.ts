/**
 * Piecewise cubic Hermite interpolation that keeps monotone data monotone: Fritsch and Carlson,
 * "Monotone piecewise cubic interpolation", SIAM J. Numer. Anal. 17, 1980, with the harmonic mean
 * of Fritsch and Butland (1984) inside and Moler's three-point rule at the ends, as SciPy's
 * `PchipInterpolator` computes it.
 */
export interface Pchip {
  /** Strictly increasing knots. */
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** Derivative at each knot. */
  readonly slopes: readonly number[];
}

/** The interpolant of at least two points whose `x` strictly increase. */
export function pchip(x: readonly number[], y: readonly number[]): Pchip {
  const steps = x.slice(1).map((right, k) => right - x[k]);
  const secants = steps.map((step, k) => (y[k + 1] - y[k]) / step);
  const last = steps.length - 1;
  if (last === 0) return { x, y, slopes: [secants[0], secants[0]] };
  const inner = secants.slice(1).map((_, k) => innerSlope(steps, secants, k));
  const first = endSlope(steps[0], steps[1], secants[0], secants[1]);
  const final = endSlope(steps[last], steps[last - 1], secants[last], secants[last - 1]);
  return { x, y, slopes: [first, ...inner, final] };
}

/** Derivative between steps k and k + 1: the weighted harmonic mean, 0 at an extremum. */
function innerSlope(steps: readonly number[], secants: readonly number[], k: number): number {
  if (!(secants[k] * secants[k + 1] > 0)) return 0;
  const left = 2 * steps[k + 1] + steps[k];
  const right = steps[k + 1] + 2 * steps[k];
  return (left + right) / (left / secants[k] + right / secants[k + 1]);
}

/** Derivative at an end from the step and secant beside it and the next ones. */
function endSlope(step: number, nextStep: number, secant: number, nextSecant: number): number {
  const slope = ((2 * step + nextStep) * secant - step * nextSecant) / (step + nextStep);
  if (Math.sign(slope) !== Math.sign(secant)) return 0;
  const turns = Math.sign(secant) !== Math.sign(nextSecant);
  return turns && Math.abs(slope) > 3 * Math.abs(secant) ? 3 * secant : slope;
}

/** Exact integral between two places inside the knots, `from` ≤ `to`. */
export function integrate(curve: Pchip, from: number, to: number): number {
  let sum = 0;
  for (let k = 0; k + 1 < curve.x.length; k++) {
    const start = Math.max(from, curve.x[k]);
    const end = Math.min(to, curve.x[k + 1]);
    if (!(end > start)) continue;
    // Simpson's rule is exact for cubics and, unlike antiderivatives, loses nothing to
    // cancellation where the two places are close.
    const ends = valueAt(curve, k, start) + valueAt(curve, k, end);
    sum += ((end - start) * (ends + 4 * valueAt(curve, k, (start + end) / 2))) / 6;
  }
  return sum;
}

/** The cubic of step k. */
function valueAt({ x, y, slopes }: Pchip, k: number, at: number): number {
  const step = x[k + 1] - x[k];
  const secant = (y[k + 1] - y[k]) / step;
  const quadratic = (3 * secant - 2 * slopes[k] - slopes[k + 1]) / step;
  const cubic = (slopes[k] + slopes[k + 1] - 2 * secant) / (step * step);
  const t = at - x[k];
  return y[k] + t * (slopes[k] + t * (quadratic + t * cubic));
}

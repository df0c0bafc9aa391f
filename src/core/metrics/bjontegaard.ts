import { integrate, type Pchip, pchip } from './pchip';

/**
 * Bjøntegaard deltas: how far two rate–quality curves lie apart on average (Bjøntegaard, ITU-T
 * VCEG-M33, 2001), interpolated piecewise over log10(rate) (VCEG-AI11, 2008) by PCHIP.
 */

/** One measured point of a rate–quality curve. */
export interface RatePoint {
  /** Above 0, in the same unit for both curves, e.g. bpp. */
  readonly rate: number;
  /** More is better, e.g. dB; figures where less is better go in negated. */
  readonly quality: number;
}

export interface BjontegaardDelta {
  /** Of the second curve against the first, in the unit that the function states. */
  readonly delta: number;
  /** What both curves cover and the average runs over: qualities for rate, rates for quality. */
  readonly interval: readonly [low: number, high: number];
  /**
   * Share of each curve's own extent that the interval covers, 0..1, on the axis of integration:
   * quality, or log10(rate).
   */
  readonly shares: { readonly reference: number; readonly test: number };
}

/** Why there is no delta. */
export interface NoDelta {
  readonly delta: undefined;
  /** Fewer than two usable points on a curve; or the curves share no interval. */
  readonly reason: 'too-few-points' | 'no-overlap';
}

/**
 * The points of a curve that a delta is computed from, by increasing rate. Left out are points
 * that are not finite (lossless ones have infinite PSNR), points without a positive rate, and
 * dominated points: those for which another one has no higher rate and no lower quality. What
 * stays strictly increases in both.
 */
export function efficientPoints(points: readonly RatePoint[]): RatePoint[] {
  const usable = points
    .filter(({ rate, quality }) => rate > 0 && Number.isFinite(rate) && Number.isFinite(quality))
    .sort((a, b) => a.rate - b.rate || b.quality - a.quality);
  const efficient: RatePoint[] = [];
  for (const point of usable) {
    const best = efficient.at(-1);
    if (!best || point.quality > best.quality) efficient.push(point);
  }
  return efficient;
}

/**
 * BD-rate: mean difference in rate at equal quality, in percent of the reference's rate; below 0
 * where `test` needs less. The mean is that of log10(rate) over quality.
 */
export function bdRate(
  reference: readonly RatePoint[],
  test: readonly RatePoint[],
): BjontegaardDelta | NoDelta {
  const difference = meanDifference(reference, test, 'quality', 'rate');
  if (difference.delta === undefined) return difference;
  return { ...difference, delta: 100 * Math.expm1(difference.delta * Math.LN10) };
}

/**
 * BD-quality (BD-PSNR where quality is PSNR): mean difference in quality at equal rate, in the
 * unit of quality; above 0 where `test` is better. The mean runs over log10(rate).
 */
export function bdQuality(
  reference: readonly RatePoint[],
  test: readonly RatePoint[],
): BjontegaardDelta | NoDelta {
  return meanDifference(reference, test, 'rate', 'quality');
}

type Axis = keyof RatePoint;

/** Where a value lies on its axis: rates are compared by their ratios. */
const place = (axis: Axis, value: number) => (axis === 'rate' ? Math.log10(value) : value);

/** Mean of `test` − `reference` along `value` over what both cover of `over`. */
function meanDifference(
  reference: readonly RatePoint[],
  test: readonly RatePoint[],
  over: Axis,
  value: Axis,
): BjontegaardDelta | NoDelta {
  const [a, b] = [efficientPoints(reference), efficientPoints(test)];
  if (a.length < 2 || b.length < 2) return { delta: undefined, reason: 'too-few-points' };
  const low = Math.max(a[0][over], b[0][over]);
  const high = Math.min(a[a.length - 1][over], b[b.length - 1][over]);
  const [from, to] = [place(over, low), place(over, high)];
  if (!(to > from)) return { delta: undefined, reason: 'no-overlap' };
  const [first, second] = [a, b].map((points) => interpolant(points, over, value));
  return {
    delta: (integrate(second, from, to) - integrate(first, from, to)) / (to - from),
    interval: [low, high],
    shares: { reference: (to - from) / extent(first), test: (to - from) / extent(second) },
  };
}

const interpolant = (points: readonly RatePoint[], over: Axis, value: Axis): Pchip =>
  pchip(
    points.map((point) => place(over, point[over])),
    points.map((point) => place(value, point[value])),
  );

const extent = ({ x }: Pchip): number => x[x.length - 1] - x[0];

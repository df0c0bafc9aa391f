import type { CodecMeta } from '../../codecs/types';
import type { CurvesView, QualityFigure, RateUnit } from '../../state/sweep';
import { type ChartAxis, linearDomain, logDomain } from '../../ui/chartLayout';
import { codecStyle } from '../../ui/codecStyle';
import { fixed, small } from '../../ui/format';
import type { ChartReference, ChartSeries } from '../../ui/RateDistortionChart';
import { type CodecCurve, type CurvePoint, meanQuality, meanRate, qualityOf } from './points';
import { PUBLICATIONS } from './references';

export const RATE_LABELS: Readonly<Record<RateUnit, string>> = {
  bpp: 'Rate, bpp (bits per pixel, all bands)',
  bpppc: 'Rate, bpppc (bits per pixel and band)',
  bytes: 'File size, bytes',
};

export const QUALITY_LABELS: Readonly<Record<QualityFigure, string>> = {
  psnr: 'PSNR, dB (peak 1)',
  ssim: 'SSIM, mean over bands',
  sam: 'SAM, mean, ° (lower is better)',
};

/** What is measured on: turns a rate in bpp into the other units. */
export interface Extent {
  readonly pixels: number;
  readonly bands: number;
}

export function fromBpp(bpp: number, unit: RateUnit, { pixels, bands }: Extent): number {
  return { bpp, bpppc: bpp / bands, bytes: (bpp * pixels) / 8 }[unit];
}

/** `HiFiC SE, target 0.60 bpp: 0.612 bpp, PSNR 28.31 dB, SSIM 0.9120, SAM 2.10°`. */
function nameOf(point: CurvePoint): string {
  const target = point.targetRate === undefined ? '' : `, target ${fixed(point.targetRate, 2)} bpp`;
  const patches = point.members.length > 1 ? `, mean of ${point.members.length} patches` : '';
  return (
    `${point.label}${target}${patches}: ${small(meanRate(point, 'bpp'))} bpp, ` +
    `PSNR ${fixed(meanQuality(point, 'psnr'), 2)} dB, ` +
    `SSIM ${fixed(meanQuality(point, 'ssim'), 4)}, SAM ${fixed(meanQuality(point, 'sam'), 2)}°`
  );
}

/** What the chart draws of the curves. Figures that do not exist have no point. */
export function seriesOf(
  curves: readonly CodecCurve[],
  { x, y }: Pick<CurvesView, 'x' | 'y'>,
): ChartSeries[] {
  return curves.map(({ codec, label, points }) => {
    const drawn = points
      .map((point) => ({
        key: point.key,
        x: meanRate(point, x),
        y: meanQuality(point, y),
        name: nameOf(point),
      }))
      .filter((point) => !Number.isNaN(point.y))
      .sort((a, b) => a.x - b.x);
    return {
      id: codec,
      label,
      style: codecStyle(codec),
      points: drawn,
      singles: singles(points, x, y),
    };
  });
}

/** One thin curve a patch, where there are several. */
function singles(points: readonly CurvePoint[], x: RateUnit, y: QualityFigure) {
  const members = points.flatMap((point) => point.members);
  const targets = [...new Set(members.map(({ target }) => target))];
  if (targets.length < 2) return undefined;
  return targets.map((target) =>
    members
      .filter((member) => member.target === target)
      .map((member) => ({ x: member.rate[x], y: qualityOf(member, y) }))
      .filter((place) => Number.isFinite(place.y))
      .sort((a, b) => a.x - b.x),
  );
}

export function referencesOf({ x, y, references }: CurvesView): ChartReference[] {
  if (!references || y !== 'psnr') return [];
  const figures = PUBLICATIONS.flatMap((publication) => publication.figures);
  return figures.flatMap(({ id, label, psnr, rate }) => {
    if (!rate) return [{ id, label, y: psnr }];
    return x === 'bytes' ? [] : [{ id, label, y: psnr, x: rate[x] }];
  });
}

interface AxisContext {
  readonly view: CurvesView;
  readonly series: readonly ChartSeries[];
  /** Target rates in bpp that are measured, or will be. */
  readonly planned: readonly number[];
  readonly extent: Extent;
  /** More points will come. */
  readonly growing: boolean;
}

/**
 * Rates of codecs that have one result only may lie far beyond the others': they do not stretch
 * the axis unless they are alone.
 */
export function rateAxis({ view, series, planned, extent }: AxisContext): ChartAxis {
  const { x: unit, scale } = view;
  const curves = series.filter(({ points }) => points.length > 1);
  const measured = (curves.length > 0 || planned.length > 0 ? curves : series).flatMap(
    ({ points }) => points.map((point) => point.x),
  );
  const published = referencesOf(view).flatMap(({ x }) => (x === undefined ? [] : [x]));
  // Files come close to their target rates: with some room for it the axis stands from the start.
  const expected = planned.flatMap((bpp) =>
    [0.94, 1.06].map((share) => fromBpp(share * bpp, unit, extent)),
  );
  const values = [...measured, ...published, ...expected];
  const domain = scale === 'log' ? logDomain(values) : linearDomain(values, { zero: true });
  return { label: RATE_LABELS[unit], scale, domain };
}

/** PSNR grows by about this much when the rate doubles; only keeps room on the axis. */
const DB_PER_DOUBLING = 3;

/** Where the curves may still go, in dB. */
function expectedPsnr({ view, series, planned, extent }: AxisContext): number[] {
  const last = fromBpp(Math.max(...planned), view.x, extent);
  return series
    .flatMap(({ points }) => points)
    .filter((point) => Number.isFinite(point.y) && point.x < last)
    .map((point) => point.y + DB_PER_DOUBLING * Math.log2(last / point.x));
}

export function qualityAxis(context: AxisContext): ChartAxis {
  const { view, series, growing } = context;
  const label = QUALITY_LABELS[view.y];
  const measured = series.flatMap(({ points, singles = [] }) =>
    [points, ...singles].flatMap((curve) => curve.map((point) => point.y)),
  );
  const finite = measured.filter(Number.isFinite);
  const values = [...finite, ...referencesOf(view).map(({ y }) => y)];
  const axis = (domain: [number, number]): ChartAxis => ({ label, scale: 'linear', domain });
  if (view.y === 'sam') return axis(linearDomain(values, { zero: true }));
  if (view.y === 'ssim') {
    return axis(finite.length === 0 ? [0.5, 1] : linearDomain([...values, 1], { within: [0, 1] }));
  }
  if (values.length === 0) return axis([20, 35]);
  // While points arrive the axis has room for what is to come and moves in large steps only.
  return axis(
    growing
      ? linearDomain([...values, ...expectedPsnr(context)], { step: 5 })
      : linearDomain(values, {}),
  );
}

/** Target rates in bpp of the codecs that take one. */
export function plannedRates(
  codecs: readonly Pick<CodecMeta, 'rateRange' | 'targetRates'>[],
  asked: readonly number[] | undefined,
): number[] {
  return codecs.flatMap(({ rateRange, targetRates }) => {
    if (!rateRange) return [];
    return asked
      ? asked.filter((rate) => rate >= rateRange[0] && rate <= rateRange[1])
      : [...targetRates];
  });
}

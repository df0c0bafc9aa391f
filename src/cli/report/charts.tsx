import type { CodecMeta } from '../../codecs/types';
import { type ChartAxis, type ChartPoint, linearDomain, logDomain } from '../../ui/chartLayout';
import { headingOf } from '../../ui/codecHeadings';
import { codecStyle } from '../../ui/codecStyle';
import { fixed } from '../../ui/format';
import { type ChartSeries, RateDistortionChart } from '../../ui/RateDistortionChart';
import type { Measurement } from '../measure';
import { groups, type MeanPoint, meanPoints } from '../summary';

/** A figure that is drawn against bpp. */
interface Quality {
  readonly key: 'psnr' | 'sam';
  readonly label: string;
  readonly unit: string;
  /** The axis starts at 0. */
  readonly zero: boolean;
}

const QUALITIES: readonly Quality[] = [
  { key: 'psnr', label: 'PSNR, dB', unit: 'dB', zero: false },
  { key: 'sam', label: 'Mean spectral angle, ° (less is better)', unit: '°', zero: true },
];

const SIZE = { width: 560, height: 360 };
/** Rates further apart than this are drawn on a logarithmic axis. */
const LINEAR_RATIO = 16;

/** With more codecs than these the cubes' own curves would hide the means. */
const MOST_WITH_SINGLES = 6;

/** The axis of the codecs that take a rate; others are drawn at its edge. */
function rateAxis(points: readonly (Measurement | MeanPoint)[]): ChartAxis {
  const rated = points.filter(({ rate }) => rate !== undefined).map(({ bpp }) => bpp);
  const values = rated.length > 0 ? rated : points.map(({ bpp }) => bpp);
  const label = 'Rate, bits per pixel';
  return Math.max(...values) > LINEAR_RATIO * Math.min(...values)
    ? { label, scale: 'log', domain: logDomain(values) }
    : { label, scale: 'linear', domain: linearDomain(values, { zero: true, step: 0.2 }) };
}

interface Curve {
  readonly codec: CodecMeta;
  readonly points: readonly (Measurement | MeanPoint)[];
  /** Curves that `points` is the mean of. */
  readonly singles?: readonly (readonly Measurement[])[];
}

function chartPoints({ codec, points }: Curve, { key, unit }: Quality): ChartPoint[] {
  return points
    .map((point) => ({
      key: `${codec.id} ${point.rate}`,
      x: point.bpp,
      y: point[key],
      name: `${codec.label}: ${fixed(point.bpp, 3)} bpp, ${fixed(point[key], 2)} ${unit}`,
    }))
    .sort((a, b) => a.x - b.x);
}

function series(curve: Curve, quality: Quality): ChartSeries {
  const { id, label } = curve.codec;
  return {
    id,
    family: headingOf(curve.codec),
    label,
    style: codecStyle(id),
    points: chartPoints(curve, quality),
    singles: curve.singles?.map((points) => chartPoints({ ...curve, points }, quality)),
  };
}

function Charts({ curves, of }: { curves: readonly Curve[]; of: string }) {
  const drawn = curves.filter(({ points }) => points.length > 0);
  const all = drawn.flatMap(({ points, singles = [] }) => [...points, ...singles.flat()]);
  if (all.length === 0) return null;
  return (
    <div className="charts">
      {QUALITIES.map((quality) => {
        const values = all.map((point) => point[quality.key]);
        const domain = linearDomain(values, { zero: quality.zero, step: 1 });
        return (
          <RateDistortionChart
            key={quality.key}
            {...SIZE}
            name={`${quality.label} against bits per pixel, ${of}`}
            x={rateAxis(all)}
            y={{ label: quality.label, scale: 'linear', domain }}
            series={drawn.map((curve) => series(curve, quality))}
          />
        );
      })}
    </div>
  );
}

interface ChartsProps {
  readonly codecs: readonly CodecMeta[];
  readonly points: readonly Measurement[];
}

/** PSNR and spectral angle of one cube against bpp. */
export function CubeCharts({ codecs, points }: ChartsProps) {
  const curves = codecs.map((codec) => ({
    codec,
    points: points.filter((point) => point.codec === codec.id),
  }));
  return <Charts curves={curves} of={points[0]?.cube ?? ''} />;
}

/**
 * Means over the cubes, of few codecs with the cubes' own curves thin behind them. Drawn are the
 * target rates that were measured on every cube: a mean over other cubes would not compare.
 */
export function MeanCharts({ codecs, points }: ChartsProps) {
  const cubes = new Set(points.map(({ cube }) => cube)).size;
  const means = meanPoints(points).filter((mean) => mean.cubes === cubes);
  const withSingles = codecs.length <= MOST_WITH_SINGLES;
  const curves = codecs.map((codec) => {
    const own = points.filter((point) => point.codec === codec.id);
    return {
      codec,
      points: means.filter((mean) => mean.codec === codec.id),
      singles: withSingles ? [...groups(own, ({ cube }) => cube).values()] : [],
    };
  });
  return (
    <>
      <Charts curves={curves} of={`mean of ${cubes} cubes`} />
      <p className="note">
        {withSingles ? 'Thick: means' : 'Means'} over the cubes at equal target rates that were
        measured on all of them. {withSingles ? 'Thin: the single cubes.' : 'Single cubes: below.'}
      </p>
    </>
  );
}

import type { CodecMeta } from '../../codecs/types';
import type { QualityFigure, RateUnit } from '../../state/sweep';
import type { SweepPoint } from '../../state/sweepRun';

/** What a curve is drawn through: one measured file, or the mean of one a patch. */
export interface CurvePoint {
  readonly key: string;
  readonly codec: string;
  readonly label: string;
  readonly targetRate: number | undefined;
  /** The files behind it, one a target. */
  readonly members: readonly SweepPoint[];
}

/** A codec's points by increasing target rate. */
export interface CodecCurve {
  readonly codec: string;
  readonly label: string;
  readonly points: readonly CurvePoint[];
  /** The codec takes no rate and has one result. */
  readonly single: boolean;
}

/** Curves of the codecs in the order given; empty where nothing is measured yet. */
export function curvesOf(
  codecs: readonly Pick<CodecMeta, 'id' | 'label' | 'rateRange'>[],
  points: readonly SweepPoint[],
): CodecCurve[] {
  return codecs.map(({ id, label, rateRange }) => {
    const byRate = new Map<number | undefined, SweepPoint[]>();
    for (const point of points) {
      if (point.codec !== id) continue;
      byRate.set(point.targetRate, [...(byRate.get(point.targetRate) ?? []), point]);
    }
    const curve = [...byRate]
      .sort(([a = 0], [b = 0]) => a - b)
      .map(([targetRate, members]) => ({
        key: `${id} ${targetRate ?? 'only'}`,
        codec: id,
        label,
        targetRate,
        members,
      }));
    return { codec: id, label, points: curve, single: rateRange === undefined };
  });
}

const mean = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

export function qualityOf({ figures }: SweepPoint, figure: QualityFigure): number {
  return { psnr: figures.psnr, ssim: figures.ssim, sam: figures.samDegrees }[figure];
}

/** Mean of a figure over the patches of a point. */
export function meanOf(point: CurvePoint, value: (member: SweepPoint) => number): number {
  return mean(point.members.map(value));
}

export function meanRate(point: CurvePoint, unit: RateUnit): number {
  return meanOf(point, ({ rate }) => rate[unit]);
}

export function meanQuality(point: CurvePoint, figure: QualityFigure): number {
  return meanOf(point, (member) => qualityOf(member, figure));
}

/** The file that stands for a point: the one whose PSNR is nearest to the mean. */
export function typicalMember(point: CurvePoint): SweepPoint {
  const middle = meanQuality(point, 'psnr');
  const distance = ({ figures }: SweepPoint) => Math.abs(figures.psnr - middle);
  return point.members.reduce((best, one) => (distance(one) < distance(best) ? one : best));
}

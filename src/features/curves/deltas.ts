import {
  type BjontegaardDelta,
  bdQuality,
  bdRate,
  type NoDelta,
  type RatePoint,
} from '../../core/metrics/bjontegaard';
import type { QualityFigure } from '../../state/sweep';
import { type CodecCurve, meanQuality, meanRate } from './points';

type Delta = BjontegaardDelta | NoDelta;

/** How far a codec's curve lies from the anchor's. */
export interface CodecDeltas {
  readonly codec: string;
  readonly label: string;
  readonly isAnchor: boolean;
  /** dB at equal rate. */
  readonly psnr: Delta;
  /** Percent of rate at equal PSNR. */
  readonly rate: Delta;
  /** SSIM at equal rate. */
  readonly ssim: Delta;
}

function ratePoints({ points }: CodecCurve, figure: QualityFigure): RatePoint[] {
  return points.map((point) => ({
    rate: meanRate(point, 'bpp'),
    quality: meanQuality(point, figure),
  }));
}

/** The codec that deltas are taken against where the user has not chosen one. */
export function defaultAnchor(curves: readonly CodecCurve[]): string | undefined {
  return (curves.find(({ codec }) => codec === 'jpeg2000') ?? curves.find(({ single }) => !single))
    ?.codec;
}

/** Codecs that have one result only have no curve and are left out. */
export function deltasAgainst(anchor: string, curves: readonly CodecCurve[]): CodecDeltas[] {
  const reference = curves.find(({ codec }) => codec === anchor);
  if (!reference) return [];
  return curves
    .filter(({ single }) => !single)
    .map((curve) => ({
      codec: curve.codec,
      label: curve.label,
      isAnchor: curve === reference,
      psnr: bdQuality(ratePoints(reference, 'psnr'), ratePoints(curve, 'psnr')),
      rate: bdRate(ratePoints(reference, 'psnr'), ratePoints(curve, 'psnr')),
      ssim: bdQuality(ratePoints(reference, 'ssim'), ratePoints(curve, 'ssim')),
    }));
}

export const REASONS: Readonly<Record<NoDelta['reason'], string>> = {
  'too-few-points': 'Fewer than two points',
  'no-overlap': 'No common interval',
};

export type DeltaColumn = 'psnr' | 'rate' | 'ssim';

/** Above 0 where `curve` is better than `other` on the interval that both cover. */
function advantage(curve: CodecCurve, other: CodecCurve, column: DeltaColumn): number | undefined {
  if (column === 'ssim')
    return bdQuality(ratePoints(other, 'ssim'), ratePoints(curve, 'ssim')).delta;
  const points = [ratePoints(other, 'psnr'), ratePoints(curve, 'psnr')] as const;
  if (column === 'psnr') return bdQuality(...points).delta;
  const { delta } = bdRate(...points);
  return delta === undefined ? undefined : -delta;
}

/**
 * The codec that is better than each other one it can be compared with, pair by pair: deltas
 * against the anchor run over different intervals and must not be ranked by their size.
 */
export function bestOf(curves: readonly CodecCurve[], column: DeltaColumn): string | undefined {
  return curves.find((curve) => {
    const others = curves.filter((other) => other !== curve);
    const known = others
      .map((other) => advantage(curve, other, column))
      .filter((value) => value !== undefined);
    return known.length > 0 && known.every((value) => value > 0);
  })?.codec;
}

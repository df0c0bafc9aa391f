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

/** Codec with the best value of a column; undefined where fewer than two codecs have one. */
export function bestOf(
  rows: readonly CodecDeltas[],
  column: 'psnr' | 'rate' | 'ssim',
): string | undefined {
  const known = rows.flatMap(({ codec, [column]: { delta } }) =>
    delta === undefined ? [] : [{ codec, worth: column === 'rate' ? -delta : delta }],
  );
  if (known.length < 2) return undefined;
  return known.reduce((best, one) => (one.worth > best.worth ? one : best)).codec;
}

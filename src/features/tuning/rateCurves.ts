import type { Validation, ValidationPoint } from '../../engine/tuningTypes';
import { bestValidation } from '../../state/tuningRun';
import { type ChartAxis, linearDomain } from '../../ui/chartLayout';
import type { CodecStyle } from '../../ui/codecStyle';
import { fixed, small } from '../../ui/format';
import type { ChartSeries } from '../../ui/RateDistortionChart';

/** The rate–distortion chart of a run: a curve a validation, from the untuned weights on. */

const UNTUNED: CodecStyle = { colour: { light: '#5b6570', dark: '#aab4be' }, marker: 'circle' };
const BEST: CodecStyle = { colour: { light: '#b75000', dark: '#f5a623' }, marker: 'star' };
const LATEST: CodecStyle = { colour: { light: '#0a7267', dark: '#5cc4b7' }, marker: 'diamond' };

const placed = (points: readonly ValidationPoint[]) =>
  points.map(({ bpp, psnr }) => ({ x: bpp, y: psnr }));

function seriesFor({ step, points }: Validation, label: string, style: CodecStyle): ChartSeries {
  return {
    id: `step ${step}`,
    label,
    style,
    points: points.map(({ target, bpp, psnr, sam }) => ({
      key: `${step} ${target}`,
      x: bpp,
      y: psnr,
      name: `${label}, target ${target} bpp: ${small(bpp)} bpp, PSNR ${fixed(psnr, 2)} dB, SAM ${fixed(sam, 2)}°`,
    })),
  };
}

/** The untuned curve, the best and the latest one with their names; those between are thin. */
export function rateSeries(validations: readonly Validation[]): ChartSeries[] {
  const [untuned, ...tuned] = validations;
  if (!untuned) return [];
  const latest = tuned.at(-1);
  const best = bestValidation(validations);
  const first = seriesFor(untuned, 'Untuned', UNTUNED);
  if (!latest) return [first];
  const between = tuned.filter((one) => one !== latest && one !== best);
  const singles = between.map(({ points }) => placed(points));
  const isBest = latest === best;
  const last = {
    ...seriesFor(latest, `Step ${latest.step}${isBest ? ', best' : ''}`, LATEST),
    singles,
  };
  if (!best || isBest) return [first, last];
  return [first, seriesFor(best, `Step ${best.step}, best`, BEST), last];
}

export function rateAxes(validations: readonly Validation[]): { x: ChartAxis; y: ChartAxis } {
  const points = validations.flatMap((one) => one.points);
  const rates = points.map(({ bpp }) => bpp);
  const psnr = points.map((one) => one.psnr);
  return {
    x: {
      label: 'Rate, bpp (bits per pixel, all bands)',
      scale: 'linear',
      domain: linearDomain(rates, { zero: true }),
    },
    y: {
      label: 'PSNR of the held-back part, dB (peak 1)',
      scale: 'linear',
      domain: points.length === 0 ? [20, 35] : linearDomain(psnr, {}),
    },
  };
}

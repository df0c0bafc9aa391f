import { widestStep } from '../../ui/bandGaps';
import { type AxisFoot, project, roundLimits, type Scale } from '../stage/plot';
import type { SpectrumLine } from './lines';

const MARGIN = { left: 58, right: 16, top: 22, bottom: 26 };
/** Above a chart whose axis has no unit. */
const SLIM = 10;
/** Share of the height that residuals get, and the gap above them. */
const RESIDUAL_SHARE = 0.34;
const RESIDUAL_GAP = 14;

export interface SpectraLayout {
  readonly x: Scale;
  readonly y: Scale;
  /** The panel below, on the same x axis. */
  readonly residual?: Scale;
}

interface LayoutInput {
  readonly width: number;
  readonly height: number;
  readonly limits: readonly [number, number];
  readonly lines: readonly SpectrumLine[];
  /** Undefined: no panel. */
  readonly residuals?: readonly SpectrumLine[];
  readonly foot?: AxisFoot;
  /** Nothing stands above the axis of values. */
  readonly slim?: boolean;
}

/** All values in sight, with one standard deviation to both sides. */
function inSight(lines: readonly SpectrumLine[], [low, high]: readonly [number, number]): number[] {
  return lines.flatMap(({ xs, values, deviation }) => {
    const seen: number[] = [];
    for (let i = 0; i < xs.length; i++) {
      if (xs[i] < low || xs[i] > high) continue;
      const spread = deviation?.[i] || 0;
      seen.push(values[i] - spread);
      if (spread > 0) seen.push(values[i] + spread);
    }
    return seen;
  });
}

export function layoutOf(input: LayoutInput): SpectraLayout {
  const { width, height, limits, lines, residuals, foot, slim } = input;
  const head = slim ? SLIM : MARGIN.top;
  const x: Scale = { low: limits[0], high: limits[1], from: MARGIN.left, to: width - MARGIN.right };
  const bottom = height - MARGIN.bottom;
  const [low, high] = roundLimits(inSight(lines, limits), foot);
  if (!residuals) return { x, y: { low, high, from: bottom, to: head } };
  const top = Math.round(bottom - RESIDUAL_SHARE * (bottom - head));
  // No error may leave the plot, however far it is above all others.
  const errors = inSight(residuals, limits).filter(Number.isFinite).map(Math.abs);
  const largest = roundLimits([0, errors.reduce((most, error) => Math.max(most, error), 0)])[1];
  return {
    x,
    y: { low, high, from: top - RESIDUAL_GAP, to: head },
    residual: { low: -largest, high: largest, from: bottom, to: top },
  };
}

/** SVG path around one standard deviation to both sides of a mean; gaps break it. */
export function ribbonPath({ xs, values, deviation }: SpectrumLine, x: Scale, y: Scale): string {
  if (!deviation) return '';
  const widest = widestStep(xs);
  let path = '';
  let upper: string[] = [];
  let lower: string[] = [];
  const close = () => {
    if (upper.length > 1) path += `M${upper.join('L')}L${lower.reverse().join('L')}Z`;
    upper = [];
    lower = [];
  };
  for (let i = 0; i < xs.length; i++) {
    if (i > 0 && Math.abs(xs[i] - xs[i - 1]) > widest) close();
    if (!Number.isFinite(values[i]) || !Number.isFinite(deviation[i])) {
      close();
      continue;
    }
    const left = project(x, xs[i]).toFixed(1);
    upper.push(`${left} ${project(y, values[i] + deviation[i]).toFixed(1)}`);
    lower.push(`${left} ${project(y, values[i] - deviation[i]).toFixed(1)}`);
  }
  close();
  return path;
}

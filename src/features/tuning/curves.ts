import type { TuningStep, Validation } from '../../engine/tuningTypes';
import type { TuningRun } from '../../state/tuningRun';
import { type ChartAxis, linearDomain, logDomain } from '../../ui/chartLayout';
import type { Shades } from '../../ui/codecStyle';
import { fixed, significant } from '../../ui/format';

/** What the small charts of a run draw. */

interface Place {
  readonly x: number;
  readonly y: number;
}

export interface CurveLine {
  readonly id: string;
  /** Beside its last value, where a chart has several lines. */
  readonly label?: string;
  readonly shades: Shades;
  /** What was measured. */
  readonly dots: readonly Place[];
  /** What is drawn through it: the same, or a smoothed form. */
  readonly line: readonly Place[];
}

export interface TrainingCurve {
  readonly id: string;
  /** With its unit. */
  readonly title: string;
  readonly axis: ChartAxis;
  readonly lines: readonly CurveLine[];
  /** Dots are few and large. */
  readonly sparse: boolean;
  text(value: number): string;
}

interface Style {
  readonly title: string;
  readonly scale: ChartAxis['scale'];
  readonly decimals?: number;
}

const TERMS: Readonly<Record<string, Style>> = {
  loss: { title: 'Loss', scale: 'log' },
  rate: { title: 'Rate, bpp (estimate)', scale: 'log' },
  hyperRate: { title: 'Rate of hyper-latents, bpp', scale: 'log' },
  psnr: { title: 'PSNR of crops, dB (estimate)', scale: 'linear', decimals: 2 },
  mse: { title: 'Squared error', scale: 'log' },
  ssim: { title: 'SSIM loss', scale: 'log' },
  perceptual: { title: 'Perceptual distance', scale: 'log' },
  adversarial: { title: 'Adversarial loss of G', scale: 'linear' },
  discriminator: { title: 'Loss of the discriminator', scale: 'linear' },
  attention: { title: 'l1 of SE weights', scale: 'log' },
};

const ACCENT: Shades = { light: '#0a7267', dark: '#5cc4b7' };
const PLAIN: Shades = { light: '#1f66c1', dark: '#6cabff' };
/** For the rates of validation files, the lowest first. */
const RATES: readonly Shades[] = [
  { light: '#b75000', dark: '#f5a623' },
  { light: '#a6307c', dark: '#f08cc8' },
  { light: '#7045c4', dark: '#b79bff' },
];

/** Steps that a smoothed value remembers. */
export const MEMORY = 20;

/** Exponential mean over the last {@link MEMORY} steps, without the pull of a start at zero. */
export function smoothed(places: readonly Place[]): Place[] {
  let [sum, weight, before] = [0, 0, 0];
  return places.map(({ x, y }) => {
    const kept = Math.exp((before - x) / MEMORY);
    sum = sum * kept + y;
    weight = weight * kept + 1;
    before = x;
    return { x, y: sum / weight };
  });
}

function domainOf(scale: ChartAxis['scale'], values: readonly number[]): [number, number] {
  return scale === 'log' ? logDomain(values) : linearDomain(values, {});
}

/** Spread of values from which a logarithmic axis is worth it. */
const WIDE = 10;

function threeDigits(value: number): string {
  const size = Math.abs(value);
  if (size === 0 || size >= 0.1) return significant(value, 3);
  return size < 1e-3 ? value.toExponential(2).replace('e-', 'e−') : value.toPrecision(3);
}

/** A curve of one number a step. */
function stepCurve(
  id: string,
  { title, scale, decimals }: Style,
  steps: readonly TuningStep[],
  value: (step: TuningStep) => number | undefined,
  smooth = true,
): TrainingCurve {
  const dots = steps.flatMap((step) => {
    const y = value(step);
    return y !== undefined && Number.isFinite(y) ? [{ x: step.step, y }] : [];
  });
  const values = dots.map(({ y }) => y);
  // Losses may cross zero, where a logarithm ends; within a decade it tells nothing more.
  const positive = Math.min(...values) > 0;
  const wide = Math.max(...values) > WIDE * Math.min(...values);
  const own = scale === 'log' && positive && wide ? 'log' : 'linear';
  const line = smooth ? smoothed(dots) : dots;
  return {
    id,
    title,
    axis: { label: title, scale: own, domain: domainOf(own, values) },
    lines: [{ id, shades: PLAIN, dots: smooth ? dots : [], line }],
    sparse: false,
    text: (one) => (decimals === undefined ? threeDigits(one) : fixed(one, decimals)),
  };
}

/** Loss terms in the order in which the run names them, then gradient and learning rate. */
export function stepCurves({ steps }: Pick<TuningRun, 'steps'>): TrainingCurve[] {
  const names = [...new Set(steps.flatMap(({ terms }) => Object.keys(terms)))];
  return [
    ...names.map((name) =>
      stepCurve(
        name,
        TERMS[name] ?? { title: name, scale: 'linear' },
        steps,
        ({ terms }) => terms[name],
      ),
    ),
    stepCurve(
      'gradient',
      { title: 'Norm of the gradient', scale: 'log' },
      steps,
      (one) => one.gradient,
    ),
    stepCurve(
      'learningRate',
      { title: 'Learning rate', scale: 'linear' },
      steps,
      (one) => one.learningRate,
      false,
    ),
  ];
}

/** Gain, and PSNR at every rate, on the part that is held back. */
export function validationCurves(validations: readonly Validation[]): TrainingCurve[] {
  const gains = validations.map(({ step, gain }) => ({ x: step, y: gain }));
  const targets = validations[0]?.points.map(({ target }) => target) ?? [];
  const psnr = targets.map((target, i): CurveLine => {
    const dots = validations.flatMap(({ step, points }) =>
      points.filter((one) => one.target === target).map((one) => ({ x: step, y: one.psnr })),
    );
    const label = `${target} bpp`;
    return { id: label, label, shades: RATES[i % RATES.length], dots, line: dots };
  });
  const curve = (
    id: string,
    title: string,
    lines: readonly CurveLine[],
    room: readonly number[],
  ) => {
    const values = [...lines.flatMap(({ dots }) => dots.map(({ y }) => y)), ...room];
    return {
      id,
      title,
      axis: { label: title, scale: 'linear' as const, domain: linearDomain(values, {}) },
      lines,
      sparse: true,
      text: (value: number) => fixed(value, 2),
    };
  };
  return [
    curve(
      'gain',
      'Gain at equal rate, dB',
      [{ id: 'gain', shades: ACCENT, dots: gains, line: gains }],
      [0, 0.1],
    ),
    curve('validation', 'PSNR, held-back part, dB', psnr, []),
  ];
}

/** The step axis of all charts of a run: as long as it will be. */
export function stepAxis({ request, step }: Pick<TuningRun, 'request' | 'step'>): ChartAxis {
  const { steps } = request.settings;
  return { label: 'Step', scale: 'linear', domain: [0, Math.max(steps, step, 1)] };
}

/** The last place at or before a step. */
export function placeAt(places: readonly Place[], step: number | undefined): Place | undefined {
  return step === undefined ? places.at(-1) : places.findLast(({ x }) => x <= step);
}

import { bandRuns } from '../../core/cube/bandRanges';
import { widestStep } from '../../ui/bandGaps';
import { fixed } from '../../ui/format';

/** Arithmetic of the spectrum plot: scales, ticks, paths. */

export interface Scale {
  readonly low: number;
  readonly high: number;
  /** CSS pixels of `low` and `high`. */
  readonly from: number;
  readonly to: number;
}

export function project({ low, high, from, to }: Scale, value: number): number {
  return from + ((value - low) / (high - low)) * (to - from);
}

/** Round values in [low, high], about `wanted` of them, 1, 2 or 5 times a power of ten apart. */
export function ticks(low: number, high: number, wanted: number): number[] {
  const raw = (high - low) / Math.max(1, wanted);
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= raw) ?? 10);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => (first + i) * step);
}

/** The ticks of one axis with as many decimals as their distance asks for. */
export function tickLabels(values: readonly number[]): string[] {
  const step = values.length > 1 ? values[1] - values[0] : 1;
  const decimals = Math.min(8, Math.max(0, Math.ceil(-Math.log10(step) - 1e-9)));
  const large = values.some((value) => Math.abs(value) >= 1e7);
  return values.map((value) => (large ? value.toExponential(1) : fixed(value, decimals)));
}

/** Share of values that may leave the plot where they are far above all others. */
const SPIKES = 0.03;

/** Where the axis of values may begin: at zero where that is not far, or where they begin. */
export type AxisFoot = 'zero' | 'values';

/** Round limits around the finite values given; [0, 1] where there is none. */
export function roundLimits(values: readonly number[], foot: AxisFoot = 'zero'): [number, number] {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
  if (sorted.length === 0) return [0, 1];
  let low = sorted[0];
  // Water-vapour bands are little but noise: their spikes must not flatten the spectrum.
  const common = sorted[Math.floor((sorted.length - 1) * (1 - SPIKES))];
  const last = sorted[sorted.length - 1];
  const high = common > 0 && last > 2 * common ? common * 1.1 : last;
  if (foot === 'zero' && low > 0 && low < 0.6 * high) low = 0;
  if (low === high)
    return [low - Math.max(1, Math.abs(low)) / 2, high + Math.max(1, Math.abs(high)) / 2];
  const step = ticks(low, high, 5);
  const gap = step.length > 1 ? step[1] - step[0] : high - low;
  return [Math.floor(low / gap + 1e-9) * gap, Math.ceil(high / gap - 1e-9) * gap];
}

/** SVG path through the finite values; missing values and bands break the line. */
export function linePath(xs: ArrayLike<number>, ys: ArrayLike<number>, x: Scale, y: Scale): string {
  const widest = widestStep(xs);
  let path = '';
  let pen = 'M';
  for (let i = 0; i < xs.length; i++) {
    if (i > 0 && Math.abs(xs[i] - xs[i - 1]) > widest) pen = 'M';
    if (!Number.isFinite(ys[i])) {
      pen = 'M';
      continue;
    }
    path += `${pen}${project(x, xs[i]).toFixed(1)} ${project(y, ys[i]).toFixed(1)}`;
    pen = 'L';
  }
  return path;
}

/** Stretches of the x axis that belong to bands, half a step to either side of each run. */
export function shadedRuns(
  xs: readonly number[],
  bands: readonly number[],
): readonly (readonly [number, number])[] {
  const order = [...xs.keys()].sort((a, b) => xs[a] - xs[b]);
  const picked = new Set(bands);
  const places = order.flatMap((band, place) => (picked.has(band) ? [place] : []));
  const between = (a: number, b: number) => (xs[order[a]] + xs[order[b]]) / 2;
  const last = order.length - 1;
  return bandRuns(places).map(([from, to]) => [
    from > 0 ? between(from - 1, from) : xs[order[from]],
    to < last ? between(to, to + 1) : xs[order[to]],
  ]);
}

/** Spectral angle in degrees between two spectra, over the bands where both are known. */
export function spectralAngle(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let dot = 0;
  let aa = 0;
  let bb = 0;
  for (let i = 0; i < a.length; i++) {
    if (!Number.isFinite(a[i]) || !Number.isFinite(b[i])) continue;
    dot += a[i] * b[i];
    aa += a[i] * a[i];
    bb += b[i] * b[i];
  }
  const cosine = Math.min(1, Math.max(-1, dot / Math.sqrt(aa * bb)));
  return (Math.acos(cosine) * 180) / Math.PI;
}

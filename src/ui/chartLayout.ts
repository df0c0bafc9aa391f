import { scaleLinear, scaleLog } from 'd3-scale';
import { fixed } from './format';

/** Arithmetic of the rate–distortion chart: scales, ticks, places. */

export interface ChartPoint {
  /** Unique in the chart. */
  readonly key: string;
  readonly x: number;
  /** Infinity is drawn on a line of its own above the axis. */
  readonly y: number;
  /** What assistive technology reads for the point. */
  readonly name: string;
}

export interface ChartAxis {
  /** With its unit, e.g. `PSNR, dB`. */
  readonly label: string;
  readonly scale: 'linear' | 'log';
  readonly domain: readonly [low: number, high: number];
}

export interface ChartSize {
  readonly width: number;
  readonly height: number;
}

export interface Place {
  readonly x: number;
  readonly y: number;
  /** Set where the point lies beyond the end of the rate axis and is drawn at its edge. */
  readonly beyond: boolean;
}

export interface ChartFrame {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export interface Tick {
  readonly value: number;
  /** Empty for a tick without a number. */
  readonly label: string;
  readonly at: number;
}

export interface ChartLayout {
  readonly frame: ChartFrame;
  readonly xTicks: readonly Tick[];
  readonly yTicks: readonly Tick[];
  place(point: { readonly x: number; readonly y: number }): Place;
}

/** Room around the frame, and how far apart ticks stand, CSS pixels. */
export interface ChartRoom {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly tickGap: readonly [x: number, y: number];
}

const ROOM: ChartRoom = { left: 58, right: 148, top: 46, bottom: 50, tickGap: [80, 64] };
/** Distance of the line of infinite figures above the axis. */
const INFINITE_RISE = 16;

export function layoutChart(
  x: ChartAxis,
  y: ChartAxis,
  size: ChartSize,
  room: ChartRoom = ROOM,
): ChartLayout {
  const frame = {
    left: room.left,
    right: Math.max(room.left + 40, size.width - room.right),
    top: room.top,
    bottom: Math.max(room.top + 40, size.height - room.bottom),
  };
  const across = scaleOf(x, frame.left, frame.right);
  const upwards = scaleOf(y, frame.bottom, frame.top);
  return {
    frame,
    xTicks: ticksOf(x, (frame.right - frame.left) / room.tickGap[0], across),
    yTicks: ticksOf(y, (frame.bottom - frame.top) / room.tickGap[1], upwards),
    place: (point) => ({
      x: Math.min(frame.right, across(point.x)),
      y: point.y === Number.POSITIVE_INFINITY ? frame.top - INFINITE_RISE : upwards(point.y),
      beyond: point.x > x.domain[1],
    }),
  };
}

function scaleOf({ scale, domain }: ChartAxis, from: number, to: number) {
  const axis = scale === 'log' ? scaleLog() : scaleLinear();
  return axis.domain(domain).range([from, to]);
}

function ticksOf(axis: ChartAxis, wanted: number, at: (value: number) => number): Tick[] {
  const values = axis.scale === 'log' ? logTicks(axis.domain) : linearTicks(axis.domain, wanted);
  const labels = axis.scale === 'log' ? logLabels(values, wanted) : linearLabels(values);
  return values.map((value, i) => ({ value, label: labels[i], at: at(value) }));
}

function linearTicks(domain: ChartAxis['domain'], wanted: number): number[] {
  return scaleLinear()
    .domain(domain)
    .ticks(Math.max(2, Math.floor(wanted)));
}

function linearLabels(values: readonly number[]): string[] {
  const step = values.length > 1 ? values[1] - values[0] : 1;
  if (step < 1e-3) {
    return values.map((value) =>
      value === 0 ? '0' : Number(value.toPrecision(6)).toExponential().replace('e-', 'e−'),
    );
  }
  const decimals = Math.min(8, Math.max(0, Math.ceil(-Math.log10(step) - 1e-9)));
  return values.map((value) => fixed(value, decimals));
}

const MANTISSAS = [1, 2, 5];
/** For axes of little more than a decade. */
const FINE_MANTISSAS = [1, 2, 3, 4, 6, 8];
const LIMIT_MANTISSAS = [1, 1.5, 2, 3, 4, 5, 6, 8];

/** Round multiples of the powers of ten. */
function logTicks([low, high]: ChartAxis['domain']): number[] {
  const mantissas = high / low < 20 ? FINE_MANTISSAS : MANTISSAS;
  const first = Math.floor(Math.log10(low));
  const last = Math.ceil(Math.log10(high));
  return Array.from({ length: last - first + 1 }, (_, i) => first + i)
    .flatMap((power) => mantissas.map((mantissa) => mantissa * 10 ** power))
    .filter((value) => value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9));
}

/** Where there are too many for their room, only the powers of ten have a number. */
function logLabels(values: readonly number[], wanted: number): string[] {
  const crowded = values.length > Math.max(4, wanted * 1.6);
  return values.map((value) => {
    const power = Math.log10(value);
    if (crowded && Math.abs(power - Math.round(power)) > 1e-9) return '';
    if (value >= 10) return fixed(value, 0);
    return value >= 1e-4 ? String(Number(value.toPrecision(3))) : value.toExponential(0);
  });
}

/** The nearest of the mantissas times a power of ten at or below, or at or above. */
function roundTo(mantissas: readonly number[], value: number, way: 'floor' | 'ceil'): number {
  const power = 10 ** Math.floor(Math.log10(value) + 1e-9);
  const candidates = [...mantissas, 10].map((mantissa) =>
    Number((mantissa * power).toPrecision(12)),
  );
  const found =
    way === 'floor'
      ? candidates.findLast((one) => one <= value * (1 + 1e-9))
      : candidates.find((one) => one >= value * (1 - 1e-9));
  return found ?? value;
}

/** Limits of a logarithmic axis around positive values; one decade where there is none. */
export function logDomain(values: readonly number[]): [number, number] {
  const positive = values.filter((value) => value > 0 && Number.isFinite(value));
  if (positive.length === 0) return [0.1, 1];
  const low = roundTo(LIMIT_MANTISSAS, Math.min(...positive), 'floor');
  const high = roundTo(LIMIT_MANTISSAS, Math.max(...positive), 'ceil');
  return high > low ? [low, high] : [low / 2, high * 2];
}

/**
 * Limits of a linear axis around the finite values, on multiples of `step`; `within` are limits
 * that cannot be passed, `zero` starts at 0.
 */
export function linearDomain(
  values: readonly number[],
  { step, zero = false, within }: { step?: number; zero?: boolean; within?: [number, number] },
): [number, number] {
  const finite = values.filter(Number.isFinite);
  if (finite.length === 0) return within ?? [0, 1];
  const low = zero ? 0 : Math.min(...finite);
  const high = Math.max(...finite);
  const every = step ?? roundTo(MANTISSAS, (high - low) / 10 || Math.abs(high) / 10 || 1, 'ceil');
  // Multiples of a decimal step carry binary dust, which would show in tick labels.
  const multiple = (count: number) => Number((count * every).toPrecision(12));
  const from = multiple(Math.floor(low / every + 1e-9));
  const to = multiple(Math.ceil(high / every - 1e-9));
  const limits: [number, number] = [from, to > from ? to : from + every];
  return within ? [Math.max(within[0], limits[0]), Math.min(within[1], limits[1])] : limits;
}

/** Places for labels near the wanted heights, `gap` apart, in the same order, inside the limits. */
export function spread(
  wanted: readonly number[],
  gap: number,
  [low, high]: readonly [number, number],
): number[] {
  const order = wanted.map((_, i) => i).sort((a, b) => wanted[a] - wanted[b]);
  const placed = order.map((i) => wanted[i]);
  for (let i = 0; i < placed.length; i++) {
    placed[i] = Math.max(placed[i], i === 0 ? low : placed[i - 1] + gap);
  }
  for (let i = placed.length - 1; i >= 0; i--) {
    placed[i] = Math.min(placed[i], i === placed.length - 1 ? high : placed[i + 1] - gap);
  }
  const result: number[] = [];
  order.forEach((i, rank) => {
    result[i] = placed[rank];
  });
  return result;
}

interface Curve {
  readonly points: readonly ChartPoint[];
}

/**
 * The point that an arrow key leads to: the next one of the same curve, or the nearest above or
 * below on another one.
 */
export function neighbour(
  curves: readonly Curve[],
  layout: ChartLayout,
  key: string,
  arrow: string,
): string | undefined {
  const own = curves.find(({ points }) => points.some((point) => point.key === key));
  if (!own) return undefined;
  const at = own.points.findIndex((point) => point.key === key);
  if (arrow === 'ArrowLeft') return own.points[at - 1]?.key;
  if (arrow === 'ArrowRight') return own.points[at + 1]?.key;
  if (arrow !== 'ArrowUp' && arrow !== 'ArrowDown') return undefined;
  const from = layout.place(own.points[at]);
  const closest = curves
    .filter((curve) => curve !== own && curve.points.length > 0)
    .map(({ points }) => {
      const places = points.map((point) => ({ key: point.key, ...layout.place(point) }));
      return places.reduce((best, one) =>
        Math.abs(one.x - from.x) < Math.abs(best.x - from.x) ? one : best,
      );
    })
    .filter(({ y }) => (arrow === 'ArrowUp' ? y <= from.y : y > from.y))
    .sort((a, b) => Math.abs(a.y - from.y) - Math.abs(b.y - from.y));
  return closest[0]?.key;
}

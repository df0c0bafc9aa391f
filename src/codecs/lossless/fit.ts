import { levelOf } from './levels';
import {
  MAX_CONSTANT,
  MAX_SCALE_LEVEL,
  MAX_WEIGHT,
  MIN_SCALE_LEVEL,
  type PlaneParameters,
} from './parameters';
import { type PlaneHistory, SAMPLE_REACH } from './planeHistory';
import { CONSTANT, TAP, WEIGHT_ONE } from './taps';

/** Pixels of a plane that weights are fitted to, about. */
const FIT_PIXELS = 5000;
/** Nats that a further weight must save on the whole plane. */
const WEIGHT_COST = 6.2;
/** So many weights in a row that do not pay for themselves end the search. */
const PATIENCE = 12;
/** Variance of rounding to whole samples. */
const ROUNDING = 1 / 12;

/** A tap that says less than this part of its energy, or this variance, is left out. */
const MIN_PIVOT = 1e-12;
const MIN_VARIANCE = 1e-5;

/** A decomposition LDLᵀ of the normal equations, one row a tap. */
interface Triangle {
  readonly rows: Float64Array[];
  /** D; 0 for a tap that says nothing new. */
  readonly pivots: number[];
  readonly solved: number[];
  /** Taps that pay for their weights. */
  kept: number;
}

/**
 * Finds the parameters of one plane after the other: weights by least squares, as many as pay for
 * themselves. This is floating point, but the encoder's alone: the decoder is told the result.
 */
export class PlaneFitter {
  /** Places of the fitted pixels in a plane. */
  private readonly places: Int32Array;
  /** Those of them that lie in the first row or column, by their number. */
  private readonly firstRow: readonly number[];
  private readonly firstColumn: readonly number[];
  /** The planes before at the fitted pixels, the latest first. */
  private readonly planes: Float64Array[] = [];
  /** Scalar products of plane i with plane i + j at [i][j]. */
  private readonly products: number[][] = [];

  constructor(private readonly history: PlaneHistory) {
    const { width, height, stride, origin } = history;
    const step = stepOver(width, width * height);
    const count = Math.ceil((width * height) / step);
    const column = (i: number) => (i * step) % width;
    const row = (i: number) => Math.floor((i * step) / width);
    const numbers = Array.from({ length: count }, (_, i) => i);
    this.places = Int32Array.from(numbers, (i) => origin + row(i) * stride + column(i));
    this.firstRow = numbers.filter((i) => row(i) === 0);
    this.firstColumn = numbers.filter((i) => column(i) === 0);
  }

  /** The parameters of plane z, whose samples stand in the history with all margins closed. */
  fit(z: number): PlaneParameters {
    const [low, high] = extremes(this.history, z);
    const target = this.columnAt(this.history.samplePlane(z));
    const withTarget = this.planes.map((plane) => dot(plane, target));
    const energy = dot(target, target);
    const parameters =
      low === high
        ? { low, high, scaleLevel: MIN_SCALE_LEVEL, weights: [] }
        : { low, high, ...this.solve(z, target, energy, withTarget) };
    this.remember(target, energy, withTarget);
    return parameters;
  }

  private solve(z: number, target: Float64Array, energy: number, withTarget: readonly number[]) {
    const columns = this.columns(z, target.length);
    const planeOf = (tap: number) => {
      const plane = tap === TAP.before ? 0 : tap - TAP.further + 1;
      return plane < this.planes.length ? plane : -1;
    };
    const product = (i: number, j: number) => {
      const [a, b] = [planeOf(i), planeOf(j)];
      return a >= 0 && b >= 0 ? this.products[b][a - b] : dot(columns[i], columns[j]);
    };
    const right = (i: number) =>
      planeOf(i) >= 0 ? withTarget[planeOf(i)] : dot(columns[i], target);
    const { width, height } = this.history;
    const equations = { taps: columns.length, samples: target.length, product, right, energy };
    const weights = roundedWeights(decompose(equations, width * height));
    const error = Math.round(WEIGHT_ONE * meanError(columns, target, weights));
    const scaleLevel = Math.min(MAX_SCALE_LEVEL, Math.max(MIN_SCALE_LEVEL, levelOf(error)));
    return { scaleLevel, weights };
  }

  /** Taps over the fitted pixels. */
  private columns(z: number, length: number): Float64Array[] {
    const { history, planes } = this;
    const { stride } = history;
    const before = history.samplePlane(z - 1);
    const own = history.samplePlane(z);
    const west = this.westOf(own, before);
    const above = (shift: number) => {
      const column = this.columnAt(own - stride + shift);
      for (const i of this.firstRow) column[i] = west[i];
      return column;
    };
    return [
      new Float64Array(length).fill(CONSTANT),
      planes[0] ?? new Float64Array(length),
      west,
      above(0),
      this.columnAt(before - 1),
      this.columnAt(before - stride),
      above(1),
      above(-1),
      this.columnAt(before - stride + 1),
      this.columnAt(before - stride - 1),
      ...planes.slice(1),
    ];
  }

  /** The neighbours to the left; in the first column those above, as the coder sees them. */
  private westOf(own: number, before: number): Float64Array {
    const { samples, stride, origin } = this.history;
    const column = this.columnAt(own - 1);
    for (const i of this.firstColumn) {
      const place = this.places[i];
      column[i] = samples[place === origin ? before + place : own + place - stride];
    }
    return column;
  }

  private columnAt(start: number): Float64Array {
    const { places } = this;
    const { samples } = this.history;
    const column = new Float64Array(places.length);
    for (let i = 0; i < column.length; i++) column[i] = samples[start + places[i]];
    return column;
  }

  private remember(plane: Float64Array, energy: number, withPlanes: readonly number[]): void {
    this.planes.unshift(plane);
    this.products.unshift([energy, ...withPlanes]);
    this.planes.length = Math.min(this.planes.length, SAMPLE_REACH);
    this.products.length = this.planes.length;
  }
}

interface Equations {
  readonly taps: number;
  readonly samples: number;
  /** Scalar product of taps i and j ≤ i over the samples. */
  readonly product: (i: number, j: number) => number;
  /** Scalar product of a tap and the target. */
  readonly right: (i: number) => number;
  /** That of the target with itself. */
  readonly energy: number;
}

/**
 * LDLᵀ of the normal equations, tap by tap, until further taps no longer pay: what is left of the
 * energy after each prefix of the taps falls out of it.
 */
function decompose({ taps, samples, product, right, energy }: Equations, pixels: number): Triangle {
  const triangle: Triangle = { rows: [], pivots: [], solved: [], kept: 1 };
  const { rows, pivots, solved } = triangle;
  let rest = energy;
  let price = 1;
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < taps && i < triangle.kept + PATIENCE; i++) {
    const row = new Float64Array(i);
    const own = product(i, i);
    let pivot = own;
    let known = right(i);
    for (let j = 0; j < i; j++) {
      let sum = product(i, j);
      for (let k = 0; k < j; k++) sum -= row[k] * rows[j][k] * pivots[k];
      row[j] = pivots[j] > 0 ? sum / pivots[j] : 0;
      pivot -= row[j] * row[j] * pivots[j];
      known -= row[j] * pivots[j] * solved[j];
    }
    const usable = pivot > Math.max(own * MIN_PIVOT, samples * MIN_VARIANCE);
    rows.push(row);
    pivots.push(usable ? pivot : 0);
    solved.push(usable ? known / pivot : 0);
    rest = Math.max(0, rest - pivots[i] * solved[i] ** 2);
    const cost = (rest + samples * ROUNDING) * price;
    price *= 1 + (2 * WEIGHT_COST) / pixels;
    if (cost < least) {
      least = cost;
      triangle.kept = i + 1;
    }
  }
  return triangle;
}

/**
 * Rounds within the back substitution, so that every weight makes up for the rounding of those
 * after it (Babai's nearest plane).
 */
function roundedWeights({ rows, pivots, solved, kept }: Triangle): number[] {
  const weights = new Array<number>(kept).fill(0);
  for (let i = kept - 1; i >= 0; i--) {
    let weight = WEIGHT_ONE * solved[i];
    for (let k = i + 1; k < kept; k++) weight -= rows[k][i] * weights[k];
    const limit = i === TAP.constant ? MAX_CONSTANT : MAX_WEIGHT;
    weights[i] = pivots[i] > 0 ? Math.min(limit, Math.max(-limit, Math.round(weight))) : 0;
  }
  return weights;
}

/** Mean magnitude of what the weights leave. */
function meanError(
  columns: readonly Float64Array[],
  target: Float64Array,
  weights: readonly number[],
): number {
  const rest = Float64Array.from(target);
  for (const [tap, weight] of weights.entries()) {
    const column = columns[tap];
    for (let i = 0; i < rest.length; i++) rest[i] -= (weight / WEIGHT_ONE) * column[i];
  }
  let sum = 0;
  for (const value of rest) sum += Math.abs(value);
  return sum / rest.length;
}

/** Every so many-th pixel, but never only some of the columns. */
function stepOver(width: number, pixels: number): number {
  let step = Math.max(1, Math.ceil(pixels / FIT_PIXELS));
  while (commonDivisor(step, width) > 1) step++;
  return step;
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}

function extremes(history: PlaneHistory, z: number): [number, number] {
  const { samples, stride, origin, width, height } = history;
  const start = history.samplePlane(z) + origin;
  let low = samples[start];
  let high = low;
  for (let y = 0; y < height; y++) {
    for (let at = start + y * stride; at < start + y * stride + width; at++) {
      const sample = samples[at];
      if (sample < low) low = sample;
      else if (sample > high) high = sample;
    }
  }
  return [low, high];
}

function dot(a: Float64Array, b: Float64Array): number {
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  const whole = a.length - (a.length % 4);
  for (let i = 0; i < whole; i += 4) {
    s0 += a[i] * b[i];
    s1 += a[i + 1] * b[i + 1];
    s2 += a[i + 2] * b[i + 2];
    s3 += a[i + 3] * b[i + 3];
  }
  for (let i = whole; i < a.length; i++) s0 += a[i] * b[i];
  return s0 + s1 + (s2 + s3);
}

import { SCALE_COUNT } from '../core/entropy/model';
import { PROBABILITY_TOTAL } from '../core/entropy/rangeCoder';
import type { CdfTables } from '../core/entropy/tables';
import type { Tensor } from '../core/safetensors';
import { conditionalProbability, logisticBin, sigmaOfIndex } from './conditional';

/**
 * Weights, in observations, of a shape against the histogram of training symbols: of the parametric
 * one, and of a parent's table, which has been refined by many images already.
 */
const Y_PRIOR_COUNT = { parametric: 400, parent: 20_000 } as const;
const Z_PRIOR_COUNT = { parametric: 20, parent: 200 } as const;
const ESCAPE_FLOOR = 2e-5;
/** Values on either side of the centre, in scales, and at most. */
const REACH = 9;
const FARTHEST = 300;

/** Values min … min + n - 1 with their probabilities, then the escape's. */
interface Distribution {
  readonly min: number;
  readonly probabilities: Float64Array;
}

/** Symbols of training images by scale index: a histogram within the reach of each table. */
export class SymbolCounts {
  readonly counts = Array.from(
    { length: SCALE_COUNT },
    (_, i) => new Float64Array(2 * reachOf(i) + 1),
  );

  add(q: Int32Array, scaleIndex: Uint8Array): void {
    for (let i = 0; i < q.length; i++) {
      const own = this.counts[scaleIndex[i]];
      const reach = (own.length - 1) / 2;
      own[clamp(q[i], -reach, reach) + reach]++;
    }
  }
}

/**
 * The 64 tables of y, symmetric around 0, refined by observed symbols: the parent's where there is one,
 * else the parametric shapes.
 */
export function conditionalTables(
  { counts }: SymbolCounts,
  parent?: CdfTables,
): [string, Tensor][] {
  const tables = counts.map((own, index) => conditionalDistribution(own, index, parent));
  return tableTensors('tables.y', tables);
}

function conditionalDistribution(
  counts: Float64Array,
  index: number,
  parent: CdfTables | undefined,
): Distribution {
  const reach = reachOf(index);
  const sigma = sigmaOfIndex(index);
  const shape = Array.from(counts, (_, i) =>
    parent ? 2 ** -parent.bits(index, i - reach) : conditionalProbability(i - reach, sigma),
  );
  const beyond = Math.max(1 - sumOf(shape), ESCAPE_FLOOR);
  const weight = Y_PRIOR_COUNT[parent ? 'parent' : 'parametric'];
  const seen = sumOf(counts);
  const refined = shape.map((p, i) => {
    const mirrored = (counts[i] + counts[2 * reach - i]) / 2;
    return (weight * p + mirrored) / (weight + seen);
  });
  return { min: -reach, probabilities: Float64Array.from([...refined, beyond]) };
}

function reachOf(index: number): number {
  return Math.ceil(REACH * sigmaOfIndex(index) + 2);
}

/** Logistic priors [targets, filters]. */
export interface LogisticPriors {
  readonly mean: Float32Array;
  readonly logScale: Float32Array;
}

/**
 * Tables of the hyper-latents, number target · filters + channel. `observed[target]`: hyper-latents
 * of training images [positions, filters], which refine the parent's tables or, without one, the
 * logistic shapes.
 */
export function priorTables(
  { mean, logScale }: LogisticPriors,
  observed: readonly Int32Array[],
  parent?: CdfTables,
): [string, Tensor][] {
  const filters = mean.length / observed.length;
  const tables = Array.from(mean, (centre, i) => {
    const channel = i % filters;
    const own = observed[Math.floor(i / filters)].filter((_, k) => k % filters === channel);
    const scale = Math.fround(Math.exp(logScale[i]));
    const logistic = (value: number) => logisticBin(value - centre, scale);
    const known = parent && ((value: number) => 2 ** -parent.bits(i, value));
    const weight = Z_PRIOR_COUNT[parent ? 'parent' : 'parametric'];
    return priorDistribution(centre, scale, own, known ?? logistic, weight);
  });
  return tableTensors('tables.z', tables);
}

function priorDistribution(
  centre: number,
  scale: number,
  observed: Int32Array,
  shape: (value: number) => number,
  weight: number,
): Distribution {
  let low = Math.floor(centre - REACH * scale - 1);
  let high = Math.ceil(centre + REACH * scale + 1);
  for (const value of observed) {
    low = Math.min(low, value - 1);
    high = Math.max(high, value + 1);
  }
  low = Math.trunc(Math.max(low, centre - FARTHEST));
  high = Math.trunc(Math.min(high, centre + FARTHEST));
  const counts = new Float64Array(high - low + 1);
  for (const value of observed) counts[clamp(value, low, high) - low]++;
  const refined = Array.from(
    counts,
    (count, i) => (weight * shape(low + i) + count) / (weight + observed.length),
  );
  return { min: low, probabilities: Float64Array.from([...refined, ESCAPE_FLOOR]) };
}

/** Starts of all entries in 1 / 65536: no frequency below 1, the largest remainders rounded up. */
export function integerCdf(probabilities: Float64Array): Uint16Array {
  const total = sumOf(probabilities);
  const shares = probabilities.map((p) => (p / total) * (PROBABILITY_TOTAL - probabilities.length));
  const frequencies = shares.map((share) => 1 + Math.floor(share));
  const rest = shares.map((share) => share - Math.floor(share));
  const order = Array.from(rest.keys()).sort((a, b) => rest[b] - rest[a]);
  const missing = PROBABILITY_TOTAL - sumOf(frequencies);
  for (const i of order.slice(0, missing)) frequencies[i]++;
  let start = 0;
  return Uint16Array.from(frequencies, (frequency) => {
    start += frequency;
    return start - frequency;
  });
}

function tableTensors(name: string, tables: readonly Distribution[]): [string, Tensor][] {
  const cdfs = tables.map(({ probabilities }) => integerCdf(probabilities));
  const cdf = new Uint16Array(sumOf(cdfs.map(({ length }) => length)));
  let at = 0;
  for (const own of cdfs) {
    cdf.set(own, at);
    at += own.length;
  }
  const min = Int32Array.from(tables, (table) => table.min);
  const length = Int32Array.from(cdfs, (own) => own.length - 1);
  return [
    [`${name}.cdf`, { dtype: 'U16', shape: [cdf.length], data: cdf }],
    [`${name}.min`, { dtype: 'I32', shape: [min.length], data: min }],
    [`${name}.length`, { dtype: 'I32', shape: [length.length], data: length }],
  ];
}

function sumOf(values: Iterable<number>): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

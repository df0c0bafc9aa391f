import {
  type BjontegaardDelta,
  bdQuality,
  bdRate,
  type NoDelta,
  type RatePoint,
} from '../core/metrics/bjontegaard';
import type { Measurement } from './measure';

/** What one codec costs and gives at one target rate, on average over cubes. */
export interface MeanPoint {
  readonly codec: string;
  readonly rate?: number;
  /** How many cubes the means are over. */
  readonly cubes: number;
  readonly bpp: number;
  readonly psnr: number;
  /** Over the cubes that have one. */
  readonly ssim: number;
  readonly sam: number;
  readonly encodeMs: number;
  readonly decodeMs: number;
  /** NaN where it was not measured. */
  readonly lpips: number;
}

/** The items of each key, keys in the order in which they first come. */
export function groups<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const found = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = found.get(key);
    if (group) group.push(item);
    else found.set(key, [item]);
  }
  return found;
}

/** Mean of the values that are numbers; NaN without any. */
export function meanOf(values: readonly number[]): number {
  const known = values.filter((value) => !Number.isNaN(value));
  return known.reduce((sum, value) => sum + value, 0) / known.length;
}

/** Means over the cubes for every codec and target rate, rates ascending within a codec. */
export function meanPoints(points: readonly Measurement[]): MeanPoint[] {
  return [...groups(points, ({ codec }) => codec)].flatMap(([codec, own]) =>
    [...groups(own, ({ rate }) => rate)]
      .sort(([a = 0], [b = 0]) => a - b)
      .map(([rate, same]) => ({
        codec,
        rate,
        cubes: same.length,
        bpp: meanOf(same.map(({ bpp }) => bpp)),
        psnr: meanOf(same.map(({ psnr }) => psnr)),
        ssim: meanOf(same.map(({ ssim }) => ssim)),
        sam: meanOf(same.map(({ sam }) => sam)),
        encodeMs: meanOf(same.map(({ encodeMs }) => encodeMs)),
        decodeMs: meanOf(same.map(({ decodeMs }) => decodeMs)),
        lpips: meanOf(same.map(({ lpips = Number.NaN }) => lpips)),
      })),
  );
}

/** Cubes of which codecs kept different bands, so that their figures are not of the same samples. */
export function unequalCubes(points: readonly Measurement[]): string[] {
  return [...groups(points, ({ cube }) => cube)]
    .filter(([, own]) => own.some(({ bands }) => bands !== own[0].bands))
    .map(([cube]) => cube);
}

type Delta = BjontegaardDelta | NoDelta;

/** Bjøntegaard deltas of one codec against the anchor on one cube. */
export interface CubeDelta {
  readonly cube: string;
  /** BD-PSNR in dB over the rates that both cover; above 0 where the codec is better. */
  readonly psnr: Delta;
  /** BD-rate in percent over the PSNR that both cover; below 0 where the codec needs less. */
  readonly rate: Delta;
}

/** Bjøntegaard deltas of one codec against the anchor. */
export interface CodecDeltas {
  readonly codec: string;
  readonly cubes: readonly CubeDelta[];
  /** Over the cubes that have one; NaN without any. */
  readonly meanPsnr: number;
  readonly meanRate: number;
  /** Cubes with a BD-PSNR, and those of them where it is above 0. */
  readonly compared: number;
  readonly positive: number;
}

const curve = (points: readonly Measurement[]): RatePoint[] =>
  points.map(({ bpp, psnr }) => ({ rate: bpp, quality: psnr }));

/** Every codec's rate–PSNR curves against the anchor's, cube by cube; rates are measured bpp. */
export function deltasAgainst(anchor: string, points: readonly Measurement[]): CodecDeltas[] {
  const references = groups(
    points.filter(({ codec }) => codec === anchor),
    ({ cube }) => cube,
  );
  const others = points.filter(({ codec, rate }) => codec !== anchor && rate !== undefined);
  return [...groups(others, ({ codec }) => codec)].map(([codec, own]) => {
    const cubes = [...groups(own, ({ cube }) => cube)].map(([cube, same]) => {
      const [reference, test] = [curve(references.get(cube) ?? []), curve(same)];
      return { cube, psnr: bdQuality(reference, test), rate: bdRate(reference, test) };
    });
    const gains = cubes.flatMap(({ psnr }) => psnr.delta ?? []);
    return {
      codec,
      cubes,
      meanPsnr: meanOf(gains),
      meanRate: meanOf(cubes.flatMap(({ rate }) => rate.delta ?? [])),
      compared: gains.length,
      positive: gains.filter((gain) => gain > 0).length,
    };
  });
}

import { keptBands } from '../core/cube/bandRanges';
import { gridFor } from '../core/cube/gridChoice';
import { coveredBands, gridRange } from '../core/cube/grids';
import type { CubeInfo, PixelWindow } from '../core/cube/types';
import type { CodecCard, CubeId } from '../engine/api';
import { fitWindow } from './patch';

/** A part of a cube that is measured on. */
export interface SweepTarget {
  readonly cube: CubeId;
  readonly window: PixelWindow;
}

export const SCOPES = ['patch', 'patches-4', 'patches-9', 'scene'] as const;
export type SweepScope = (typeof SCOPES)[number];

/** What the user wants measured. */
export interface SweepChoice {
  readonly codecs: readonly string[];
  /** Target rates in bpp for all codecs; each codec's own where undefined. */
  readonly rates: readonly number[] | undefined;
  readonly scope: SweepScope;
}

/** One file to be made and measured. */
export interface SweepTask {
  readonly codec: CodecCard;
  /** Undefined for codecs that take none. */
  readonly rate: number | undefined;
  /** Place in the list of targets. */
  readonly target: number;
}

/**
 * `count` windows spread evenly over a cube, or none where they would overlap: parts that share
 * pixels would count them twice in a mean.
 */
export function spreadWindows(
  count: 4 | 9,
  size: Pick<PixelWindow, 'width' | 'height'>,
  cube: Pick<CubeInfo, 'width' | 'height'>,
): PixelWindow[] {
  const side = Math.sqrt(count);
  if (side * size.width > cube.width || side * size.height > cube.height) return [];
  const places = Array.from({ length: side }, (_, i) => (i + 0.5) / side);
  return places.flatMap((v) =>
    places.map((u) =>
      fitWindow(
        {
          x: u * cube.width - size.width / 2,
          y: v * cube.height - size.height / 2,
          width: size.width,
          height: size.height,
        },
        cube,
      ),
    ),
  );
}

/** The windows that a scope names; none where the cube is too small for it. */
export function scopeWindows(
  scope: SweepScope,
  patch: PixelWindow,
  info: Pick<CubeInfo, 'width' | 'height'>,
): PixelWindow[] {
  if (scope === 'patch') return [patch];
  if (scope === 'scene') return [{ x: 0, y: 0, width: info.width, height: info.height }];
  return spreadWindows(scope === 'patches-4' ? 4 : 9, patch, info);
}

/** Target rates of one codec: those asked for that it serves, else its own. */
export function ratesFor(
  codec: CodecCard,
  asked: readonly number[] | undefined,
): readonly (number | undefined)[] {
  if (!codec.rateRange) return [undefined];
  const [low, high] = codec.rateRange;
  return asked ? asked.filter((rate) => rate >= low && rate <= high) : codec.targetRates;
}

/** Target by target, so that each is read once; rising in rate, so that all curves grow together. */
export function planTasks(
  codecs: readonly CodecCard[],
  rates: readonly number[] | undefined,
  targets: number,
): SweepTask[] {
  const lists = codecs.map((codec) => ({ codec, rates: ratesFor(codec, rates) }));
  const longest = Math.max(0, ...lists.map((list) => list.rates.length));
  return Array.from({ length: targets }, (_, target) => target).flatMap((target) =>
    Array.from({ length: longest }, (_, i) => i).flatMap((i) =>
      lists.flatMap(({ codec, rates: own }) =>
        i < own.length ? [{ codec, rate: own[i], target }] : [],
      ),
    ),
  );
}

/** Bands that every codec of a choice can take. */
export interface CommonBands {
  readonly bands: readonly number[];
  /** Codecs that cannot take all bands of the cube, by label. */
  readonly limitedBy: readonly string[];
  /** What the spectral grids of these codecs cover, in words. */
  readonly ranges: readonly string[];
}

/** Undefined where all codecs take all bands, or where there is no band that all take. */
export function commonBands(codecs: readonly CodecCard[], info: CubeInfo): CommonBands | undefined {
  const { wavelengthsNm } = info;
  if (!wavelengthsNm) return undefined;
  const kept = keptBands(info);
  let bands = kept;
  const ranges = new Set<string>();
  const limitedBy: string[] = [];
  for (const codec of codecs) {
    if (!codec.grids) continue;
    const grid = gridFor(codec, info, undefined);
    const covered = new Set(coveredBands(grid, wavelengthsNm));
    if (kept.every((band) => covered.has(band))) continue;
    limitedBy.push(codec.label);
    ranges.add(gridRange(grid));
    bands = bands.filter((band) => covered.has(band));
  }
  if (limitedBy.length === 0 || bands.length === 0) return undefined;
  return { bands, limitedBy, ranges: [...ranges] };
}

/** `0.2, 0.4; 1` as increasing numbers without repetition; undefined where it is not a list. */
export function parseRates(text: string): readonly number[] | undefined {
  const parts = text.split(/[\s,;]+/).filter((part) => part !== '');
  const rates = parts.map(Number);
  const wrong = rates.some((rate) => !Number.isFinite(rate) || rate <= 0 || rate > 1e4);
  if (rates.length === 0 || wrong) return undefined;
  return [...new Set(rates)].sort((a, b) => a - b);
}

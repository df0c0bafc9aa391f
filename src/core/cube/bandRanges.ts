import type { CubeInfo } from './types';

/** More bands than any sensor has; keeps a slip such as `1-1000000000` from filling the memory. */
const MOST_BANDS = 100_000;

/**
 * `1-4, 107-112` (counted from 1) as ascending indices from 0 without repetition; an empty text is
 * an empty list. Undefined where it is no list of bands and ranges.
 */
export function parseBandRanges(text: string): number[] | undefined {
  const bands = new Set<number>();
  const parts = text.replace(/\s*[-–]\s*/g, '-').split(/[,;\s]+/);
  for (const part of parts.filter((one) => one !== '')) {
    const match = /^(\d+)(?:-(\d+))?$/.exec(part);
    if (!match) return undefined;
    const [first, last] = [Number(match[1]), Number(match[2] ?? match[1])];
    if (first < 1 || last < first || last > MOST_BANDS) return undefined;
    for (let band = first; band <= last; band++) bands.add(band - 1);
  }
  return [...bands].sort((a, b) => a - b);
}

/** Runs of neighbours in ascending indices, first and last of each. */
export function bandRuns(bands: readonly number[]): (readonly [number, number])[] {
  const runs: [number, number][] = [];
  for (const band of bands) {
    const last = runs[runs.length - 1];
    if (last && band === last[1] + 1) last[1] = band;
    else runs.push([band, band]);
  }
  return runs;
}

/** Ascending indices from 0 as `1-4, 107-112`, counted from 1. */
export function formatBandRanges(bands: readonly number[]): string {
  return bandRuns(bands)
    .map(([first, last]) => (first === last ? `${first + 1}` : `${first + 1}-${last + 1}`))
    .join(', ');
}

type LeftOut = Pick<CubeInfo, 'bands' | 'leftOutBands'>;

/** Indices of the bands that are not left out of coding. */
export function keptBands({ bands, leftOutBands }: LeftOut): number[] {
  const out = new Set(leftOutBands);
  return Array.from({ length: bands }, (_, band) => band).filter((band) => !out.has(band));
}

/** The same, or nothing where no band is left out. */
export function keptOnly(info: LeftOut): number[] | undefined {
  return info.leftOutBands?.length ? keptBands(info) : undefined;
}

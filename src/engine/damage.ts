import { type Damage, damagedCopy } from '../core/bitstream/damage';
import type { ValueRange } from '../core/cube/normalize';
import type { PixelWindow, SampleArray } from '../core/cube/types';
import { wholeWindow } from '../core/cube/window';
import { type HscErrorCode, isHscError } from '../core/errors';
import type { CubeId, Reconstruction } from './api';
import type { BitsDesk } from './bits';
import type { CodingDesk, CodingJob } from './coding';
import type { CubeTable } from './cubes';
import type { HeldFacts } from './heldFacts';
import { requireSmall } from './large';

/** A damaged copy of an open reconstruction's file, to be read as any file is. */
export interface DamageRequest {
  readonly reconstruction: CubeId;
  readonly damages: readonly Damage[];
  /** The id that the image gets, where there is one. */
  readonly damaged: CubeId;
}

/** Why the reader gives nothing of a file. */
export interface Refusal {
  readonly code: HscErrorCode;
  readonly message: string;
}

/** How a damaged copy's image differs from the undamaged one where both have data. */
export interface ImageChange {
  /** Pixels that differ in any band. */
  readonly pixels: number;
  /** Pixels with data in both. */
  readonly compared: number;
  /** The largest difference of a sample, in the cube's own units. */
  readonly largest: number;
  /** Those that differ by more than {@link NOTABLE} of the file's value range. */
  readonly notable: {
    readonly pixels: number;
    /** How far from the nearest damaged tile the last of them lies, in pixels; 0 where there is none. */
    readonly reach: number;
  };
}

/** Less than this share of the range is hardly more than what rounding leaves. */
export const NOTABLE = 0.001;

/** What became of a damaged copy: either it was refused, or there is an image. */
export interface DamageOutcome {
  readonly refusal?: Refusal;
  readonly restored?: { readonly image: Reconstruction; readonly change: ImageChange };
}

interface Desk {
  readonly bits: BitsDesk;
  readonly coding: CodingDesk;
  readonly cubes: CubeTable;
  readonly facts: ReadonlyMap<CubeId, HeldFacts>;
  readonly largeBytes: number;
}

/** Reads a damaged copy of an open reconstruction's file. Throws `limit` for large images. */
export async function readDamaged(
  { bits, coding, cubes, facts, largeBytes }: Desk,
  { reconstruction, damages, damaged }: DamageRequest,
  job: CodingJob,
): Promise<DamageOutcome> {
  const { file, bandsFrom } = bits.fileOf(reconstruction);
  requireSmall('The damage lab', cubes.get(reconstruction).source.info, largeBytes);
  const bands = facts.get(reconstruction)?.codedBands ?? [];
  const origin = bandsFrom && { bands, wavelengthsNm: bandsFrom };
  const samplesOf = (id: CubeId) => {
    const { source } = cubes.get(id);
    return source.readWindow(wholeWindow(source.info));
  };
  try {
    const image = await coding.read(damaged, damagedCopy(file, damages), job, origin);
    const [before, after] = await Promise.all([reconstruction, damaged].map(samplesOf));
    const change = imageChange(image.info, before, after, image.lost ?? [], image.range);
    return { restored: { image, change } };
  } catch (error) {
    return { refusal: refusalOf(error) };
  }
}

/** Errors that say nothing of the file. */
const OTHERS: ReadonlySet<HscErrorCode> = new Set(['aborted', 'device', 'io']);

/** What the reader says of a file that it refuses. Throws everything else on. */
export function refusalOf(error: unknown): Refusal {
  if (!isHscError(error) || OTHERS.has(error.code)) throw error;
  return { code: error.code, message: error.message };
}

interface Shape {
  readonly width: number;
  readonly bands: number;
}

/** Compares two BIP arrays of one shape outside the damaged tiles of the second. */
export function imageChange(
  { width, bands }: Shape,
  before: SampleArray,
  after: SampleArray,
  lost: readonly PixelWindow[],
  range: ValueRange,
): ImageChange {
  const notable = NOTABLE * (range.high - range.low);
  let [pixels, compared, largest, noted, reach] = [0, 0, 0, 0, 0];
  for (let pixel = 0, at = 0; at < before.length; pixel++, at += bands) {
    if (Number.isNaN(before[at] - after[at])) continue;
    compared++;
    const most = largestDifference(before, after, at, at + bands);
    if (most === 0) continue;
    pixels++;
    largest = Math.max(largest, most);
    if (most <= notable) continue;
    noted++;
    reach = Math.max(reach, distance(pixel % width, Math.floor(pixel / width), lost));
  }
  return { pixels, compared, largest, notable: { pixels: noted, reach } };
}

function largestDifference(a: SampleArray, b: SampleArray, from: number, to: number): number {
  let most = 0;
  for (let i = from; i < to; i++) most = Math.max(most, Math.abs(a[i] - b[i]));
  return most;
}

/** From a pixel to the nearest of the windows, along the longer axis; 0 where there is none. */
function distance(x: number, y: number, windows: readonly PixelWindow[]): number {
  if (windows.length === 0) return 0;
  const away = ({ x: left, y: top, width, height }: PixelWindow) =>
    Math.max(left - x, x - left - width + 1, top - y, y - top - height + 1);
  return windows.reduce((least, own) => Math.min(least, away(own)), Number.POSITIVE_INFINITY);
}

import { COLOUR_INFRARED_NM, nearestBand, trueColourBands } from '../core/cube/composite';
import type { CubeInfo } from '../core/cube/types';

/**
 * The bands that a picture can be made of, in the numbering of the original cube: a decoded file
 * that holds a part of them keeps their numbers, so one choice of bands serves both.
 */
export interface BandAxis {
  readonly bands: readonly number[];
  readonly nm?: readonly number[];
}

export type BandTriple = readonly [number, number, number];

export function bandAxis(info: CubeInfo, codedBands?: readonly number[]): BandAxis {
  const bands = codedBands ?? Array.from({ length: info.bands }, (_, band) => band);
  return { bands, nm: info.wavelengthsNm };
}

/** Position on the axis of the band nearest to `band`. */
export function positionOf(axis: BandAxis, band: number): number {
  return nearestBand(axis.bands, band);
}

/** Red, green and blue of a first look, as the original's band numbers. */
export function trueColour(info: CubeInfo, axis: BandAxis): BandTriple {
  const [red, green, blue] = trueColourBands(info);
  return [axis.bands[red], axis.bands[green], axis.bands[blue]];
}

/** Near infrared, red, green; nothing where the cube has no near infrared. */
export function colourInfrared(axis: BandAxis): BandTriple | undefined {
  const { nm, bands } = axis;
  if (!nm || Math.max(...nm) < 780) return undefined;
  const [red, green, blue] = COLOUR_INFRARED_NM.map((at) => bands[nearestBand(nm, at)]);
  return [red, green, blue];
}

/** `640.3 nm` or `band 12` (counted from 1). */
export function bandLabel(axis: BandAxis, band: number): string {
  const position = positionOf(axis, band);
  if (!axis.nm) return `band ${axis.bands[position] + 1}`;
  return `${axis.nm[position].toFixed(1)} nm`;
}

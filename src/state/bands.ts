import { COLOUR_INFRARED_NM, nearestBand, SWIR_NM, trueColourBands } from '../core/cube/composite';
import type { CubeInfo } from '../core/cube/types';
import { currentResult } from './panes';
import type { Result } from './result';
import type { StudioState } from './store';

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

/** How far a band may lie from the wavelength that a view asks for. */
const REACH_NM = 60;

/** Three bands of the short-wave infrared; nothing where the cube does not reach. */
export function shortWave({ nm, bands }: BandAxis): BandTriple | undefined {
  if (!nm) return undefined;
  const positions = SWIR_NM.map((at) => nearestBand(nm, at));
  if (positions.some((position, i) => Math.abs(nm[position] - SWIR_NM[i]) > REACH_NM))
    return undefined;
  const [red, green, blue] = positions.map((position) => bands[position]);
  return [red, green, blue];
}

/** Where each band lies on the axis: nm, or its number from 1 where there are no wavelengths. */
export function placesOf({ nm, bands }: BandAxis): readonly number[] {
  return nm ?? bands.map((band) => band + 1);
}

/** The band that lies nearest to a place on the axis. */
export function bandAt(axis: BandAxis, place: number): number {
  return axis.bands[nearestBand(placesOf(axis), place)];
}

/**
 * The band `steps` further along the axis, in the order of wavelength whatever the order of the
 * file; the last one where the axis ends.
 */
export function bandBeside(axis: BandAxis, band: number, steps: number): number {
  const places = placesOf(axis);
  const order = [...places.keys()].sort((a, b) => places[a] - places[b] || a - b);
  const at = order.indexOf(positionOf(axis, band)) + steps;
  return axis.bands[order[Math.min(order.length - 1, Math.max(0, at))]];
}

/** What the stage shows, and of what. */
export interface OnStage extends Pick<StudioState, 'cube' | 'stage'> {
  readonly result: Result | undefined;
}

export function onStage(state: StudioState): OnStage {
  const { cube, stage } = state;
  return { cube, stage, result: currentResult(state) };
}

/** The image that the choice of bands speaks of: the decoded one where that is on the stage. */
export function shownImage({
  cube,
  result,
  stage,
}: OnStage): { readonly info: CubeInfo; readonly axis: BandAxis } | undefined {
  if (result && (stage === 'compare' || stage === 'bits' || !cube)) {
    const { info, codedBands } = result.reconstruction;
    return { info, axis: bandAxis(info, codedBands) };
  }
  return cube && { info: cube.info, axis: bandAxis(cube.info) };
}

/** `640.3 nm` or `band 12` (counted from 1). */
export function bandLabel(axis: BandAxis, band: number): string {
  const position = positionOf(axis, band);
  if (!axis.nm) return `band ${axis.bands[position] + 1}`;
  return `${axis.nm[position].toFixed(1)} nm`;
}

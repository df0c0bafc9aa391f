import * as tf from '@tensorflow/tfjs-core';
import { COLOUR_INFRARED_NM, nearestBand, TRUE_COLOUR_NM } from '../core/cube/composite';
import { findGrid, gridCenters } from '../core/cube/grids';
import { percentiles } from '../core/cube/normalize';
import type { Random } from '../core/samples/random';
import type { ArchitectureSpec } from '../nn/spec';
import { type AxisMap, axisMap, bandPlanes, imagesOfPlanes, mixedPlanes } from './planes';

/** Percentiles of the original that a view stretches to 0 and 1. */
const STRETCH = [2, 98] as const;
const LEAST_CONTRAST = 0.01;
/** Looks enlarge by up to, and shift by under that many pixels. */
const [LARGEST, SHIFTED] = [2, 8];

type Triplet = readonly [number, number, number];

/** How two images are shown, alike, to a perceptual distance that has seen photographs. */
export interface Look {
  /** Bands shown as red, green and blue. */
  readonly bands: Triplet;
  /** Of each band of each image, all of the first band first, what becomes 0 and 1. */
  readonly low: readonly number[];
  readonly high: readonly number[];
  /** Quarter turns, anticlockwise; then mirrored left to right; then enlarged by that factor. */
  readonly turns: number;
  readonly mirrored: boolean;
  readonly enlarged: number;
  /** Rows and columns that are then cut away. */
  readonly top: number;
  readonly left: number;
}

/** Bilinear enlargement, pixel centres at halves, of an axis, mirrored first, without its beginning. */
function lookAlong(length: number, factor: number, mirrored: boolean, first: number): AxisMap {
  return axisMap(length, Math.floor(length * factor) - first, (at, add) => {
    const place = Math.max(0, (at + first + 0.5) / factor - 0.5);
    const before = Math.min(Math.floor(place), length - 1);
    const after = Math.min(before + 1, length - 1);
    const source = (index: number) => (mirrored ? length - 1 - index : index);
    add(source(before), 1 - (place - before));
    add(source(after), place - before);
  });
}

/** Images [n, h, w, bands] as a look shows them: [n, height, width, 3], 0..1. */
export function lookedAt(images: tf.Tensor4D, look: Look): tf.Tensor4D {
  return tf.tidy(() => {
    const planes = bandPlanes(images, look.bands);
    const perPlane = (values: readonly number[]) => tf.tensor3d([...values], [values.length, 1, 1]);
    const width = look.high.map((high, i) => Math.max(high - look.low[i], LEAST_CONTRAST));
    const shifted = tf.sub(planes, perPlane(look.low));
    const stretched = tf.clipByValue<tf.Tensor3D>(tf.div(shifted, perPlane(width)), 0, 1);

    const odd = look.turns % 2 === 1;
    const turned = odd ? tf.transpose(stretched, [0, 2, 1]) : stretched;
    const upsideDown = look.turns === 1 || look.turns === 2;
    const sideways = (look.turns === 2 || look.turns === 3) !== look.mirrored;
    const rows = lookAlong(turned.shape[1], look.enlarged, upsideDown, look.top);
    const columns = lookAlong(turned.shape[2], look.enlarged, sideways, look.left);
    return imagesOfPlanes(mixedPlanes(turned, rows, columns), 3);
  });
}

/** What a triplet's bands of original images, BIP with `count` bands, are stretched from. */
export function stretchOf(
  originals: readonly Float32Array[],
  count: number,
  bands: Triplet,
): Pick<Look, 'low' | 'high'> {
  const found = bands.flatMap((band) =>
    originals.map((samples) => {
      const own = Float32Array.from({ length: samples.length / count }, (_, i) => {
        return samples[i * count + band];
      });
      return percentiles(own, STRETCH);
    }),
  );
  return { low: found.map(([low]) => low), high: found.map(([, high]) => high) };
}

/** Bands of the true-colour and the colour-infrared view; the first three of an unknown grid. */
export function viewsOf({ grid }: ArchitectureSpec): readonly Triplet[] {
  const known = findGrid(grid);
  if (!known) return [[0, 1, 2]];
  const centres = gridCenters(known);
  return [TRUE_COLOUR_NM, COLOUR_INFRARED_NM].map((view) => {
    const [red, green, blue] = view.map((nm) => nearestBand(centres, nm));
    return [red, green, blue] as const;
  });
}

/** `count` different bands, ascending. */
export function randomBands(bands: number, count: number, random: Random): number[] {
  const chosen = new Set<number>();
  while (chosen.size < Math.min(count, bands)) chosen.add(random.integer(bands));
  return [...chosen].sort((a, b) => a - b);
}

/**
 * A random look at original images, BIP, at one of the usual views or at three random bands. A
 * backbone whose first convolution has a stride would otherwise see images from one place only.
 */
export function randomLook(
  spec: ArchitectureSpec,
  originals: readonly Float32Array[],
  kind: 'view' | 'random',
  random: Random,
): Look {
  const views = viewsOf(spec);
  const bands =
    kind === 'view'
      ? views[random.integer(views.length)]
      : (randomBands(spec.bands, 3, random) as unknown as Triplet);
  return {
    bands,
    ...stretchOf(originals, spec.bands, bands),
    turns: random.integer(4),
    mirrored: random.integer(2) === 1,
    enlarged: random.between(1, LARGEST),
    top: random.integer(SHIFTED),
    left: random.integer(SHIFTED),
  };
}

import { AdaptiveIntegers } from '../../core/entropy/adaptiveIntegers';
import type { BitPort } from '../../core/entropy/bitPort';
import { CLASSES, classOf, SMALL_CLASSES, smallClassOf } from '../../core/entropy/magnitudeClasses';
import { MixedBits } from '../../core/entropy/mixedBits';
import { HscError, isHscError } from '../../core/errors';
import { type BlockShape, SIDE } from './blocks';

/** Quantised coefficients of the blocks around one, at the same places; empty where there is none. */
export interface Neighbours {
  readonly left: Int32Array;
  readonly above: Int32Array;
  /** The block before it along the spectrum. */
  readonly before: Int32Array;
}

/** Magnitudes up to this have bits of their own. */
const UNARY = 14;
const MOST_MAGNITUDE = 2 ** 28;
const DISTANCES = 3 * SIDE;
const SIGNS = 3;
const SHALLOW = 2;

/** Places of a block by frequency, the lowest first. */
function scanOf(depth: number): Int32Array {
  const places = Int32Array.from({ length: SIDE * SIDE * depth }, (_, place) => place);
  return places.sort((a, b) => distanceOf(a) - distanceOf(b) || a - b);
}

function distanceOf(place: number): number {
  return (place % SIDE) + ((place >> 3) % SIDE) + (place >> 6);
}

/**
 * Codes blocks of quantised cosine coefficients: from the lowest frequency on, whether any is left, and of each
 * zero, size and sign, in the context of its place, of lower frequencies and of neighbouring blocks.
 */
export class CoefficientCoder {
  private readonly scan: Int32Array;
  /** Where a place comes in the scan. */
  private readonly rank: Int32Array;
  private readonly distance: Uint8Array;
  private readonly more: MixedBits;
  private readonly nonzero: MixedBits;
  private readonly larger: MixedBits;
  private readonly sign: MixedBits;
  private readonly rest = new AdaptiveIntegers(1);
  private readonly contexts = new Int32Array(4);

  /** `depth`: frequencies along the spectrum, {@link SIDE} or 1. */
  constructor(
    private readonly port: BitPort,
    depth: number,
  ) {
    this.scan = scanOf(depth);
    const places = this.scan.length;
    this.rank = new Int32Array(places);
    for (const [i, place] of this.scan.entries()) this.rank[place] = i;
    this.distance = Uint8Array.from({ length: places }, (_, place) => distanceOf(place));
    this.more = new MixedBits([places, CLASSES * DISTANCES, CLASSES * SMALL_CLASSES], 1);
    this.nonzero = new MixedBits(
      [places, CLASSES * SMALL_CLASSES ** 2, CLASSES * DISTANCES, CLASSES * DISTANCES],
      SHALLOW,
    );
    const sizes = UNARY + 1;
    this.larger = new MixedBits([sizes * DISTANCES, sizes * CLASSES, sizes * CLASSES], 1);
    this.sign = new MixedBits([SIGNS ** 3 * SHALLOW ** 3, places], 1);
  }

  /** Codes a block's `values`, or reads them into it. Throws `bitstream` or `truncated`. */
  code(values: Int32Array, { width, height, depth }: BlockShape, around: Neighbours): void {
    const { scan } = this;
    let left = 0;
    for (const place of scan) left += values[place] === 0 ? 0 : 1;
    let coded = 0;
    let ask = true;
    for (let i = 0; i < scan.length; i++) {
      const place = scan[i];
      if (place % SIDE >= width || (place >> 3) % SIDE >= height || place >> 6 >= depth) continue;
      if (ask && this.codeMore(place, around, coded, left > 0 ? 1 : 0) === 0) {
        return;
      }
      values[place] = this.codeValue(values, place, around);
      ask = values[place] !== 0;
      if (!ask) continue;
      left--;
      coded += Math.min(4, Math.abs(values[place]));
    }
  }

  private codeMore(
    place: number,
    { left, above, before }: Neighbours,
    coded: number,
    bit: number,
  ): number {
    const { contexts, distance } = this;
    let beyond = 0;
    for (const other of [left, above, before])
      beyond += Math.min(8, this.countBeyond(other, place));
    contexts[0] = place;
    contexts[1] = classOf(beyond) * DISTANCES + distance[place];
    contexts[2] = classOf(coded) * SMALL_CLASSES + smallClassOf(beyond);
    return this.more.code(this.port, contexts, 0, bit);
  }

  /** Coefficients of a block that are not zero, from a frequency on. */
  private countBeyond(block: Int32Array, place: number): number {
    if (block.length === 0) return 0;
    let count = 0;
    const from = this.rank[place];
    for (let i = from; i < block.length && count < 8; i++)
      count += block[this.scan[i]] === 0 ? 0 : 1;
    return count;
  }

  private codeValue(values: Int32Array, place: number, around: Neighbours): number {
    const { port, contexts } = this;
    const distance = this.distance[place];
    const inside = lowerSum(values, place);
    const outside =
      2 * size(around.before, place) + size(around.left, place) + size(around.above, place);
    const deep = place >> 6 > 0 ? 1 : 0;
    contexts[0] = place;
    contexts[1] =
      (classOf(inside) * SMALL_CLASSES + smallClassOf(outside)) * SMALL_CLASSES +
      smallClassOf(distance >> 1);
    contexts[2] = classOf(outside) * DISTANCES + distance;
    contexts[3] = classOf(inside + outside) * DISTANCES + distance;
    const given = Math.abs(values[place]);
    if (this.nonzero.code(port, contexts, deep, given > 0 ? 1 : 0) === 0) return 0;
    const magnitude = this.codeMagnitude(given, distance, inside, outside);
    return this.codeSign(values[place], place, around) === 1 ? -magnitude : magnitude;
  }

  private codeMagnitude(given: number, distance: number, inside: number, outside: number): number {
    const { port, contexts } = this;
    let magnitude = 1;
    while (magnitude <= UNARY) {
      contexts[0] = magnitude * DISTANCES + distance;
      contexts[1] = magnitude * CLASSES + classOf(inside);
      contexts[2] = magnitude * CLASSES + classOf(outside);
      if (this.larger.code(port, contexts, 0, given > magnitude ? 1 : 0) === 0) return magnitude;
      magnitude++;
    }
    magnitude += this.rest.code(port, 0, given - magnitude);
    if (magnitude > 0 && magnitude < MOST_MAGNITUDE) return magnitude;
    throw new HscError(
      'bitstream',
      'The .hsc file holds an impossible coefficient: it is damaged.',
    );
  }

  private codeSign(given: number, place: number, { left, above, before }: Neighbours): number {
    const { contexts } = this;
    const kind =
      (place >> 6 > 0 ? 4 : 0) + ((place >> 3) % SIDE > 0 ? 2 : 0) + (place % SIDE > 0 ? 1 : 0);
    const around =
      (signOf(left, place) * SIGNS + signOf(above, place)) * SIGNS + signOf(before, place);
    contexts[0] = around * SHALLOW ** 3 + kind;
    contexts[1] = place;
    return this.sign.code(this.port, contexts, 0, given < 0 ? 1 : 0);
  }
}

/** Whether coding failed for a coefficient larger than files can hold: an encoder's step is too fine then. */
export function isOfTooFineStep(error: unknown): boolean {
  return isHscError(error) && error.code === 'bitstream';
}

const size = (block: Int32Array, place: number) => Math.abs(block[place] ?? 0);
const signOf = (block: Int32Array, place: number) => Math.sign(block[place] ?? 0) + 1;

/** Magnitudes one frequency lower along each axis, twice, and along two. */
function lowerSum(values: Int32Array, place: number): number {
  const x = place % SIDE > 0 ? 1 : 0;
  const y = (place >> 3) % SIDE > 0 ? SIDE : 0;
  const z = place >> 6 > 0 ? SIDE * SIDE : 0;
  let sum = 0;
  if (x > 0) sum += 2 * Math.abs(values[place - x]);
  if (y > 0) sum += 2 * Math.abs(values[place - y]);
  if (z > 0) sum += 2 * Math.abs(values[place - z]);
  if (x > 0 && y > 0) sum += Math.abs(values[place - x - y]);
  if (x > 0 && z > 0) sum += Math.abs(values[place - x - z]);
  if (y > 0 && z > 0) sum += Math.abs(values[place - y - z]);
  return sum;
}

import { throwIfAborted } from '../../core/errors';
import { codestreamOf, packetsOf } from '../openjpeg/codestream';
import type { OpenJpeg } from '../openjpeg/openJpeg';
import { nextTurn } from '../turn';
import type { JobContext } from '../types';
import { type Component, efficient, type RatePoint } from './allocation';

export interface PlaneSize {
  readonly width: number;
  readonly height: number;
}

/** How a component's samples become integers: (value − offset · OFFSET_STEP) / step, rounded. */
export interface Quantiser {
  readonly step: number;
  /** In whole {@link OFFSET_STEP}s. */
  readonly offset: number;
}

/** A component's mean is sent in these: a constant costs a wavelet more than a number. */
export const OFFSET_STEP = 0.1;

/** What a decoder is told of a component's code stream. */
export interface StreamShape {
  readonly bits: number;
  readonly levels: number;
}

/** A code stream at some rate; without packets, the component is its offset everywhere. */
export interface StreamPoint extends RatePoint, StreamShape {
  readonly packets: Uint8Array;
}

export interface CodedComponent extends Component<StreamPoint> {
  readonly offset: number;
}

/** Bytes of markers and of the comment in OpenJPEG's code streams, about. */
const MARKER_BYTES = 150;

/** How densely code streams are tried: the smaller the plane, the more each byte matters. */
interface Ladder {
  readonly maxSamples: number;
  readonly levels: readonly number[];
  readonly growth: number;
}

const LADDERS: readonly Ladder[] = [
  { maxSamples: 160 ** 2, levels: [2, 3, 4, 5], growth: 1.1 },
  { maxSamples: 360 ** 2, levels: [3, 4, 5], growth: 1.2 },
  { maxSamples: Number.POSITIVE_INFINITY, levels: [5], growth: 1.35 },
];

/** A component in integers, of as few bits as hold it (9 at least, the sign's among them). */
function quantised(component: Float32Array, { step, offset }: Quantiser) {
  const samples = new Int16Array(component.length);
  let largest = 0;
  for (let i = 0; i < samples.length; i++) {
    const value = Math.round((component[i] - offset * OFFSET_STEP) / step);
    samples[i] = Math.max(-32767, Math.min(32767, value));
    largest = Math.max(largest, Math.abs(samples[i]));
  }
  return { samples, bits: Math.max(9, 33 - Math.clz32(largest)) };
}

/** The integers of a code stream; all 0 where it has no packets. Throws `bitstream`. */
export function decodeStream(
  openJpeg: OpenJpeg,
  { packets, bits, levels }: StreamShape & { readonly packets: Uint8Array },
  { width, height }: PlaneSize,
): Int16Array<ArrayBuffer> {
  if (packets.length === 0) return new Int16Array(width * height);
  const shape = { width, height, bits, signed: true, levels } as const;
  return openJpeg.decode(codestreamOf(packets, shape), shape);
}

export function dequantise(
  samples: Int16Array,
  { step, offset }: Quantiser,
): Float32Array<ArrayBuffer> {
  return Float32Array.from(samples, (value) => offset * OFFSET_STEP + value * step);
}

function squaredError(component: Float32Array, samples: Int16Array, quantiser: Quantiser): number {
  const base = quantiser.offset * OFFSET_STEP;
  let sum = 0;
  for (let i = 0; i < component.length; i++) {
    sum += (component[i] - base - samples[i] * quantiser.step) ** 2;
  }
  return sum;
}

export interface Bounds {
  /** Most bytes of the packets. */
  readonly bytes: number;
  /** Squared error that a byte must save: what saves clearly less is not tried. */
  readonly gain: number;
}

/** Code streams do not gain evenly from byte to byte. */
const SLACK = 3;

/** No code stream of a component that is not constant is smaller. */
const FEWEST_BYTES = 4;

/** Codes a component at many rates, each decoded again to know its error. Throws `aborted`. */
export async function codeComponent(
  openJpeg: OpenJpeg,
  component: Float32Array,
  size: PlaneSize,
  step: number,
  bounds: Bounds,
  job: JobContext,
): Promise<CodedComponent> {
  const mean = component.reduce((sum, value) => sum + value, 0) / component.length;
  const offset = Math.round(mean / OFFSET_STEP);
  const quantiser = { step, offset };
  const { samples, bits } = quantised(component, quantiser);
  const zeros = new Int16Array(component.length);
  const unknownError = squaredError(component, zeros, { step, offset: 0 });
  const nothing = { packets: new Uint8Array(0), bits, levels: 0 };
  const atOffset = squaredError(component, zeros, quantiser);
  const points: StreamPoint[] = [{ ...nothing, bytes: 0, error: atOffset }];
  // What rounding to integers leaves: a rate that comes near it is as high as pays.
  const floor = 2 * component.length * (step ** 2 / 12);
  const plane = { ...size, samples };
  const ladder = LADDERS.find(({ maxSamples }) => component.length <= maxSamples) ?? LADDERS[0];
  const deepest = Math.floor(Math.log2(Math.min(size.width, size.height)));
  const tried = ladder.levels.filter((levels) => levels <= deepest);
  if (atOffset / FEWEST_BYTES < bounds.gain) return { points, unknownError, offset };
  for (const levels of tried.length > 0 ? tried : [0]) {
    let before = points[0];
    for (let bytes = 1; bytes <= bounds.bytes; bytes = Math.ceil(bytes * ladder.growth) + 1) {
      throwIfAborted(job.signal);
      const options = { bits, levels, maxBytes: bytes + MARKER_BYTES };
      const packets = packetsOf(openJpeg.encode(plane, options));
      if (packets.length <= before.bytes) continue;
      const decoded = decodeStream(openJpeg, { packets, bits, levels }, size);
      const error = squaredError(component, decoded, quantiser);
      const point = { packets, bits, levels, bytes: packets.length, error };
      points.push(point);
      const gain = (before.error - error) / (point.bytes - before.bytes);
      if (error < floor || point.bytes > bounds.bytes || gain < bounds.gain / SLACK) break;
      before = point;
    }
    await nextTurn();
  }
  return { points: efficient(points), unknownError, offset };
}

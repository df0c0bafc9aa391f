import { HscError } from '../../core/errors';

/** Planes before the current one that a prediction reaches back to. */
export const SAMPLE_REACH = 20;
export const ERROR_REACH = 8;

/** Magnitude of a sample's error where there is no such sample: the mean. */
export const MEAN_MAGNITUDE = 16;

/** Columns at either side of a plane and rows above it. */
export const MARGIN = 2;

/**
 * The planes that coding looks back to, in rings. Every plane has a margin of two samples at the
 * left, right and top and one at the bottom, so that neighbours need no tests; sample (x, y) of
 * plane z is at `plane(z) + origin + y * stride + x` of its ring.
 */
export class PlaneHistory {
  readonly stride: number;
  readonly origin: number;
  readonly planeSize: number;
  readonly samples: Int32Array;
  /** Prediction errors in sixteenths of the plane's scale, -127…127; 0 in the margins. */
  readonly errors: Int8Array;
  /** Magnitudes of the same, up to 1023. */
  readonly magnitudes: Uint16Array;
  private readonly sampleDepth: number;
  private readonly errorDepth: number;

  /** Throws `limit` where memory does not suffice. */
  constructor(
    readonly width: number,
    readonly height: number,
    planes: number,
  ) {
    this.stride = width + 2 * MARGIN;
    this.origin = MARGIN * this.stride + MARGIN;
    this.planeSize = this.stride * (height + MARGIN + 1);
    this.sampleDepth = Math.min(SAMPLE_REACH, planes) + 1;
    this.errorDepth = Math.min(ERROR_REACH, planes) + 1;
    try {
      this.samples = new Int32Array(this.sampleDepth * this.planeSize);
      this.errors = new Int8Array(this.errorDepth * this.planeSize);
      this.magnitudes = new Uint16Array(2 * this.planeSize).fill(MEAN_MAGNITUDE);
    } catch (cause) {
      throw new HscError('limit', 'The image is too large for the memory of this machine.', {
        cause,
      });
    }
  }

  /** Start of plane z in the ring of samples; of planes before the first for z = -1. */
  samplePlane(z: number): number {
    return ((z + this.sampleDepth) % this.sampleDepth) * this.planeSize;
  }

  errorPlane(z: number): number {
    return ((z + this.errorDepth) % this.errorDepth) * this.planeSize;
  }

  magnitudePlane(z: number): number {
    return ((z + 2) % 2) * this.planeSize;
  }

  /** A plane whose samples all have one value, and no errors. */
  fillConstant(z: number, value: number): void {
    const { planeSize } = this;
    const sample = this.samplePlane(z);
    const error = this.errorPlane(z);
    const magnitude = this.magnitudePlane(z);
    this.samples.fill(value, sample, sample + planeSize);
    this.errors.fill(0, error, error + planeSize);
    this.magnitudes.fill(MEAN_MAGNITUDE, magnitude, magnitude + planeSize);
  }

  /** Puts samples of a plane into the ring: every `step`-th of a list, row by row. */
  store(z: number, list: Int32Array, start: number, step: number): void {
    const { width, height, stride, origin, samples } = this;
    let from = start;
    for (let y = 0; y < height; y++) {
      const row = this.samplePlane(z) + origin + y * stride;
      for (let at = row; at < row + width; at++, from += step) samples[at] = list[from];
    }
  }

  /** The reverse of {@link store}. */
  load(z: number, list: Int32Array, start: number, step: number): void {
    const { width, height, stride, origin, samples } = this;
    let to = start;
    for (let y = 0; y < height; y++) {
      const row = this.samplePlane(z) + origin + y * stride;
      for (let at = row; at < row + width; at++, to += step) list[to] = samples[at];
    }
  }
}

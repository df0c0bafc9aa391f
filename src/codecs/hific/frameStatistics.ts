import { addScaled, dot, type Rows } from '../../core/linear/matrix';
import { DOWNSAMPLING } from '../../nn/spec';
import type { FrameBasis } from './frameBasis';

const SIDE = DOWNSAMPLING;
const COEFFICIENTS = SIDE * SIDE;

/** Spatial frequencies u + v that end each zone; a zone's coefficients count as alike. */
const ZONE_ENDS = [0, 1, 3, 6, 10, 16, 2 * (SIDE - 1)] as const;

/** Zone of each DCT coefficient of a block, [16, 16]. */
const ZONE_OF = Uint8Array.from({ length: COEFFICIENTS }, (_, i) =>
  ZONE_ENDS.findIndex((end) => Math.floor(i / SIDE) + (i % SIDE) <= end),
);

/** Orthonormal DCT-II, [frequency, place]. */
const DCT = Float64Array.from({ length: COEFFICIENTS }, (_, i) => {
  const [u, x] = [Math.floor(i / SIDE), i % SIDE];
  return Math.sqrt((u === 0 ? 1 : 2) / SIDE) * Math.cos((Math.PI * (2 * x + 1) * u) / (2 * SIDE));
});

/** DCT coefficients of an image's coordinates c that lie in one zone of spatial frequencies. */
export interface ZoneStatistics {
  /** Share of a block's coefficients. */
  readonly share: number;
  /** [K, K]; in the first zone, the blocks' means, about the image's mean. */
  readonly covariance: Rows;
}

/** What the choice of a spectral frame needs to know of an image. */
export interface FrameStatistics {
  /** Mean of the coordinates, [K]. */
  readonly mean: Float64Array;
  readonly zones: readonly ZoneStatistics[];
}

/** A DC coefficient of a block is this many times its mean. */
export const DC_GAIN = SIDE;

/** Collects the statistics of an image block by block. */
export class FrameSurvey {
  private readonly components: number;
  private readonly moments: Float64Array[][];
  private readonly sum: Float64Array;
  /** Coordinates or coefficients of one block, [256, K]. */
  private block: Float64Array;
  private spare: Float64Array;
  private blocks = 0;

  constructor(private readonly basis: FrameBasis) {
    const { components: k } = basis;
    this.components = k;
    this.moments = ZONE_ENDS.map(() => Array.from({ length: k }, () => new Float64Array(k)));
    this.sum = new Float64Array(k);
    this.block = new Float64Array(COEFFICIENTS * k);
    this.spare = new Float64Array(COEFFICIENTS * k);
  }

  /** Adds a block of samples 0..1 on the grid, [16, 16, bands]. */
  add(samples: Float32Array): void {
    const { basis, components: k } = this;
    for (let pixel = 0; pixel < COEFFICIENTS; pixel++) {
      const own = this.block.subarray(pixel * k, (pixel + 1) * k);
      basis.coordinates(samples, pixel * basis.bands, own);
    }
    this.addBlock();
  }

  /** Adds the block at (x, y) of an image's coordinates [height, width, K]. */
  addCoordinates(coordinates: Float32Array, width: number, x: number, y: number): void {
    const { components: k } = this;
    for (let row = 0; row < SIDE; row++) {
      const from = ((y + row) * width + x) * k;
      this.block.set(coordinates.subarray(from, from + SIDE * k), row * SIDE * k);
    }
    this.addBlock();
  }

  private addBlock(): void {
    const { components: k } = this;
    this.transform();
    this.transform();
    addScaled(this.sum, 1, this.block.subarray(0, k));
    for (let i = 0; i < COEFFICIENTS; i++) {
      addOuter(this.moments[ZONE_OF[i]], this.block.subarray(i * k, (i + 1) * k));
    }
    this.blocks++;
  }

  statistics(): FrameStatistics {
    const direct = this.sum.map((value) => value / this.blocks);
    const zones = this.moments.map((moment, zone) => {
      const count = ZONE_OF.filter((own) => own === zone).length;
      const scale = 1 / (count * this.blocks);
      const covariance = moment.map((row, i) =>
        row.map((_, j) => {
          const about = zone === 0 ? direct[i] * direct[j] : 0;
          return scale * (j <= i ? row[j] : moment[j][i]) - about;
        }),
      );
      return { share: count / COEFFICIENTS, covariance };
    });
    return { mean: direct.map((value) => value / DC_GAIN), zones };
  }

  /** DCT along the columns of the block, then transposes it: twice gives the DCT of both axes. */
  private transform(): void {
    const { block, spare, components: k } = this;
    spare.fill(0);
    for (let u = 0; u < SIDE; u++) {
      for (let x = 0; x < SIDE; x++) {
        const weight = DCT[u * SIDE + x];
        for (let column = 0; column < SIDE; column++) {
          const from = (x * SIDE + column) * k;
          const to = (column * SIDE + u) * k;
          for (let i = 0; i < k; i++) spare[to + i] += weight * block[from + i];
        }
      }
    }
    this.block = spare;
    this.spare = block;
  }
}

/** Adds v vᵀ to the lower triangle. */
function addOuter(matrix: readonly Float64Array[], v: Float64Array): void {
  for (let i = 0; i < v.length; i++) {
    const row = matrix[i];
    for (let j = 0; j <= i; j++) row[j] += v[i] * v[j];
  }
}

/** Covariance of the coordinates over all pixels, [K, K]. */
export function totalCovariance({ zones, mean }: FrameStatistics): Rows {
  const total = Array.from(mean, () => new Float64Array(mean.length));
  for (const { share, covariance } of zones) {
    for (const [i, row] of covariance.entries()) addScaled(total[i], share, row);
  }
  return total;
}

/** Variance along a direction: v C vᵀ. */
export function varianceAlong(covariance: Rows, v: Float64Array): number {
  let sum = 0;
  for (const [i, row] of covariance.entries()) sum += v[i] * dot(row, v);
  return sum;
}

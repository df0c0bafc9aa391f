import { isDataSample, valueRange } from '../../core/cube/normalize';
import type { HyperspectralCube, SampleArray } from '../../core/cube/types';
import { errorSpectrum, samMap } from '../../core/metrics/spectral';
import type { Measured, Measurement } from '../measure';
import { stretchOf, viewPicture } from './pictures';

/** One value a band, at the bands' centres in nm or their numbers from 1, ascending. */
export interface Spectrum {
  readonly xs: readonly number[];
  readonly values: readonly number[];
}

/** What a report shows of one codec on one cube besides figures: at one rate. */
export interface Exhibit {
  readonly point: Measurement;
  /** PNG data URI. */
  readonly picture: string;
  /** Spectral angle of every pixel in degrees. */
  readonly angles: Float32Array;
  readonly mean: Spectrum;
  /** Root mean square error a band in the cube's own units. */
  readonly rmse: Spectrum;
}

/** Everything that a report says of one cube. */
export interface CubeRecord {
  readonly name: string;
  /** The compared cube with the most bands, without its samples. */
  readonly info: Omit<HyperspectralCube, 'data'>;
  /** The values that become 0 and 1. */
  readonly range: readonly [number, number];
  readonly picture: string;
  readonly mean: Spectrum;
  readonly points: readonly Measurement[];
  /** By codec, in the order in which they were measured. */
  readonly exhibits: readonly Exhibit[];
}

interface OpenRecord extends CubeRecord {
  readonly points: Measurement[];
  readonly exhibits: Exhibit[];
}

function spectrum({ wavelengthsNm, bands }: HyperspectralCube, values: ArrayLike<number>) {
  const xs = wavelengthsNm ?? Array.from({ length: bands }, (_, band) => band + 1);
  // Detectors may overlap: a line through unsorted centres would run back and forth.
  const order = [...xs.keys()].sort((a, b) => xs[a] - xs[b]);
  return { xs: order.map((band) => xs[band]), values: order.map((band) => values[band]) };
}

/** Mean of every band over the pixels in which the original carries data; NaN without any. */
function meanSpectrum(samples: SampleArray, original: HyperspectralCube): Spectrum {
  const { data, bands, noDataValue } = original;
  const sums = new Float64Array(bands);
  const counts = new Float64Array(bands);
  for (let i = 0; i < data.length; i++) {
    if (!isDataSample(data[i], noDataValue)) continue;
    sums[i % bands] += samples[i];
    counts[i % bands]++;
  }
  return spectrum(
    original,
    sums.map((sum, band) => sum / counts[band]),
  );
}

function describe(original: HyperspectralCube): Omit<CubeRecord, 'points' | 'exhibits'> {
  const { data, ...info } = original;
  const { low, high } = valueRange(original);
  return {
    name: info.name,
    info,
    range: [low, high],
    picture: viewPicture(original, stretchOf(original)),
    mean: meanSpectrum(data, original),
  };
}

function exhibit({ point, original, reconstruction }: Measured): Exhibit {
  const { data, bands, noDataValue } = original;
  const shown = { ...original, data: reconstruction.data };
  const errors = errorSpectrum(data, reconstruction.data, bands, valueRange(original), noDataValue);
  return {
    point,
    picture: viewPicture({ ...shown, noDataValue: undefined }, stretchOf(original)),
    angles: samMap(data, reconstruction.data, bands, noDataValue),
    mean: meanSpectrum(reconstruction.data, original),
    rmse: spectrum(original, errors.rmse),
  };
}

/**
 * Takes the points of a sweep in any order and keeps of each what a report shows, so that no
 * cube stays in memory. `shownRate` is the target rate in bpp of pictures and spectra; a codec
 * that was not measured there is shown at its nearest one, a codec without rates not at all.
 */
export class Collector {
  private readonly records = new Map<string, OpenRecord>();

  constructor(private readonly shownRate: number) {}

  add(measured: Measured): void {
    const { point, original } = measured;
    const known = this.records.get(point.cube);
    const { points = [], exhibits = [] } = known ?? {};
    if (!known || original.bands > known.info.bands) {
      this.records.set(point.cube, { ...describe(original), points, exhibits });
    }
    points.push(point);
    this.show(exhibits, measured);
  }

  private show(exhibits: Exhibit[], measured: Measured): void {
    const { codec, rate } = measured.point;
    if (rate === undefined) return;
    const distance = (target = 0) => Math.abs(target - this.shownRate);
    const at = exhibits.findIndex(({ point }) => point.codec === codec);
    if (at === -1) exhibits.push(exhibit(measured));
    else if (distance(rate) < distance(exhibits[at].point.rate)) exhibits[at] = exhibit(measured);
  }

  get cubes(): readonly CubeRecord[] {
    return [...this.records.values()];
  }
}

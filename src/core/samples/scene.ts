import type { CubeSource } from '../cube/types';
import { memorySource } from '../cube/window';
import { Random } from './random';
import { illumination, type Spectrum } from './spectra';

/** Ground truth of a simulated scene: what covers each pixel, and how brightly it is lit. */
export interface Ground {
  readonly width: number;
  readonly height: number;
  readonly materials: readonly Spectrum[];
  /** `[pixel × materials]`, non-negative, need not sum to 1: the remainder is shade. */
  readonly cover: Float32Array;
}

export interface Sensor {
  readonly name: string;
  readonly startNm: number;
  readonly endNm: number;
  readonly bands: number;
  /** Radiance at the sensor, or reflectance with the illumination divided out. */
  readonly quantity: 'reflectance' | 'radiance';
  /** Stored integer for reflectance (or relative radiance) 1. */
  readonly scale: number;
  /** Signal-to-noise ratio of a sample of value 0.3. */
  readonly snr: number;
}

/** A sample scene that ships with the studio, made on the spot from procedural fields. */
export interface SampleScene {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  open(): CubeSource;
}

export function bandCenters(sensor: Sensor): number[] {
  const step = (sensor.endNm - sensor.startNm) / (sensor.bands - 1);
  return Array.from(
    { length: sensor.bands },
    (_, band) => Math.round((sensor.startNm + band * step) * 100) / 100,
  );
}

/** Seen by the sensor: mixed, lit, made noisy (shot and read noise, faint stripes), quantised. */
export function observe(name: string, ground: Ground, sensor: Sensor, seed: number): CubeSource {
  const { width, height, materials, cover } = ground;
  const { bands, scale, snr } = sensor;
  const centers = bandCenters(sensor);
  const step = centers[1] - centers[0];
  const light = centers.map((nm) => (sensor.quantity === 'radiance' ? illumination(nm) : 1));
  const table = materials.map((spectrum) =>
    Float64Array.from(centers, (nm, band) => spectrum(nm) * light[band]),
  );
  const random = new Random(seed);
  const stripes = Float64Array.from({ length: width }, () => 1 + 0.002 * random.normal());
  const data = new Uint16Array(width * height * bands);
  const [mixed, noise] = [new Float64Array(bands), new Float64Array(bands)];
  for (let pixel = 0; pixel < width * height; pixel++) {
    mixed.fill(0);
    for (let m = 0; m < materials.length; m++) {
      const share = cover[pixel * materials.length + m];
      if (share === 0) continue;
      const spectrum = table[m];
      for (let band = 0; band < bands; band++) mixed[band] += share * spectrum[band];
    }
    random.normals(noise);
    const stripe = stripes[pixel % width];
    for (let band = 0; band < bands; band++) {
      const deviation = (0.3 * Math.sqrt((mixed[band] + 0.02) / 0.32)) / snr;
      const value = Math.round(scale * (mixed[band] * stripe + deviation * noise[band]));
      data[pixel * bands + band] = Math.min(65535, Math.max(0, value));
    }
  }
  return memorySource({
    name,
    width,
    height,
    bands,
    sampleType: 'uint16',
    wavelengthsNm: centers,
    fwhmNm: centers.map(() => Math.round(step * 110) / 100),
    units: `${sensor.quantity} × ${scale}`,
    sensor: sensor.name,
    notes: ['Simulated scene: procedural ground, parametric spectra.'],
    data,
  });
}

import type { CubeInfo, HyperspectralCube, SampleArray } from '../src/core/cube/types';
import { magnitude } from './files';
import type { Accepted } from './types';

/** Throws where what is said of a cube does not agree with itself: nobody checks it again. */
export function checkInfo(info: CubeInfo): void {
  const { width, height, bands, wavelengthsNm, fwhmNm, bandNames, badBands, defaultBands } = info;
  const whole = [width, height, bands].every((size) => Number.isSafeInteger(size) && size > 0);
  const listed = [wavelengthsNm, fwhmNm, bandNames].every(
    (list) => list === undefined || list.length === bands,
  );
  const indices = [...(badBands ?? []), ...(defaultBands ?? [])];
  const inside = indices.every((band) => Number.isInteger(band) && band >= 0 && band < bands);
  const finite = (wavelengthsNm ?? []).every(Number.isFinite);
  if (whole && listed && inside && finite && info.name !== '') return;
  throw new Error(
    `The cube contradicts itself: ${JSON.stringify({ ...info, notes: undefined }).slice(0, 600)}`,
  );
}

/** A cube in memory, with a check of its samples' number. */
export function acceptedCube(cube: HyperspectralCube, digest?: string): Accepted {
  checkInfo(cube);
  checkSamples(cube.data, cube.width * cube.height * cube.bands);
  return { digest, shape: shapeOfInfo(cube) };
}

export function checkSamples(data: SampleArray, expected: number): void {
  if (data.length !== expected) {
    throw new Error(`The cube has ${data.length} samples instead of ${expected}.`);
  }
}

export function shapeOfInfo({ width, height, bands, sampleType, ...info }: CubeInfo): string {
  const sizes = [width, height, bands].map(magnitude).join('×');
  const told = Object.entries(info).filter(([, value]) => value !== undefined);
  return `${sizes} ${sampleType} ${told.map(([key]) => key).join(' ')}`;
}

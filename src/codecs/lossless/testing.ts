/** For tests: cubes of every sample type from a reproducible noise. */
import {
  type HyperspectralCube,
  SAMPLE_ARRAYS,
  type SampleArray,
  type SampleType,
} from '../../core/cube/types';

type Shape = Pick<HyperspectralCube, 'width' | 'height' | 'bands'>;

export function arrayOf(type: SampleType, length: number): SampleArray {
  const Samples: new (length: number) => SampleArray = SAMPLE_ARRAYS[type];
  return new Samples(length);
}

export function cubeOf(data: SampleArray, shape: Shape): HyperspectralCube {
  const found = Object.entries(SAMPLE_ARRAYS).find(([, Samples]) => data instanceof Samples);
  return { name: 'test', ...shape, sampleType: found![0] as SampleType, data };
}

export function bytesOf({ buffer, byteOffset, byteLength }: SampleArray): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** Uniform numbers in 0…1 (a linear congruential generator, so the same everywhere). */
export function noise(seed: number): () => number {
  let state = (seed >>> 0) % 2147483646;
  return () => {
    state = ((state + 1) * 48271) % 2147483647;
    return state / 2147483647;
  };
}

/** A gentle slope over space and bands, rough by up to `roughness`; only exact arithmetic. */
export function smoothCube(type: SampleType, shape: Shape, roughness: number): HyperspectralCube {
  const { width, height, bands } = shape;
  const data = arrayOf(type, width * height * bands);
  const random = noise(roughness);
  for (let i = 0; i < data.length; i++) {
    const pixel = Math.floor(i / bands);
    const band = i % bands;
    const [x, y] = [pixel % width, Math.floor(pixel / width)];
    const ground = ((x >> 2) * 7 + (y >> 1) * 3) % 50;
    data[i] = 400 + ground * (10 + ((band * 5) % 17)) + Math.floor(random() * roughness);
  }
  return cubeOf(data, shape);
}

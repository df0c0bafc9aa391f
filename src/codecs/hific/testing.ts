/** For tests: smooth synthetic cubes and a codec of the tiny golden models. */
import type { HyperspectralCube } from '../../core/cube/types';
import { ModelStore } from '../../nn/models';
import { goldenModels } from '../../nn/testing';
import { openJpegFromPackage } from '../openjpeg/openjpegNode';
import { createCodecs } from '../registry';
import type { Codec, EncodeOptions } from '../types';

export const OPTIONS: EncodeOptions = { rate: 0.7, bandPolicy: 'refuse', metadata: 'spectral' };

/** Rolling ground with slowly changing spectra; reflectance × 10000 as uint16. */
export function smoothCube(
  width: number,
  height: number,
  wavelengthsNm: readonly number[],
): HyperspectralCube {
  const bands = wavelengthsNm.length;
  const data = new Uint16Array(width * height * bands);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const plants = 0.5 + 0.5 * Math.sin(x / 17) * Math.cos(y / 23 + x / 60);
      const light = 0.75 + 0.25 * Math.sin((x + 2 * y) / 71);
      for (let b = 0; b < bands; b++) {
        const red = 1 / (1 + Math.exp((720 - wavelengthsNm[b]) / 15));
        const soil = 0.1 + 0.25 * ((wavelengthsNm[b] - 400) / 600);
        const value = light * (plants * (0.04 + 0.5 * red) + (1 - plants) * soil);
        data[(y * width + x) * bands + b] = Math.round(1e4 * value);
      }
    }
  }
  return { name: 'smooth', width, height, bands, sampleType: 'uint16', wavelengthsNm, data };
}

export function evenly(bands: number, from = 400, to = 1000): number[] {
  return Array.from({ length: bands }, (_, i) => from + ((to - from) * i) / (bands - 1));
}

export async function tinyStore(): Promise<ModelStore> {
  return new ModelStore((await goldenModels()).fetch);
}

export async function tinyCodec(id: string): Promise<Codec> {
  const codec = (await createCodecs(await tinyStore(), openJpegFromPackage)).find(
    ({ meta }) => meta.id === id,
  );
  if (!codec) throw new Error(`no codec ${id}`);
  return codec;
}

/** All that an iterable yields. */
export async function collected<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

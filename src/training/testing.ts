/** For tests: golden files of `training/hsc_training/golden_export.py`, and a scene. */
import { readFileSync } from 'node:fs';
import { gridNamed } from '../core/cube/gridChoice';
import { gridCenters } from '../core/cube/grids';
import type { HyperspectralCube } from '../core/cube/types';
import { parseSafetensors } from '../core/safetensors';
import { Random } from '../core/samples/random';
import type { FloatTensor, ParameterUnits } from './floatCodec';
import { INDEX_UNIT } from './units';

export function trainingGoldenBytes(name: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(new URL(`golden/${name}.safetensors`, import.meta.url)));
}

/** A codec in floats as PyTorch holds it, with the other tensors of the file. */
export function trainingGolden(name: string) {
  const parameters = new Map<string, FloatTensor>();
  const others = new Map<string, FloatTensor>();
  for (const [own, { shape, data }] of parseSafetensors(trainingGoldenBytes(name)).tensors) {
    const apart = own.startsWith('units.') || own === 'crops';
    (apart ? others : parameters).set(own, { shape, data: Float32Array.from(data) });
  }
  const unit = (own: string) => others.get(`units.${own}`)?.data ?? new Float32Array(0);
  const units = {
    symbol: unit('symbol'),
    plane: unit('plane'),
    context: unit('context'),
    index: INDEX_UNIT,
  } satisfies ParameterUnits;
  return {
    parameters,
    units,
    crops: others.get('crops') ?? { shape: [], data: new Float32Array(0) },
  };
}

/** A scene of smooth hills of two materials, with some noise, on the tiny networks' bands. */
export function trainingScene(): HyperspectralCube {
  const wavelengthsNm = gridCenters(gridNamed('tiny-16'));
  const [width, height, bands] = [96, 64, wavelengthsNm.length];
  const random = new Random(3);
  const data = Float32Array.from({ length: width * height * bands }, (_, i) => {
    const [x, y, b] = [Math.floor(i / bands) % width, Math.floor(i / bands / width), i % bands];
    const share = 0.5 + 0.5 * Math.sin(x / 9) * Math.cos(y / 7);
    return (
      0.2 +
      0.4 * share * (b / bands) +
      0.3 * (1 - share) * Math.cos(b / 5) ** 2 +
      0.01 * random.normal()
    );
  });
  return { name: 'hills', width, height, bands, sampleType: 'float32', wavelengthsNm, data };
}

/**
 * Pins the payload of family 3: files in `golden/` that every encoder must write to the byte and
 * every decoder, the Python one included, must read to the same samples. A difference is a new
 * format version. `HSC_WRITE_GOLDEN=1` writes them anew.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { HyperspectralCube, SampleType } from '../../core/cube/types';
import { LosslessCodec } from './codec';
import { arrayOf, bytesOf, cubeOf, noise, smoothCube } from './testing';

const WRITE = process.env.HSC_WRITE_GOLDEN === '1';

function golden(name: string, content: () => Uint8Array): Uint8Array {
  const path = fileURLToPath(new URL(`golden/${name}`, import.meta.url));
  if (WRITE) writeFileSync(path, content());
  return new Uint8Array(readFileSync(path));
}

/** The smooth cube's samples, changed one by one. */
function changed(
  type: SampleType,
  shape: { width: number; height: number; bands: number },
  change: (value: number, i: number) => number,
): HyperspectralCube {
  const { data } = smoothCube('int32', shape, 9);
  const samples = arrayOf(type, data.length);
  for (let i = 0; i < data.length; i++) samples[i] = change(data[i], i);
  return cubeOf(samples, shape);
}

/** Random bits but for the exponents of doubles, which stay within a few octaves. */
function randomDoubles(): HyperspectralCube {
  const random = noise(11);
  const bytes = Uint8Array.from({ length: 8 * 5 * 4 * 2 }, (_, i) =>
    i % 8 === 7 ? (random() < 0.2 ? 0xbf : 0x3f) : Math.floor(random() * 256),
  );
  return cubeOf(new Float64Array(bytes.buffer), { width: 5, height: 4, bands: 2 });
}

const random = noise(3);
const CASES: Readonly<Record<string, HyperspectralCube>> = {
  smooth: smoothCube('uint16', { width: 9, height: 8, bands: 26 }, 9),
  // A flat band between the others, and outliers that take escapes.
  outliers: changed('int32', { width: 11, height: 6, bands: 5 }, (value, i) =>
    i % 5 === 2 ? -7 : i % 37 === 0 ? 2 ** 31 - 1 - value * 99999 : value,
  ),
  quotients: changed('float32', { width: 7, height: 9, bands: 6 }, (value) => value / 1402),
  products: changed('float64', { width: 6, height: 5, bands: 4 }, (value) => value * 0.0001),
  singles: changed('float32', { width: 6, height: 6, bands: 3 }, (value, i) => {
    const special = [Number.NaN, -0, Number.NEGATIVE_INFINITY, 1e-45, -value / 3];
    return special[i % 11] ?? value * (1 + random() / 1000);
  }),
  palette: changed('float64', { width: 12, height: 11, bands: 8 }, (value, i) =>
    i % 29 === 0 ? Number.NaN : Math.fround(Math.sqrt(value >> 6)),
  ),
  lattice: changed('uint32', { width: 10, height: 7, bands: 4 }, (value) => 4e9 + 1024 * value),
  doubles: randomDoubles(),
  line: changed('int16', { width: 1, height: 40, bands: 3 }, (value) => 3 - value),
  single: cubeOf(Uint8Array.of(42), { width: 1, height: 1, bands: 1 }),
};

const codec = new LosslessCodec();

describe.each(Object.entries(CASES))('golden file %s', (name, cube) => {
  test('is written to the byte and read to the same samples', async () => {
    const options = { rate: 0, bandPolicy: 'refuse', metadata: 'none' } as const;
    const { file, sections } = await codec.encode(cube, options);
    expect(file).toEqual(golden(`${name}.hsc`, () => file));

    const { cube: decoded, symbolDigest } = await codec.decode(file);
    expect(bytesOf(decoded.data)).toEqual(bytesOf(cube.data));
    const { width, height, bands, sampleType } = cube;
    const summary = { sampleType, width, height, bands, sections, symbolDigest };
    const expected = golden(`${name}.json`, () =>
      new TextEncoder().encode(`${JSON.stringify(summary, null, 1)}\n`),
    );
    expect(summary).toEqual(JSON.parse(new TextDecoder().decode(expected)));
  });
});

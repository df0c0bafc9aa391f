import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { HyperspectralCube } from '../core/cube/types';
import { useBackend } from '../nn/testing';
import { evenly, smoothCube } from './hific/testing';
import { installedCodec } from './testing';

/**
 * Files that must decode to the same for ever. `RENEW_GOLDEN=1 npx vitest run` writes those that
 * are missing; a file that is there is never written again, and weights that one was made with stay.
 */
const folder = fileURLToPath(new URL('golden/', import.meta.url));

interface Golden {
  readonly symbols: string;
  /** Spectrum of pixel (7, 5), in the cube's units. */
  readonly spectrum: readonly number[];
}

function spectrumOf({ width, bands, data }: HyperspectralCube) {
  const from = (5 * width + 7) * bands;
  return Array.from(data.subarray(from, from + bands));
}

interface Case {
  readonly name: string;
  readonly codec: string;
  readonly rate: number;
  readonly grid?: string;
  /** Centres of its first and last band in nm. */
  readonly range: readonly [number, number];
}

const VISIBLE = [420, 960] as const;
const whole = (codec: string): Case => ({ name: codec, codec, rate: 2, range: VISIBLE });
const learned = ['opt', 'se', '3d'].flatMap((variant) =>
  ['', '-gan'].flatMap((stage): readonly Case[] => {
    const codec = `hific-${variant}${stage}`;
    return [
      { name: `${codec}-vnir-128`, codec, rate: 0.6, grid: 'vnir-128', range: VISIBLE },
      { name: `${codec}-vswir-200`, codec, rate: 0.6, grid: 'vswir-200', range: [420, 2400] },
    ];
  }),
);
const ONE_GRID = [
  'klt-jpeg2000',
  'pca-jpeg2000',
  'jpeg2000',
  'wavelet-3d',
  'dct-3d',
  'dpcm-dct',
  'cae-1d',
  'sscnet',
  'cae-3d',
  'hyperprior',
];
const CASES = [...ONE_GRID.map(whole), ...learned];

describe.each(CASES)('the golden file of $name', ({ name, codec: id, rate, grid, range }) => {
  const file = `${folder}${name}.hsc`;
  const expected = `${folder}${name}.json`;

  it('decodes to the same symbols and the same spectrum', async () => {
    await useBackend('wasm');
    const codec = await installedCodec(id);
    if (process.env.RENEW_GOLDEN && !existsSync(file)) {
      const cube = smoothCube(40, 30, evenly(24, ...range));
      const options = { rate, grid, bandPolicy: 'refuse', metadata: 'spectral' } as const;
      const encoded = await codec.encode(cube, options);
      const { symbolDigest, cube: restored } = await codec.decode(encoded.file);
      mkdirSync(folder, { recursive: true });
      writeFileSync(file, encoded.file);
      const golden = { symbols: symbolDigest, spectrum: spectrumOf(restored) };
      writeFileSync(expected, `${JSON.stringify(golden, undefined, 2)}\n`);
    }
    const golden: Golden = JSON.parse(readFileSync(expected, 'utf8'));
    const { symbolDigest, cube } = await codec.decode(new Uint8Array(readFileSync(file)));
    expect(symbolDigest).toBe(golden.symbols);
    const spectrum = spectrumOf(cube);
    for (const [band, value] of golden.spectrum.entries())
      expect(spectrum[band]).toBeCloseTo(value, 2);
  });
});

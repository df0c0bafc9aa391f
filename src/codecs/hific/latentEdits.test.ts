import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { valueRange } from '../../core/cube/normalize';
import type { HyperspectralCube } from '../../core/cube/types';
import { distortion } from '../../core/metrics/distortion';
import { useBackend } from '../../nn/testing';
import { type BitFile, openBits } from '../fileBits';
import { editLatents, type LatentEdit } from './latentEdits';
import { evenly, OPTIONS, smoothCube, tinyCodec, tinyStore } from './testing';

const SIZE = { width: 3, height: 2, channels: 4 };
const latents = fc
  .array(fc.integer({ min: -6400, max: 6400 }), { minLength: 24, maxLength: 24 })
  .map((values) => ({ ...SIZE, data: Float32Array.from(values, (value) => value / 64) }));
const edit: fc.Arbitrary<LatentEdit> = fc.record(
  {
    factor: fc.constantFrom(0, 0.5, 1, 2),
    channels: fc.uniqueArray(fc.nat(3), { minLength: 1 }),
    position: fc.record({ x: fc.nat(2), y: fc.nat(1) }),
  },
  { requiredKeys: ['factor'] },
);

const touches = ({ channels, position }: LatentEdit, i: number) => {
  const at = Math.floor(i / SIZE.channels);
  return (
    (!channels || channels.includes(i % SIZE.channels)) &&
    (!position || position.y * SIZE.width + position.x === at)
  );
};

describe('editLatents', () => {
  it('scales what an edit names and nothing else; edits multiply', () => {
    fc.assert(
      fc.property(latents, fc.array(edit, { maxLength: 4 }), (image, edits) => {
        const before = image.data.slice();
        const edited = editLatents(image, edits);
        expect(image.data).toEqual(before);
        for (const [i, value] of edited.data.entries()) {
          const factors = edits.filter((one) => touches(one, i)).map(({ factor }) => factor);
          const factor = factors.reduce((product, own) => product * own, 1);
          // Exact: the factors are powers of two.
          expect(value + 0).toBe(before[i] * factor + 0);
        }
      }),
    );
  });

  it.each([
    { factor: Number.NaN },
    { factor: 0, position: { x: 3, y: 0 } },
    { factor: 0, position: { x: 0, y: -1 } },
    { factor: 0, channels: [4] },
    { factor: 0, channels: [0.5] },
  ])('refuses %o', (wrong) => {
    const image = { ...SIZE, data: new Float32Array(24) };
    expect(() => editLatents(image, [wrong])).toThrow(
      expect.objectContaining({ code: 'bad-argument' }),
    );
  });
});

function decodeOf(file: BitFile, edits: readonly LatentEdit[]): Promise<HyperspectralCube> {
  if (!file.decode) throw new Error('no latents');
  return file.decode(edits, {});
}

describe('decoding edited latents', () => {
  beforeAll(() => useBackend('wasm'));

  it.each(['hific-opt', 'hific-se', 'hific-3d'])('%s: no edits, no change', async (id) => {
    const codec = await tinyCodec(id);
    const encoded = await codec.encode(smoothCube(70, 45, evenly(24, 410, 990)), OPTIONS);
    const opened = await openBits(encoded.file, encoded, await tinyStore(), undefined, {});
    const { cube } = await codec.decode(encoded.file);
    expect(await decodeOf(opened, [])).toEqual(cube);
    expect(await decodeOf(opened, [{ factor: 1 }])).toEqual(cube);
    expect((await decodeOf(opened, [{ factor: 0 }])).data).not.toEqual(cube.data);
    expect(await decodeOf(opened, [])).toEqual(cube);
  });

  it('a channel with symbols matters', async () => {
    const codec = await tinyCodec('hific-opt');
    const original = smoothCube(64, 64, evenly(16));
    const encoded = await codec.encode(original, OPTIONS);
    const opened = await openBits(encoded.file, encoded, await tinyStore(), undefined, {});
    const shares = [...(opened.bits.latents?.nonZeroShare ?? [])];
    const whole = await decodeOf(opened, []);
    const busiest = shares.indexOf(Math.max(...shares));
    const without = await decodeOf(opened, [{ factor: 0, channels: [busiest] }]);
    const range = valueRange(original);
    const error = ({ data, bands }: HyperspectralCube) =>
      distortion(original.data, data, bands, range).rmse;
    expect(error(without)).toBeGreaterThan(error(whole));
  });

  it('a single latent changes the image around it only', async () => {
    const codec = await tinyCodec('hific-opt');
    const width = 400;
    const encoded = await codec.encode(smoothCube(width, 40, evenly(16)), OPTIONS);
    const opened = await openBits(encoded.file, encoded, await tinyStore(), undefined, {});
    const whole = await decodeOf(opened, []);
    const edited = await decodeOf(opened, [{ factor: 0, position: { x: 1, y: 1 } }]);
    const changed = new Set<number>();
    for (let i = 0; i < whole.data.length; i++) {
      if (whole.data[i] !== edited.data[i]) changed.add(Math.floor(i / 16) % width);
    }
    expect(changed.has(24)).toBe(true);
    expect(Math.max(...changed)).toBeLessThan(width / 2);
  });
});

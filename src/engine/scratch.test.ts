import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HyperspectralCube } from '../core/cube/types';
import { memorySource } from '../core/cube/window';
import { requireSmall, requireWhole, sizeInWords } from './large';
import { beyond, memoryScratch } from './scratch';
import { isStored, storeImage } from './storedImage';

const [WIDTH, HEIGHT, BANDS] = [7, 9, 3];
const cube: HyperspectralCube = {
  name: 'numbers',
  width: WIDTH,
  height: HEIGHT,
  bands: BANDS,
  sampleType: 'float32',
  data: Float32Array.from({ length: WIDTH * HEIGHT * BANDS }, (_, i) => i + 0.5),
};

async function* rows(atOnce: number) {
  for (let i = 0; i < HEIGHT; i += atOnce) {
    yield cube.data.subarray(i * WIDTH * BANDS, (i + atOnce) * WIDTH * BANDS);
  }
}

describe('an image in a file', () => {
  it('gives the windows and bands that it gives from memory', async () => {
    const window = fc
      .record({ x: fc.nat(6), y: fc.nat(8), width: fc.nat(6), height: fc.nat(8) })
      .map(({ x, y, width, height }) => ({
        x,
        y,
        width: Math.min(width + 1, WIDTH - x),
        height: Math.min(height + 1, HEIGHT - y),
      }));
    const bands = fc.option(fc.shuffledSubarray([0, 1, 2], { minLength: 1 }), { nil: undefined });
    const source = memorySource(cube);
    const { data: _, ...info } = cube;
    await fc.assert(
      fc.asyncProperty(window, bands, fc.integer({ min: 1, max: 9 }), async (own, picked, most) => {
        const image = await storeImage(memoryScratch(), info, rows(most));
        const options = { bands: picked };
        expect(await image.readWindow(own, options)).toEqual(await source.readWindow(own, options));
        expect([isStored(image), isStored(source)]).toEqual([true, false]);
        await image.close();
      }),
    );
  });

  it('leaves no file behind where its rows fail', async () => {
    let open = 0;
    const scratch = {
      ...memoryScratch(),
      file: async () => {
        const file = await memoryScratch().file();
        open++;
        return {
          ...file,
          close: async () => {
            open--;
          },
        };
      },
    };
    async function* failing() {
      yield* rows(9);
      throw new Error('the tile is damaged');
    }
    const { data: _, ...info } = cube;
    await expect(storeImage(scratch, info, failing())).rejects.toThrow('damaged');
    expect(open).toBe(0);
  });
});

describe('part files', () => {
  it('are dropped oldest first, and only as many as the limit asks for', () => {
    const file = fc.record({ bytes: fc.nat(50), changed: fc.nat(1000) });
    fc.assert(
      fc.property(fc.array(file), fc.nat(200), (list, most) => {
        const files = list.map((one, i) => ({ ...one, name: String(i) }));
        const dropped = new Set(beyond(files, most));
        const kept = files.filter(({ name }) => !dropped.has(name));
        const sum = kept.reduce((total, { bytes }) => total + bytes, 0);
        expect(sum).toBeLessThanOrEqual(most);
        const oldestKept = Math.min(...kept.map(({ changed }) => changed));
        for (const one of files) {
          if (dropped.has(one.name) && one.bytes > 0) {
            expect(one.changed).toBeLessThanOrEqual(oldestKept);
          }
        }
      }),
    );
    expect(beyond([{ name: 'a', bytes: 5, changed: 1 }], 5)).toEqual([]);
  });
});

describe('sizes', () => {
  const shape = { width: 2000, height: 1500, bands: 128 };

  it('are named where they are refused, with what to do', () => {
    expect(sizeInWords(shape)).toBe('1.43 GiB (2000 × 1500 pixels, 128 bands)');
    expect(() => requireSmall('The damage lab', shape, 2 ** 28)).toThrow(
      'The damage lab takes the whole image into memory, at most 256 MiB of samples, and this one has ' +
        '1.43 GiB (2000 × 1500 pixels, 128 bands): encode a smaller patch.',
    );
    expect(() => requireWhole('JPEG 2000', shape, 2 ** 30)).toThrow(/at most 1 GiB of samples/);
    expect(() => requireSmall('It', shape, 2 ** 31)).not.toThrow();
  });
});

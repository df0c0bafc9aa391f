import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { BitFile } from '../codecs/fileBits';
import type { FileFacts } from '../codecs/inspect';
import type { HyperspectralCube } from '../core/cube/types';
import { memorySource } from '../core/cube/window';
import { BitsDesk } from './bits';
import { CubeTable } from './cubes';
import { differenceOf } from './imageDifference';
import { LARGE_BYTES } from './large';
import { Turnstile } from './turnstile';

const decoded: HyperspectralCube = {
  name: 'decoded',
  width: 3,
  height: 2,
  bands: 2,
  sampleType: 'float32',
  data: Float32Array.from({ length: 12 }, (_, i) => 10 + i),
};
/** Four bands, of which the file holds the second and the last. */
const original: HyperspectralCube = {
  ...decoded,
  name: 'original',
  width: 5,
  height: 4,
  bands: 4,
  data: Float32Array.from({ length: 80 }, (_, i) => 10 + (i % 16)),
};

const FACTS: FileFacts = {
  codec: 'hific-opt',
  sections: { header: 1, metadata: 0, sideInformation: 1, latents: 2 },
  storedType: 'uint16',
  range: { low: 0, high: 100 },
  codedBands: [1, 3],
};

async function desk(parts: Partial<BitFile> = {}) {
  const cubes = new CubeTable();
  await cubes.put('original', memorySource(original));
  await cubes.put('base', memorySource(decoded));
  const facts = new Map([['base', FACTS]]);
  const openBits = vi.fn(
    async (): Promise<BitFile> => ({
      bits: { bytes: 4, sections: FACTS.sections },
      decode: async (edits) => {
        const factor = edits.reduce((product, edit) => product * edit.factor, 1);
        return { ...decoded, data: (decoded.data as Float32Array).map((v) => factor * v) };
      },
      ...parts,
    }),
  );
  const bits = new BitsDesk({
    tools: { openBits },
    cubes,
    facts,
    device: new Turnstile(),
    largeBytes: LARGE_BYTES,
  });
  bits.keep('base', new Uint8Array(4), [500, 600]);
  return { bits, cubes, facts, openBits };
}

describe('the desk of bits', () => {
  it('takes a file apart once, with the band centres that it was decoded with', async () => {
    const { bits, openBits } = await desk();
    const request = { reconstruction: 'base', edits: [], edited: 'edited' };
    await Promise.all([bits.fileBits('base', {}), bits.fileBits('base', {})]);
    await bits.edit(request, {});
    expect(openBits).toHaveBeenCalledExactlyOnceWith(
      new Uint8Array(4),
      FACTS,
      [500, 600],
      expect.anything(),
    );
  });

  it('holds an edited image that is measured as its base is', async () => {
    const { bits, cubes, facts } = await desk();
    const window = { x: 1, y: 1, width: 3, height: 2 };
    const edit = (factor: number) =>
      bits.edit(
        {
          reconstruction: 'base',
          edits: [{ factor }],
          edited: 'edited',
          original: { cube: 'original', window },
        },
        {},
      );
    const same = await edit(1);
    expect(same.fromUnedited.psnr).toBe(Number.POSITIVE_INFINITY);
    expect(same.difference.rmse).toBe(0);
    const halved = await edit(0.5);
    expect(halved.fromUnedited.rmse).toBeCloseTo(
      Math.hypot(...(decoded.data as Float32Array)) / 2 / Math.sqrt(12),
      5,
    );
    expect(halved.fromOriginal?.samples).toBe(12);
    expect(halved.fromOriginal?.psnr).not.toBe(same.fromOriginal?.psnr);
    expect(halved.difference.signed[0]).toBe(-5.5);
    expect(facts.get('edited')).toBe(FACTS);
    const { source } = cubes.get('edited');
    const pixel = await source.readWindow({ x: 0, y: 0, width: 1, height: 1 });
    expect([...pixel]).toEqual([5, 5.5]);
  });

  it('footprints are what the latents add', async () => {
    const { bits } = await desk();
    const found = await bits.footprint({ reconstruction: 'base', position: { x: 0, y: 0 } }, {});
    expect(found.band).toBe(1);
    expect([...found.signed]).toEqual([11, 13, 15, 17, 19, 21]);
  });

  it('says what cannot be', async () => {
    const { bits } = await desk({ decode: undefined });
    const request = { reconstruction: 'base', edits: [], edited: 'edited' };
    await expect(bits.edit(request, {})).rejects.toMatchObject({ code: 'unsupported' });
    bits.forget('base');
    await expect(bits.fileBits('base', {})).rejects.toMatchObject({ code: 'bad-argument' });
  });
});

describe('differenceOf', () => {
  it('agrees with itself over pixels, bands and the whole', () => {
    const samples = fc.array(fc.integer({ min: -999, max: 999 }), {
      minLength: 24,
      maxLength: 24,
    });
    fc.assert(
      fc.property(samples, samples, (a, b) => {
        const shape = { width: 4, height: 2, bands: 3 };
        const found = differenceOf(shape, Float32Array.from(a), Float32Array.from(b));
        const squares = (values: Iterable<number>) => [...values].reduce((s, v) => s + v * v, 0);
        expect(squares(found.rms) / 8).toBeCloseTo(found.rmse ** 2, 0);
        const energy = [0, 1, 2].map((k) =>
          squares(a.filter((_, i) => i % 3 === k).map((v, i) => v - b[3 * i + k])),
        );
        expect(squares(found.signed)).toBe(Math.max(...energy));
        expect(energy[found.band]).toBe(Math.max(...energy));
      }),
    );
  });

  it('thins large images', () => {
    const shape = { width: 3000, height: 2, bands: 1 };
    const a = Float32Array.from({ length: 6000 }, (_, i) => i);
    const { width, height, stride, signed } = differenceOf(shape, a, new Float32Array(6000));
    expect([width, height, stride]).toEqual([1000, 1, 3]);
    expect([...signed.subarray(0, 3)]).toEqual([0, 3, 6]);
  });
});

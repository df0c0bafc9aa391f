import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { resampleMatrix } from '../../core/cube/resample';
import { parseHyperprior } from '../../nn/neighbours/hyperprior';
import { relativeError, useBackend } from '../../nn/testing';
import { analyse, synthesise } from '../autoencoders/transforms';
import { evenly, smoothCube } from '../hific/testing';
import { noise } from '../lossless/testing';
import type { SampleCodec } from '../sampleCodec';
import { expectAnyPayloadAnswered, expectDamageNoticed } from '../testing';
import type { EncodeOptions } from '../types';
import { bitsOf, decodeSymbols, encodeSymbols } from './symbols';
import { tinyHyperprior, tinyHyperpriorCodec } from './testing';

const OPTIONS: EncodeOptions = { rate: 4, bandPolicy: 'refuse', metadata: 'spectral' };

let codec: SampleCodec;
beforeAll(async () => {
  await useBackend('wasm');
  codec = await tinyHyperpriorCodec();
});

describe('the hyperprior codec', () => {
  it('codes images of any size and number of bands, each byte accounted for', async () => {
    for (const [width, height, bands] of [
      [1, 1, 2],
      [3, 17, 40],
      [80, 33, 128],
      [9, 8, 200],
    ] as const) {
      const cube = smoothCube(width, height, evenly(bands));
      const { file, sections } = await codec.encode(cube, OPTIONS);
      const { header, metadata, sideInformation, latents } = sections;
      expect(header + metadata + sideInformation + latents).toBe(file.length);
      const { cube: decoded, symbolDigest } = await codec.decode(file);
      expect([decoded.width, decoded.height, decoded.bands]).toEqual([width, height, bands]);
      expect((await codec.decode(file)).symbolDigest).toBe(symbolDigest);
    }
  });

  it('keeps to its budget, and uses what its rates allow', async () => {
    const cube = smoothCube(64, 48, evenly(60));
    const options = { ...OPTIONS, metadata: 'none' } as const;
    const at = async (rate: number, said?: RegExp) => {
      const { file, estimatedBits, notes } = await codec.encode(cube, { ...options, rate });
      expect(estimatedBits).toBeLessThanOrEqual(8 * file.length);
      const own = notes?.filter((note) => /rate of this model/.test(note));
      expect(own).toEqual(said ? [expect.stringMatching(said)] : []);
      return (8 * file.length) / (64 * 48);
    };
    const [least, most] = [
      await at(0.001, /^The lowest rate .* bpp\.$/),
      await at(16, /^The highest/),
    ];
    expect(most).toBeGreaterThan(1.5 * least);
    for (const share of [0.2, 0.5, 0.9]) {
      const rate = least + share * (most - least);
      const found = await at(rate);
      expect(found).toBeLessThanOrEqual(rate);
      expect(found).toBeGreaterThan(0.9 * rate);
    }
  });

  it('codes any symbols without loss at about what the tables charge', async () => {
    const model = await parseHyperprior(tinyHyperprior());
    const size = { width: 5, height: 3 };
    const [hyper, count] = [2 * 4, 15 * model.spec.latentChannels];
    const runs = fc.record({
      rate: fc.nat(240),
      most: fc.constantFrom(0, 2, 40, 32767),
      seed: fc.integer(),
    });
    await fc.assert(
      fc.asyncProperty(runs, async ({ rate, most, seed }) => {
        const random = noise(seed);
        const integers = (length: number) =>
          Int32Array.from({ length }, () => Math.round((2 * random() - 1) * most));
        const groups = Array.from({ length: model.groups }, () => ({
          zq: integers(hyper),
          q: integers(count),
        }));
        const streams = await encodeSymbols(model, groups, size, rate, {});
        expect(await decodeSymbols(model, streams, size, rate, {})).toEqual(groups);
        const written = 8 * (streams.hyperLatents.length + streams.latents.length);
        const charged = bitsOf(model, groups, size, rate);
        // Either stream may leave out last bytes that a decoder reads as zeros.
        expect(written).toBeGreaterThan(charged - 2 * 32);
        expect(written).toBeLessThan(1.001 * charged + 80);
      }),
      { numRuns: 40 },
    );
  });

  it('refuses a damaged file, and answers any payload with an image or a typed error', async () => {
    const size = { width: 20, height: 8, bands: 5 };
    const { wavelengthsNm: _, ...cube } = smoothCube(20, 8, evenly(5));
    const { file } = await codec.encode(cube, OPTIONS);
    await expectDamageNoticed(codec, file, 5);
    await expectAnyPayloadAnswered(codec, file, size, 80);
  });

  it('refuses files of other weights and bands outside its grid, and stops when asked', async () => {
    const { file } = await codec.encode(smoothCube(8, 8, evenly(20)), OPTIONS);
    const other = await tinyHyperpriorCodec(tinyHyperprior(2));
    await expect(other.decode(file)).rejects.toMatchObject({ code: 'model-missing' });
    const wide = codec.encode(smoothCube(8, 8, evenly(30, 330, 960)), OPTIONS);
    await expect(wide).rejects.toMatchObject({ code: 'band-range' });
    const signal = AbortSignal.abort();
    const stopped = codec.encode(smoothCube(16, 16, evenly(30)), OPTIONS, { signal });
    await expect(stopped).rejects.toMatchObject({ code: 'aborted' });
  });

  it('computes in windows what it computes at once', async () => {
    const model = await parseHyperprior(tinyHyperprior());
    const cut = (core: number) =>
      Object.create(model, { network: { value: { ...model.network, core } } });
    const size = { width: 16 * 13 - 5, height: 16 * 5 };
    const samples = Float32Array.from({ length: size.width * size.height * 128 }, noise(3));
    const own = resampleMatrix(evenly(128), evenly(128));
    const whole = await analyse(cut(64), samples, size, own, {});
    expect(relativeError(await analyse(cut(4), samples, size, own, {}), whole)).toBeLessThan(1e-5);
    const image = await synthesise(cut(64), whole, size, own, {});
    const parts = await synthesise(cut(4), whole, size, own, {});
    expect(relativeError(parts, image)).toBeLessThan(1e-5);
    model.release();
  });
});

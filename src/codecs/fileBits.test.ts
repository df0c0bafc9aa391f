import { beforeAll, describe, expect, it } from 'vitest';
import { parseFile } from '../core/bitstream/container';
import { CHECK_BYTES } from '../core/bitstream/crc24';
import { damagedCopy } from '../core/bitstream/damage';
import { fileMap } from '../core/bitstream/fileMap';
import type { ModelStore } from '../nn/models';
import { useBackend } from '../nn/testing';
import { type BitFile, openBits } from './fileBits';
import type { LatentBits } from './hific/bitMap';
import { evenly, OPTIONS, smoothCube, tinyCodec, tinyStore } from './hific/testing';
import { inspectFile } from './inspect';
import { installedCodec } from './testing';
import type { Codec } from './types';

const total = (values: Iterable<number>) => {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
};

function latentsOf({ bits }: BitFile): LatentBits {
  if (!bits.latents) throw new Error('no latents');
  return bits.latents;
}

describe('bits of a learned file', () => {
  let codec: Codec;
  let models: ModelStore;
  beforeAll(async () => {
    await useBackend('wasm');
    codec = await tinyCodec('hific-opt');
    models = await tinyStore();
  });

  it.each([
    [1, 1],
    [50, 37],
    [97, 33],
    [300, 200],
  ])('add up to the estimate, %i × %i', async (width, height) => {
    const encoded = await codec.encode(smoothCube(width, height, evenly(16)), OPTIONS);
    const file = await openBits(encoded.file, encoded, models, undefined, {});
    const map = latentsOf(file);
    expect([map.width, map.height]).toEqual([Math.ceil(width / 16), Math.ceil(height / 16)]);
    const latents = total(map.latentBits);
    const side = total(map.sideBits);
    expect(latents + side).toBeCloseTo(encoded.estimatedBits, 6);
    expect(total(map.channelBits)).toBeCloseTo(latents, 6);
    expect(Math.abs(total(map.symbolBits) - latents)).toBeLessThan(1e-5 * latents);
    expect(Math.min(...map.sideBits)).toBeGreaterThan(0);
    expect(file.bits.coded?.estimatedBits).toBeCloseTo(encoded.estimatedBits, 6);
  });

  it('are known of all but a damaged tile, which stays without data when latents are edited', async () => {
    const cube = smoothCube(300, 200, evenly(16));
    const { file } = await codec.encode(cube, OPTIONS);
    const place = { x: 96, y: 0, width: 96, height: 96 };
    const spans = fileMap(file);
    const hit = spans.find(({ tile }) => tile === 1);
    const damaged = damagedCopy(file, [{ kind: 'run', from: hit?.from ?? 0, length: 9, seed: 4 }]);
    const whole = await openBits(file, await inspectFile(file, models), models, undefined, {});
    const part = await openBits(damaged, await inspectFile(damaged, models), models, undefined, {});
    const [all, some] = [latentsOf(whole), latentsOf(part)];
    some.latentBits.forEach((bits, i) => {
      const [x, y] = [16 * (i % some.width), 16 * Math.floor(i / some.width)];
      const inside = x >= place.x && x < place.x + place.width && y < place.y + place.height;
      expect(bits).toBe(inside ? 0 : all.latentBits[i]);
    });
    const { coded } = part.bits;
    expect(coded?.estimatedBits).toBeCloseTo(total(some.latentBits) + total(some.sideBits), 6);
    const payload = (hit?.to ?? 0) - (hit?.from ?? 0) - CHECK_BYTES;
    expect(coded?.bytes).toBe((whole.bits.coded?.bytes ?? 0) - payload);
    expect(Math.max(...some.nonZeroShare)).toBeLessThanOrEqual(1);
    const edited = await part.decode?.([{ factor: 0, channels: [1] }], {});
    const [x, y] = [120, 50];
    expect(edited?.data[(y * 300 + x) * 16]).toBeNaN();
    expect(edited?.data[(y * 300 + 20) * 16]).toBeGreaterThan(0);
  });

  it('tell coded bytes from what the file holds besides', async () => {
    const encoded = await codec.encode(smoothCube(120, 100, evenly(16)), OPTIONS);
    const { bits } = await openBits(encoded.file, encoded, models, undefined, {});
    const { header } = parseFile(encoded.file);
    const frame = header.family === 'hific' ? header.model.frame.length : 0;
    const { sideInformation, latents } = bits.sections;
    expect(bits.bytes).toBe(encoded.file.length);
    expect(bits.frameBytes).toBe(frame);
    expect(bits.coded?.bytes).toBeCloseTo(sideInformation + latents - frame, 6);
  });

  it('count symbols that are not zero, and say what channels stand for', async () => {
    const encoded = await codec.encode(smoothCube(64, 48, evenly(16)), OPTIONS);
    const { symbols, channels, nonZeroShare, origins } = latentsOf(
      await openBits(encoded.file, encoded, models, undefined, {}),
    );
    for (let c = 0; c < channels; c++) {
      const own = symbols.filter((_, i) => i % channels === c);
      expect(nonZeroShare[c]).toBeCloseTo(own.filter((q) => q !== 0).length / own.length, 12);
    }
    expect(Math.max(...nonZeroShare)).toBeGreaterThan(0);
    expect(origins.map(({ component, order }) => [component, order])).toEqual([
      [0, 0],
      [0, 1],
      [0, 2],
      [1, 0],
      [1, 1],
      [2, 0],
    ]);
  });
});

describe('bits of a classical file', () => {
  it.each(['klt-jpeg2000', 'pca-jpeg2000'])('%s: bytes of each component', async (id) => {
    const codec = await installedCodec(id);
    const options = { rate: 2, bandPolicy: 'refuse', metadata: 'spectral' } as const;
    const encoded = await codec.encode(smoothCube(24, 20, evenly(10)), options);
    const { file, sections } = encoded;
    const { bits, decode } = await openBits(file, encoded, await tinyStore(), undefined, {});
    expect(total(bits.componentBytes ?? [])).toBe(sections.latents);
    expect(bits.sections).toEqual(sections);
    expect(bits.noMap).toMatch(/component/);
    expect(bits.latents).toBeUndefined();
    expect(decode).toBeUndefined();
  });

  it.each(['jpeg2000', 'lossless'])('%s: bytes by section, and why no more', async (id) => {
    const codec = await installedCodec(id);
    const options = { rate: 2, bandPolicy: 'refuse', metadata: 'none' } as const;
    const encoded = await codec.encode(smoothCube(24, 20, evenly(10)), options);
    const { file } = encoded;
    const { bits } = await openBits(file, encoded, await tinyStore(), undefined, {});
    expect(total(Object.values(bits.sections))).toBeCloseTo(file.length, 6);
    expect(bits.noMap).toMatch(/\.$/);
    expect(bits.componentBytes).toBeUndefined();
  });
});

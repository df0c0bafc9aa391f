import { beforeAll, describe, expect, it } from 'vitest';
import { parseFile } from '../../core/bitstream/container';
import { tileLayout } from '../../core/bitstream/tiles';
import type { HyperspectralCube, PixelWindow } from '../../core/cube/types';
import { cropSamples, memorySource } from '../../core/cube/window';
import { useBackend } from '../../nn/testing';
import { openJpegFromPackage } from '../openjpeg/openjpegNode';
import { createCodecs } from '../registry';
import type { DecodeResult, EncodeResult, PartStore } from '../types';
import type { HificCodec } from './codec';
import { codeShard, joinParts, planParts } from './partFiles';
import { collected, evenly, OPTIONS, smoothCube, tinyStore } from './testing';

const NATIVE = evenly(20, 405, 995);
/** 4 × 3 tiles, so that rates are judged by some of them; two windows either way. */
const cube = smoothCube(400, 290, NATIVE);
const { tiles } = tileLayout(cube.width, cube.height);

/** A part file in memory, whose writing can be made to fail. */
function memoryPart(failAfter = Number.POSITIVE_INFINITY) {
  let bytes: Uint8Array | undefined;
  const state = { appended: 0, failAfter };
  const store: PartStore = {
    read: async () => bytes,
    keep: async (length) => {
      bytes = bytes?.slice(0, length);
    },
    restart: async (head) => {
      bytes = head.slice();
    },
    append: async (tile) => {
      if (state.appended >= state.failAfter) {
        // What a crash leaves: a piece of a tile.
        bytes = Uint8Array.from([...(bytes ?? []), ...tile.slice(0, tile.length >> 1)]);
        throw new Error('the power went');
      }
      state.appended++;
      bytes = Uint8Array.from([...(bytes ?? []), ...tile]);
    },
  };
  return { store, state, bytes: () => bytes as Uint8Array };
}

describe('large images', () => {
  let codec: HificCodec;
  let encoded: EncodeResult;
  let decoded: DecodeResult;

  beforeAll(async () => {
    await useBackend('wasm');
    const store = await tinyStore();
    const codecs = await createCodecs(store, openJpegFromPackage);
    codec = codecs.find(({ meta }) => meta.id === 'hific-opt') as HificCodec;
    encoded = await codec.encode(cube, OPTIONS);
    decoded = await codec.decode(encoded.file);
  }, 120_000);

  it('are coded from a source to the very same file', async () => {
    const { file } = await codec.encodeSource({ ...memorySource(cube), inMemory: false }, OPTIONS);
    expect(file).toEqual(encoded.file);
  });

  it('are restored row by row, and any window of them, as by a whole decode', async () => {
    const windows: PixelWindow[] = [
      { x: 0, y: 0, width: cube.width, height: cube.height },
      { x: 0, y: 0, width: 10, height: 10 },
      { x: 150, y: 120, width: 120, height: 61 },
      { x: 399, y: 289, width: 1, height: 1 },
      { x: 3, y: 140, width: 397, height: 150 },
    ];
    for (const window of windows) {
      const { info, rows, lost } = await codec.decodeRows(encoded.file, { window });
      expect([info.width, info.height, lost]).toEqual([window.width, window.height, []]);
      const data = (await collected(rows)).flatMap((part) => [...part]);
      const expected = cropSamples(decoded.cube.data, decoded.cube, window);
      expect(data.length).toBe(expected.length);
      expect(data.every((value, i) => value === expected[i])).toBe(true);
    }
  });

  it('lose a damaged tile alone, shown as samples without data', async () => {
    const lostTile = 5;
    const { file, place } = damagedAt(encoded.file, lostTile);
    await expect(codec.decode(file)).rejects.toMatchObject({ name: 'HscError' });
    await expect(codec.decode(file)).rejects.toThrow(`Tile ${lostTile + 1} of ${tiles.length}`);
    const marked = await codec.decode(file, { damaged: 'mark' });
    expect(marked.lost).toEqual([place]);
    const far = (x: number, y: number) => {
      const across = Math.max(place.x - x, x - place.x - place.width + 1);
      return Math.max(across, place.y - y, y - place.y - place.height + 1);
    };
    const spoilt = compare(marked.cube, decoded.cube, far);
    expect(spoilt.inside).toBe('no data');
    expect(spoilt.farDifference).toBe(0);
    // Neighbours see a few latents of the lost tile, which are guessed from around it.
    expect(spoilt.nearDifference).toBeLessThan(0.05 * 1e4);
    const region = { x: place.x - 5, y: place.y - 5, width: 20, height: 30 };
    const { lost } = await codec.decodeRows(file, { damaged: 'mark', window: region });
    expect(lost).toEqual([{ x: 5, y: 5, width: 15, height: 25 }]);
  });

  it('go on after a crash from the last whole tile, to the very same file', async () => {
    const source = memorySource(cube);
    const part = memoryPart(5);
    await expect(codec.encodeSource(source, OPTIONS, {}, part.store)).rejects.toThrow('power');
    part.state.failAfter = Number.POSITIVE_INFINITY;
    const before = part.state.appended;
    const { file } = await codec.encodeSource(source, OPTIONS, {}, part.store);
    expect(file).toEqual(encoded.file);
    const whole = memoryPart();
    await codec.encodeSource(source, OPTIONS, {}, whole.store);
    // Of the trial that was under way, its tiles were not coded again.
    expect(part.state.appended).toBeLessThanOrEqual(whole.state.appended);
    expect(before).toBe(5);
  });

  it('begin anew where the part file is of another image, rate, or no part file', async () => {
    const part = memoryPart();
    await codec.encodeSource(memorySource(smoothCube(400, 300, NATIVE)), OPTIONS, {}, part.store);
    const { file } = await codec.encodeSource(memorySource(cube), OPTIONS, {}, part.store);
    expect(file).toEqual(encoded.file);
    await codec.encodeSource(memorySource(cube), { ...OPTIONS, rate: 0.3 }, {}, part.store);
    await part.store.restart(Uint8Array.of(1, 2, 3));
    expect((await codec.encodeSource(memorySource(cube), OPTIONS, {}, part.store)).file).toEqual(
      encoded.file,
    );
  });

  describe('in shares', () => {
    it('give one file, in whatever order they are joined', async () => {
      const store = await tinyStore();
      const source = memorySource(cube);
      const planned = await planParts(codec.meta, store, source, OPTIONS, {});
      const parts = [];
      for (const index of [2, 0, 1]) {
        const part = memoryPart();
        await codeShard(store, source, planned, { index, of: 3 }, part.store, {});
        parts.push(part.bytes());
      }
      const { file, budget } = await joinParts(store, parts);
      expect(budget).toBe(Math.floor((OPTIONS.rate * cube.width * cube.height) / 8));
      expect(Math.abs(file.length / encoded.file.length - 1)).toBeLessThan(0.1);
      const restored = await codec.decode(file);
      expect(restored.cube.wavelengthsNm).toEqual(decoded.cube.wavelengthsNm);
      await expect(joinParts(store, parts.slice(1))).rejects.toMatchObject({
        code: 'bad-argument',
      });
      const other = await planParts(codec.meta, store, source, { ...OPTIONS, rate: 0.4 }, {});
      await expect(joinParts(store, [...parts, other])).rejects.toThrow('several images or plans');
      const narrow = memorySource(smoothCube(399, 290, NATIVE));
      await expect(
        codeShard(store, narrow, planned, { index: 0, of: 3 }, memoryPart().store, {}),
      ).rejects.toThrow('another image');
    });

    it('go on after a crash', async () => {
      const store = await tinyStore();
      const source = memorySource(cube);
      const planned = await planParts(codec.meta, store, source, OPTIONS, {});
      const whole = memoryPart();
      await codeShard(store, source, planned, { index: 1, of: 2 }, whole.store, {});
      const part = memoryPart(2);
      const share = { index: 1, of: 2 };
      await expect(codeShard(store, source, planned, share, part.store, {})).rejects.toThrow(
        'power',
      );
      part.state.failAfter = Number.POSITIVE_INFINITY;
      await codeShard(store, source, planned, share, part.store, {});
      expect(part.bytes()).toEqual(whole.bytes());
      expect(part.state.appended).toBe(whole.state.appended);
    });
  });
});

/** A bit in the middle of a tile's payload turned over, and where the tile lies. */
function damagedAt(file: Uint8Array, index: number): { file: Uint8Array; place: PixelWindow } {
  const payload = parseFile(file).tiles[index].payload;
  const damaged = file.slice();
  damaged[payload.byteOffset - file.byteOffset + (payload.length >> 1)] ^= 16;
  const { x, y, width, height } = tiles[index];
  return { file: damaged, place: { x: 16 * x, y: 16 * y, width: 16 * width, height: 16 * height } };
}

/** What has changed inside, near (to 7 latents) and far from a place. */
function compare(
  changed: HyperspectralCube,
  plain: HyperspectralCube,
  distance: (x: number, y: number) => number,
) {
  const { width, bands, data } = plain;
  let inside = 'no data';
  let [nearDifference, farDifference] = [0, 0];
  for (let i = 0; i < data.length; i++) {
    const pixel = Math.floor(i / bands);
    const away = distance(pixel % width, Math.floor(pixel / width));
    const difference = Math.abs(changed.data[i] - data[i]);
    if (away <= 0) inside = Number.isNaN(difference) ? inside : 'data';
    else if (away > 7 * 16) farDifference = Math.max(farDifference, difference);
    else nearDifference = Math.max(nearDifference, difference);
  }
  return { inside, nearDifference, farDifference };
}

/** Damaged copies of real files, read by real codecs. */
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { openBits } from '../codecs/fileBits';
import { evenly, OPTIONS, smoothCube, tinyStore } from '../codecs/hific/testing';
import { inspectFile } from '../codecs/inspect';
import { openJpegFromPackage } from '../codecs/openjpeg/openjpegNode';
import { createCodecs } from '../codecs/registry';
import { type Damage, damagedCopy } from '../core/bitstream/damage';
import { type FileSpan, fileMap } from '../core/bitstream/fileMap';
import { memorySource } from '../core/cube/window';
import type { ModelStore } from '../nn/models';
import { useBackend } from '../nn/testing';
import { EngineService } from './service';
import { memoryShelf } from './shelf';
import type { Toolbox } from './toolbox';

const SIDE = 256;
const BANDS = 12;
/** 2 × 2 tiles. */
const cube = smoothCube(SIDE, SIDE, evenly(BANDS));
const ENCODE = {
  cube: 'cube',
  window: { x: 0, y: 0, width: SIDE, height: SIDE },
  options: OPTIONS,
};

async function engineOf(models: ModelStore) {
  const codecs = await createCodecs(models, openJpegFromPackage);
  const tools: Partial<Toolbox> = {
    openFiles: async () => ({
      format: 'ENVI',
      candidates: [],
      chosen: '',
      cube: memorySource(cube),
    }),
    codecs: async () => codecs,
    shelf: memoryShelf,
    inspect: (file) => inspectFile(file, models),
    openBits: (file, facts, bandsFrom, job) => openBits(file, facts, models, bandsFrom, job),
  };
  return new EngineService(tools as Toolbox);
}

describe('a damaged copy', () => {
  let engine: EngineService;
  let file: Uint8Array<ArrayBuffer>;
  let spans: readonly FileSpan[];
  beforeAll(async () => {
    await useBackend('wasm');
    engine = await engineOf(await tinyStore());
    await engine.open('cube', [], {});
    const encoded = await engine.encode(
      { ...ENCODE, codec: 'hific-opt', reconstruction: 'base' },
      'encode',
    );
    expect(encoded.reconstruction.lost).toBeUndefined();
    file = encoded.file;
    spans = fileMap(file);
  }, 120_000);

  const damage = (...damages: Damage[]) =>
    engine.damage({ reconstruction: 'base', damages, damaged: 'copy' }, 'job');
  const tile = (index: number) => spans.find((span) => span.tile === index) as FileSpan;
  const inTile = (index: number): Damage => ({ kind: 'bit', byte: tile(index).from + 30, bit: 2 });

  it('of one tile is restored but for that tile and what leans on it', async () => {
    const { restored, refusal } = await damage(inTile(1));
    expect(refusal).toBeUndefined();
    expect(restored?.image.lost).toEqual([{ x: 128, y: 0, width: 128, height: 128 }]);
    const { pixels, compared, largest, notable } = restored?.change ?? {};
    expect(compared).toBe((SIDE * SIDE * 3) / 4);
    expect(pixels).toBeGreaterThan(0);
    expect(pixels).toBeLessThan(compared ?? 0);
    expect(largest).toBeGreaterThan(0);
    expect(notable?.pixels).toBeGreaterThan(0);
    expect(notable?.pixels).toBeLessThanOrEqual(pixels ?? 0);
    expect(notable?.reach).toBeGreaterThan(0);
    expect(notable?.reach).toBeLessThanOrEqual(7 * 16);
    const spectrum = await engine.spectrum('copy', 200, 20);
    expect([...spectrum]).toEqual(Array(BANDS).fill(Number.NaN));
  });

  it('leaves the original alone, and is what opening the same bytes gives', async () => {
    await damage(inTile(2));
    const again = await engine.decode('opened', damagedCopy(file, [inTile(2)]), 'open');
    expect(again.lost).toEqual([{ x: 0, y: 128, width: 128, height: 128 }]);
    const look = { bands: [3], maxSide: SIDE, stretch: [{ low: 0, high: 5000 }] };
    const [copy, opened, base] = await Promise.all(
      ['copy', 'opened', 'base'].map((id) => engine.picture({ cube: id, ...look })),
    );
    expect(copy.rgba).toEqual(opened.rgba);
    expect(base.rgba.every((value, i) => i % 4 !== 3 || value === 255)).toBe(true);
    const bits = await engine.fileBits('base', 'bits');
    expect(Math.min(...(bits.latents?.sideBits ?? [0]))).toBeGreaterThan(0);
    const compared = await engine.compare({
      original: 'cube',
      reconstruction: 'copy',
      window: ENCODE.window,
    });
    expect(compared.samples).toBe((SIDE * SIDE * 3 * BANDS) / 4);
    expect(compared.psnr).toBeGreaterThan(10);
  });

  it('is refused with a sentence where header, index, metadata or every tile is hit, or the end is missing', async () => {
    const starts = spans.filter(({ kind }) => kind !== 'tile').map(({ from }) => from);
    expect(starts.length).toBe(3);
    for (const from of starts) {
      const { refusal, restored } = await damage({ kind: 'run', from, length: 4, seed: 9 });
      expect(restored).toBeUndefined();
      expect(refusal?.message).toMatch(/\.$/);
    }
    const all = await damage(...[0, 1, 2, 3].map(inTile));
    expect(all.refusal).toMatchObject({
      code: 'check-failed',
      message: expect.stringMatching(/^All tiles/),
    });
    const cut = await damage({ kind: 'cut', length: file.length - 1 });
    expect(cut.refusal?.code).toBe('truncated');
    const nothing = await damage({ kind: 'cut', length: 0 });
    expect(nothing.refusal?.code).toBe('truncated');
  });

  it('without damage is the same image', async () => {
    const twice = inTile(0);
    const { restored } = await damage(twice, twice);
    expect(restored?.image.lost).toBeUndefined();
    expect(restored?.change).toEqual({
      pixels: 0,
      compared: SIDE * SIDE,
      largest: 0,
      notable: { pixels: 0, reach: 0 },
    });
  });

  it.each(['jpeg2000', 'pca-jpeg2000', 'wavelet-3d', 'dct-3d', 'lossless'])(
    'of %s is refused',
    async (codec) => {
      const window = { x: 0, y: 0, width: 40, height: 30 };
      const encoded = await engine.encode(
        { ...ENCODE, window, codec, reconstruction: codec },
        'encode',
      );
      const { length } = encoded.file;
      for (const damages of [
        [{ kind: 'bits', count: 1, seed: 3 }],
        [{ kind: 'bits', count: 40, seed: 4 }],
        [{ kind: 'cut', length: length >> 1 }],
        [{ kind: 'run', from: 3, length: 20, seed: 1 }],
      ] satisfies Damage[][]) {
        const { refusal } = await engine.damage(
          { reconstruction: codec, damages, damaged: 'copy' },
          'job',
        );
        expect(refusal?.message).toMatch(/\.$/);
      }
    },
  );

  it('can be cancelled, and says so of no file', async () => {
    const running = damage(inTile(0));
    await vi.waitFor(async () => expect(await engine.cancel('job')).toBe(true));
    await expect(running).rejects.toMatchObject({ code: 'aborted' });
    const none = { reconstruction: 'nobody', damages: [], damaged: 'copy' };
    await expect(engine.damage(none, 'job')).rejects.toMatchObject({ code: 'bad-argument' });
  });
});

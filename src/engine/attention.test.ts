import { beforeAll, describe, expect, it } from 'vitest';
import { AttendedPatch, requireOneWindow } from '../codecs/hific/attention';
import { hificMeta } from '../codecs/hific/meta';
import { evenly, smoothCube, tinyStore } from '../codecs/hific/testing';
import type { HyperspectralCube } from '../core/cube/types';
import { loadWindow, memorySource } from '../core/cube/window';
import { useBackend } from '../nn/testing';
import { type AttentionEditRequest, type AttentionReader, AttentionWork } from './attention';
import { Turnstile } from './turnstile';

const scene = smoothCube(60, 50, evenly(24, 410, 990));
const window = { x: 4, y: 6, width: 40, height: 36 };
const REQUEST: AttentionEditRequest = {
  cube: 'a',
  window,
  codec: 'hific-se',
  options: { rate: 0.7, bandPolicy: 'refuse', metadata: 'none' },
  reconstruction: 'plain',
  edited: 'edited',
  difference: 'difference',
  edits: { gates: [{ block: 'generator.upse3', channel: 1, factor: 0 }], bands: [] },
};

async function bench() {
  const models = await tinyStore();
  const meta = hificMeta('hific-se', 'fidelity', await models.entriesOf('hific-se'));
  const held = new Map<string, HyperspectralCube>();
  let reads = 0;
  const reader: AttentionReader = {
    check: requireOneWindow,
    read: (...read) => {
      reads++;
      return AttendedPatch.read(meta, models, ...read);
    },
  };
  const work = new AttentionWork({
    device: new Turnstile(),
    load: (_, part) => loadWindow(memorySource(scene), part),
    reader: async () => reader,
    hold: async (id, cube) => {
      held.set(id, cube);
    },
  });
  return { work, held, reads: () => reads };
}

describe('AttentionWork', () => {
  beforeAll(() => useBackend('wasm'));

  it('measures the file of the patch and keeps the patch to be edited', async () => {
    const { work, held, reads } = await bench();
    const { figures, blocks, codedBands } = await work.read(REQUEST, {});
    expect(blocks).toHaveLength(15);
    expect(codedBands).toHaveLength(24);
    expect(figures.rate.bpp).toBe((8 * figures.rate.bytes) / (40 * 36));
    expect(held.get('plain')).toMatchObject({ width: 40, height: 36, bands: 24 });
    const { data } = await loadWindow(memorySource(scene), window);
    const restored = held.get('plain')?.data ?? data;
    const square = Array.from(data).reduce((sum, value, i) => sum + (value - restored[i]) ** 2, 0);
    expect(figures.distortion.rmse).toBeCloseTo(Math.sqrt(square / data.length), 3);

    const edited = await work.edit(REQUEST, {});
    expect(reads()).toBe(1);
    expect(edited.file).toBe('kept');
    expect(edited.figures.rate).toEqual(figures.rate);
    expect(edited.figures.distortion.psnr).not.toBe(figures.distortion.psnr);
    expect(edited.largestDifference).toBeGreaterThan(0);
    const difference = held.get('difference')?.data as Float32Array;
    expect(Math.max(...difference)).toBe(edited.largestDifference);
    const [a, b] = [held.get('edited')?.data ?? [], held.get('plain')?.data ?? []];
    const rms =
      Math.hypot(
        ...Array.from(a)
          .slice(0, 24)
          .map((v, i) => v - b[i]),
      ) / Math.sqrt(24);
    expect(difference[0]).toBeCloseTo(rms, 3);
  });

  it('gives the unedited figures where nothing is edited', async () => {
    const { work } = await bench();
    const { figures } = await work.read(REQUEST, {});
    const edited = await work.edit({ ...REQUEST, edits: { gates: [], bands: [] } }, {});
    expect(edited).toEqual({ figures, largestDifference: 0, file: 'kept' });
  });

  it('tells whether edits of E reached the file', async () => {
    const { work } = await bench();
    const scaled = (factor: number) => {
      const gates = Array.from({ length: 16 }, (_, channel) => ({
        block: 'encoder.se4',
        channel,
        factor,
      }));
      return work.edit({ ...REQUEST, edits: { gates, bands: [] } }, {});
    };
    expect((await scaled(1)).file).toBe('same');
    expect((await scaled(0)).file).toBe('changed');
  });

  it('reads again what was not kept, was forgotten or is another patch', async () => {
    const { work, held, reads } = await bench();
    await work.read({ ...REQUEST, reconstruction: undefined }, {});
    expect(held.size).toBe(0);
    await work.edit(REQUEST, {});
    expect(reads()).toBe(2);
    work.forget('a');
    await work.edit(REQUEST, {});
    expect(reads()).toBe(3);
    await work.read({ ...REQUEST, window: { ...window, x: 5 } }, {});
    expect(reads()).toBe(4);
  });

  it('refuses too large a patch before it is read', async () => {
    const { work, reads } = await bench();
    const large = { ...window, width: 257 };
    await expect(work.read({ ...REQUEST, window: large }, {})).rejects.toMatchObject({
      code: 'limit',
    });
    expect(reads()).toBe(0);
  });

  it('tries again after a failure and stops when asked', async () => {
    const { work } = await bench();
    const stopped = new AbortController();
    stopped.abort();
    await expect(work.read(REQUEST, { signal: stopped.signal })).rejects.toMatchObject({
      code: 'aborted',
    });
    expect((await work.read(REQUEST, {})).blocks).toHaveLength(15);
  });
});

import type * as Comlink from 'comlink';
import { describe, expect, it, vi } from 'vitest';
import { HscError } from '../core/errors';
import { decoded, INFO, opened } from '../state/testing';
import type { Encoded, EngineApi } from './api';
import { EngineClient } from './client';
import type { EngineLink } from './outlivingEngine';

const CHOICE = {
  chosen: { name: 'wasm' as const, adapter: 'CPU', software: false },
  reports: [],
};

type Api = Comlink.Remote<EngineApi>;

/** Workers that live in the test's own thread; `crash` ends one as an uncaught error would. */
function workers(parts: Partial<Record<keyof EngineApi, unknown>> = {}) {
  const links: (EngineLink & { crash(): void; ended: boolean })[] = [];
  const spawn = (): EngineLink => {
    let fail: (reason: HscError) => void = () => {};
    const broken = new Promise<never>((_, reject) => {
      fail = reject;
    });
    const api = {
      start: vi.fn(async () => CHOICE),
      open: vi.fn(async (id: string) => opened(id)),
      cancel: vi.fn(async () => true),
      decode: vi.fn(async (id: string) => decoded(id)),
      spectrum: vi.fn(async () => Float32Array.of(1)),
      ...parts,
    };
    const link = {
      api: api as unknown as Api,
      broken,
      ended: false,
      crash: () => fail(new HscError('device', 'The engine stopped unexpectedly.')),
      end(reason: HscError) {
        link.ended = true;
        fail(reason);
      },
    };
    links.push(link);
    return link;
  };
  return { links, spawn };
}

const REQUEST = {
  cube: 'cube 1',
  window: { x: 0, y: 0, width: INFO.width, height: INFO.height },
  codec: 'hific-opt',
  options: { rate: 0.6, bandPolicy: 'refuse', metadata: 'spectral' },
  reconstruction: 'decoded 1',
} as const;

describe('engine client', () => {
  it('opens cubes again in a fresh worker after a crash, when they are next used', async () => {
    const { links, spawn } = workers();
    const onRestart = vi.fn();
    const client = new EngineClient(spawn, { baseUrl: 'http://x/', onRestart });
    await client.open('cube 1', []);
    links[0].crash();
    await vi.waitFor(() => expect(onRestart).toHaveBeenCalledOnce());
    await client.spectrum('cube 1', 0, 0);
    await client.spectrum('cube 1', 1, 0);
    expect(links).toHaveLength(2);
    expect(links[1].api.open).toHaveBeenCalledExactlyOnceWith('cube 1', [], {});
  });

  it('starts anew where memory was short, and does not repeat what took it', async () => {
    const encode = vi.fn(async () => {
      throw new HscError('memory', 'There was not enough memory.');
    });
    const { links, spawn } = workers({ encode });
    const onRestart = vi.fn();
    const client = new EngineClient(spawn, { baseUrl: 'http://x/', onRestart });
    await client.open('cube 1', []);
    await expect(client.encode(REQUEST)).rejects.toMatchObject({ code: 'memory' });
    expect(encode).toHaveBeenCalledOnce();
    expect(onRestart).toHaveBeenCalledExactlyOnceWith(expect.stringMatching(/ran out of memory/));
    expect(links[0].ended).toBe(true);
    await client.spectrum('cube 1', 0, 0);
    expect(links[1].api.open).toHaveBeenCalledOnce();
  });

  it('verifies a file in an engine of its own, on another backend', async () => {
    const image = { ...decoded('decoded 1'), symbolDigest: 'abc' };
    const anew = { ...image, symbolDigest: 'abc' };
    const spectrum = vi.fn(async () => Float32Array.of(1, Number.NaN, 3));
    const { links, spawn } = workers({
      decode: vi.fn(async () => anew),
      spectrum,
      close: vi.fn(async () => {}),
    });
    const client = new EngineClient(spawn, { baseUrl: 'http://x/' });
    const file = new Uint8Array(3);
    await client.decode('decoded 1', file);
    const same = { backend: 'wasm', sameSymbols: true, pixels: 25, difference: 0 };
    expect(await client.verify(image)).toEqual(same);
    expect(links[1].api.start).toHaveBeenCalledWith('http://x/', 'cpu');
    expect(links[1].api.decode).toHaveBeenCalledWith(
      'decoded 1',
      file,
      expect.anything(),
      undefined,
      undefined,
    );
    expect(links.map(({ ended }) => ended)).toEqual([false, true]);

    spectrum.mockResolvedValueOnce(Float32Array.of(1.5, Number.NaN, 3));
    const range = { low: 10, high: 12 };
    const other = await client.verify({ ...image, range, symbolDigest: 'abd' });
    expect(other).toMatchObject({ sameSymbols: false, difference: 0.25 });
    spectrum.mockResolvedValueOnce(Float32Array.of(1, 2, 3));
    expect((await client.verify(image)).difference).toBe(Number.POSITIVE_INFINITY);

    await client.verify({ ...image, info: { ...INFO, width: 4000 } });
    await client.verify({ ...image, backend: 'webgpu' });
    expect(links[4].api.start).toHaveBeenCalledWith('http://x/', 'wasm');
    expect(links[5].api.start).toHaveBeenCalledWith('http://x/', 'wasm');
    const stopped = client.verify(image, AbortSignal.abort());
    await expect(stopped).rejects.toMatchObject({ code: 'aborted' });
    await client.close('decoded 1');
    await expect(client.verify(image)).rejects.toMatchObject({ code: 'bad-argument' });
  });

  it('brings an edited image back with the images that it is made of', async () => {
    const editLatents = vi.fn(async ({ edited }) => ({ id: edited }));
    const { links, spawn } = workers({ editLatents });
    const client = new EngineClient(spawn, { baseUrl: 'http://x/' });
    await client.open('cube 1', []);
    await client.decode('decoded 1', new Uint8Array(3));
    const original = { cube: 'cube 1', window: REQUEST.window };
    const request = {
      reconstruction: 'decoded 1',
      edits: [{ factor: 0 }],
      edited: 'edited 1',
      original,
    };
    await client.editLatents(request);
    links[0].crash();
    await Promise.resolve();
    await client.spectrum('edited 1', 0, 0);
    const [, { api }] = links;
    expect(api.open).toHaveBeenCalledOnce();
    expect(api.decode).toHaveBeenCalledOnce();
    expect(editLatents).toHaveBeenLastCalledWith(request, 'restore edited 1');
  });

  it('makes edited images again in a fresh worker, with the cube that they are of', async () => {
    const editAttention = vi.fn(async () => ({}));
    const { links, spawn } = workers({ editAttention });
    const client = new EngineClient(spawn, { baseUrl: 'http://x/' });
    await client.open('cube 1', []);
    const edits = { gates: [], bands: [] };
    const request = { ...REQUEST, edits, edited: 'edited 1', difference: 'difference 1' };
    await client.editAttention(request);
    links[0].crash();
    await expect(links[0].broken).rejects.toThrow();
    await client.spectrum('edited 1', 0, 0);
    expect(links[1].api.open).toHaveBeenCalledOnce();
    expect(editAttention).toHaveBeenCalledTimes(2);
    expect(editAttention).toHaveBeenLastCalledWith(request, 'restore edited 1');
  });

  it('rejects what was pending when the worker crashed', async () => {
    const { links, spawn } = workers({ spectrum: () => new Promise(() => {}) });
    const client = new EngineClient(spawn, { baseUrl: 'http://x/' });
    await client.open('cube 1', []);
    const pending = client.spectrum('cube 1', 0, 0);
    await Promise.resolve();
    links[0].crash();
    await expect(pending).rejects.toMatchObject({ code: 'device' });
  });

  it('asks a job to stop and takes its word', async () => {
    let stop: (error: HscError) => void = () => {};
    const { links, spawn } = workers({
      encode: () =>
        new Promise((_, reject) => {
          stop = reject;
        }),
      cancel: async () => stop(new HscError('aborted', 'The job was cancelled.')),
    });
    const client = new EngineClient(spawn, { baseUrl: 'http://x/' });
    await client.start();
    const controller = new AbortController();
    const encoding = client.encode(REQUEST, { signal: controller.signal });
    await new Promise((resolve) => setTimeout(resolve));
    controller.abort();
    await expect(encoding).rejects.toMatchObject({ code: 'aborted' });
    expect(links[0].ended).toBe(false);
  });

  it('ends a worker whose job does not stop', async () => {
    const { links, spawn } = workers({ encode: () => new Promise(() => {}) });
    const onRestart = vi.fn();
    const client = new EngineClient(spawn, { baseUrl: 'http://x/', graceMs: 10, onRestart });
    await client.start();
    const controller = new AbortController();
    const encoding = client.encode(REQUEST, { signal: controller.signal });
    await new Promise((resolve) => setTimeout(resolve));
    controller.abort();
    await expect(encoding).rejects.toMatchObject({ code: 'aborted' });
    expect(links[0].ended).toBe(true);
    expect(onRestart).toHaveBeenCalledOnce();
  });

  it('repeats a job once in a fresh worker where the device was lost', async () => {
    const file = new Uint8Array(3);
    const done: Encoded = { file, reconstruction: decoded('decoded 1'), report: { encodeMs: 1 } };
    let calls = 0;
    const encode = vi.fn(async () => {
      calls++;
      if (calls === 1) throw new HscError('device', 'lost');
      return done;
    });
    const { links, spawn } = workers({ encode });
    const client = new EngineClient(spawn, { baseUrl: 'http://x/' });
    expect(await client.encode(REQUEST)).toBe(done);
    expect(links).toHaveLength(2);
  });

  it('repeats a job once where its worker crashed, and says so once', async () => {
    const file = new Uint8Array(3);
    const done: Encoded = { file, reconstruction: decoded('decoded 1'), report: { encodeMs: 1 } };
    const encode = vi.fn(async () => done).mockImplementationOnce(() => new Promise(() => {}));
    const { links, spawn } = workers({ encode });
    const onRestart = vi.fn();
    const client = new EngineClient(spawn, { baseUrl: 'http://x/', onRestart });
    const encoding = client.encode(REQUEST);
    await vi.waitFor(() => expect(encode).toHaveBeenCalledOnce());
    links[0].crash();
    expect(await encoding).toBe(done);
    expect(links).toHaveLength(2);
    expect(onRestart).toHaveBeenCalledExactlyOnceWith('The engine stopped unexpectedly.');
  });

  it('starts anew on the backend that is asked for', async () => {
    const { links, spawn } = workers();
    const client = new EngineClient(spawn, { baseUrl: 'http://x/' });
    await client.start();
    await client.start('cpu');
    expect(links).toHaveLength(2);
    expect(links[1].api.start).toHaveBeenCalledWith('http://x/', 'cpu');
  });
});

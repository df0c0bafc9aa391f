import { describe, expect, it, vi } from 'vitest';
import type { Codec } from '../codecs/types';
import { valueRange } from '../core/cube/normalize';
import type { HyperspectralCube } from '../core/cube/types';
import { memorySource } from '../core/cube/window';
import { HscError } from '../core/errors';
import { ModelStore } from '../nn/models';
import { memoryScratch } from './scratch';
import { EngineService } from './service';
import { memoryShelf } from './shelf';
import type { Toolbox } from './toolbox';

const SIDE = 40;

const cube: HyperspectralCube = {
  name: 'ramp',
  width: SIDE,
  height: SIDE,
  bands: 4,
  sampleType: 'uint16',
  wavelengthsNm: [450, 550, 650, 860],
  data: Uint16Array.from({ length: SIDE * SIDE * 4 }, (_, i) => {
    const [x, y] = [(i >> 2) % SIDE, Math.floor((i >> 2) / SIDE)];
    return Math.round(500 + 300 * Math.sin(x / 4) * Math.cos(y / 3) + 7 * x + 3 * y + (i % 4));
  }),
};

/** Stores the samples as they are, plus one: the smallest codec that has an error to measure. */
function plainCodec(): Codec {
  let stored: HyperspectralCube = cube;
  return {
    meta: { id: 'plain', label: 'Plain', family: 'plain', description: '', targetRates: [] },
    async encode(input, _options, job) {
      job?.onProgress?.(1, 'copying');
      stored = input;
      const sections = { header: 1, metadata: 0, sideInformation: 0, latents: 3 };
      const codedBands = [0, 1, 2, 3];
      return { file: new Uint8Array(4), estimatedBits: 24, sections, codedBands, milliseconds: 5 };
    },
    async decode() {
      const data = Float32Array.from(stored.data as Uint16Array, (value) => value + 1);
      return { cube: { ...stored, data }, codec: 'plain', symbolDigest: '', milliseconds: 6 };
    },
  };
}

function service() {
  const codec = plainCodec();
  const tools: Toolbox = {
    openFiles: async () => ({
      format: 'ENVI',
      candidates: [],
      chosen: '',
      cube: memorySource(cube),
    }),
    samples: async () => [],
    writer: async () => {
      throw new HscError('unsupported', 'none');
    },
    startBackend: async () => ({
      chosen: { name: 'wasm', adapter: 'CPU', software: false },
      reports: [],
    }),
    deviceLost: () => new Promise(() => {}),
    codecs: async () => [codec],
    version: async () => 'build weights',
    inspect: async () => ({
      codec: 'plain',
      sections: { header: 1, metadata: 0, sideInformation: 0, latents: 3 },
      storedType: 'uint16',
      range: valueRange(cube),
      codedBands: [0, 1, 2, 3],
    }),
    openBits: async () => ({
      bits: { bytes: 4, sections: { header: 1, metadata: 0, sideInformation: 0, latents: 3 } },
      decode: async ([{ factor }]) => {
        const data = Float32Array.from(cube.data as Uint16Array, (value) => factor * value);
        return { ...cube, data };
      },
    }),
    attention: async ({ label }) => {
      throw new HscError('bad-argument', `${label} has no channel attention.`);
    },
    tuning: async () => {
      throw new HscError('unsupported', 'none');
    },
    localModels: async () => new ModelStore(async () => new Uint8Array()),
    shelf: memoryShelf,
    scratch: memoryScratch,
    tensorBytes: () => 0,
  };
  return new EngineService(tools);
}

const WINDOW = { x: 8, y: 4, width: 24, height: 16 };

describe('engine service', () => {
  it('tells of bands, and of the memory of each cube', async () => {
    const engine = service();
    await engine.open('a', [], {});
    const statistics = await engine.bandStatistics('a');
    expect(statistics.pixels).toBe(SIDE * SIDE);
    expect(statistics.mean[3] - statistics.mean[0]).toBeCloseTo(3, 1);
    expect(statistics.withNext[0]).toBeCloseTo(1, 3);
    const { byCube, cubes } = await engine.memory();
    expect(byCube).toEqual({ a: cube.data.byteLength });
    expect(cubes).toBe(cube.data.byteLength);
  });

  it('encodes, decodes the bytes and compares with the window', async () => {
    const engine = service();
    await engine.open('a', [], {});
    const onProgress = vi.fn();
    const encoded = await engine.encode(
      {
        cube: 'a',
        window: WINDOW,
        codec: 'plain',
        options: { rate: 1, bandPolicy: 'refuse', metadata: 'none' },
        reconstruction: 'b',
      },
      'job',
      onProgress,
    );
    expect(encoded.reconstruction.info.width).toBe(24);
    expect(encoded.report.encodeMs).toBe(5);
    expect(onProgress.mock.calls.at(-1)).toEqual([0.5, 'copying']);
    const result = await engine.compare({ original: 'a', reconstruction: 'b', window: WINDOW });
    expect(result.rmse).toBeCloseTo(1);
    expect(result.maxError).toBeCloseTo(1);
    expect(await engine.locate('a', 'b')).toEqual(WINDOW);
    expect(await engine.spectrum('b', 0, 0)).toEqual(
      (await engine.spectrum('a', 8, 4)).map((value) => value + 1),
    );
  });

  it('gives the same picture of the whole cube and of a window that is the whole', async () => {
    const engine = service();
    await engine.open('a', [], {});
    const request = { cube: 'a', bands: [2, 1, 0], stretch: [2, 98], maxSide: 400 } as const;
    const whole = await engine.picture(request);
    const window = { x: 0, y: 0, width: SIDE, height: SIDE };
    expect(await engine.picture({ ...request, window })).toEqual(whole);
    const thinned = await engine.picture({ ...request, window, maxSide: 10 });
    expect([thinned.width, thinned.height, thinned.stride]).toEqual([10, 10, 4]);
  });

  it('measures a file without metadata against the surveyed part of the cube', async () => {
    const engine = service();
    await engine.open('a', [], {});
    const part = { cube: 'a', window: WINDOW, bands: [0, 1, 3], maxSide: 12 };
    const survey = await engine.survey(part);
    expect(survey.digest).toMatch(/^[0-9a-f]{64}$/);
    expect([survey.picture.width, survey.picture.height]).toEqual([12, 8]);
    const other = await engine.survey({ ...part, window: { ...WINDOW, x: 9 } });
    expect(other.digest).not.toBe(survey.digest);

    const onProgress = vi.fn();
    const measured = await engine.measure({ ...part, codec: 'plain', rate: 1 }, 'job', onProgress);
    expect(measured.file).toHaveLength(4);
    expect(measured.rate).toMatchObject({
      bytes: 4,
      bpp: 32 / (24 * 16),
      bpppc: 32 / (24 * 16 * 3),
    });
    expect(measured.figures).toMatchObject({ rmse: 1, maxError: 1, samples: 24 * 16 * 3 });
    expect(measured.figures.ssim).toBeGreaterThan(0.9);
    expect(measured.picture.stretch).toEqual(survey.picture.stretch);
    expect([measured.encodeMs, measured.decodeMs]).toEqual([5, 6]);
    expect(onProgress).toHaveBeenCalled();
    await engine.endSurvey();
    expect(await engine.codecs()).toMatchObject([{ id: 'plain', version: 'build weights' }]);
  });

  it('names the original’s bands of a file that does not', async () => {
    const engine = service();
    await engine.open('a', [], {});
    const part = { cube: 'a', window: WINDOW, bands: [0, 1, 3], maxSide: 12 };
    const { file, figures } = await engine.measure({ ...part, codec: 'plain', rate: 1 }, 'job');
    const decoded = await engine.decode('b', file, 'job', undefined, { bands: part.bands });
    expect(decoded.codedBands).toEqual([0, 1, 3]);
    const compared = await engine.compare({ original: 'a', reconstruction: 'b', window: WINDOW });
    expect(compared.rmse).toBe(figures.rmse);
  });

  it('speaks of closed cubes and unknown codecs in sentences', async () => {
    const engine = service();
    await expect(engine.spectrum('a', 0, 0)).rejects.toMatchObject({ code: 'bad-argument' });
    await engine.open('a', [], {});
    const options = { rate: 1, bandPolicy: 'refuse', metadata: 'none' } as const;
    await expect(
      engine.encode(
        { cube: 'a', window: WINDOW, codec: 'other', options, reconstruction: 'b' },
        'job',
      ),
    ).rejects.toMatchObject({ code: 'model-missing' });
    await engine.close('a');
    await expect(engine.spectrum('a', 0, 0)).rejects.toThrow('no longer open');
  });
});

/** Images that are never in memory whole, by a budget so small that those of tests are such. */
import { beforeAll, describe, expect, it } from 'vitest';
import { openBits } from '../codecs/fileBits';
import { evenly, OPTIONS, smoothCube, tinyStore } from '../codecs/hific/testing';
import { inspectFile } from '../codecs/inspect';
import { openJpegFromPackage } from '../codecs/openjpeg/openjpegNode';
import { createCodecs } from '../codecs/registry';
import { damagedCopy } from '../core/bitstream/damage';
import type { CubeSource } from '../core/cube/types';
import { memorySource } from '../core/cube/window';
import { writers } from '../formats/registry';
import type { ModelStore } from '../nn/models';
import { useBackend } from '../nn/testing';
import type { TilesKept } from './api';
import { memoryScratch, notWritten, type Scratch } from './scratch';
import { EngineService } from './service';
import { memoryShelf } from './shelf';
import type { Toolbox } from './toolbox';

/** 4 × 3 tiles, so that rates are judged by some of them. */
const cube = smoothCube(420, 300, evenly(12));
const WINDOW = { x: 10, y: 6, width: 400, height: 290 };
const BUDGET = 2 ** 20;
const REQUEST = {
  cube: 'cube',
  window: WINDOW,
  codec: 'hific-opt',
  options: OPTIONS,
  reconstruction: 'decoded',
};
const COMPARED = { original: 'cube', reconstruction: 'decoded', window: WINDOW };

let models: ModelStore;

async function engineOf(
  scratch: Scratch,
  largeBytes?: number,
  source: CubeSource = { ...memorySource(cube), inMemory: false },
): Promise<EngineService> {
  const codecs = await createCodecs(models, openJpegFromPackage);
  const tools: Partial<Toolbox> = {
    openFiles: async () => ({ format: 'ENVI', candidates: [], chosen: '', cube: source }),
    codecs: async () => codecs,
    version: async (codec) => `build ${codec}`,
    inspect: (file) => inspectFile(file, models),
    openBits: (file, facts, bandsFrom, job) => openBits(file, facts, models, bandsFrom, job),
    writer: async (format) => writers.find(({ id }) => id === format) as (typeof writers)[number],
    shelf: memoryShelf,
    scratch: () => scratch,
    tensorBytes: () => 0,
  };
  const engine = new EngineService(tools as Toolbox, largeBytes);
  await engine.open('cube', [], {});
  return engine;
}

/** Storage that outlives its engines, with a count of the tiles that were written to it. */
function countingScratch() {
  const disk = memoryScratch();
  let appended = 0;
  const scratch: Scratch = {
    ...disk,
    part: async (name) => {
      const part = await disk.part(name);
      const append = async (bytes: Uint8Array) => {
        appended++;
        await part?.append(bytes);
      };
      return part && { ...part, append };
    },
  };
  return { scratch, tiles: () => appended };
}

/** Everything that is shown of a reconstruction. */
async function shown(engine: EngineService) {
  const look = { bands: [7, 4, 1], maxSide: 150, stretch: [2, 98] as const };
  const part = { x: 30, y: 20, width: 64, height: 48 };
  return {
    compared: await engine.compare(COMPARED),
    figures: await engine.figures(COMPARED),
    errors: await engine.errorSpectrum(COMPARED),
    maps: await Promise.all(
      (['shown', 'all', 'sam'] as const).map((kind) =>
        engine.difference({ ...COMPARED, kind, bands: [2, 5], maxSide: 150 }),
      ),
    ),
    pictures: [
      await engine.picture({ cube: 'decoded', ...look }),
      await engine.picture({ cube: 'decoded', window: part, ...look }),
    ],
    histogram: await engine.histogram({ cube: 'decoded', bands: [3], maxSide: 150 }),
    spectrum: await engine.spectrum('decoded', 17, 280),
    region: await engine.regionSpectrum('decoded', { window: part }, 'region'),
  };
}

describe('images larger than the budget', () => {
  let whole: EngineService;
  let file: Uint8Array<ArrayBuffer>;
  let expected: Awaited<ReturnType<typeof shown>>;

  beforeAll(async () => {
    await useBackend('wasm');
    models = await tinyStore();
    whole = await engineOf(memoryScratch());
    ({ file } = await whole.encode(REQUEST, 'whole'));
    expected = await shown(whole);
  }, 180_000);

  it('are coded to the same bytes, restored to the same samples and measured to the same figures', async () => {
    const engine = await engineOf(memoryScratch(), BUDGET);
    const told: (TilesKept | undefined)[] = [];
    const files: Uint8Array[] = [];
    const encoded = await engine.encode(
      REQUEST,
      'large',
      (_done, _label, tiles) => told.push(tiles),
      (own) => files.push(own),
    );
    expect(encoded.file).toEqual(file);
    expect(files).toEqual([file]);
    expect((await engine.memory()).byCube?.decoded).toBe(0);
    expect(await shown(engine)).toEqual(expected);
    const place = await whole.locate('cube', 'decoded');
    expect(await engine.locate('cube', 'decoded')).toEqual(place);
    expect(told.some((tiles) => tiles?.done === 11 && tiles.of === 12)).toBe(true);
  }, 120_000);

  it('are opened from files, exported from where they lie, and refused where all has to be in memory', async () => {
    const engine = await engineOf(memoryScratch(), BUDGET);
    const opened = await engine.decode('decoded', file, 'open');
    expect(opened.info.width).toBe(WINDOW.width);
    expect(await shown(engine)).toEqual(expected);
    for (const format of ['numpy', 'envi']) {
      const [own, reference] = await Promise.all(
        [engine, whole].map(async (one) => {
          const files = await one.exportCube('decoded', format, 'scene');
          const texts = files.map(async ({ name, bytes }) => {
            const blob = bytes instanceof Blob ? bytes : new Blob([bytes]);
            return [name, Buffer.from(await blob.arrayBuffer()).toString('base64')] as const;
          });
          return Object.fromEntries(await Promise.all(texts));
        }),
      );
      expect(own).toEqual(reference);
    }
    await expect(engine.exportCube('decoded', 'geotiff', 'scene')).rejects.toMatchObject({
      code: 'limit',
      message: expect.stringMatching(/ENVI or NumPy/),
    });
    const damage = { reconstruction: 'decoded', damages: [], damaged: 'copy' };
    await expect(engine.damage(damage, 'damage')).rejects.toMatchObject({ code: 'limit' });
    const edit = { reconstruction: 'decoded', edits: [], edited: 'edited' };
    await expect(engine.editLatents(edit, 'edit')).rejects.toThrow(/400 × 290 pixels, 12 bands/);
  }, 120_000);

  it('leave damaged tiles without data, the same as smaller ones', async () => {
    const engine = await engineOf(memoryScratch(), BUDGET);
    const copy = damagedCopy(file, [{ kind: 'bit', byte: file.length >> 1, bit: 3 }]);
    const { lost } = await engine.decode('decoded', copy, 'open');
    expect(lost).toHaveLength(1);
    expect((await whole.decode('damaged', copy, 'open')).lost).toEqual(lost);
    const expectedFigures = await whole.figures({ ...COMPARED, reconstruction: 'damaged' });
    expect(await engine.figures(COMPARED)).toEqual(expectedFigures);
    const [x, y] = [(lost ?? [])[0].x, (lost ?? [])[0].y];
    for (const own of [
      await engine.spectrum('decoded', x, y),
      await whole.spectrum('damaged', x, y),
    ]) {
      expect([...own]).toEqual(Array(cube.bands).fill(Number.NaN));
    }
  }, 120_000);

  it('go on after a crash from the last tile, to the same bytes, and then leave nothing behind', async () => {
    const { scratch, tiles: appended } = countingScratch();
    const first = await engineOf(scratch, BUDGET);
    const stopped = first.encode(REQUEST, 'first', (_done, _label, tiles) => {
      if (tiles?.done === 5) first.cancel('first');
    });
    await expect(stopped).rejects.toMatchObject({ code: 'aborted' });
    const before = appended();
    expect(before).toBeGreaterThanOrEqual(5);
    expect(before).toBeLessThan(12);

    const labels: string[] = [];
    const second = await engineOf(scratch, BUDGET);
    const again = await second.encode(REQUEST, 'second', (_done, label) => labels.push(label));
    expect(again.file).toEqual(file);
    expect(labels).toContain(`going on at tile ${before + 1} of 12`);
    const passes = labels.filter((label) => label.endsWith('pass 2')).length > 0 ? 2 : 1;
    expect(appended()).toBe(12 * passes);

    // The part file is gone: another coding begins at the first tile.
    labels.length = 0;
    await second.encode(REQUEST, 'third', (_done, label) => labels.push(label));
    expect(labels.some((label) => label.startsWith('going on'))).toBe(false);
    expect(labels).toContain('tile 1 of 12');
  }, 240_000);

  it('are refused before they are read by codecs that have to see them whole', async () => {
    const { data: _, ...info } = cube;
    const vast: CubeSource = {
      info: { ...info, width: 9000, height: 6000 },
      readWindow: async () => {
        throw new Error('read');
      },
      close: async () => {},
    };
    const engine = await engineOf(memoryScratch(), undefined, vast);
    const window = { x: 0, y: 0, width: 9000, height: 6000 };
    for (const codec of ['jpeg2000', 'pca-jpeg2000', 'lossless']) {
      await expect(engine.encode({ ...REQUEST, codec, window }, 'job')).rejects.toMatchObject({
        code: 'limit',
        message: expect.stringMatching(
          /at most 1 GiB of samples; this one has 2\.41 GiB \(9000 × 6000 pixels, 12 bands\)/,
        ),
      });
    }
    await expect(engine.encode({ ...REQUEST, window }, 'job')).rejects.toThrow('read');
  });

  it('do not go on from tiles of other content, options or weights', async () => {
    const names: string[] = [];
    const disk = memoryScratch();
    const noting: Scratch = {
      ...disk,
      part: async (name) => {
        names.push(name);
        throw new Error('enough');
      },
    };
    const engine = await engineOf(noting, BUDGET);
    const requests = [
      REQUEST,
      { ...REQUEST, window: { ...WINDOW, x: 11 } },
      { ...REQUEST, codec: 'hific-se' },
      { ...REQUEST, options: { ...OPTIONS, rate: 0.5 } },
    ];
    for (const request of [...requests, REQUEST]) {
      await expect(engine.encode(request, 'job')).rejects.toThrow('enough');
    }
    expect(new Set(names).size).toBe(requests.length);
    expect(names.at(-1)).toBe(names[0]);
  });

  it('can be held up and let go on, and cancelled while held up', async () => {
    const { scratch, tiles: appended } = countingScratch();
    const engine = await engineOf(scratch, BUDGET);
    const turn = () => new Promise((resolve) => setTimeout(resolve));
    let reports = 0;
    let held = false;
    const running = engine.encode(REQUEST, 'job', (_done, _label, tiles) => {
      reports++;
      if (tiles?.done === 3 && !held) {
        held = true;
        engine.hold('job', true);
      }
    });
    const settled = running.then(
      () => 'ended',
      (error: Error) => error.message,
    );
    while (appended() < 4) await turn();
    const still = reports;
    for (let i = 0; i < 50; i++) await turn();
    expect([reports, appended()]).toEqual([still, 4]);
    await engine.hold('job', false);
    while (reports === still) await turn();
    await engine.hold('job', true);
    await engine.cancel('job');
    expect(await settled).toBe('The job was cancelled.');
    expect(await engine.hold('job', true)).toBe(false);
  }, 120_000);

  it('keep the file where there is no room for the image', async () => {
    const full: Scratch = {
      ...memoryScratch(),
      file: async () => ({
        write: () => {
          throw notWritten(new DOMException('full', 'QuotaExceededError'));
        },
        read: () => new Uint8Array(0),
        blob: async () => new Blob([]),
        close: async () => {},
      }),
    };
    const engine = await engineOf(full, BUDGET);
    const files: Uint8Array[] = [];
    const encoding = engine.encode(REQUEST, 'job', undefined, (own) => files.push(own));
    await expect(encoding).rejects.toMatchObject({
      code: 'io',
      message: expect.stringMatching(/storage for this page is full/),
    });
    expect(files).toEqual([file]);
  }, 120_000);
});

import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { loadWindow, memorySource } from '../core/cube/window';
import { formatSafetensors, parseSafetensors } from '../core/safetensors';
import { sampleScenes } from '../core/samples';
import { pathSources } from '../formats/bytesNode';
import { enviBipWriter } from '../formats/envi/writer';
import { openFiles } from '../formats/registry';
import { sha256Of } from '../nn/modelFile';
import { codecs } from './commands/codecs';
import { decode } from './commands/decode';
import { encode } from './commands/encode';
import { evaluate } from './commands/evaluate';
import { info } from './commands/info';
import { join as joinFiles, plan, shard } from './commands/parts';
import { report } from './commands/report';
import { EXIT, exitCodeOf, UsageError } from './terminal';

const { signal } = new AbortController();
const SIDE = 64;
let folder: string;
let printed: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hsc-'));
  printed = [];
  vi.spyOn(console, 'log').mockImplementation((line: string) => printed.push(line));
  vi.spyOn(process.stderr, 'write').mockImplementation(() => true);
});

afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true });
});

/** A part of the sample Town as a file: whole scenes take a core half a minute. */
async function partOfTown(target: string): Promise<string> {
  const source = sampleScenes.find(({ id }) => id === 'town')?.open() ?? expect.fail('no town');
  const part = await loadWindow(source, { x: 40, y: 60, width: SIDE, height: SIDE });
  for (const { name, bytes } of await enviBipWriter.write(part, 'part')) {
    await writeFile(join(target, name), bytes);
  }
  return join(target, 'part.hdr');
}

/** Weights of hific-opt with another generator, as a trainer would leave them. */
async function tunedWeights(target: string) {
  const shipped = new Uint8Array(
    await readFile(new URL('../../models/hific-opt.safetensors', import.meta.url)),
  );
  const { tensors, metadata } = parseSafetensors(shipped);
  const name = 'generator.out.bias';
  const bias = tensors.get(name) ?? expect.fail(`no ${name}`);
  const moved = { ...bias, data: Float32Array.from(bias.data, (value) => value + 0.01) };
  const lineage = {
    parent: 'hific-opt',
    parentDigest: await sha256Of(shipped),
    scenes: ['town'],
    settings: { part: 'generator', objective: 'fidelity' },
    step: 7,
    date: '2026-11-26T12:00:00Z',
  };
  const training = JSON.stringify({ name: 'Town', lineage });
  const bytes = formatSafetensors({
    tensors: new Map([...tensors, [name, moved]]),
    metadata: { ...metadata, training },
  });
  const path = join(target, 'tuned.safetensors');
  await writeFile(path, bytes);
  return { path, digest: (await sha256Of(bytes)).slice(0, 8) };
}

describe('hsc', () => {
  it('encodes, tells of and decodes an image', async () => {
    const file = join(folder, 'town.hsc');
    expect(await encode(['sample:town', '-o', file, '--rate', '0.4'], signal)).toBe(EXIT.ok);

    expect(await info([file, '--json'])).toBe(EXIT.ok);
    const told = JSON.parse(printed[0]);
    const bytes = Object.values<number>(told.sections).reduce((sum, part) => sum + part, 0);
    expect(told).toMatchObject({ codec: 'hific-se', width: 192, height: 192, bands: 108 });
    expect(told.bytes).toBe((await readFile(file)).length);
    expect(bytes).toBeCloseTo(told.bytes, 6);

    for (const name of ['out.hdr', 'out.tif', 'out.npy']) {
      expect(await decode([file, '-o', join(folder, name)], signal)).toBe(EXIT.ok);
      const { cube } = await openFiles(await pathSources(join(folder, name)), {});
      expect(cube.info).toMatchObject({ width: 192, height: 192, bands: 108 });
      expect(cube.info.wavelengthsNm?.[0]).toBeCloseTo(420, 3);
      await cube.close();
    }
  });

  it('measures from files that it keeps', async () => {
    const kept = join(folder, 'kept');
    const args = [await partOfTown(folder), '--codec', 'hific-opt', '--rates', '0.2,1.0', '--json'];
    expect(await evaluate([...args, '--keep', kept], signal)).toBe(EXIT.ok);
    const [low, high] = printed.map((line) => JSON.parse(line));
    const files = await readdir(kept);
    expect(files.sort()).toEqual(['part.hific-opt.0.2.hsc', 'part.hific-opt.1.hsc']);
    expect(high.bytes).toBe((await readFile(join(kept, files[1]))).length);
    expect(high.bpp).toBeCloseTo((8 * high.bytes) / SIDE ** 2, 9);
    expect(high.psnr).toBeGreaterThan(low.psnr);
    expect(high.ssim).toBeGreaterThan(low.ssim);
    expect(high.samMax).toBeGreaterThan(high.sam);
    expect(high.ratio).toBeCloseTo((16 * 108) / high.bpp, 6);
    const bytes = Object.values<number>(high.sections).reduce((sum, part) => sum + part, 0);
    expect(bytes).toBeCloseTo(high.bytes, 6);
  });

  it('measures on a spectral grid, with means, deltas and a table file', async () => {
    const file = join(folder, 'points.csv');
    const ids = ['--codec', 'hific-opt,hific-se', '--anchor', 'hific-opt', '--rates', '0.2,1'];
    const grid = ['--grid', 'vnir-128', '--csv', file];
    expect(await evaluate([await partOfTown(folder), ...ids, ...grid], signal)).toBe(EXIT.ok);
    expect(printed.join('\n')).toMatch(/against hific-opt +cube +BD-PSNR dB/);
    const [header, ...rows] = (await readFile(file, 'utf8')).trim().split('\n');
    const column = (name: string) =>
      rows.map((row) => row.split(',')[header.split(',').indexOf(name)]);
    expect(column('grid')).toEqual(Array(4).fill('vnir-128'));
    expect(new Set(column('bands'))).toEqual(new Set(['116']));
    await writeFile(join(folder, 'sample-town.npy'), '');
    const namesakes = ['sample:town', join(folder, 'sample-town.npy')];
    await expect(evaluate(namesakes, signal)).rejects.toThrow(/Two cubes are called/);
    await expect(evaluate(['sample:town', '--grid', 'x'], signal)).rejects.toThrow(UsageError);
    await expect(evaluate(['sample:town', '--anchor', 'x'], signal)).rejects.toThrow(UsageError);
  });

  it('reports on a page', async () => {
    const file = join(folder, 'pages', 'town.html');
    const args = [await partOfTown(folder), '--codec', 'hific-opt', '--rates', '0.2,1'];
    expect(await report([...args, '--title', 'Town', '-o', file], signal)).toBe(EXIT.ok);
    const page = await readFile(file, 'utf8');
    expect(page).toContain('<h1>Town</h1>');
    expect(page).toContain('target 0.2 bpp');
    await expect(report(args, signal)).rejects.toThrow(UsageError);
  });

  it('lists its codecs with rates and sources', async () => {
    expect(await codecs([])).toBe(EXIT.ok);
    expect(printed[0]).toMatch(/^hific-se +.*hific +vnir-128, vswir-200 +0\.2–1 bpp/m);
    expect(printed.join('\n')).toContain('Byju');
  });

  it('codes with weights of its own, which decoding needs too', async () => {
    const [file, out] = [join(folder, 'town.hsc'), join(folder, 'town.npy')];
    const weights = await tunedWeights(folder);
    const town = await partOfTown(folder);
    const named = ['--weights', weights.path];
    expect(await encode([town, '-o', file, '--rate', '0.2', ...named], signal)).toBe(EXIT.ok);
    expect(await info([file, '--json', ...named])).toBe(EXIT.ok);
    const { digest } = weights;
    expect(JSON.parse(printed[0])).toMatchObject({ codec: `hific-opt@${digest}`, model: digest });
    await expect(decode([file, '-o', out], signal)).rejects.toMatchObject({
      code: 'model-missing',
      message: expect.stringMatching(`weights ${digest}.*import the weights file`),
    });
    expect(await decode([file, '-o', out, ...named], signal)).toBe(EXIT.ok);

    const carried = [...named, '--delta', '--rate', '1'];
    expect(await encode([town, '-o', file, ...carried], signal)).toBe(EXIT.ok);
    expect(await info([file, '--json'])).toBe(EXIT.ok);
    const told = JSON.parse(printed[1]);
    expect(told.codec).toBe('hific-opt');
    expect(told.sections.weights).toBeGreaterThan(0);
    expect(await decode([file, '-o', out], signal)).toBe(EXIT.ok);

    expect(await codecs([...named])).toBe(EXIT.ok);
    expect(printed.join('\n')).toMatch(/HiFiC opt, tuned: Town/);
    expect(printed.join('\n')).toMatch(/Tuned from hific-opt on town: 7 steps \(generator\)/);
    const missing = ['--weights', join(folder, 'none.safetensors')];
    await expect(codecs(missing)).rejects.toMatchObject({ code: 'io' });
  });

  it('refuses bands outside the model’s range, and says how to go on', async () => {
    const file = join(folder, 'coast.hsc');
    await expect(encode(['sample:coast', '-o', file], signal)).rejects.toThrow(
      /7 of 213 bands lie outside 400–1335, 1460–1789 and 1960–2450 nm/,
    );
    expect(await encode(['sample:coast', '-o', file, '--bands', 'covered'], signal)).toBe(EXIT.ok);
  });

  it('codes an image in shares, and restores windows and what is left of a damaged file', async () => {
    const source = sampleScenes.find(({ id }) => id === 'town')?.open() ?? expect.fail('no town');
    const two = await loadWindow(source, { x: 0, y: 60, width: 192, height: 64 });
    for (const { name, bytes } of await enviBipWriter.write(two, 'two')) {
      await writeFile(join(folder, name), bytes);
    }
    const image = join(folder, 'two.hdr');
    const at = (name: string) => join(folder, name);
    const weights = ['--codec', 'hific-opt'];
    expect(await plan([image, '-o', at('plan.hsp'), ...weights], signal)).toBe(EXIT.ok);
    for (const share of ['2/2', '1/2']) {
      const own = ['--plan', at('plan.hsp'), '--shard', share, '-o', at(`${share[0]}.hsp`)];
      expect(await shard([image, ...own], signal)).toBe(EXIT.ok);
    }
    await expect(joinFiles([at('1.hsp'), '-o', at('two.hsc')])).rejects.toThrow('1 of 2 tiles');
    const parts = ['plan.hsp', '1.hsp', '2.hsp'].map(at);
    expect(await joinFiles([...parts, '-o', at('two.hsc')])).toBe(EXIT.ok);

    const restored = async (args: string[], name: string) => {
      expect(await decode([...args, '-o', at(name)], signal)).toBe(EXIT.ok);
      const { cube } = await openFiles(await pathSources(at(name)), {});
      const { width, height } = cube.info;
      const loaded = await loadWindow(cube, { x: 0, y: 0, width, height });
      await cube.close();
      return loaded;
    };
    const whole = await restored([at('two.hsc')], 'whole.npy');
    const window = { x: 90, y: 10, width: 20, height: 30 };
    const part = await restored([at('two.hsc'), '--window', '90,10,20,30'], 'part.img');
    const expected = await loadWindow(memorySource(whole), window);
    expect(part.data).toEqual(expected.data);

    const bytes = new Uint8Array(await readFile(at('two.hsc')));
    bytes[bytes.length - 20] ^= 8;
    await writeFile(at('damaged.hsc'), bytes);
    await expect(decode([at('damaged.hsc'), '-o', at('x.npy')], signal)).rejects.toThrow(
      'Tile 2 of 2',
    );
    const left = await restored([at('damaged.hsc'), '--damaged', 'mark'], 'left.npy');
    const { bands } = left;
    expect(Number.isNaN(left.data[(64 * 192 - 1) * bands])).toBe(true);
    // G sees the guessed latents from six blocks away, by a trace.
    for (let b = 0; b < bands; b++) expect(left.data[b] / whole.data[b]).toBeCloseTo(1, 4);
  });

  it('refuses damaged files and wrong usage', async () => {
    const file = join(folder, 'damaged.hsc');
    await writeFile(file, 'HSC?');
    const failure = await decode([file, '-o', join(folder, 'x.tif')], signal).catch((e) => e);
    expect(exitCodeOf(failure)).toBe(EXIT.failed);
    await expect(encode(['sample:town'], signal)).rejects.toThrow(UsageError);
    await expect(encode(['sample:town', '-o', file, '--rate', 'x'], signal)).rejects.toThrow(
      UsageError,
    );
    await expect(decode([file, '-o', 'x.xyz'], signal)).rejects.toThrow(UsageError);
    const window = ['--window', '1,2,3'];
    await expect(decode([file, '-o', 'x.npy', ...window], signal)).rejects.toThrow(UsageError);
    for (const share of ['0/2', '3/2', '1', 'a/b']) {
      const wrong = ['--plan', file, '--shard', share, '-o', file];
      await expect(shard(['sample:town', ...wrong], signal)).rejects.toThrow(UsageError);
    }
    await expect(joinFiles(['-o', file])).rejects.toThrow(UsageError);
  });
});

import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@playwright/test';
import { build } from 'esbuild';
import { parseFile } from '../src/core/bitstream/container';
import { MAX_RATE } from '../src/core/bitstream/header';
import { hasFirefox, NO_FIREFOX, openFirefox } from './firefox';

/** What `hsc evaluate --json` prints, as far as it is used here. */
interface Point {
  readonly cube: string;
  readonly codec: string;
  readonly rate: number;
  readonly psnr: number;
  readonly bpp: number;
  readonly bytes: number;
  readonly estimatedBits: number;
  readonly metadataBytes: number;
  readonly tiles: number;
  readonly meanSpectrumPsnr: number;
  readonly symbols: string;
}

const root = resolve(import.meta.dirname, '..');
const data = resolve(process.env.HSI_DATA ?? join(root, '../shared/data'), 'cubes/test');
const manifest: { models: { codec: string; file: string; stage: string; sha256: string }[] } =
  JSON.parse(readFileSync(join(root, 'models/manifest.json'), 'utf8'));
// Weights of the GAN stage have the same entropy model (src/codecs/hific/stages.test.ts).
const models = manifest.models.filter(({ stage }) => stage === 'fidelity');
const learned = [...new Set(models.map(({ codec }) => codec))];
/** The weights that a point's file names: which of the codec's they are goes by the cube's bands. */
const weightsOf = (point: Point) =>
  models.find(({ sha256 }) => sha256.startsWith(modelOf(point).digest))?.file ?? '';

/** `npm run exactness`: every test cube at every target of the weights. Otherwise one of each kind. */
const ALL = process.env.EXACTNESS === 'all';
const SOME = ['enmap_potsdam_a', 'pavia_centre_ad', 'samson', 'urban_sub34x78'];
const RATES = ALL ? [0.2, 0.4, 0.6, 0.8, 1] : [0.2, 0.6, 1];

function cubes(): string[] {
  if (existsSync(data)) {
    const there = readdirSync(data).filter((name) => name.endsWith('.npz'));
    const names = ALL ? there : SOME.map((name) => `${name}.npz`);
    return ['sample:town', ...names.map((name) => join(data, name))];
  }
  console.warn(`SKIPPED the real test cubes: there is no folder ${data} (set HSI_DATA).`);
  return ['sample:town', 'sample:coast'];
}

const hsc = (...args: string[]) =>
  promisify(execFile)('node', [join(root, 'bin/hsc.mjs'), ...args], { maxBuffer: 1 << 26 });

function pythonWithNumpy(): string | undefined {
  return [process.env.HSC_PYTHON, join(root, '.venv/bin/python'), 'python3'].find(
    (python) => python && spawnSync(python, ['-c', 'import numpy']).status === 0,
  );
}

let folder: string;
let bundle: string;
const points: Point[] = [];
const pathOf = ({ cube, codec, rate }: Point) => join(folder, `${cube}.${codec}.${rate}.hsc`);
const nameOf = ({ cube, codec, rate }: Point) => `${cube} ${codec} ${rate}`;

test.beforeAll(async () => {
  test.setTimeout(900_000);
  folder = mkdtempSync(join(tmpdir(), 'hsc-exactness-'));
  // The first start bundles the command line; then each core measures every other cube.
  await hsc('codecs');
  const halves = [0, 1].map((half) => cubes().filter((_, i) => i % 2 === half));
  const printed = await Promise.all(
    halves.map((own) =>
      hsc(
        'evaluate',
        ...own,
        '--codec',
        learned.join(),
        '--rates',
        RATES.join(),
        '--json',
        '--keep',
        folder,
      ),
    ),
  );
  for (const { stdout } of printed) {
    const lines = stdout.trim().split('\n');
    points.push(...lines.map((line) => JSON.parse(line) as Point));
  }
  const built = await build({
    entryPoints: [join(root, 'e2e/support/decodeSymbols.ts')],
    bundle: true,
    format: 'iife',
    write: false,
  });
  bundle = built.outputFiles[0].text;
});

test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

function modelOf(point: Point) {
  const { header } = parseFile(new Uint8Array(readFileSync(pathOf(point))));
  if (header.family !== 'hific') throw new Error(`${nameOf(point)} is no file of HiFiC`);
  return header.model;
}

/**
 * What a file may cost besides its symbols: its frame and that one's length, 24 bytes, and 6 a tile
 * where it has a tile index.
 */
const allowance = (p: Point) => 25 + modelOf(p).frame.length + (p.tiles > 1 ? 6 * p.tiles : 0);

test('files cost what the tables say, plus their frame and at most 25 bytes', () => {
  const over = points.filter(
    (p) => p.bytes > (p.estimatedBits / 8) * 1.005 + allowance(p) + p.metadataBytes,
  );
  expect(over.map(nameOf)).toEqual([]);
  expect(points.filter((p) => !p.cube.startsWith('sample-') && p.tiles > 1)).toEqual([]);
  expect(points.length).toBe(cubes().length * learned.length * RATES.length);
});

test('no file is larger than its target, but for the least that an image takes', () => {
  const over = points.filter((p) => p.bpp > p.rate && modelOf(p).rate > 0);
  expect(over.map(nameOf)).toEqual([]);
});

test('rates are ordered in rate and in PSNR, up to the best quality there is', () => {
  for (const cube of new Set(points.map((p) => p.cube))) {
    for (const codec of learned) {
      const curve = points.filter((p) => p.cube === cube && p.codec === codec);
      for (let i = 1; i < curve.length && modelOf(curve[i - 1]).rate < MAX_RATE; i++) {
        expect.soft(curve[i].bpp, `bpp of ${nameOf(curve[i])}`).toBeGreaterThan(curve[i - 1].bpp);
        expect
          .soft(curve[i].psnr, `PSNR of ${nameOf(curve[i])}`)
          .toBeGreaterThan(curve[i - 1].psnr);
      }
    }
  }
});

test('every variant beats the mean spectrum by 6 dB at 1 bpp', () => {
  // Smaller than 64 px: `urban_sub34x78` is left out, as the requirement says.
  const best = points.filter((p) => p.rate === 1 && p.cube !== 'urban_sub34x78');
  for (const p of best) {
    expect.soft(p.psnr, nameOf(p)).toBeGreaterThanOrEqual(p.meanSpectrumPsnr + 6);
  }
});

/** Which points a page decodes to other symbols than Node. */
async function differingIn(evaluate: (file: number[], weights: string) => Promise<string>) {
  const differing: string[] = [];
  for (const point of points) {
    const file = [...readFileSync(pathOf(point))];
    const digest = await evaluate(file, `models/${weightsOf(point)}`);
    if (digest !== point.symbols) differing.push(nameOf(point));
  }
  return differing;
}

test('Chromium decodes the same symbols as Node', async ({ page }) => {
  test.setTimeout(900_000);
  await page.goto('/');
  await page.addScriptTag({ content: bundle });
  const differing = await differingIn((...given) =>
    page.evaluate(([file, url]) => window.digestOfFile(file, url), given),
  );
  expect(differing).toEqual([]);
});

test('Firefox decodes the same symbols as Node', async ({ baseURL }) => {
  test.setTimeout(900_000);
  if (!hasFirefox) console.warn(NO_FIREFOX);
  test.skip(!hasFirefox, NO_FIREFOX);
  const browser = await openFirefox();
  try {
    const page = await browser.newPage();
    await page.goto(`${baseURL}/`);
    await page.addScriptTag({ content: bundle });
    const differing = await differingIn((...given) =>
      page.evaluate((file, url) => window.digestOfFile(file, url), ...given),
    );
    expect(differing).toEqual([]);
  } finally {
    await browser.close();
  }
});

test('the Python decoder decodes the same symbols as Node', () => {
  test.setTimeout(900_000);
  const python = pythonWithNumpy();
  const missing = 'SKIPPED the comparison with the Python decoder: no Python with numpy was found.';
  if (!python) console.warn(missing);
  test.skip(!python, missing);
  const weights = [...new Set(points.map(weightsOf))];
  const differing = weights.flatMap((file) => {
    const own = points.filter((point) => weightsOf(point) === file);
    const args = ['-m', 'hsc_decoder', ...own.map(pathOf)];
    const model = ['--model', join(root, 'models', file), '--digest'];
    const cwd = join(root, 'training');
    const printed = execFileSync(python ?? '', [...args, ...model], { cwd, encoding: 'utf8' });
    const digests = printed.trim().split('\n');
    expect(digests).toHaveLength(own.length);
    return own.filter(({ symbols }, i) => digests[i] !== symbols);
  });
  expect(differing.map(nameOf)).toEqual([]);
});

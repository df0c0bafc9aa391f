// The measured part of docs/models.md. `npm run models:measure` measures the shipped models and the
// classical codecs on the test cubes at both spectral grids and writes models/results.json and the tables;
// `npm run models:verify` measures anew and fails where a figure or a table differs.
// `npm run models:measure -- PART [CODECS]` measures only one part of them, as `PARTS` names it, of `neighbours`
// some codecs.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleForNode } from './bundle.mjs';

const root = join(import.meta.dirname, '..');
const data = process.env.HSI_DATA ?? join(root, '..', 'shared', 'data');
const cubes = join(data, 'cubes', 'test');
// Another backbone than the one that trained the models.
const lpipsWeights = join(data, 'lpips', 'squeeze.npz');
const results = join(root, 'models', 'results.json');
const card = join(root, 'docs', 'models.md');
const VARIANTS = ['hific-opt', 'hific-se', 'hific-3d'];
const GAN = VARIANTS.map((id) => `${id}-gan`);
const LEARNED = [...VARIANTS, ...GAN];
const CODECS = [...LEARNED, 'klt-jpeg2000', 'pca-jpeg2000', 'jpeg2000'].join(',');
const CLASSICAL = ['wavelet-3d', 'dct-3d', 'dpcm-dct', 'klt-jpeg2000', 'pca-jpeg2000'];
const NEIGHBOUR_RATES = '0.4,1,2,4,8';
/** Cubes whose bands span less tell nothing of `vswir-200`. */
const WIDE_NM = 1500;
// Backends differ in the last digits of the networks' floats, hence in a few symbols.
const TOLERANCE = { bpp: 0.01, psnr: 0.05, ssim: 0.005, sam: 0.05, lpips: 0.005 };

async function cardTools() {
  const outfile = join(root, 'node_modules', '.cache', 'hsc', 'modelCard.mjs');
  await bundleForNode(join(root, 'scripts', 'modelCard.ts'), outfile);
  return import(outfile);
}

const manifest = JSON.parse(readFileSync(join(root, 'models', 'manifest.json'), 'utf8'));
const neighbours = [...manifest.neighbours.map(({ codec }) => codec), ...CLASSICAL];

function digests() {
  const learned = manifest.neighbours.map(({ codec, file }) => ({ id: codec, file }));
  return Object.fromEntries(
    [...manifest.models, ...learned].map(({ id, file }) => {
      const bytes = readFileSync(join(root, 'models', file));
      return [id, createHash('sha256').update(bytes).digest('hex')];
    }),
  );
}

function wideCubes() {
  const names = readdirSync(cubes).filter((name) => name.endsWith('.json'));
  const span = (name) => {
    const sidecar = JSON.parse(readFileSync(join(cubes, name), 'utf8'));
    const nm = sidecar.wavelengths_nm ?? sidecar.wavelengths_nm_approx;
    return Math.max(...nm) - Math.min(...nm);
  };
  return names
    .filter((name) => span(name) >= WIDE_NM)
    .map((name) => join(cubes, name.replace('.json', '.npz')));
}

function evaluate(inputs, grid, codecs, ...options) {
  const args = ['evaluate', ...inputs, '--grid', grid, '--codec', codecs, '--json', ...options];
  const { status, stdout } = spawnSync('node', [join(root, 'bin', 'hsc.mjs'), ...args], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) throw new Error('hsc evaluate failed');
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
    .map(({ cube, codec, rate, width, height, bytes, bpp, psnr, ssim, sam, lpips, encodeMs }) => ({
      cube,
      codec,
      rate,
      width,
      height,
      bytes,
      bpp,
      psnr,
      ssim,
      sam,
      lpips,
      encodeMs: Math.round(encodeMs),
    }));
}

const LPIPS = ['--lpips', lpipsWeights];
const PARTS = {
  points: () => evaluate([cubes], 'vnir-128', CODECS, ...LPIPS),
  // What rate–distortion optimised rounding is worth: one variant without it.
  plainRounding: () => evaluate([cubes], 'vnir-128', VARIANTS[1], '--plain-rounding'),
  perceptualFit: () => evaluate([cubes], 'vnir-128', GAN.join(','), ...LPIPS, '--perceptual-fit'),
  wide: () => evaluate(wideCubes(), 'vswir-200', CODECS, ...LPIPS),
  neighbours: () => measureNeighbours(neighbours),
};

function measure() {
  const measured = Object.entries(PARTS).map(([part, run]) => [part, run()]);
  return { models: digests(), ...Object.fromEntries(measured) };
}

function measureNeighbours(codecs) {
  return evaluate([cubes], 'vnir-128', codecs.join(','), '--rates', NEIGHBOUR_RATES);
}

/** What is on record, with a part measured anew, of `neighbours` some codecs' points. */
function remeasured(stored, part, codecs) {
  if (!(part in PARTS))
    throw new Error(`There is no part ${part}: ${Object.keys(PARTS).join(', ')}`);
  if (part !== 'neighbours') return { ...stored, models: digests(), [part]: PARTS[part]() };
  const known = (stored.neighbours ?? []).filter(({ codec }) => !codecs.includes(codec));
  const points = [...known, ...measureNeighbours(codecs)];
  const order = ({ codec }) => neighbours.indexOf(codec);
  return {
    ...stored,
    models: digests(),
    neighbours: points.sort((a, b) => order(a) - order(b)),
  };
}

function changes(before, now) {
  return Object.entries(TOLERANCE)
    .filter(([name, tolerance]) => Math.abs(now[name] - before[name]) > tolerance)
    .map(([name]) => `${name} ${before[name]} on record, ${now[name]} measured`);
}

function differences(stored, fresh) {
  const found = [];
  for (const id of Object.keys(fresh.models)) {
    if (stored.models[id] !== fresh.models[id]) found.push(`${id}: other weights were measured`);
  }
  const keyOf = ({ cube, codec, rate }) => `${cube} ${codec} ${rate}`;
  for (const part of Object.keys(PARTS)) {
    const known = new Map(stored[part].map((point) => [keyOf(point), point]));
    if (known.size !== fresh[part].length) found.push('other cubes, codecs or rates were measured');
    for (const point of fresh[part]) {
      const before = known.get(keyOf(point));
      if (before) found.push(...changes(before, point).map((text) => `${keyOf(point)}: ${text}`));
    }
  }
  return found;
}

if (!existsSync(cubes)) {
  console.error(`No test cubes in ${cubes}: name the folder of the shared data in HSI_DATA.`);
  process.exit(1);
}
const { withTables } = await cardTools();
const text = readFileSync(card, 'utf8');
const [task, part, codecs] = process.argv.slice(2);
const stored = existsSync(results) ? JSON.parse(readFileSync(results, 'utf8')) : undefined;
if (task === 'measure') {
  const fresh = part ? remeasured(stored, part, codecs?.split(',') ?? neighbours) : measure();
  writeFileSync(results, `${JSON.stringify(fresh, null, 1)}\n`);
  writeFileSync(card, withTables(text, fresh));
} else {
  const fresh = measure();
  const found = differences(stored, fresh);
  if (withTables(text, stored) !== text) found.push('docs/models.md: tables were edited');
  for (const line of found) console.log(line);
  console.log(
    `${Object.keys(PARTS).flatMap((part) => fresh[part]).length} points measured, ${found.length} differences`,
  );
  process.exitCode = found.length > 0 ? 1 : 0;
}

// The measured part of docs/models.md. `npm run models:measure` measures the shipped models and the
// classical codecs on the test cubes and writes models/results.json and the tables;
// `npm run models:verify` measures anew and fails where a figure or a table differs.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleForNode } from './bundle.mjs';

const root = join(import.meta.dirname, '..');
const cubes = join(process.env.HSI_DATA ?? join(root, '..', 'shared', 'data'), 'cubes', 'test');
const results = join(root, 'models', 'results.json');
const card = join(root, 'docs', 'models.md');
const CODECS = 'hific-opt,hific-se,hific-3d,klt-jpeg2000,pca-jpeg2000,jpeg2000';
// Backends differ in the last digits of the networks' floats, hence in a few symbols.
const TOLERANCE = { bpp: 0.01, psnr: 0.05, ssim: 0.005, sam: 0.05 };

async function cardTools() {
  const outfile = join(root, 'node_modules', '.cache', 'hsc', 'modelCard.mjs');
  await bundleForNode(join(root, 'scripts', 'modelCard.ts'), outfile);
  return import(outfile);
}

function digests() {
  const { models } = JSON.parse(readFileSync(join(root, 'models', 'manifest.json'), 'utf8'));
  return Object.fromEntries(
    models.map(({ id, file }) => {
      const bytes = readFileSync(join(root, 'models', file));
      return [id, createHash('sha256').update(bytes).digest('hex')];
    }),
  );
}

function measure() {
  const args = ['evaluate', cubes, '--grid', 'vnir-128', '--codec', CODECS, '--json'];
  const { status, stdout } = spawnSync('node', [join(root, 'bin', 'hsc.mjs'), ...args], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) throw new Error('hsc evaluate failed');
  const points = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
    .map(({ cube, codec, rate, width, height, bytes, bpp, psnr, ssim, sam }) => ({
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
    }));
  return { models: digests(), points };
}

function differences(stored, fresh) {
  const found = [];
  for (const id of Object.keys(fresh.models)) {
    if (stored.models[id] !== fresh.models[id]) found.push(`${id}: other weights were measured`);
  }
  const keyOf = ({ cube, codec, rate }) => `${cube} ${codec} ${rate}`;
  const known = new Map(stored.points.map((point) => [keyOf(point), point]));
  if (known.size !== fresh.points.length) found.push('other cubes, codecs or rates were measured');
  for (const point of fresh.points) {
    const before = known.get(keyOf(point));
    if (!before) continue;
    for (const [name, tolerance] of Object.entries(TOLERANCE)) {
      if (Math.abs(point[name] - before[name]) <= tolerance) continue;
      found.push(`${keyOf(point)}: ${name} ${before[name]} on record, ${point[name]} measured`);
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
const fresh = measure();
if (process.argv[2] === 'measure') {
  writeFileSync(results, `${JSON.stringify(fresh, null, 1)}\n`);
  writeFileSync(card, withTables(text, fresh.points));
} else {
  const stored = JSON.parse(readFileSync(results, 'utf8'));
  const found = differences(stored, fresh);
  if (withTables(text, stored.points) !== text) found.push('docs/models.md: tables were edited');
  for (const line of found) console.log(line);
  console.log(`${fresh.points.length} points measured, ${found.length} differences`);
  process.exitCode = found.length > 0 ? 1 : 0;
}

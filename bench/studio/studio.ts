/**
 * The studio's budgets, measured on its production build in a browser on this machine.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright';
import { build, preview } from 'vite';
import { ensureBrowser } from '../../scripts/browser.mjs';
import {
  bandRepaintMs,
  coldLoad,
  largeScene,
  longestTaskWhileEncoding,
  openStudio,
} from './measure';
import { type SceneShape, writeEnvi } from './scenes';

const MEGABYTE = 2 ** 20;
const MEMORY_MB = 1024;
const OPEN_MS = 3000;

/** `large` is 3.2 GB of float32: uint16 would be 1.6 GB, less than the 2.4 GB that are asked for. */
const SCENES: Readonly<Record<'middle' | 'large', SceneShape>> = {
  middle: { width: 610, height: 340, bands: 103 },
  large: { width: 2000, height: 1500, bands: 270 },
};
const REPAINTED: SceneShape = { width: 512, height: 512, bands: 64 };

interface Row {
  readonly what: string;
  readonly unit: string;
  readonly budget: number;
  /** Undefined where this machine cannot measure it. */
  readonly value: number | undefined;
}

async function withPage<T>(browser: Browser, work: (page: Page) => Promise<T>): Promise<T> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  try {
    return await work(await context.newPage());
  } finally {
    await context.close();
  }
}

const row = (what: string, unit: string, budget: number, value: number | undefined): Row => ({
  what,
  unit,
  budget,
  value,
});

async function sceneRows(browser: Browser, url: string, folder: string): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [name, shape] of Object.entries(SCENES)) {
    const files = writeEnvi(folder, name, shape);
    try {
      const { pictureMs, patchMs, bytes } = await withPage(browser, async (page) => {
        await openStudio(page, url);
        return largeScene(page, files);
      });
      const size = `ENVI ${shape.width}×${shape.height}×${shape.bands}`;
      rows.push(
        row(`${size}, open and show`, 'ms', OPEN_MS, pictureMs),
        row(`${size}, open, show and read a patch`, 'ms', OPEN_MS, pictureMs + patchMs),
        row(`${size}, memory of the page`, 'MB', MEMORY_MB, bytes && bytes / MEGABYTE),
      );
    } finally {
      for (const file of files) rmSync(file);
    }
  }
  return rows;
}

async function measureAll(browser: Browser, url: string, folder: string): Promise<Row[]> {
  const { gzipBytes, milliseconds } = await coldLoad(browser, url);
  const rows = [
    row('JavaScript before the first picture, gzip', 'kB', 350, gzipBytes / 1000),
    row('first picture after a cold load', 'ms', 3000, milliseconds),
    row(
      'longest main-thread task while encoding (0: none over 50)',
      'ms',
      100,
      await withPage(browser, (page) => longestTaskWhileEncoding(page, url)),
    ),
  ];
  const files = writeEnvi(folder, 'repainted', REPAINTED);
  const repaint = await withPage(browser, async (page) => {
    await openStudio(page, url);
    return bandRepaintMs(page, files);
  });
  rows.push(row('main-thread work of a band step, 512×512', 'ms', 16, repaint));
  return [...rows, ...(await sceneRows(browser, url, folder))];
}

const within = ({ value, budget }: Row) => value === undefined || value <= budget;

function print(rows: readonly Row[]) {
  console.log(`\n${'the studio'.padEnd(60)} ${'value'.padStart(9)} ${'budget'.padStart(9)}`);
  for (const one of rows) {
    const value = one.value === undefined ? 'unknown' : `${one.value.toFixed(0)} ${one.unit}`;
    const budget = `${one.budget} ${one.unit}`;
    const verdict = one.value === undefined ? 'not measured' : within(one) ? 'ok' : 'OVER';
    console.log(`${one.what.padEnd(60)} ${value.padStart(9)} ${budget.padStart(9)}   ${verdict}`);
  }
}

/** Builds the studio, measures it, prints the table; 1 where something is over its budget. */
export async function main(root: string): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'hsc-bench-'));
  const outDir = join(folder, 'dist');
  await build({ root, logLevel: 'error', build: { outDir } });
  const server = await preview({
    root,
    build: { outDir },
    preview: { port: 0 },
    logLevel: 'error',
  });
  const browser = await chromium.launch({
    executablePath: ensureBrowser(),
    args: ['--no-sandbox', '--enable-precise-memory-info'],
  });
  try {
    console.log(`Chromium ${browser.version()}, ${cpus()[0]?.model} × ${cpus().length}`);
    const address = server.httpServer.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const rows = await measureAll(browser, `http://localhost:${port}/`, folder);
    print(rows);
    return rows.every(within) ? 0 : 1;
  } finally {
    await browser.close();
    await server.close();
    rmSync(folder, { recursive: true });
  }
}

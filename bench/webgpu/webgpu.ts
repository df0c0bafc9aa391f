/**
 * E and G of every variant on WebGPU in Chromium: tfjs as the studio runs it beside ONNX Runtime Web with
 * the same weights, on the same patch and the same adapter.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, extname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { type Browser, chromium, type Page } from 'playwright';
import { ensureBrowser } from '../../scripts/browser.mjs';
import { normalize, valueRange } from '../../src/core/cube/normalize';
import { ModelStore } from '../../src/nn/models';
import { fetchFromFolder } from '../../src/nn/modelsNode';
import type { Repeat } from '../networks';
import { exportOnnx } from '../onnx';
import { patch, SIDE } from '../patch';
import type { WebGpuReport } from './page';

const WARM_UP = 2;
/** Nothing listens there: the browser is given the files by its own router. */
const ORIGIN = 'http://localhost:1';
/** Where there is no GPU Chromium emulates one in software, which it has to be told to. */
const ARGS = [
  '--no-sandbox',
  '--enable-unsafe-webgpu',
  '--enable-unsafe-swiftshader',
  '--enable-features=Vulkan',
];

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
};

/** What the browser asks for, from the folder of this run or the repository. */
function fileFor(root: string, folder: string, path: string): string {
  const name = basename(path);
  if (path.startsWith('/models/')) return join(root, 'models', name);
  if (path.startsWith('/ort/')) return join(root, 'node_modules/onnxruntime-web/dist', name);
  return join(folder, name);
}

async function openPage(browser: Browser, root: string, folder: string): Promise<Page> {
  const page = await browser.newPage();
  page.setDefaultTimeout(0);
  await page.route(`${ORIGIN}/**`, (route) => {
    const { pathname } = new URL(route.request().url());
    const path = fileFor(root, folder, pathname);
    const contentType = TYPES[extname(path)] ?? 'application/octet-stream';
    return existsSync(path)
      ? route.fulfill({ contentType, body: readFileSync(path) })
      : route.fulfill({ status: 404, body: '' });
  });
  await page.goto(`${ORIGIN}/page.html`);
  await page.waitForFunction(() => 'measure' in globalThis);
  return page;
}

type Measure = (codec: string, side: number, repeat: Repeat) => Promise<WebGpuReport>;

async function reportOf(page: Page, codec: string, repeat: Repeat): Promise<WebGpuReport> {
  return page.evaluate(
    ([id, side, how]) => (globalThis as unknown as { measure: Measure }).measure(id, side, how),
    [codec, SIDE, repeat] as const,
  );
}

function print(codec: string, { adapter, ours, onnx }: WebGpuReport): boolean {
  console.log(`\n${codec}, ${adapter}${' '.repeat(6)}ours     ORT WebGPU`);
  const passes = [
    ['E, hyper-analysis', ours.analysisMs, onnx.analysisMs],
    ['G', ours.synthesisMs, onnx.synthesisMs],
  ] as const;
  for (const [label, own, theirs] of passes) {
    const ratio = (own / theirs).toFixed(2);
    console.log(`  ${label.padEnd(21)}${own.toFixed(0)} ms   ${theirs.toFixed(0)} ms (${ratio})`);
  }
  return passes.every(([, own, theirs]) => own <= theirs);
}

async function prepare(root: string, folder: string): Promise<void> {
  const cube = await patch();
  writeFileSync(join(folder, 'image'), normalize(cube.data, valueRange(cube)));
  writeFileSync(join(folder, 'page.html'), '<script type="module" src="/page.js"></script>');
  await build({
    entryPoints: [join(root, 'bench/webgpu/page.ts')],
    outfile: join(folder, 'page.js'),
    bundle: true,
    format: 'esm',
    logLevel: 'error',
  });
}

/** Prints the times of every variant, or of one (`--codec`); 1 where ONNX Runtime Web is faster somewhere. */
export async function main(root: string, args: string[]): Promise<number> {
  const options = {
    runs: { type: 'string', default: '5' },
    codec: { type: 'string' },
  } as const;
  const { values } = parseArgs({ args, options });
  const repeat = { runs: Math.max(1, Number(values.runs) || 5), warmUp: WARM_UP };
  const folder = mkdtempSync(join(tmpdir(), 'hsc-bench-'));
  const browser = await chromium.launch({ executablePath: ensureBrowser(), args: ARGS });
  let faster = true;
  try {
    await prepare(root, folder);
    console.log(
      `Chromium ${browser.version()}, ${SIDE} × ${SIDE} × 128, medians of ${repeat.runs}`,
    );
    const store = new ModelStore(fetchFromFolder(join(root, 'models')));
    const shipped = await store.entries();
    for (const { codec, file } of shipped.filter(
      ({ codec, stage, grid }) =>
        (values.codec ?? codec) === codec && stage === 'fidelity' && grid === 'vnir-128',
    )) {
      if (!exportOnnx(root, folder, join(root, 'models', file), SIDE)) {
        console.log('not measured: there is no PyTorch with an exporter for ONNX Runtime Web.');
        return 0;
      }
      const page = await openPage(browser, root, folder);
      faster = print(codec, await reportOf(page, codec, repeat)) && faster;
      await page.close();
    }
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true });
  }
  return faster ? 0 : 1;
}

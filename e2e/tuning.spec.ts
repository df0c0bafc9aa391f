import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { parseFile } from '../src/core/bitstream/container';
import { writeNpyCube } from './madeCubes';
import { drop, openStudio } from './studio';
import { openCube, serveTinyModels, setUp } from './tinyTuning';

const root = resolve(import.meta.dirname, '..');
const step = (page: Page) => page.getByTestId('tuning-step');
const curves = (page: Page) => page.locator('[data-point]');

test.use({
  serviceWorkers: 'block',
  launchOptions: async ({ launchOptions }, use) => {
    const args = [...(launchOptions.args ?? []), '--enable-unsafe-webgpu'];
    await use({ ...launchOptions, args });
  },
});

test.beforeEach(async ({ page }) => serveTinyModels(page));

/** After a reload: the cube comes back by itself if it had been kept already, else it is dropped again. */
async function backInTune(page: Page, path: string): Promise<void> {
  const room = page.getByRole('radio', { name: 'Tune' });
  const back = await room.waitFor({ timeout: 15_000 }).then(
    () => true,
    () => false,
  );
  if (!back) await openCube(page, path);
  await room.click();
}

test('fine-tunes on a software GPU, keeps the weights, and files made with them decode elsewhere', async ({
  page,
}, info) => {
  test.setTimeout(600_000);
  const path = await writeNpyCube(info.outputPath('hills.npy'), {
    width: 64,
    height: 48,
    bands: 16,
  });
  await openStudio(page);
  await openCube(page, path);
  await page.getByTestId('backend').click();
  await page.getByRole('menuitemradio', { name: 'WebGPU' }).click();
  await expect(page.getByTestId('backend')).toContainText('WebGPU', { timeout: 120_000 });

  await setUp(page, 4);
  await page.getByTestId('start-tuning').click();
  await expect(page.getByText(/No graphics card does the work here/).first()).toBeVisible();
  await expect(step(page)).toContainText('Step 1 of 4', { timeout: 240_000 });
  const untuned = await curves(page).count();
  expect(untuned).toBeGreaterThan(0);
  await expect(page.getByTestId('tuning-outcome')).toBeVisible({ timeout: 240_000 });
  expect(await curves(page).count()).toBeGreaterThan(untuned);
  await expect(page.getByText('Norm of the gradient')).toBeVisible();
  await page.screenshot({ path: info.outputPath('tuned.png') });

  await page.reload();
  await serveTinyModels(page);
  await backInTune(page, path);
  const weights = page.locator('[data-testid^="weights-hific-opt@"]').first();
  await expect(weights).toBeVisible({ timeout: 60_000 });
  const [exported] = await Promise.all([
    page.waitForEvent('download'),
    (async () => {
      await weights.getByRole('button', { name: /^More for/ }).click();
      await page.getByRole('menuitem', { name: /^Export/ }).click();
    })(),
  ]);
  const model = info.outputPath('tuned.safetensors');
  await exported.saveAs(model);

  await weights.getByRole('button', { name: 'Use', exact: true }).click();
  await page.getByTestId('encode').click({ timeout: 60_000 });
  await expect(page.getByTestId('psnr')).toHaveText(/\d/, { timeout: 120_000 });
  const [saved] = await Promise.all([
    page.waitForEvent('download'),
    page.getByTestId('save').click(),
  ]);
  const file = info.outputPath('tuned.hsc');
  await saved.saveAs(file);

  const digest = createHash('sha256')
    .update(await readFile(model))
    .digest('hex')
    .slice(0, 8);
  const hsc = (...args: string[]) =>
    execFileSync('node', [join(root, 'bin/hsc.mjs'), ...args], { encoding: 'utf8' });
  expect(hsc('info', file, '--weights', model)).toContain(digest);
  const restored = info.outputPath('restored.npy');
  hsc('decode', file, '-o', restored, '--weights', model);
  expect((await readFile(restored)).length).toBeGreaterThan(1000);
  const without = spawnSync('node', [join(root, 'bin/hsc.mjs'), 'decode', file, '-o', restored], {
    encoding: 'utf8',
  });
  expect(without.status).not.toBe(0);
  expect(without.stderr).toContain(digest);

  // A file that carries the change decodes with what shipped.
  await page.getByRole('checkbox', { name: 'Carry the change of the weights' }).check();
  await page.getByTestId('encode').click({ timeout: 60_000 });
  await expect(page.getByText('Tuned weights', { exact: true })).toBeVisible({ timeout: 120_000 });
  const [second] = await Promise.all([
    page.waitForEvent('download'),
    page.getByTestId('save').click(),
  ]);
  const carrying = info.outputPath('carrying.hsc');
  await second.saveAs(carrying);
  const { header } = parseFile(new Uint8Array(await readFile(carrying)));
  const shipped = join(root, 'src/nn/golden/tiny-hific-opt.safetensors');
  const base = createHash('sha256')
    .update(await readFile(shipped))
    .digest('hex');
  if (header.family !== 'hific') throw new Error('That is no file of HiFiC.');
  expect(base.slice(0, 8)).toBe(header.model.digest);

  const python = [process.env.HSC_PYTHON, join(root, '.venv/bin/python'), 'python3'].find(
    (own) => own && spawnSync(own, ['-c', 'import numpy']).status === 0,
  );
  if (!python) console.warn('SKIPPED the Python decoder: there is no Python with numpy.');
  else {
    for (const [own, given] of [
      [file, model],
      [carrying, shipped],
    ]) {
      const args = ['-m', 'hsc_decoder', own, '--model', given, '--digest'];
      const symbols = execFileSync(python, args, { cwd: join(root, 'training'), encoding: 'utf8' });
      expect(symbols).toMatch(/[0-9a-f]{64}/);
    }
  }
});

test('a reload loses no step of a checkpoint', async ({ page }, info) => {
  test.setTimeout(300_000);
  const path = await writeNpyCube(info.outputPath('hills.npy'), {
    width: 64,
    height: 48,
    bands: 16,
  });
  await openStudio(page);
  await openCube(page, path);
  await setUp(page, 60);
  await page.getByTestId('start-tuning').click();
  await expect(step(page)).toContainText(/Step ([3-9]|\d\d) of 60/, { timeout: 120_000 });
  await page.getByRole('button', { name: 'Pause' }).click();
  await expect(page.getByRole('button', { name: 'Resume' })).toBeVisible({ timeout: 60_000 });
  const reached = Number(/Step (\d+)/.exec(await step(page).innerText())?.[1]);
  await page.reload();
  await backInTune(page, path);
  const offer = page.getByTestId('interrupted-run');
  await expect(offer).toContainText(`step ${reached} of 60 is safe`, { timeout: 60_000 });
  await offer.getByRole('button', { name: 'Resume' }).click();
  await expect(step(page)).toContainText(new RegExp(`Step (${reached + 1}|${reached + 2}) of 60`), {
    timeout: 60_000,
  });
  await page.getByRole('button', { name: 'Stop' }).click();
  await expect(page.locator('[data-testid^="weights-hific-opt@"]').first()).toBeVisible({
    timeout: 120_000,
  });
});

test('weights that are none are refused with a sentence', async ({ page }, info) => {
  const path = await writeNpyCube(info.outputPath('hills.npy'), {
    width: 64,
    height: 48,
    bands: 16,
  });
  await openStudio(page);
  await openCube(page, path);
  await page.getByRole('radio', { name: 'Tune' }).click();
  const wrong = info.outputPath('wrong.safetensors');
  await writeFile(wrong, 'no weights');
  await drop(page, [wrong]);
  await expect(page.getByRole('alert').first()).toContainText(/safetensors|weights file/i);
});

import { expect, type Page, test } from '@playwright/test';
import { writeNpyCube } from './madeCubes';
import { encode, openSample, openStudio, putAside, saveHsc } from './studio';
import { openCube, serveTinyModels } from './tinyTuning';

const HALF_A_MINUTE = { timeout: 30_000 };

const fileName = (page: Page) => page.getByTestId('file-name').first();

// The browser has no graphics but in software.
test.use({
  launchOptions: async ({ launchOptions }, use) => {
    const args = [...(launchOptions.args ?? []), '--enable-unsafe-webgpu'];
    await use({ ...launchOptions, args });
  },
});

test.describe('a lost graphics device', () => {
  test.use({ serviceWorkers: 'block' });

  for (const [backend, label] of [
    ['WebGPU', /WebGPU/],
    ['WebGL', /WebGL/],
  ] as const) {
    test(`${backend}: the job is repeated on a new one`, async ({ page, browser }, info) => {
      await serveTinyModels(page);
      const size = { width: 64, height: 48, bands: 16 };
      const path = await writeNpyCube(info.outputPath('hills.npy'), size);
      await openStudio(page);
      await openCube(page, path);
      await page.getByTestId('backend').click();
      await page.getByRole('menuitemradio', { name: label }).click();
      await expect(page.getByTestId('backend')).toContainText(label, { timeout: 120_000 });
      await expect(page.getByTestId('encode')).toBeEnabled({ timeout: 120_000 });
      await page.getByTestId('encode').click();
      await expect(page.getByRole('button', { name: /^Cancel/ }).first()).toBeVisible();
      const cdp = await browser.newBrowserCDPSession();
      await cdp.send('Browser.crashGpuProcess');
      await expect(page.getByText(/graphics device was lost/).first()).toBeVisible(HALF_A_MINUTE);
      await expect(fileName(page)).toBeVisible({ timeout: 120_000 });
      await expect(page.getByTestId('psnr')).toHaveText(/\d/);
      await expect(page.getByTestId('backend')).toContainText(label);
    });
  }
});

test('memory that is short costs the job, not the session', async ({ page }) => {
  await openSample(page);
  await page.workers()[0].evaluate(() => {
    WebAssembly.Memory.prototype.grow = () => {
      throw new RangeError('WebAssembly.Memory.grow(): Maximum memory size exceeded');
    };
  });
  await page.getByTestId('encode').click();
  await expect(page.getByText(/There was not enough memory: choose a smaller/)).toBeVisible({
    timeout: 60_000,
  });
  await expect(page.getByText(/The engine ran out of memory and was started/)).toBeVisible();
  await encode(page);
  await expect(page.getByTestId('psnr')).toHaveText(/\d/);
});

test('a killed engine is noticed, and its job is repeated', async ({ page }) => {
  await openSample(page);
  await page.getByTestId('encode').click();
  await expect(page.getByRole('button', { name: /^Cancel/ }).first()).toBeVisible();
  await page.workers()[0].evaluate(() => self.close());
  await expect(page.getByText(/The engine stopped unexpectedly/)).toBeVisible(HALF_A_MINUTE);
  await expect(fileName(page)).toBeVisible({ timeout: 120_000 });
  await expect(page.getByTestId('psnr')).toHaveText(/\d/);
});

test('a closed tab loses nothing that was made', async ({ page, context }) => {
  await openSample(page);
  await encode(page);
  const [name, psnr] = [
    await fileName(page).innerText(),
    await page.getByTestId('psnr').innerText(),
  ];
  await putAside(page);
  await page.getByTestId('encode').click();
  await page.close();

  const later = await context.newPage();
  await openStudio(later);
  await later.getByTestId('continue').click();
  await expect(fileName(later)).toHaveText(name, { timeout: 120_000 });
  await expect(later.getByTestId('psnr')).toHaveText(psnr);
});

test('a full storage is said, and files can still be saved', async ({ page, context }, info) => {
  await openStudio(page);
  const cdp = await context.newCDPSession(page);
  const origin = new URL(page.url()).origin;
  await cdp.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1 });
  await page.getByTestId('sample-fields').click();
  await expect(page.getByText(/The browser does not keep this work/)).toBeVisible();
  await encode(page);
  expect(await saveHsc(page, info.outputDir)).toMatch(/\.hsc$/);
  await cdp.send('Storage.overrideQuotaForOrigin', { origin });
  await page.getByRole('radio', { name: 'Curves' }).click();
  await expect(page.getByText(/The browser does not keep this work/)).toBeHidden();
});

test('two tabs keep their own work', async ({ page, context }) => {
  await openSample(page);
  await encode(page);
  const name = await fileName(page).innerText();
  await putAside(page);
  const other = await context.newPage();
  await openStudio(other);
  await expect(other.getByTestId('continue')).toBeHidden();
  await other.getByTestId('sample-fields').click();
  await expect(other.getByTestId('scene-canvas')).toBeVisible();
  await putAside(other);

  await page.reload();
  await expect(fileName(page)).toHaveText(name, { timeout: 120_000 });
  await other.reload();
  await expect(other.getByTestId('scene-canvas')).toBeVisible({ timeout: 60_000 });
  await expect(fileName(other)).toBeHidden();
});

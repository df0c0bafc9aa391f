import { expect, type Page, test } from '@playwright/test';
import { encode, openStudio, putAside } from './studio';

/** Everything of the first visit is kept once the worker is active. */
const kept = (page: Page) =>
  page.waitForFunction(async () => {
    const registration = await navigator.serviceWorker.getRegistration();
    return registration?.active?.state === 'activated' && navigator.serviceWorker.controller;
  });

async function encodeSample(page: Page): Promise<void> {
  await page.getByTestId('sample-fields').click();
  await expect(page.getByTestId('scene-canvas')).toBeVisible();
  await encode(page);
  await expect(page.getByTestId('psnr')).toHaveText(/\d/);
}

test('what was used once works without a connection', async ({ page, context }) => {
  await openStudio(page);
  await kept(page);
  await encodeSample(page);
  const psnr = await page.getByTestId('psnr').textContent();

  await putAside(page);
  await context.setOffline(true);
  await page.reload();
  await expect(page.getByTestId('reconstruction-canvas')).toBeVisible({ timeout: 60_000 });
  await expect(page.getByTestId('psnr')).toHaveText(psnr ?? '');
  await page.getByRole('button', { name: 'HSI Compression Studio, start page' }).click();
  await expect(page.getByRole('heading', { name: 'Drop a hyperspectral file' })).toBeVisible();
  await expect(page.locator('.sample img').last()).toHaveJSProperty('naturalWidth', 224);
  await encodeSample(page);
  await expect(page.getByTestId('psnr')).toHaveText(psnr ?? '');
  await expect(page.getByRole('alert')).toBeHidden();

  // Weights that were never used cannot be there, and the studio says so and goes on.
  await page.getByRole('combobox', { name: 'Codec' }).click();
  await page.getByRole('option', { name: 'HiFiC 3D', exact: true }).click();
  await page.getByTestId('encode').click();
  await expect(page.getByRole('alert')).toBeVisible({ timeout: 60_000 });
  await context.setOffline(false);
  await encode(page);
});

test('a new version waits until it is asked for', async ({ page, context }) => {
  let version = 1;
  await context.route('**/serviceWorker.js', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `${await response.text()}\n// ${version}` });
  });
  await openStudio(page);
  await kept(page);
  await page.getByTestId('sample-fields').click();
  await expect(page.getByTestId('scene-canvas')).toBeVisible();

  version = 2;
  // The browser itself looks for a new version at about that time, and refuses a second look meanwhile.
  await expect(async () => {
    await page.evaluate(async () => (await navigator.serviceWorker.ready).update());
    await expect(page.getByText('A new version is ready.')).toBeVisible();
  }).toPass({ timeout: 120_000 });
  await expect(page.getByTestId('scene-canvas')).toBeVisible();
  // The new version goes on with it.
  await putAside(page);
  await Promise.all([
    page.waitForEvent('load'),
    page.getByRole('button', { name: 'Reload' }).click(),
  ]);
  await expect(page.getByTestId('scene-canvas')).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText('A new version is ready.')).toBeHidden();
});

test('the manifest describes an installable studio', async ({ page, request }) => {
  await openStudio(page);
  const href = await page.locator('link[rel="manifest"]').getAttribute('href');
  const manifest = await (await request.get(new URL(href ?? '', page.url()).href)).json();
  expect(manifest).toMatchObject({ display: 'standalone', start_url: './' });
  for (const { src, sizes } of manifest.icons) {
    const icon = await page.evaluate(async (source) => {
      const image = new Image();
      image.src = source;
      await image.decode();
      return `${image.naturalWidth}x${image.naturalHeight}`;
    }, src);
    if (sizes !== 'any') expect(icon).toBe(sizes);
  }
});

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { fromArrayBuffer } from 'geotiff';
import {
  chooseCodec,
  distortionFigures,
  drop,
  encode,
  exportAs,
  figures,
  NO_SHARED_DATA,
  openStudio,
  restingPixels,
  saveHsc,
  sharedFormats,
} from './studio';

const MODELS = ['HiFiC opt', 'HiFiC SE', 'HiFiC 3D'];

test('a shipped sample goes the whole way', async ({ page }, info) => {
  await openStudio(page);
  await page.getByTestId('sample-fields').click();
  await expect(page.getByTestId('scene-canvas')).toBeVisible();
  await encode(page);
  const picture = await restingPixels(page.getByTestId('reconstruction-canvas'));
  const shown = await figures(page);
  const distortion = await distortionFigures(page);
  const file = await saveHsc(page, info.outputDir);
  const bytes = await readFile(file);
  expect(shown['figure-size']).toBe(`${bytes.length.toLocaleString('en-US')} B`);
  expect(Number.parseFloat(shown.bpp)).toBeCloseTo((8 * bytes.length) / (96 * 96), 2);

  await openStudio(page);
  await drop(page, [file]);
  await expect(page.getByTestId('reconstruction-canvas')).toBeVisible({ timeout: 60_000 });
  expect(await restingPixels(page.getByTestId('reconstruction-canvas'))).toBe(picture);
  expect(await figures(page)).toEqual(shown);
  await expect(page.getByTestId('psnr')).toHaveText('–');

  await page.getByRole('button', { name: 'HSI Compression Studio, start page' }).click();
  await page.getByTestId('sample-fields').click();
  await expect(page.getByTestId('scene-canvas')).toBeVisible();
  await drop(page, [file]);
  await page.getByRole('button', { name: /^Compare with/ }).click();
  await expect(page.getByTestId('psnr')).not.toHaveText('–');
  expect(await distortionFigures(page)).toEqual(distortion);
});

test('bands outside the model’s range are a question', async ({ page }) => {
  await openStudio(page);
  await page.getByTestId('sample-coast').click();
  await expect(page.getByTestId('scene-canvas')).toBeVisible();
  const button = page.getByTestId('encode');
  await expect(button).toBeEnabled({ timeout: 60_000 });
  await button.click();
  await expect(page.getByText(/^7 of 213 bands lie outside 400–1335, 1460–1789/)).toBeVisible();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByText(/bands lie outside/)).toBeHidden();
  await page.getByRole('combobox', { name: 'Spectral range' }).click();
  await page.getByRole('option', { name: /^Visible and near infrared/ }).click();
  await button.click();
  await expect(page.getByText(/^152 of 213 bands lie outside 400–1000 nm/)).toBeVisible();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('combobox', { name: 'Spectral range' }).click();
  await page.getByRole('option', { name: /^What fits the image/ }).click();
  await button.click();
  await page.getByRole('button', { name: /^Encode the \d+ inside/ }).click();
  await expect(page.getByTestId('psnr')).toHaveText(/\d/, { timeout: 120_000 });
  await expect(page.getByTestId('figure-bands')).toContainText('178');
  // The answer holds for this cube: the next encode does not ask again.
  await page.keyboard.press(']');
  await encode(page);
});

test('Samson: three models, saved, reloaded, opened, the same', async ({ page }, info) => {
  const folder = sharedFormats();
  if (!folder) console.warn(NO_SHARED_DATA);
  test.skip(!folder, NO_SHARED_DATA);
  const samson = `${folder}/matv5_2d_bands_x_pixels_samson.mat`;
  for (const model of MODELS) {
    await openStudio(page);
    await drop(page, [samson]);
    await expect(page.getByTestId('scene-canvas')).toBeVisible();
    await chooseCodec(page, model);
    await encode(page);
    await expect(page.getByTestId('original-canvas')).toBeVisible();
    const picture = await restingPixels(page.getByTestId('reconstruction-canvas'));
    const original = await restingPixels(page.getByTestId('original-canvas'));
    const shown = await figures(page);
    const distortion = await distortionFigures(page);
    const file = await saveHsc(page, info.outputDir);

    await openStudio(page);
    await drop(page, [file]);
    await expect(page.getByTestId('reconstruction-canvas')).toBeVisible({ timeout: 60_000 });
    expect(await restingPixels(page.getByTestId('reconstruction-canvas'))).toBe(picture);
    expect(await figures(page)).toEqual(shown);

    await drop(page, [samson]);
    await expect(page.getByTestId('psnr')).not.toHaveText('–');
    expect(await distortionFigures(page)).toEqual(distortion);
    await expect(page.getByTestId('original-canvas')).toBeVisible();
    expect(await restingPixels(page.getByTestId('original-canvas'))).toBe(original);
    expect(await restingPixels(page.getByTestId('reconstruction-canvas'))).toBe(picture);
  }
});

test('an ENVI pair becomes a GeoTIFF that another library reads', async ({ page }, info) => {
  const folder = sharedFormats();
  if (!folder) console.warn(NO_SHARED_DATA);
  test.skip(!folder, NO_SHARED_DATA);
  await openStudio(page);
  const pair = ['hdr', 'raw'].map((end) => `${folder}/envi_bil_u16_31x43x580.${end}`);
  await drop(page, pair);
  await expect(page.getByText('43 × 31 pixels, 580 bands')).toBeVisible();
  await page.getByTestId('encode').click({ timeout: 60_000 });
  const inside = page.getByRole('button', { name: /^Encode the \d+ inside/ });
  await expect(inside.or(page.getByTestId('psnr'))).toBeVisible({ timeout: 120_000 });
  if (await inside.isVisible()) await inside.click();
  await expect(page.getByTestId('psnr')).toHaveText(/\d/, { timeout: 120_000 });
  const bands = Number(
    ((await page.getByTestId('figure-bands').textContent()) ?? '').split(' × ')[2],
  );
  const shown = await shownRed(page);
  const path = await exportAs(page, 'GeoTIFF', info.outputDir);

  const bytes = await readFile(path);
  const tiff = await fromArrayBuffer(new Uint8Array(bytes).buffer);
  const image = await tiff.getImage();
  const shape = [image.getWidth(), image.getHeight(), image.getSamplesPerPixel()];
  expect(shape).toEqual([43, 31, bands]);
  const [plane] = await image.readRasters({ samples: [shown.band] });
  const value = (plane as Float32Array)[shown.y * 43 + shown.x];
  expect(value).toBeGreaterThan(0);
  expect(Math.abs(shown.value / value - 1)).toBeLessThan(1e-3);

  const gdal = spawnSync('gdalinfo', ['-json', path], { encoding: 'utf8' });
  if (gdal.error) {
    console.warn('gdalinfo is not installed: the GeoTIFF was read by geotiff.js alone.');
    return;
  }
  const report = JSON.parse(gdal.stdout);
  expect(report.size).toEqual([43, 31]);
  expect(report.bands).toHaveLength(bands);
  expect(gdal.stdout).toContain('wavelength');
});

/** Band, pixel and decoded value of the red channel as the readout under the pictures shows them. */
async function shownRed(page: Page) {
  const slider = page.getByRole('slider', { name: 'Red band' });
  const where = (await page.getByTestId('pixel').textContent()) ?? '';
  const [x, y] = [...where.matchAll(/\d+/g)].map(Number);
  // Read as it is found: the value of the decoded file comes and goes with its spectrum.
  const found = await page.waitForFunction(
    () => document.querySelector('.readout__value')?.textContent?.split('→')[1],
  );
  const text = `${await found.jsonValue()}`.replaceAll(',', '');
  return { band: Number(await slider.getAttribute('data-position')), x, y, value: Number(text) };
}

test('a file is verified in another engine', async ({ page }) => {
  await openStudio(page);
  const golden = resolve(import.meta.dirname, '../src/codecs/golden/hific-opt-vnir-128');
  await drop(page, [`${golden}.hsc`]);
  const { symbols } = JSON.parse(readFileSync(`${golden}.json`, 'utf8'));
  await expect(page.getByTestId('symbol-digest')).toHaveText(symbols, { timeout: 90_000 });
  await page.getByTestId('verify').click();
  await expect(page.getByTestId('verification')).toContainText(
    /Verified on JavaScript: all symbols are the same, 25 spectra differ by (less than|at most 0\.0)/,
    { timeout: 120_000 },
  );
});

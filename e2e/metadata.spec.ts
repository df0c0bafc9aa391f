import { readFile } from 'node:fs/promises';
import { expect, type Page, test } from '@playwright/test';
import { parseFile } from '../src/core/bitstream/container';
import { writeNpyCube } from './madeCubes';
import { chooseCodec, drop, encode, openStudio, saveHsc } from './studio';

/** As many bands as ROSIS-03 has of Pavia University; two are noise. */
const CUBE = { width: 64, height: 64, bands: 103, noisy: [0, 57] };

async function openEditor(page: Page): Promise<void> {
  await page.getByTestId('edit-meta').click();
  await expect(page.getByRole('img', { name: 'Mean spectrum of the scene' })).toBeVisible();
  await expect(page.getByText(/Mean of 4,096 pixels/)).toBeVisible();
}

async function chooseRosis(page: Page): Promise<void> {
  await page.getByRole('radio', { name: 'Sensor' }).click();
  await page.getByRole('combobox', { name: 'Sensor' }).click();
  await page.getByRole('option', { name: /ROSIS-03, Pavia University/ }).click();
}

test('a cube without wavelengths gets them of a preset, bad bands are left out and the file says so', async ({
  page,
}, info) => {
  const path = await writeNpyCube(info.outputPath('scene.npy'), CUBE);
  await openStudio(page);
  await drop(page, [path]);
  await expect(page.getByTestId('spectral-range')).toHaveText('No wavelengths');
  await expect(page.getByText('1 sensor has as many bands')).toBeVisible();
  const frame = page.getByTestId('scene');
  await frame.focus();

  await openEditor(page);
  await expect(page.getByText('not in the file').first()).toBeVisible();
  await chooseRosis(page);
  await expect(page.getByText(/430–860 nm; bad bands shaded/)).toBeVisible();
  await page.getByRole('button', { name: 'Find noisy bands' }).click();
  await expect(
    page.getByText('Bands 1, 58 are constant or agree with no neighbour.'),
  ).toBeVisible();
  await page.getByRole('button', { name: 'Mark these 2' }).click();
  await expect(page.getByLabel('Bad bands, counted from 1')).toHaveValue('1, 58');
  await expect(page.getByText('2 left out; files hold 101 of 103 bands.')).toBeVisible();

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByTestId('save-meta').click(),
  ]);
  expect(download.suggestedFilename()).toBe('scene.hsc-meta.json');
  const sidecar = info.outputPath('scene.hsc-meta.json');
  await download.saveAs(sidecar);
  await page.getByTestId('apply-meta').click();
  await expect(page.getByRole('dialog')).toBeHidden();
  await expect(page.getByTestId('spectral-range')).toHaveText('430–860 nm');
  await expect(page.getByTestId('wavelength-origin')).toContainText('edited');
  await expect(page.getByTestId('bad-bands')).toHaveText('2 of 103 left out');

  await chooseCodec(page, 'HiFiC SE');
  await encode(page);
  await expect(page.getByTestId('psnr')).toHaveText(/\d/);
  const { metadata, header } = parseFile(await readFile(await saveHsc(page, info.outputDir)));
  expect(header.bands).toBe(101);
  expect(metadata?.selection?.sourceBands).toBe(103);
  expect(metadata?.selection?.codedBands).not.toContain(0);
  expect(metadata?.selection?.codedBands).not.toContain(57);
  expect(metadata?.wavelengthsNm?.[0]).toBeCloseTo(434.22, 2);

  // The saved corrections come along with the cube, in whatever order the files are dropped.
  await openStudio(page);
  await drop(page, [sidecar, path]);
  await expect(page.getByTestId('spectral-range')).toHaveText('430–860 nm');
  await expect(page.getByTestId('bad-bands')).toHaveText('2 of 103 left out');
  await openEditor(page);
  await page.getByRole('button', { name: 'Reset to the file’s own' }).click();
  await page.getByTestId('apply-meta').click();
  await expect(page.getByTestId('spectral-range')).toHaveText('No wavelengths');
  // And alone, onto the open cube.
  await drop(page, [sidecar]);
  await expect(page.getByTestId('spectral-range')).toHaveText('430–860 nm');
});

test('what cannot be is said beside the field, and the patch stays where it was', async ({
  page,
}, info) => {
  const path = await writeNpyCube(info.outputPath('field.npy'), { ...CUBE, width: 160 });
  await openStudio(page);
  await drop(page, [path]);
  await page.getByTestId('scene').focus();
  await page.keyboard.press('Shift+ArrowRight');
  const place = page.getByText(/patch 96 × 64 at/);
  const before = await place.textContent();

  await page.getByTestId('edit-meta').click();
  const apply = page.getByTestId('apply-meta');
  await page.getByRole('radio', { name: 'List' }).click();
  await page.getByLabel('Wavelengths, one a band').fill('400\n410');
  await expect(page.getByText('There are 2 wavelengths for 103 bands.')).toBeVisible();
  await expect(apply).toBeDisabled();
  const table = Array.from({ length: 103 }, (_, i) => `${i + 1},${(0.4 + i * 0.005).toFixed(3)}`);
  const list = ['band,µm', ...table].join('\n');
  await page
    .getByLabel('Text or CSV file of wavelengths')
    .setInputFiles({ name: 'bands.csv', mimeType: 'text/csv', buffer: Buffer.from(list) });
  await expect(page.getByText(/400–910 nm; bad bands shaded/)).toBeVisible();
  await page.getByLabel('Bad bands, counted from 1').fill('1-200');
  await expect(page.getByText('There is no band 104')).toBeVisible();
  await expect(apply).toBeDisabled();
  await page.getByLabel('Bad bands, counted from 1').fill('');
  await page.getByLabel('No-data value').fill('0');
  await apply.click();
  await expect(page.getByTestId('spectral-range')).toHaveText('400–910 nm');
  await expect(place).toHaveText(before ?? '');
});

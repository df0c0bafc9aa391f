import { readFile } from 'node:fs/promises';
import { expect, type Locator, type Page, type TestInfo, test } from '@playwright/test';
import { addPane, encode, openStudio } from './studio';

interface Wanted {
  /** Test id of the menu. */
  readonly menu: string;
  readonly group?: string;
  /** What the figure must say of its settings. */
  readonly says: readonly (string | RegExp)[];
  /** Pictures in it. */
  readonly pictures?: number;
}

/** Colours on white and fonts of its own: nothing of the page is needed to read a figure. */
const LEANING = /var\(|light-dark|class=|currentColor|url\((?!#)/;

let serial = 0;

async function download(page: Page, menu: string, item: (page: Page) => Locator, info: TestInfo) {
  await page.getByTestId(menu).click();
  const [file] = await Promise.all([page.waitForEvent('download'), item(page).click()]);
  const path = info.outputPath(`${++serial} ${file.suggestedFilename()}`);
  await file.saveAs(path);
  return path;
}

/** Exports a figure both ways and reads what it says. */
async function figure(page: Page, info: TestInfo, { menu, group, says, pictures = 0 }: Wanted) {
  const item = (label: string) => (on: Page) =>
    (group ? on.getByRole('group', { name: group }) : on).getByRole('menuitem', { name: label });
  const svg = await readFile(await download(page, menu, item('SVG'), info), 'utf8');
  const png = await readFile(await download(page, menu, item('PNG'), info));
  expect(svg).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg"/);
  expect(svg).not.toMatch(LEANING);
  expect(svg.match(/<image/g)?.length ?? 0).toBe(pictures);
  const [, width, height] = /width="(\d+)" height="(\d+)"/.exec(svg) ?? [];
  const text = await page.evaluate((source) => {
    const { documentElement } = new DOMParser().parseFromString(source, 'image/svg+xml');
    return [...documentElement.querySelectorAll('text')].map((one) => one.textContent).join(' ');
  }, svg);
  for (const wanted of says) {
    if (typeof wanted === 'string') expect.soft(text, menu).toContain(wanted);
    else expect.soft(text, menu).toMatch(wanted);
  }
  expect(png.subarray(1, 4).toString('latin1')).toBe('PNG');
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([2 * +width, 2 * +height]);
}

const PLACE = /Fields by a river: patch of 64 × 64 pixels at \(\d+, \d+\), 150 bands/;
const CODEC = /HiFiC opt, fidelity stage, target 0\.60 bpp, .*\.hsc, \d+ B, 0\.\d+ bpp/;
const BANDS = /Red, green, blue: [\d.]+ nm, [\d.]+ nm, [\d.]+ nm; stretched between percentiles/;

test('what panes, strips and rooms show becomes a figure that says what it is of', async ({
  page,
}, info) => {
  await openStudio(page);
  await page.getByTestId('sample-fields').click();
  await expect(page.getByTestId('scene-canvas')).toBeVisible();
  await figure(page, info, {
    menu: 'export-view',
    says: [/whole scene, [\d,]+ × [\d,]+ pixels, 150 bands/, BANDS],
    pictures: 1,
  });
  await page.getByRole('combobox', { name: 'Patch size' }).click();
  await page.getByRole('option', { name: '64 × 64 pixels' }).click();
  await encode(page);
  await addPane(page, 2, 'HiFiC opt');
  await page.getByRole('slider', { name: 'Bits per pixel asked of pane 2' }).press('Home');
  await expect(page.getByTestId('file-name')).toHaveText(/0\.20bpp/, { timeout: 60_000 });
  const panes = [PLACE, CODEC, /1: HiFiC opt.*target 0\.60 bpp/, /2: HiFiC opt.*target 0\.20 bpp/];
  await figure(page, info, { menu: 'export-view', says: [...panes, BANDS], pictures: 3 });

  await page.getByRole('combobox', { name: 'What the panes show' }).click();
  await page.getByRole('option', { name: /^Spectral angle/ }).click();
  await figure(page, info, {
    menu: 'export-view',
    says: [...panes, 'spectral angle over all bands, in inferno', '10°'],
    pictures: 3,
  });
  await page.getByRole('combobox', { name: 'What the panes show' }).click();
  await page.getByRole('option', { name: 'Picture' }).click();
  await page.getByRole('combobox', { name: 'Preset of bands' }).click();
  await page.getByRole('option', { name: 'One band' }).click();
  await page.getByRole('combobox', { name: 'Colour map' }).click();
  await page.getByRole('option', { name: 'Cividis' }).click();
  await expect(page.getByTestId('colour-bar')).toHaveCount(3);
  await figure(page, info, {
    menu: 'export-view',
    says: [...panes, /[\d.]+ nm in cividis/],
    pictures: 3,
  });
  await figure(page, info, {
    menu: 'export-spectra',
    says: [CODEC, /2 HiFiC opt, 0\.\d\d bpp/, /Centre: pixel x \d+/],
  });
  await page.keyboard.press('c');
  await expect(page.locator('.close-up canvas')).toHaveCount(3);
  await figure(page, info, {
    menu: 'export-close-ups',
    says: [...panes, /24 × 24 pixels at \(\d+, \d+\)/],
    pictures: 3,
  });
  await page.getByRole('radio', { name: 'Metrics' }).click();
  await expect(page.getByRole('img', { name: 'PSNR by band' })).toBeVisible();
  await figure(page, info, {
    menu: 'export-metrics',
    says: [...panes, 'PSNR, dB', /\d+\.\d\d dB/],
  });
  const table = (item: Page) => item.getByRole('menuitem', { name: 'CSV' });
  const csv = await readFile(await download(page, 'export-metrics', table, info), 'utf8');
  const [names, ...rows] = csv
    .trim()
    .split('\r\n')
    .map((line) => line.split(','));
  expect(rows.map((row) => row[names.indexOf('pane')])).toEqual(['1', '2']);
  await expect(page.getByTestId('metrics-1').getByTestId('cell-psnr')).toContainText(
    Number(rows[0][names.indexOf('psnr_db')]).toFixed(2),
  );

  // The room of the bits speaks of the active pane.
  await page.getByRole('application', { name: /^HiFiC opt, pane 1/ }).click();
  await page.keyboard.press('5');
  await expect(page.getByTestId('bit-map-canvas')).toBeVisible({ timeout: 60_000 });
  const file = [PLACE, CODEC];
  await figure(page, info, {
    menu: 'export-bit-map',
    says: [...file, /Bits of latents and side information in viridis/, /bits a block/],
    pictures: 2,
  });
  await figure(page, info, { menu: 'export-bits', says: [...file, /90 % in \d+/] });
  await expect(page.getByTestId('export-effect')).toBeDisabled();
  await page.getByTestId('bit-map').focus();
  await page.keyboard.press('ArrowRight');
  await expect(page.getByTestId('difference-canvas')).toBeVisible({ timeout: 60_000 });
  await figure(page, info, {
    menu: 'export-effect',
    says: [...file, /Latents of block \(\d, \d\), all channels/, /At [\d.]+ nm/],
    pictures: 1,
  });

  await page.keyboard.press('4');
  await expect(page.getByTestId('attention-state')).toHaveText(/^Gates, file and pictures/, {
    timeout: 120_000,
  });
  const gates = [PLACE, /HiFiC SE, fidelity stage, target 0\.60 bpp: \d+ B/];
  await figure(page, info, {
    menu: 'export-gates',
    group: 'Heat map',
    says: [...gates, 'Encoder', 'Generator', 'Input bands', 'Channels by number'],
  });
  await figure(page, info, { menu: 'export-gates', group: 'Pictures', says: gates, pictures: 2 });
  const map = page.getByTestId('gate-map');
  await map.press('ArrowDown');
  await map.press('Enter');
  await expect(page.getByTestId('psnr-edited')).toHaveText(/\d/, { timeout: 60_000 });
  await expect(page.getByTestId('attention-difference-canvas')).toBeVisible();
  await figure(page, info, {
    menu: 'export-gates',
    group: 'Pictures',
    says: [...gates, 'Edits: Encoder, input bands, channel 1 × 0.00.', 'in cividis', 'Change'],
    pictures: 4,
  });
  await figure(page, info, {
    menu: 'export-bands',
    says: [...gates, 'this patch', 'mean spectrum', 'nm'],
  });
  await page.getByRole('radio', { name: 'Pixel' }).click();
  await expect(page.getByRole('region', { name: 'Spectrum of a pixel' })).toContainText('unedited');
  await figure(page, info, { menu: 'export-pixel', says: [...gates, 'original', 'unedited'] });
});

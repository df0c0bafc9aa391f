import { readFile } from 'node:fs/promises';
import { expect, type Page, test } from '@playwright/test';
import {
  addPane,
  chooseCodec,
  drop,
  encode,
  openStudio,
  pixels,
  putAside,
  restingPixels,
  sharedFormats,
} from './studio';

/** A stranger's tour: a real cube where there is one, else the first sample. */
async function openCube(page: Page): Promise<void> {
  const folder = sharedFormats();
  if (folder) await drop(page, [`${folder}/matv5_2d_bands_x_pixels_samson.mat`]);
  else await page.getByTestId('sample-fields').click();
  await expect(page.getByTestId('scene-canvas')).toBeVisible();
}

const PANES = ['HiFiC opt', 'HiFiC SE', 'HiFiC SE GAN', 'KLT + JPEG 2000'];

async function compareFour(page: Page): Promise<void> {
  await openCube(page);
  await chooseCodec(page, PANES[0]);
  await encode(page);
  for (const [i, label] of PANES.entries()) if (i > 0) await addPane(page, i + 1, label);
}

type Shot = (name: string) => Promise<unknown>;

/** Reads the gates of the patch and mutes a channel of the generator's last block. */
async function readAttention(page: Page, shot: Shot): Promise<void> {
  await page.keyboard.press('4');
  await expect(page.getByTestId('attention-state')).toHaveText(/^Gates, file and pictures/, {
    timeout: 120_000,
  });
  await shot('attention');
  const map = page.getByTestId('gate-map');
  await map.focus();
  for (let i = 0; i < 18; i++) await map.press('ArrowDown');
  for (let i = 0; i < 20; i++) await map.press('ArrowRight');
  await map.press('Enter');
  await expect(page.getByTestId('psnr-change')).toHaveText(/^[+−]\d/, { timeout: 60_000 });
  await expect(page.getByTestId('bits-change')).toHaveText('0');
  await shot('a channel muted');
  await page.getByTestId('reset-edits').click();
  await expect(page.getByTestId('psnr-edited')).toHaveText('–');
}

/** Measures one codec at its rates, as a curve and as pictures. */
async function sweepOne(page: Page, shot: Shot): Promise<void> {
  await page.keyboard.press('3');
  await expect(page.getByTestId('start-sweep')).toBeVisible();
  for (const box of await page.getByRole('group').getByRole('checkbox').all()) {
    const label = await box.evaluate((input: HTMLInputElement) => input.labels?.[0].textContent);
    await box.setChecked(label?.trim() === 'KLT + JPEG 2000');
  }
  await page.getByTestId('start-sweep').click();
  await expect(page.getByTestId('sweep-summary')).toContainText('5 of 5 measured', {
    timeout: 120_000,
  });
  await expect(page.locator('[data-point]')).toHaveCount(5);
  await shot('curve');
  await page.getByRole('radio', { name: 'Pictures' }).click();
  await expect(page.locator('.matrix td button canvas')).toHaveCount(5);
  await shot('pictures of all rates');
}

/** What every pane shows and says, as a person would read it. */
async function everything(page: Page): Promise<string[]> {
  const canvases = page.locator('.compare canvas');
  await expect(canvases).toHaveCount(PANES.length + 1);
  await page.getByRole('radio', { name: 'Metrics' }).click();
  await expect(page.getByTestId('metrics-4')).toBeVisible();
  const figures = await page.locator('[data-testid^="metrics-"]').evaluateAll((rows) =>
    rows.map((row) =>
      [...row.querySelectorAll('th, td')]
        .filter((cell) => !/encode|decode/.test(cell.getAttribute('data-testid') ?? ''))
        .map((cell) => cell.textContent)
        .join(' '),
    ),
  );
  const pictures: string[] = [];
  for (const canvas of await canvases.all()) pictures.push(await pixels(canvas));
  return [...figures, ...pictures];
}

test('a tour: compare, look closely, save, reload, open elsewhere, present', async ({
  page,
  browser,
}, info) => {
  test.setTimeout(400_000);
  let shots = 0;
  const shot = (name: string) =>
    page.screenshot({ path: info.outputPath(`${++shots} ${name}.png`) });
  await openStudio(page);
  await compareFour(page);
  await shot('four codecs');

  const original = page.getByTestId('original');
  await original.click();
  await expect(page.getByText(/^Pinned|^Pixel/).first()).toBeVisible();
  await page.keyboard.press('c');
  await expect(page.locator('.close-up canvas')).toHaveCount(PANES.length + 1);
  await shot('close-up');

  const before = await everything(page);
  await shot('metrics');
  await readAttention(page, shot);
  await sweepOne(page, shot);
  await page.keyboard.press('2');
  await page.keyboard.press('v');
  await page.getByRole('combobox', { name: 'What the panes show' }).click();
  await page.getByRole('option', { name: /^Spectral angle/ }).click();
  await expect
    .poll(() => pixels(page.getByTestId('reconstruction-canvas')))
    .not.toBe(before.at(-1));
  await shot('angles');
  await page.keyboard.press('v');
  await page.keyboard.press('Control+z');
  await expect(page.getByRole('combobox', { name: 'What the panes show' })).toHaveText('Picture');

  await page.getByTestId('export-view').click();
  const [figure] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: 'PNG' }).click(),
  ]);
  await figure.saveAs(info.outputPath('figure.png'));
  const png = await readFile(info.outputPath('figure.png'));
  expect(png.subarray(1, 4).toString('latin1')).toBe('PNG');

  const [download] = await Promise.all([
    page.waitForEvent('download', { timeout: 120_000 }),
    page.getByTestId('save-experiment').click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/\.hsx$/);
  const experiment = info.outputPath(download.suggestedFilename());
  await download.saveAs(experiment);

  await putAside(page);
  await page.reload();
  await expect(page.locator('.compare canvas')).toHaveCount(PANES.length + 1, { timeout: 60_000 });
  expect(await everything(page)).toEqual(before);

  const elsewhere = await browser.newContext({
    colorScheme: 'dark',
    viewport: page.viewportSize(),
  });
  const other = await elsewhere.newPage();
  await openStudio(other);
  await drop(other, [experiment]);
  await expect(other.locator('.compare canvas')).toHaveCount(PANES.length + 1, { timeout: 60_000 });
  expect(await everything(other)).toEqual(before);
  await expect(other.getByRole('alert')).toBeHidden();

  await other.keyboard.press('w');
  await expect(other.locator('.header')).toBeHidden();
  await expect(other.getByText('1 / 2')).toBeVisible();
  await other.screenshot({ path: info.outputPath('presented 1.png') });
  await other.keyboard.press('ArrowRight');
  await expect(other.getByText('2 / 2')).toBeVisible();
  await other.screenshot({ path: info.outputPath('presented 2.png') });
  await other.keyboard.press('Escape');
  await expect(other.locator('.header')).toBeVisible();
  await elsewhere.close();
});

test('panes follow their sliders, the swipe its line, F the original', async ({ page }) => {
  await openStudio(page);
  await page.getByTestId('sample-fields').click();
  await encode(page);
  const name = page.getByTestId('file-name');
  await expect(name).toHaveText(/0\.60bpp/);
  await page.getByRole('slider', { name: 'Bits per pixel asked of pane 1' }).press('Home');
  await expect(name).toHaveText(/0\.20bpp/, { timeout: 60_000 });

  const canvas = page.getByTestId('reconstruction-canvas');
  const reconstruction = await restingPixels(canvas);
  const original = await restingPixels(page.getByTestId('original-canvas'));
  await page.keyboard.down('f');
  await expect.poll(() => pixels(canvas)).toBe(original);
  await page.keyboard.up('f');
  await expect.poll(() => pixels(canvas)).toBe(reconstruction);

  await page.getByRole('radio', { name: 'Swipe' }).click();
  const line = page.getByRole('slider', { name: 'Line between original and reconstruction' });
  await line.press('ArrowRight');
  await expect(line).toHaveAttribute('aria-valuenow', '52');
  expect(await pixels(page.getByTestId('swipe-over-canvas'))).toBe(reconstruction);
});

test('the patch takes any size, by its corner or typed', async ({ page }) => {
  await openStudio(page);
  await page.getByTestId('sample-fields').click();
  await expect(page.getByTestId('scene-canvas')).toBeVisible();
  const corner = await page.getByTestId('patch-corner').boundingBox();
  if (!corner) throw new Error('The patch has no corner.');
  const [x, y] = [corner.x + corner.width / 2, corner.y + corner.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + 40, y - 20, { steps: 4 });
  await page.mouse.up();
  await expect(page.getByRole('combobox', { name: 'Patch size' })).toContainText('Other size');
  await expect(page.getByRole('textbox', { name: 'Width of the patch' })).not.toHaveValue('96 px');
  const height = page.getByRole('textbox', { name: 'Height of the patch' });
  await height.fill('50');
  await height.press('Enter');
  const width = (
    await page.getByRole('textbox', { name: 'Width of the patch' }).inputValue()
  ).split(' ')[0];
  await expect(page.getByText(`patch ${width} × 50 at (80, 80)`)).toBeVisible();
  await encode(page);
  await expect(page.getByTestId('figure-bands')).toHaveText(`${width} × 50 × 150`);
});

test('two cubes stay open, each with its own work, over a reload too', async ({ page }) => {
  await openStudio(page);
  await page.getByTestId('sample-fields').click();
  await encode(page);
  const first = await page.getByTestId('file-name').innerText();
  await page.keyboard.press('/');
  await expect(page.getByPlaceholder('What do you want to do?')).toBeFocused();
  await page.keyboard.type('town');
  await page.keyboard.press('Enter');
  const list = page.getByRole('list', { name: 'Open images' });
  await expect(list.getByRole('listitem')).toHaveCount(2);
  await expect(page.getByTestId('file-name')).toBeHidden();
  await list.getByRole('button').first().click();
  await expect(page.getByTestId('file-name')).toHaveText(first);
  await expect(page.getByTestId('reconstruction-canvas')).toBeVisible();

  await putAside(page);
  await page.reload();
  await expect(list.getByRole('listitem')).toHaveCount(2, { timeout: 60_000 });
  await expect(page.getByTestId('file-name')).toHaveText(first, { timeout: 60_000 });
  await list.getByRole('button', { name: /^Close .*town/i }).click();
  await expect(list).toBeHidden();
});

test('the address says what is shown', async ({ page, context }) => {
  await openStudio(page);
  await page.getByTestId('sample-fields').click();
  await encode(page);
  await expect
    .poll(() => page.url())
    .toMatch(/#sample=fields&.*panes=hific-opt@0\.6.*stage=compare/);
  const psnr = await page.getByTestId('psnr').innerText();
  const other = await context.newPage();
  await other.goto(page.url());
  await expect(other.getByTestId('psnr')).toHaveText(psnr, { timeout: 120_000 });
});

import { readFile } from 'node:fs/promises';
import { expect, type Locator, type Page, test } from '@playwright/test';
import { chooseCodec, drop, encode, openStudio, pixels, restingPixels, saveHsc } from './studio';

async function encodeSample(page: Page): Promise<void> {
  await openStudio(page);
  await page.getByTestId('sample-fields').click();
  await expect(page.getByTestId('scene-canvas')).toBeVisible();
  await encode(page);
}

async function openBits(page: Page): Promise<void> {
  await page.getByRole('radio', { name: 'Bits', exact: true }).first().click();
  await expect(page.getByTestId('bit-map-canvas')).toBeVisible({ timeout: 60_000 });
}

/** The middle of a block of the 96 × 96 patch, in the page's pixels. */
async function blockAt(page: Page, x: number, y: number) {
  const box = await page.getByTestId('bit-map-canvas').boundingBox();
  if (!box) throw new Error('The map is not shown.');
  const side = box.width / 6;
  return { x: box.x + (x + 0.5) * side, y: box.y + (y + 0.5) * side };
}

const numberIn = async (locator: Locator) =>
  Number.parseFloat(((await locator.textContent()) ?? '').replace('−', '-').replaceAll(',', ''));

async function exportTable(page: Page, menu: string): Promise<Record<string, number>[]> {
  await page.getByTestId(menu).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: 'CSV' }).click(),
  ]);
  const [head, ...lines] = (await readFile(await download.path(), 'utf8')).trim().split('\r\n');
  const names = head.split(',');
  return lines.map((line) =>
    Object.fromEntries(line.split(',').map((value, i) => [names[i], Number(value)])),
  );
}

/** Chooses the channel of most bits and zeroes it. */
async function zeroDearest(page: Page): Promise<void> {
  await page.getByLabel('Order of the channels').getByRole('radio', { name: 'Bits' }).click();
  const chart = page.getByTestId('bar-chart');
  await chart.focus();
  await page.keyboard.press('ArrowRight');
  await page.getByRole('button', { name: 'Zero' }).first().click();
}

test('where the bits go, block by block and channel by channel', async ({ page }) => {
  await encodeSample(page);
  await openBits(page);
  const estimated = await numberIn(page.getByTestId('bits-estimated'));
  const coded = await numberIn(page.getByTestId('bits-coded'));
  expect(Math.abs(coded / estimated - 1)).toBeLessThan(0.02);

  const positions = await exportTable(page, 'export-bit-map');
  expect(positions).toHaveLength(36);
  const bits = positions.reduce((sum, row) => sum + row.latent_bits + row.side_information_bits, 0);
  expect(bits / 8).toBeCloseTo(estimated, 0);
  const channels = await exportTable(page, 'export-bits');
  const sum = (rows: Record<string, number>[], name: string) =>
    rows.reduce((total, row) => total + row[name], 0);
  expect(sum(channels, 'latent_bits')).toBeCloseTo(sum(positions, 'latent_bits'), 6);

  const readout = page.getByTestId('block-readout');
  for (const [x, y] of [
    [0, 0],
    [4, 2],
    [5, 5],
  ]) {
    const at = await blockAt(page, x, y);
    await page.mouse.move(at.x, at.y);
    const row = positions.find((one) => one.x === x && one.y === y);
    const own = (row?.latent_bits ?? 0) + (row?.side_information_bits ?? 0);
    await expect(readout).toContainText(`(${x}, ${y}): ${own.toFixed(1)} bits`);
  }
  const both = await pixels(page.getByTestId('bit-map-layer'));
  await page.getByRole('radio', { name: 'Side info' }).click();
  await expect.poll(() => pixels(page.getByTestId('bit-map-layer'))).not.toBe(both);
});

test('a click on a block shows its footprint, around it only', async ({ page }) => {
  await encodeSample(page);
  await openBits(page);
  const at = await blockAt(page, 2, 3);
  await page.mouse.click(at.x, at.y);
  const canvas = page.getByTestId('difference-canvas');
  await expect(canvas).toBeVisible({ timeout: 60_000 });
  await expect(page.getByRole('heading', { name: 'Block (2, 3)' })).toBeVisible();
  await page.getByRole('radio', { name: 'RMS of all bands' }).click();
  /** Green channel of the map, which rises with the difference. */
  const green = (x: number, y: number) =>
    canvas.evaluate(
      (element, [px, py]) =>
        (element as HTMLCanvasElement).getContext('2d')?.getImageData(px, py, 1, 1).data[1],
      [x, y] as const,
    );
  await expect.poll(() => green(0, 0)).toBe(1);
  const inside = await Promise.all([36, 40, 44].map((x) => green(x, 56)));
  expect(Math.max(...inside.map((value) => value ?? 0))).toBeGreaterThan(60);

  await page.getByTestId('bit-map').focus();
  await page.keyboard.press('ArrowLeft');
  await expect(page.getByRole('heading', { name: 'Block (1, 3)' })).toBeVisible();
});

test('a channel taken away costs quality, and reset gives it back exactly', async ({ page }) => {
  await encodeSample(page);
  const before = await restingPixels(page.getByTestId('reconstruction-canvas'));
  const psnr = await page.getByTestId('psnr').textContent();
  await openBits(page);
  await expect(page.getByTestId('unedited-psnr')).toHaveText(`${psnr} dB`);
  await zeroDearest(page);
  const edited = page.getByTestId('edited-psnr');
  await expect(edited).toHaveText(/\d/, { timeout: 60_000 });
  const fallen = await numberIn(edited);
  expect(fallen).toBeLessThan(Number(psnr) - 0.5);
  expect(await numberIn(page.getByTestId('change-psnr'))).toBeCloseTo(fallen - Number(psnr), 1);
  await expect(page.getByTestId('edited-canvas')).toBeVisible();
  const changed = await pixels(page.getByTestId('edited-canvas'));
  expect(changed).not.toBe(before);

  // As it was, and zeroed again: the same image as the first time.
  await page.getByTestId('reset-edits').click();
  await expect(edited).toHaveText('–');
  await page.getByRole('button', { name: 'Zero' }).first().click();
  await expect(edited).toHaveText(`${fallen.toFixed(2)} dB`, { timeout: 60_000 });
  await expect.poll(() => pixels(page.getByTestId('edited-canvas'))).toBe(changed);

  // No channel kept, then all of them: nothing is edited any more.
  await page.getByTestId('reset-edits').click();
  await page.getByRole('slider', { name: 'Channels that are kept' }).focus();
  await page.keyboard.press('Home');
  await expect(edited).toHaveText(/\d/, { timeout: 60_000 });
  expect(await numberIn(edited)).toBeLessThan(fallen);
  await page.keyboard.press('End');
  await expect(edited).toHaveText('–');
  await page.getByRole('radio', { name: 'Compare' }).click();
  await expect.poll(() => pixels(page.getByTestId('reconstruction-canvas'))).toBe(before);
  await expect(page.getByTestId('psnr')).toHaveText(psnr ?? '');
});

test('a file opened alone is edited against itself', async ({ page }, info) => {
  await encodeSample(page);
  const file = await saveHsc(page, info.outputDir);
  await page.reload();
  await openStudio(page);
  await drop(page, [file]);
  await expect(page.getByTestId('reconstruction-canvas')).toBeVisible({ timeout: 60_000 });
  await page.keyboard.press('5');
  await expect(page.getByTestId('bit-map-canvas')).toBeVisible({ timeout: 60_000 });
  await zeroDearest(page);
  await expect(page.getByText('Against the unedited reconstruction')).toBeVisible();
  await expect(page.getByTestId('edited-psnr')).toHaveText(/\d/, { timeout: 60_000 });
});

test('a classical file shows bytes of components and why there is no map', async ({ page }) => {
  await openStudio(page);
  await page.getByTestId('sample-fields').click();
  await expect(page.getByTestId('scene-canvas')).toBeVisible();
  await chooseCodec(page, 'PCA + JPEG 2000');
  await encode(page);
  await openBits(page);
  await expect(page.getByText(/one JPEG 2000 code stream over the whole image/)).toBeVisible();
  await expect(page.getByTestId('channel-readout')).toContainText(/components carry 90 %/);
  await expect(page.getByTestId('bit-map-layer')).toBeHidden();
});

test('no page scroll and no sideways scroll from 1280 pixels on', async ({ page }) => {
  await encodeSample(page);
  await openBits(page);
  const at = await blockAt(page, 2, 3);
  await page.mouse.click(at.x, at.y);
  await zeroDearest(page);
  await expect(page.getByTestId('edited-psnr')).toHaveText(/\d/, { timeout: 60_000 });
  for (const [width, height] of [
    [1280, 720],
    [1440, 900],
    [1920, 1080],
  ]) {
    await page.setViewportSize({ width, height });
    await expect
      .poll(() =>
        page.evaluate(() => {
          const boxes = [
            document.documentElement,
            ...document.querySelectorAll('.side, .bits__main, .bits-chart__head'),
          ];
          return {
            page: document.documentElement.scrollHeight - window.innerHeight,
            sideways: Math.max(
              ...boxes.map(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth),
            ),
          };
        }),
      )
      .toEqual({ page: 0, sideways: 0 });
  }
});

import { readFile } from 'node:fs/promises';
import { expect, type Page, test } from '@playwright/test';
import { distortionFigures, drop, encode, openStudio, sharedFormats } from './studio';

const CODECS = ['HiFiC SE', 'KLT + JPEG 2000', 'PCA + JPEG 2000'];
const RATES = 5;
const FILES = CODECS.length * RATES;

interface LongTask {
  readonly start: number;
  readonly duration: number;
}

declare global {
  interface Window {
    longTasks: LongTask[];
  }
}

/** Samson where the shared data is, else a shipped sample. */
async function openCube(page: Page): Promise<void> {
  const folder = sharedFormats();
  await openStudio(page);
  if (folder) await drop(page, [`${folder}/matv5_2d_bands_x_pixels_samson.mat`]);
  else await page.getByTestId('sample-fields').click();
  await expect(page.getByTestId('scene-canvas')).toBeVisible();
  await expect(page.getByTestId('encode')).toBeEnabled({ timeout: 60_000 });
}

/** The room of the curves with these codecs chosen and no others. */
async function openCurves(page: Page, codecs: readonly string[]): Promise<void> {
  await page.keyboard.press('3');
  await expect(page.getByTestId('start-sweep')).toBeVisible();
  for (const box of await page.getByRole('group').getByRole('checkbox').all()) {
    const label = await box.evaluate((input: HTMLInputElement) => input.labels?.[0].textContent);
    await box.setChecked(codecs.includes(label?.trim() ?? ''));
  }
}

async function watchLongTasks(page: Page): Promise<void> {
  await page.addInitScript(() => {
    window.longTasks = [];
    new PerformanceObserver((list) => {
      for (const { startTime, duration } of list.getEntries()) {
        window.longTasks.push({ start: startTime, duration });
      }
    }).observe({ type: 'longtask' });
  });
}

const now = (page: Page) => page.evaluate(() => performance.now());
const summary = (page: Page) => page.getByTestId('sweep-summary');
const points = (page: Page) => page.locator('[data-point]');

async function exportCurves(page: Page, label: string, folder: string): Promise<string> {
  await page.getByTestId('export-curves').click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: label }).click(),
  ]);
  const path = `${folder}/${download.suggestedFilename()}`;
  await download.saveAs(path);
  return path;
}

/** Rows of an exported CSV file; none of the cells here holds a comma. */
async function readRows(path: string): Promise<Record<string, string>[]> {
  const [names, ...rows] = (await readFile(path, 'utf8'))
    .trim()
    .split('\r\n')
    .map((line) => line.split(','));
  return rows.map((cells) => Object.fromEntries(names.map((name, i) => [name, cells[i]])));
}

// Alone on the machine (`scripts/test.mjs`), for what else runs would make tasks of the page long.
test(
  'curves grow, stop, go on, and come back after a reload',
  { tag: '@alone' },
  async ({ page }, info) => {
    test.setTimeout(600_000);
    await watchLongTasks(page);
    await openCube(page);
    await openCurves(page, CODECS);
    await expect(page.getByText(`${FILES} files to measure`)).toBeVisible();
    const begun = await now(page);

    await page.getByTestId('start-sweep').click();
    await expect.poll(() => points(page).count(), { timeout: 120_000 }).toBeGreaterThanOrEqual(6);
    await page.getByTestId('cancel-sweep').click();
    await expect(summary(page)).toContainText('Cancelled', { timeout: 20_000 });
    const kept = await points(page).count();
    expect(kept).toBeLessThan(FILES);
    await page.waitForTimeout(2000);
    expect(await points(page).count()).toBe(kept);

    await page.getByTestId('start-sweep').click();
    await page.keyboard.press('1');
    await encode(page);
    await expect(page.getByTestId('psnr')).toHaveText(/\d/);
    await page.keyboard.press('3');
    await expect(summary(page)).toContainText(`${FILES} of ${FILES} measured`, {
      timeout: 240_000,
    });
    await expect(summary(page)).toContainText(`${kept} of them before`);
    await expect(points(page)).toHaveCount(FILES);

    const ended = await now(page);
    const long = await page.evaluate(() => window.longTasks);
    const during = long.filter(({ start }) => start >= begun && start <= ended);
    console.log(`long tasks during the sweep, ms: ${during.map((one) => one.duration.toFixed(0))}`);
    expect(during.filter(({ duration }) => duration > 100)).toEqual([]);

    const rows = await readRows(await exportCurves(page, 'CSV', info.outputDir));
    expect(rows).toHaveLength(FILES);
    for (const [i, row] of rows.entries()) {
      const previous = rows[i - 1];
      if (previous?.codec === row.codec) {
        expect(Number(row.rate_bpp), `${row.codec} at ${row.target_rate_bpp}`).toBeGreaterThan(
          Number(previous.rate_bpp),
        );
      }
      await page.locator(`[data-point="${row.codec} ${row.target_rate_bpp}"]`).focus();
      await expect(page.getByTestId('card-psnr')).toHaveText(
        `${Number(row.psnr_db).toFixed(2)} dB`,
      );
      await expect(page.getByTestId('card-ssim')).toHaveText(Number(row.ssim).toFixed(4));
      await expect(page.getByTestId('card-size')).toContainText(
        Number(row.file_bytes).toLocaleString('en-US'),
      );
    }

    const svg = await readFile(await exportCurves(page, 'SVG', info.outputDir), 'utf8');
    expect(svg).toContain('KLT + JPEG 2000');
    expect(svg).not.toMatch(/var\(|light-dark|class=/);
    const png = await readFile(await exportCurves(page, 'PNG', info.outputDir));
    expect(png.subarray(1, 4).toString('latin1')).toBe('PNG');
    const [, width] = /width="(\d+)"/.exec(svg) ?? [];
    expect(png.readUInt32BE(16)).toBe(2 * Number(width));

    const picked = rows.find(
      ({ codec, target_rate_bpp }) => codec === 'klt-jpeg2000' && target_rate_bpp === '0.6',
    );
    await page.locator('[data-point="klt-jpeg2000 0.6"]').click();
    await expect(page.getByTestId('reconstruction-canvas')).toBeVisible({ timeout: 60_000 });
    await expect(page.getByTestId('file-name')).toHaveText(/klt-jpeg2000_0\.60bpp\.hsc$/);
    const shown = await distortionFigures(page);
    expect(shown.psnr).toBe(Number(picked?.psnr_db).toFixed(2));
    expect(shown.sam).toBe(Number(picked?.sam_mean_deg).toFixed(2));
    await expect(page.getByRole('combobox', { name: 'Codec' })).toHaveText('KLT + JPEG 2000');

    await page.reload();
    await openCube(page);
    await page.keyboard.press('3');
    await expect(summary(page)).toContainText(`${FILES} of them before`);
    await expect(points(page)).toHaveCount(FILES);
    await openCurves(page, CODECS);
    await page.getByTestId('start-sweep').click();
    await expect(summary(page)).toHaveText(
      `${FILES} of ${FILES} measured, ${FILES} of them before.`,
    );
    const again = await readRows(await exportCurves(page, 'CSV', info.outputDir));
    expect(again.map((row) => row.psnr_db)).toEqual(rows.map((row) => row.psnr_db));
  },
);

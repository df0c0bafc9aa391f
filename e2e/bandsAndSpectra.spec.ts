import { readFile } from 'node:fs/promises';
import { expect, type Page, test } from '@playwright/test';
import { fromArrayBuffer } from 'geotiff';
import { boundsOf, insideSpans } from '../src/core/cube/polygon';
import { sampleScenes } from '../src/core/samples';
import { encode, exportAs, openStudio, pixels, restingPixels } from './studio';

const scene = sampleScenes.find(({ id }) => id === 'fields')?.open();
if (!scene) throw new Error('The sample “fields” is gone.');
const wavelengths = scene.info.wavelengthsNm ?? [];

async function openFields(page: Page): Promise<void> {
  await openStudio(page);
  await page.getByTestId('sample-fields').click();
  await expect(page.getByTestId('scene-canvas')).toBeVisible();
}

async function preset(page: Page, name: string): Promise<void> {
  await page.getByRole('combobox', { name: 'Preset of bands' }).click();
  await page.getByRole('option', { name }).click();
}

const red = (page: Page) => page.getByRole('slider', { name: 'Red band' });

const nmOf = async (page: Page) => Number(await red(page).getAttribute('aria-valuenow'));

/** Waits until the canvas shows something else than before. */
async function changed(page: Page, testId: string, before: string): Promise<string> {
  const canvas = page.getByTestId(testId);
  await expect.poll(() => pixels(canvas)).not.toBe(before);
  return pixels(canvas);
}

test('bands are chosen by wavelength, from presets, and played through', async ({ page }) => {
  await openFields(page);
  const canvas = page.getByTestId('scene-canvas');
  const trueColour = await restingPixels(canvas);

  const thumb = await red(page).boundingBox();
  if (!thumb) throw new Error('There is no slider.');
  const before = await nmOf(page);
  await page.mouse.move(thumb.x + thumb.width / 2, thumb.y + thumb.height / 2);
  await page.mouse.down();
  await page.mouse.move(thumb.x + 25, thumb.y + thumb.height / 2, { steps: 6 });
  await page.mouse.up();
  const dragged = await nmOf(page);
  expect(dragged).toBeGreaterThan(before + 20);
  expect(wavelengths).toContain(dragged);
  await changed(page, 'scene-canvas', trueColour);

  await red(page).press('ArrowRight');
  const band = wavelengths.indexOf(dragged) + 1;
  expect(await nmOf(page)).toBe(wavelengths[band]);
  await expect(red(page)).toHaveAttribute('aria-valuetext', `${wavelengths[band].toFixed(1)} nm`);

  const entry = page.getByRole('textbox', { name: 'Red, wavelength in nm' });
  await entry.fill('700');
  await entry.press('Enter');
  expect(Math.abs((await nmOf(page)) - 700)).toBeLessThan(5);
  await entry.fill('red');
  await entry.press('Enter');
  await expect(entry).toHaveAttribute('aria-invalid', 'true');
  await entry.press('Escape');

  await preset(page, 'True colour');
  await expect.poll(() => pixels(canvas)).toBe(trueColour);
  await preset(page, 'Colour infrared');
  const infrared = await changed(page, 'scene-canvas', trueColour);
  await page.getByRole('combobox', { name: 'Preset of bands' }).click();
  const shortWave = page.getByRole('option', { name: /Short-wave infrared/ });
  await expect(shortWave).toHaveAttribute('aria-disabled', 'true');
  await expect(shortWave).toContainText('holds no bands near 2200 nm');
  await page.getByRole('option', { name: 'Principal components' }).click();
  await changed(page, 'scene-canvas', infrared);

  await preset(page, 'One band');
  await page.getByRole('combobox', { name: 'Colour map' }).click();
  await page.getByRole('option', { name: 'Viridis' }).click();
  await expect(page.getByTestId('colour-bar')).toHaveText(/^[\d,.]+[\d,.]+/);
  // Viridis has no greys: blue over green where it is dark, green over blue where it is bright.
  const kinds = async () =>
    canvas.evaluate((element) => {
      const { width, height } = element as HTMLCanvasElement;
      const data = (element as HTMLCanvasElement)
        .getContext('2d')
        ?.getImageData(0, 0, width, height).data as Uint8ClampedArray;
      const found = new Set<string>();
      for (let i = 0; i < data.length; i += 4)
        found.add(Math.sign(data[i + 1] - data[i + 2]) > 0 ? 'bright' : 'dark');
      return [...found].sort();
    });
  await expect.poll(kinds).toEqual(['bright', 'dark']);

  const shown = page.getByRole('slider', { name: 'Band band' });
  const at = async () => Number(await shown.getAttribute('data-position'));
  const start = await at();
  await page.keyboard.press('.');
  expect(await at()).toBe(start + 1);
  await page.keyboard.press(',');
  expect(await at()).toBe(start);
  const still = await pixels(canvas);
  await page.keyboard.press('b');
  await expect.poll(at).toBeGreaterThan(start + 1);
  await page.keyboard.press('b');
  await changed(page, 'scene-canvas', still);
  const stopped = await at();
  await page.waitForTimeout(700);
  expect(await at()).toBe(stopped);
});

test('a pane may have a stretch of its own', async ({ page }) => {
  await openFields(page);
  await encode(page);
  await expect(page.getByTestId('original-canvas')).toBeVisible();
  const original = await restingPixels(page.getByTestId('original-canvas'));
  const restored = await restingPixels(page.getByTestId('reconstruction-canvas'));
  await page.getByTestId('stretch-original').click();
  await page.getByRole('radio', { name: 'Own' }).click();
  await page.getByRole('combobox', { name: 'Own stretch' }).click();
  await page.getByRole('option', { name: 'Minimum–maximum' }).click();
  await changed(page, 'original-canvas', original);
  expect(await pixels(page.getByTestId('reconstruction-canvas'))).toBe(restored);
  await page.getByRole('radio', { name: 'Shared' }).click();
  await expect.poll(() => pixels(page.getByTestId('original-canvas'))).toBe(original);
});

test('the limits of the stretch are dragged and stepped on the histogram', async ({ page }) => {
  await openFields(page);
  const canvas = page.getByTestId('scene-canvas');
  const before = await restingPixels(canvas);
  const lower = page.getByRole('slider', { name: 'Stretch: lower limit' });
  await expect(lower).toHaveAttribute('aria-valuetext', /^2 %: [\d,.]+, [\d,.]+, [\d,.]+$/);
  const box = await lower.boundingBox();
  if (!box) throw new Error('The histogram has no limits.');
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + 50, y, { steps: 5 });
  await page.mouse.up();
  const percent = async () => Number(await lower.getAttribute('aria-valuenow'));
  const dragged = await percent();
  expect(dragged).toBeGreaterThan(3);
  const moved = await lower.boundingBox();
  expect(Math.abs((moved?.x ?? 0) - box.x - 50)).toBeLessThan(3);
  await expect(page.getByRole('combobox', { name: 'Stretch' })).toHaveText('Own percentiles');
  await changed(page, 'scene-canvas', before);

  await lower.press('ArrowRight');
  expect(await percent()).toBeCloseTo(dragged + 0.5, 6);
  await lower.press('Home');
  expect(await percent()).toBe(0);
  // Changes that follow one another closely are one step: how many these are, the clock decides.
  await expect(async () => {
    await page.keyboard.press('Control+z');
    const text = await page.getByRole('combobox', { name: 'Stretch' }).textContent();
    expect(text).toBe('2–98 %');
  }).toPass();
  await expect.poll(() => pixels(canvas)).toBe(before);

  // One band: the limits are the values that the colour bar ends with.
  await preset(page, 'One band');
  await expect(page.getByTestId('colour-bar')).toBeVisible();
  const [low, , high] = await page.locator('.colour-bar > span').allTextContents();
  await expect(lower).toHaveAttribute('aria-valuetext', `2 %: ${low}`);
  await expect(page.getByRole('slider', { name: 'Stretch: upper limit' })).toHaveAttribute(
    'aria-valuetext',
    `98 %: ${high}`,
  );
});

test('a polygon is drawn by clicks, and its mean is that of the pixels inside', async ({
  page,
}, info) => {
  await openFields(page);
  await page.keyboard.press('1');
  const box = await page.getByTestId('scene-canvas').boundingBox();
  if (!box) throw new Error('The scene is not shown.');
  const zoom = box.width / scene.info.width;
  const click = (x: number, y: number, clickCount = 1) =>
    page.mouse.click(box.x + x * zoom, box.y + y * zoom, { clickCount });
  const hint = page.locator('.drawing-hint');
  const list = page.getByRole('list', { name: 'Pins and regions' });

  // The frame of the patch lies there and must not be dragged or pinned meanwhile.
  const corners = [
    [90, 90],
    [150, 100],
    [130, 160],
    [100, 120],
  ] as const;
  await page.keyboard.press('l');
  await expect(hint).toContainText('Click the corners');
  for (const [x, y] of corners) await click(x, y);
  await click(60, 60);
  await page.keyboard.press('Backspace');
  await expect(page.locator('.polygon-draft__corner')).toHaveCount(corners.length);
  await page.keyboard.press('Enter');
  await expect(hint).toBeHidden();
  await expect(list.getByRole('listitem')).toHaveCount(1);
  await expect(list).toContainText('(90, 90), 4 corners');

  await page.getByTestId('export-spectra').click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: 'CSV' }).click(),
  ]);
  const path = info.outputPath(download.suggestedFilename());
  await download.saveAs(path);
  const csv = await readFile(path, 'utf8');
  expect(csv).toContain('polygon with corners at 90 90, 150 100, 130 160, 100 120');
  const polygon = corners.map(([x, y]) => ({ x, y }));
  const window = boundsOf(polygon);
  const samples = await scene.readWindow(window);
  const values: number[] = [];
  for (let y = window.y; y < window.y + window.height; y++)
    for (const [from, to] of insideSpans(polygon, y))
      for (let x = from; x < to; x++)
        values.push(samples[((y - window.y) * window.width + x - window.x) * wavelengths.length]);
  expect(csv).toContain(`mean of ${values.length} pixels inside`);
  const { names, rows } = tableOf(csv);
  const mean = rows[0][names.indexOf('Region 1 original mean')];
  expect(mean).toBeCloseTo(values.reduce((sum, value) => sum + value, 0) / values.length, 6);

  // A double click closes; Escape gives up; undo takes regions back.
  await page.getByTestId('draw-polygon').click();
  await click(20, 20);
  await click(60, 24);
  await click(40, 60);
  await page.mouse.dblclick(box.x + 16 * zoom, box.y + 50 * zoom);
  await expect(list.getByRole('listitem')).toHaveCount(2);
  await expect(list).toContainText('4 corners');
  await page.getByTestId('draw-polygon').click();
  await click(200, 200);
  await page.keyboard.press('Escape');
  await expect(hint).toBeHidden();
  await expect(list.getByRole('listitem')).toHaveCount(2);
  await page.keyboard.press('Control+z');
  await expect(list.getByRole('listitem')).not.toHaveCount(2);
  await page.keyboard.press('Control+Shift+Z');
  await expect(list.getByRole('listitem')).toHaveCount(2);
  await expect(page.getByText('patch 96 × 96 at (80, 80)')).toBeVisible();
});

/** Pins two pixels and draws a region on the original. */
async function mark(page: Page): Promise<void> {
  const box = await page.getByTestId('original-canvas').boundingBox();
  if (!box) throw new Error('The original is not shown.');
  const at = (x: number, y: number) => [box.x + box.width * x, box.y + box.height * y] as const;
  await page.mouse.click(...at(0.2, 0.3));
  await page.mouse.click(...at(0.7, 0.6));
  await page.keyboard.down('Shift');
  await page.mouse.move(...at(0.4, 0.4));
  await page.mouse.down();
  await page.mouse.move(...at(0.55, 0.7), { steps: 4 });
  await page.mouse.up();
  await page.keyboard.up('Shift');
  await page.getByRole('heading', { name: 'View' }).hover();
}

interface Table {
  readonly names: readonly string[];
  readonly rows: readonly (readonly number[])[];
}

function tableOf(csv: string): Table {
  const lines = csv.split('\r\n').filter((line) => line && !line.startsWith('#'));
  const [names, ...rows] = lines.map((line) => line.split(','));
  return { names, rows: rows.map((cells) => cells.map(Number)) };
}

test('pins and regions show and export what the engine holds', async ({ page }, info) => {
  await openFields(page);
  await encode(page);
  await mark(page);
  const list = page.getByRole('list', { name: 'Pins and regions' });
  await expect(list.getByRole('listitem')).toHaveCount(3);
  await expect(page.getByTestId('mark pin 1')).toHaveCount(2);
  await expect(page.getByTestId('sam region 1 reconstruction')).toHaveText(
    /SAM [\d.]+° · RMSE [\d.]+/,
  );
  const chart = page.getByRole('img', { name: 'Spectra' });
  await expect(chart.getByText('reconstruction − original')).toBeVisible();
  await expect(chart.locator('[data-line="Pin 1, reconstruction"]')).toHaveCount(2);
  await page.getByRole('button', { name: 'Residuals' }).click();
  await expect(chart.locator('[data-line="Pin 1, reconstruction"]')).toHaveCount(1);
  await page.getByRole('button', { name: 'Residuals' }).click();

  const name = page.getByRole('textbox', { name: 'Name of Pin 1' });
  await name.fill('Road');
  await name.press('Enter');
  await page.getByTestId('export-spectra').click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: 'CSV' }).click(),
  ]);
  const path = info.outputPath(download.suggestedFilename());
  await download.saveAs(path);
  const csv = await readFile(path, 'utf8');
  expect(csv).toMatch(/# Reconstruction: HiFiC opt, .*\.hsc, \d+ B, [\d.]+ bpp/);
  const { names, rows } = tableOf(csv);
  expect(rows).toHaveLength(wavelengths.length);
  expect(rows.map((row) => row[1])).toEqual([...wavelengths]);
  const column = (of: string) => rows.map((row) => row[names.indexOf(of)]);

  const [, x, y] = (csv.match(/Road: pixel x (\d+), y (\d+)/) ?? []).map(Number);
  const pixel = [...(await scene.readWindow({ x, y, width: 1, height: 1 }))];
  expect(column('Road original')).toEqual(pixel);
  const [, count, left, top, width, height] = (
    csv.match(/Region 1: mean of (\d+) pixels of the region x (\d+), y (\d+), (\d+) × (\d+)/) ?? []
  ).map(Number);
  expect(count).toBe(width * height);
  const region = await scene.readWindow({ x: left, y: top, width, height });
  for (const band of [0, 40, wavelengths.length - 1]) {
    const values = Array.from({ length: count }, (_, i) => region[i * wavelengths.length + band]);
    const mean = values.reduce((sum, value) => sum + value, 0) / count;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1);
    expect(column('Region 1 original mean')[band]).toBeCloseTo(mean, 6);
    expect(column('Region 1 original std')[band]).toBeCloseTo(Math.sqrt(variance), 6);
  }

  const patch = (await page.getByText(/^\d+ × \d+ at \(\d+, \d+\)$/).textContent()) ?? '';
  const [patchWidth, , cornerX, cornerY] = [...patch.matchAll(/\d+/g)].map(Number);
  const file = await exportAs(page, 'GeoTIFF', info.outputDir);
  const tiff = await fromArrayBuffer(new Uint8Array(await readFile(file)).buffer);
  const planes = (await (await tiff.getImage()).readRasters()) as unknown as Float32Array[];
  const restored = planes.map((plane) => plane[(y - cornerY) * patchWidth + x - cornerX]);
  expect(column('Road reconstruction')).toEqual(restored);
  const error = pixel.reduce((sum, value, band) => sum + (value - restored[band]) ** 2, 0);
  const shown = (await page.getByTestId('sam pin 1 reconstruction').textContent()) ?? '';
  const rmse = Number(shown.split('RMSE')[1].replaceAll(',', ''));
  expect(rmse / Math.sqrt(error / restored.length)).toBeCloseTo(1, 2);

  for (const [label, head] of [
    ['SVG', '<svg'],
    ['PNG', '\x89PNG'],
  ]) {
    await page.getByTestId('export-spectra').click();
    const [figure] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: label }).click(),
    ]);
    const target = info.outputPath(figure.suggestedFilename());
    await figure.saveAs(target);
    expect((await readFile(target, 'latin1')).startsWith(head)).toBe(true);
  }

  await page.getByRole('button', { name: 'Remove Region 1' }).click();
  await page.getByTestId('original').hover();
  await page.keyboard.press('p');
  await expect(list.getByRole('listitem')).toHaveCount(3);
  await page.keyboard.press('g');
  await expect(list.getByRole('listitem')).toHaveCount(4);
  await page.getByRole('button', { name: 'Clear' }).click();
  await expect(list).toBeHidden();
});

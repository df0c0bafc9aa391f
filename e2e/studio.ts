import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Download, expect, type Locator, type Page } from '@playwright/test';

/** The folder of shared test data, or nothing where this machine has none. */
export function sharedFormats(): string | undefined {
  const root = process.env.HSI_DATA ?? fileURLToPath(new URL('../../shared/data', import.meta.url));
  return existsSync(`${root}/formats`) ? `${root}/formats` : undefined;
}

export const NO_SHARED_DATA =
  'The folder of shared test data (../shared/data/formats, or HSI_DATA) is absent.';

/** The start page with its engine running. */
export async function openStudio(page: Page): Promise<void> {
  await page.goto('./');
  await expect(page.getByRole('heading', { name: 'Drop a hyperspectral file' })).toBeVisible();
}

/** A shipped sample, ready to be encoded. */
export async function openSample(page: Page, id = 'fields'): Promise<void> {
  await openStudio(page);
  await page.getByTestId(`sample-${id}`).click();
  await expect(page.getByTestId('scene-canvas')).toBeVisible();
  await expect(page.getByTestId('encode')).toBeEnabled({ timeout: 60_000 });
}

/** Until everything is kept in the browser, as it is once the work has rested. */
export const putAside = (page: Page) =>
  expect(page.locator('#root[data-kept]')).toBeAttached({ timeout: 30_000 });

/** What the studio says of itself as a person would read it; a change shows as a failed compare. */
export async function figures(page: Page): Promise<Record<string, string>> {
  const ids = [
    'bpp',
    'ratio',
    'figure-size',
    'figure-stored',
    'figure-bpppc',
    'figure-bands',
    'section-latents',
    'section-sideInformation',
    'section-metadata',
    'section-header',
    'estimate',
  ];
  const entries = ids.map(async (id) => [id, await page.getByTestId(id).textContent()] as const);
  return Object.fromEntries(await Promise.all(entries)) as Record<string, string>;
}

export async function distortionFigures(page: Page): Promise<Record<string, string>> {
  const ids = ['psnr', 'sam', 'figure-rmse', 'figure-max', 'figure-clipped'];
  const entries = ids.map(async (id) => [id, await page.getByTestId(id).textContent()] as const);
  return Object.fromEntries(await Promise.all(entries)) as Record<string, string>;
}

/** RGBA of every canvas pixel, as base 64. */
export async function pixels(canvas: Locator): Promise<string> {
  return canvas.evaluate((element) => {
    const { width, height } = element as HTMLCanvasElement;
    const context = (element as HTMLCanvasElement).getContext('2d');
    if (!context || width === 0) throw new Error('The canvas is empty.');
    let text = `${width}×${height} `;
    const { data } = context.getImageData(0, 0, width, height);
    for (let i = 0; i < data.length; i += 4096) {
      text += String.fromCharCode(...data.subarray(i, i + 4096));
    }
    return btoa(unescape(encodeURIComponent(text)));
  });
}

/** {@link pixels} once they stay: a picture may be drawn before its stretch is known, and again. */
export async function restingPixels(canvas: Locator): Promise<string> {
  let before = '';
  await expect
    .poll(
      async () => {
        const seen = before;
        before = await pixels(canvas);
        return before === seen;
      },
      { intervals: [300] },
    )
    .toBe(true);
  return before;
}

/** Drops files onto the page as the browser's file manager does. */
export async function drop(page: Page, paths: readonly string[]): Promise<void> {
  await page.evaluate(() => {
    const element = document.createElement('input');
    element.id = 'drop-source';
    element.type = 'file';
    element.multiple = true;
    element.hidden = true;
    document.body.append(element);
  });
  const input = page.locator('#drop-source');
  await input.setInputFiles([...paths]);
  await input.evaluate((element: HTMLInputElement) => {
    const transfer = new DataTransfer();
    for (const file of element.files ?? []) transfer.items.add(file);
    element.remove();
    const options = { dataTransfer: transfer, bubbles: true, cancelable: true };
    document.body.dispatchEvent(new DragEvent('dragenter', options));
    document.body.dispatchEvent(new DragEvent('dragover', options));
    document.body.dispatchEvent(new DragEvent('drop', options));
  });
}

export async function chooseCodec(page: Page, label: string): Promise<void> {
  await page.getByRole('combobox', { name: 'Codec' }).click({ timeout: 60_000 });
  await page.getByRole('option', { name: label, exact: true }).click();
}

/** Encodes and waits for a result other than the one shown before. */
export async function encode(page: Page): Promise<void> {
  const before = await page.getByTestId('file-name').allInnerTexts();
  const button = page.getByTestId('encode');
  await expect(button).toBeEnabled({ timeout: 60_000 });
  await button.click();
  await expect(page.getByTestId('file-name')).not.toHaveText(before[0] ?? '\0', {
    timeout: 120_000,
  });
  await expect(button).toBeVisible();
}

/** Puts a codec into a new pane and encodes there. */
export async function addPane(page: Page, number: number, label: string): Promise<void> {
  await page.getByTestId('add-pane').click();
  await page.getByRole('combobox', { name: `Method of pane ${number}` }).click();
  await page.getByRole('option', { name: label, exact: true }).click();
  await page.getByRole('button', { name: 'Encode here' }).click();
  await expect(page.getByRole('button', { name: 'Encode here' })).toBeHidden({ timeout: 120_000 });
  await expect(page.getByTestId('reconstruction-canvas')).toBeVisible({ timeout: 60_000 });
}

export async function saveHsc(page: Page, folder: string): Promise<string> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByTestId('save').click(),
  ]);
  return keep(download, folder);
}

export async function exportAs(page: Page, label: string, folder: string): Promise<string> {
  await page.getByTestId('export').click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: label }).click(),
  ]);
  return keep(download, folder);
}

async function keep(download: Download, folder: string): Promise<string> {
  const path = `${folder}/${download.suggestedFilename()}`;
  await download.saveAs(path);
  return path;
}

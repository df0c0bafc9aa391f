import { readFile, stat } from 'node:fs/promises';
import { type Download, expect, type Page, test } from '@playwright/test';
import { writeEnviCube } from './madeCubes';
import { encode, openStudio } from './studio';

/** 269 MB as float32, of which few are pixels: networks count pixels, memory counts samples. */
const SHAPE = { width: 128, height: 128, bands: 4100 };
const FLOAT_BYTES = 4 * SHAPE.width * SHAPE.height * SHAPE.bands;

/** Sizes of the files in the page's own storage, by folder. */
function stored(page: Page): Promise<Record<string, number[]>> {
  return page.evaluate(async () => {
    const sizes: Record<string, number[]> = {};
    for await (const [name, folder] of (await navigator.storage.getDirectory()).entries()) {
      const files: FileSystemFileHandle[] = [];
      for await (const file of (folder as FileSystemDirectoryHandle).values()) {
        files.push(file as FileSystemFileHandle);
      }
      sizes[name] = await Promise.all(files.map(async (file) => (await file.getFile()).size));
    }
    return sizes;
  });
}

test('a scene that is not held in memory is coded, compared and exported from its file', async ({
  page,
}, info) => {
  const files = await writeEnviCube(info.outputPath('many-bands'), SHAPE);
  await openStudio(page);
  await page.getByTestId('file-input').setInputFiles(files);
  await expect(page.getByTestId('scene-canvas')).toBeVisible({ timeout: 60_000 });
  await page.getByRole('combobox', { name: 'Patch size' }).click();
  await page.getByRole('option', { name: 'Whole scene' }).click();
  await encode(page);
  await expect(page.getByTestId('reconstruction-canvas')).toBeVisible();
  const psnr = (await page.getByTestId('psnr').textContent()) ?? '';
  expect(Number(psnr)).toBeGreaterThan(30);
  await expect(page.getByTestId('figure-bands')).toHaveText('128 × 128 × 4100');
  expect(await stored(page)).toMatchObject({ images: [FLOAT_BYTES], parts: [] });

  await page.getByTestId('export').click();
  const downloads: Download[] = [];
  page.on('download', (download) => downloads.push(download));
  await page.getByRole('menuitem', { name: 'NumPy' }).click();
  await expect.poll(() => downloads.length).toBe(2);
  const array = downloads.find((download) => download.suggestedFilename().endsWith('.npy'));
  const path = info.outputPath('exported.npy');
  await array?.saveAs(path);
  const head = await readFile(path).then((bytes) => bytes.subarray(0, 128).toString('latin1'));
  expect(head).toContain('(128, 128, 4100)');
  expect((await stat(path)).size).toBe(FLOAT_BYTES + head.indexOf('\n') + 1);

  await page.getByTestId('export').click();
  await page.getByRole('menuitem', { name: 'GeoTIFF' }).click();
  await expect(page.getByRole('alert')).toContainText('export it as ENVI or NumPy');

  // The image comes back from its .hsc; the file of the tab before is gone.
  await page.reload();
  await expect(page.getByTestId('psnr')).toHaveText(psnr, { timeout: 60_000 });
  expect(await stored(page)).toMatchObject({ images: [FLOAT_BYTES] });
});

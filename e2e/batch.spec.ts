import { readFile } from 'node:fs/promises';
import { expect, type Page, test } from '@playwright/test';
import { unzipSync } from 'fflate';
import { parseFile } from '../src/core/bitstream/container';
import { parseCsv } from '../src/core/csv';
import { folderOfCubes } from './madeCubes';
import { openStudio } from './studio';

declare global {
  interface Window {
    showDirectoryPicker(): Promise<FileSystemDirectoryHandle>;
  }
}

async function openBatch(page: Page, folder: string): Promise<void> {
  await openStudio(page);
  await page.getByTestId('batch').click();
  await page.getByTestId('batch-folder').setInputFiles(folder);
  await expect(page.getByTestId('batch-count')).toHaveText('3 images');
  await expect(page.getByTestId('batch-start')).toBeEnabled({ timeout: 60_000 });
}

test('three cubes, one damaged: two files, a table of three, and one archive', async ({
  page,
}, info) => {
  const folder = await folderOfCubes(info.outputPath('cubes'));
  await openBatch(page, folder);
  await page.getByTestId('batch-start').click();
  await page.getByRole('button', { name: 'Pause' }).click();
  await expect(page.getByTestId('batch-state')).toContainText('paused', { timeout: 60_000 });
  const waiting = page.locator('[data-testid="batch-row"][data-state="waiting"]');
  await expect(waiting).not.toHaveCount(0);
  await page.getByRole('button', { name: 'Resume' }).click();
  await expect(page.getByTestId('batch-state')).toHaveText('2 of 3 files, 1 failed', {
    timeout: 120_000,
  });
  await expect(page.getByText(/two\.npy ends too early/)).toBeVisible();

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByTestId('batch-zip').click(),
  ]);
  const path = info.outputPath('batch.zip');
  await download.saveAs(path);
  const files = unzipSync(new Uint8Array(await readFile(path)));
  const names = Object.keys(files).sort();
  expect(names).toHaveLength(3);
  const rows = parseCsv(new TextDecoder().decode(files['batch.csv']));
  expect(rows.map(({ source }) => source)).toEqual(['one.npy', 'three.npy', 'two.npy']);
  for (const { file, source, bytes, psnr, width, error } of rows) {
    if (source === 'two.npy') {
      expect(error).toContain('ends too early');
      expect(files[file]).toBeUndefined();
      continue;
    }
    expect(files[file]).toHaveLength(Number(bytes));
    expect(parseFile(files[file]).header.width).toBe(Number(width));
    expect(Number(psnr)).toBeGreaterThan(10);
  }
});

test('a folder that has some of the files already gets the others', async ({ page }, info) => {
  const folder = await folderOfCubes(info.outputPath('cubes'));
  // A folder of the page's own file system stands in for one that a person would choose.
  await page.addInitScript(() => {
    const showDirectoryPicker = async () =>
      (await navigator.storage.getDirectory()).getDirectoryHandle('chosen', { create: true });
    Object.assign(window, { showDirectoryPicker });
  });
  const run = async (told: string) => {
    await openBatch(page, folder);
    await page.getByTestId('batch-output').click();
    await page.getByTestId('batch-start').click();
    await expect(page.getByTestId('batch-state')).toHaveText(told, { timeout: 120_000 });
  };
  await run('2 of 3 files, 1 failed');
  await page.evaluate(async () => {
    const folder = await window.showDirectoryPicker();
    for await (const name of folder.keys()) {
      if (name.startsWith('one')) await folder.removeEntry(name);
    }
  });
  await run('2 of 3 files, 1 of them there already, 1 failed');
  const names = await page.evaluate(async () => {
    const folder = await window.showDirectoryPicker();
    const found: string[] = [];
    for await (const name of folder.keys()) found.push(name);
    return found.sort();
  });
  expect(names).toEqual([
    'batch.csv',
    expect.stringMatching(/^one_.*\.hsc$/),
    expect.stringMatching(/^three_.*\.hsc$/),
  ]);
});

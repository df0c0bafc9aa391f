import { expect } from '@playwright/test';
import { folderOfCubes } from '../madeCubes';
import { openStudio } from '../studio';
import { button, close, openList, openMenu, refuse, type Sitting } from './steps';

export const START: Sitting = {
  title: 'before anything is open',
  stops: [
    {
      at: 'the start page at first sight',
      go: async (page) => {
        await openStudio(page);
        await expect(page.locator('.example')).toBeVisible();
        await expect(page.locator('.sample img').last()).toHaveJSProperty('naturalWidth', 224);
      },
    },
    {
      at: 'the palette of commands',
      go: async (page) => {
        await page.keyboard.press('/');
        await expect(page.getByPlaceholder('What do you want to do?')).toBeFocused();
      },
    },
    {
      at: 'the palette with nothing found',
      go: async (page) => {
        await page.keyboard.type('qqqqq');
        await expect(page.getByText('Nothing of that name')).toBeVisible();
      },
    },
    {
      at: 'the sheet of shortcuts',
      go: async (page) => {
        await close(page);
        await button(page, 'Keyboard shortcuts (?)').click();
        await expect(page.getByRole('dialog', { name: 'Keyboard and mouse' })).toBeVisible();
      },
    },
    {
      at: 'the menu of backends',
      go: async (page) => {
        await close(page);
        await expect(page.getByTestId('backend')).toContainText('WebAssembly', { timeout: 60_000 });
        await openMenu(page, 'backend');
      },
    },
    {
      at: 'a hint over a button',
      go: async (page) => {
        await close(page);
        await page.getByTestId('commands').hover();
        await expect(page.getByRole('tooltip')).toBeVisible();
      },
    },
    {
      at: 'the batch without images',
      go: async (page) => {
        await page.getByTestId('batch').click();
        await expect(page.getByRole('dialog', { name: 'Batch' })).toBeVisible();
      },
    },
    { at: 'the codecs of the batch', go: (page) => openList(page, 'Codec of the batch') },
    {
      at: 'a batch with rates that cannot be read',
      go: async (page, info) => {
        await close(page);
        const folder = await folderOfCubes(info.outputPath('cubes'));
        await page.getByTestId('batch-folder').setInputFiles(folder);
        await expect(page.getByTestId('batch-count')).toHaveText('3 images');
        await page.getByLabel('Target rates, bpp').fill('much');
        await expect(page.getByText('Write rates with commas between')).toBeVisible();
      },
    },
    {
      at: 'a batch of which one image failed',
      go: async (page) => {
        await page.getByLabel('Target rates, bpp').fill('');
        await page.getByTestId('batch-start').click();
        await expect(page.getByTestId('batch-state')).toHaveText('2 of 3 files, 1 failed', {
          timeout: 120_000,
        });
      },
    },
    {
      at: 'a file that is refused on the start page',
      go: async (page, info) => {
        await close(page);
        await refuse(page, info);
      },
    },
    {
      at: 'files held over the page',
      go: async (page) => {
        await page.evaluate(() => {
          const dataTransfer = new DataTransfer();
          dataTransfer.items.add(new File(['a'], 'a.mat'));
          document.body.dispatchEvent(new DragEvent('dragenter', { dataTransfer, bubbles: true }));
        });
        await expect(page.locator('.drop-veil')).toBeVisible();
      },
    },
  ],
};

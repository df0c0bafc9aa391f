import { writeFile } from 'node:fs/promises';
import { expect } from '@playwright/test';
import { addPane, drop, encode, openSample, putAside, saveHsc } from '../studio';
import {
  button,
  choose,
  close,
  endPresentation,
  mark,
  openList,
  openMenu,
  present,
  type Sitting,
  tab,
} from './steps';

export const COMPARE: Sitting = {
  title: 'original and reconstructions',
  stops: [
    {
      at: 'nothing encoded yet',
      go: async (page) => {
        await openSample(page, 'fields');
        await page.keyboard.press('2');
        await expect(button(page, 'Encode here')).toBeVisible();
      },
    },
    {
      at: 'a result, a pixel under the cursor',
      go: async (page) => {
        await encode(page);
        await page.getByTestId('original').hover();
        await expect(page.getByTestId('likeness')).toBeVisible();
      },
    },
    {
      at: 'how it was measured',
      go: async (page) => {
        await button(page, 'How measured').click();
        await expect(page.getByRole('tooltip')).toBeVisible();
      },
    },
    {
      at: 'exports of the reconstruction',
      go: async (page) => {
        await close(page);
        await openMenu(page, 'export');
      },
    },
    {
      at: 'a stretch of the pane’s own',
      go: async (page) => {
        await close(page);
        await page.getByTestId('stretch-reconstruction').click();
        await tab(page, 'Own').click();
        await page.getByRole('slider', { name: 'Own stretch: lower limit' }).press('PageUp');
      },
    },
    {
      at: 'what the panes can show',
      go: async (page) => {
        await close(page);
        await openList(page, 'What the panes show');
      },
    },
    {
      at: 'two panes of errors, with marks',
      go: async (page) => {
        await close(page);
        await addPane(page, 2, 'KLT + JPEG 2000');
        await mark(page, 'original-canvas');
        await choose(page, 'What the panes show', /^Error, all bands/);
        await expect(page.getByRole('combobox', { name: 'Full scale of the map' })).toBeVisible();
      },
    },
    { at: 'the close-ups, none pinned', go: (page) => tab(page, 'Close-ups').click() },
    {
      at: 'a close-up',
      go: async (page) => {
        await choose(page, 'What the panes show', 'Picture');
        await button(page, 'Pin a close-up').click();
        await expect(page.locator('.close-up canvas')).toHaveCount(3);
      },
    },
    {
      at: 'figures of all panes',
      go: async (page) => {
        await tab(page, 'Metrics').click();
        await expect(page.getByTestId('metrics-2')).toBeVisible();
      },
    },
    { at: 'the views, none saved', go: (page) => openMenu(page, 'views') },
    {
      at: 'the stage presented',
      go: async (page) => {
        await close(page);
        await present(page);
      },
    },
    {
      at: 'swiped',
      go: async (page) => {
        await endPresentation(page);
        await page.keyboard.press('v');
        await tab(page, 'Swipe').click();
        await expect(page.getByTestId('swipe-over-canvas')).toBeVisible();
      },
    },
    {
      at: 'saved views',
      go: async (page) => {
        await page.keyboard.press('v');
        await openMenu(page, 'views');
      },
    },
    {
      at: 'a view presented, with figures below',
      go: async (page) => {
        await close(page);
        await present(page);
        await expect(page.getByText('1 / 2')).toBeVisible();
      },
    },
    {
      at: 'a view presented, swiped',
      go: async (page) => {
        await page.keyboard.press('ArrowRight');
        await expect(page.getByText('2 / 2')).toBeVisible();
      },
    },
    {
      at: 'the scene presented, with spectra',
      go: async (page) => {
        await endPresentation(page);
        await page.keyboard.press('1');
        await page.keyboard.press('v');
        await present(page);
        await page.keyboard.press('ArrowRight');
        await page.keyboard.press('ArrowRight');
        await expect(page.getByText('3 / 3')).toBeVisible();
      },
    },
    {
      at: 'the palette with all that can be done',
      go: async (page) => {
        await endPresentation(page);
        await page.keyboard.press('/');
        await expect(page.getByPlaceholder('What do you want to do?')).toBeFocused();
      },
    },
    {
      at: 'two images open',
      go: async (page) => {
        await page.keyboard.type('town');
        await page.keyboard.press('Enter');
        await expect(page.getByRole('list', { name: 'Open images' })).toBeVisible();
      },
    },
    {
      at: 'a damaged file',
      go: async (page, info) => {
        const path = info.outputPath('damaged.hsc');
        await writeFile(path, new Uint8Array([0x48, 0x53, 0xc1, 9, 9, 9]));
        await drop(page, [path]);
        await expect(page.getByRole('alert')).toBeVisible();
      },
    },
    {
      at: 'a file without its original',
      go: async (page, info) => {
        const list = page.getByRole('list', { name: 'Open images' });
        await list.getByRole('button').first().click();
        const path = await saveHsc(page, info.outputDir);
        await button(page, 'HSI Compression Studio, start page').click();
        await drop(page, [path]);
        await expect(page.getByTestId('reconstruction-canvas')).toBeVisible({ timeout: 60_000 });
      },
    },
    {
      at: 'the start page with the work of the last visit',
      go: async (page) => {
        await openSample(page, 'fields');
        await putAside(page);
        await page.goto('about:blank');
        await page.goto('./');
        await expect(page.getByTestId('continue')).toBeVisible();
      },
    },
  ],
};

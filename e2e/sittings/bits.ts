import { expect } from '@playwright/test';
import { chooseCodec, encode, openSample } from '../studio';
import {
  button,
  choose,
  close,
  endPresentation,
  openList,
  openMenu,
  placeOn,
  present,
  type Sitting,
} from './steps';

export const BITS: Sitting = {
  title: 'bits',
  stops: [
    {
      at: 'the bits of all blocks',
      go: async (page) => {
        await openSample(page, 'fields');
        await choose(page, 'Patch size', '64 × 64 pixels');
        await encode(page);
        await page.keyboard.press('5');
        await expect(page.getByTestId('bit-map-canvas')).toBeVisible({ timeout: 60_000 });
      },
    },
    { at: 'exports of bits', go: (page) => openMenu(page, 'export-bits') },
    {
      at: 'a block and its footprint',
      go: async (page) => {
        await close(page);
        await page.mouse.click(...(await placeOn(page, 'bit-map-canvas', 0.4, 0.6)));
        await expect(page.getByTestId('difference-canvas')).toBeVisible({ timeout: 60_000 });
      },
    },
    {
      at: 'an edited image',
      go: async (page) => {
        await page.getByTestId('bar-chart').focus();
        await page.keyboard.press('ArrowRight');
        await button(page, 'Zero').click();
        await expect(page.getByTestId('edited-psnr')).toHaveText(/\d/, { timeout: 60_000 });
        await expect(page.getByTestId('edited-canvas')).toBeVisible();
      },
    },
    { at: 'the spectral components', go: (page) => openList(page, 'Spectral component') },
    {
      at: 'bits presented',
      go: async (page) => {
        await close(page);
        await present(page);
      },
    },
    {
      at: 'the bytes of a classical file',
      go: async (page) => {
        await endPresentation(page);
        await page.keyboard.press('2');
        await chooseCodec(page, 'PCA + JPEG 2000');
        await encode(page);
        await page.keyboard.press('5');
        await expect(page.getByText(/one JPEG 2000 code stream/)).toBeVisible();
      },
    },
  ],
};

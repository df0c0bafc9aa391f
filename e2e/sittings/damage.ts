import { expect } from '@playwright/test';
import { drop, openSample } from '../studio';
import { writeDamaged, writeTiledFile } from '../tiledFile';
import { button, present, type Sitting } from './steps';

export const DAMAGE: Sitting = {
  title: 'damaged files',
  stops: [
    {
      at: 'a file with a damaged tile',
      go: async (page, info) => {
        await openSample(page, 'fields');
        const path = await writeTiledFile(info.outputDir);
        await drop(page, [await writeDamaged(path, 1)]);
        await expect(page.getByTestId('lost-tiles')).toBeVisible({ timeout: 120_000 });
      },
    },
    {
      at: 'the swipe of a damaged file',
      go: async (page) => {
        await page.getByRole('radio', { name: 'Swipe' }).click();
        await expect(page.getByTestId('swipe-canvas')).toBeVisible();
      },
    },
    {
      at: 'bits of a damaged file',
      go: async (page) => {
        await page.keyboard.press('5');
        await expect(page.getByTestId('bit-map-canvas')).toBeVisible({ timeout: 60_000 });
      },
    },
    {
      at: 'the damage lab',
      go: async (page) => {
        await page.getByRole('radio', { name: 'Damage' }).click();
        await expect(page.getByTestId('undamaged-canvas')).toBeVisible();
      },
    },
    {
      at: 'a damaged copy restored',
      go: async (page) => {
        await page.getByTestId('byte-bar').focus();
        await page.keyboard.press('End');
        for (let i = 0; i < 5; i++) await page.keyboard.press('PageDown');
        await button(page, 'Flip this bit').click();
        await expect(page.getByTestId('damage-lost')).toHaveText('2 of 4', { timeout: 60_000 });
        await expect(page.getByTestId('damaged-canvas')).toBeVisible();
      },
    },
    {
      at: 'a damaged copy refused',
      go: async (page) => {
        await page.getByTestId('byte-bar').focus();
        await page.keyboard.press('Home');
        await button(page, 'Flip this bit').click();
        await expect(page.getByTestId('damage-outcome')).toContainText('Refused', {
          timeout: 60_000,
        });
      },
    },
    { at: 'the damage lab presented', go: present },
  ],
};

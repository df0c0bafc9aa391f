import { expect } from '@playwright/test';
import { openSample } from '../studio';
import { choose, close, openList, present, type Sitting, settled, tab } from './steps';

export const ATTENTION: Sitting = {
  title: 'attention',
  stops: [
    {
      at: 'the gates of a patch',
      go: async (page) => {
        await openSample(page, 'fields');
        await choose(page, 'Patch size', '64 × 64 pixels');
        await page.keyboard.press('4');
        await settled(page);
      },
    },
    { at: 'what the map can show', go: (page) => openList(page, 'What the map shows') },
    {
      at: 'a held patch and a muted band',
      go: async (page) => {
        await close(page);
        await page.getByTestId('hold-patch').click();
        const map = page.getByTestId('gate-map');
        await map.focus();
        for (let i = 0; i < 30; i++) await map.press('ArrowUp');
        for (let i = 0; i < 20; i++) await map.press('ArrowRight');
        await page.getByTestId('mute-band').click();
        await expect(page.getByTestId('attention-edited-canvas')).toBeVisible({ timeout: 60_000 });
        await settled(page);
      },
    },
    {
      at: 'the difference of two patches, the spectrum of a pixel',
      go: async (page) => {
        await page.keyboard.press('1');
        await page.getByTestId('scene').focus();
        for (let i = 0; i < 4; i++) await page.keyboard.press('Shift+ArrowRight');
        await page.keyboard.press('4');
        await settled(page);
        await page.getByTestId('show-difference').click();
        await tab(page, 'Pixel').click();
      },
    },
    {
      at: 'the spread of many patches',
      go: async (page) => {
        await choose(page, 'Number of patches', '4 patches');
        await page.getByTestId('survey-attention').click();
        await page.getByTestId('show-spread').click({ timeout: 120_000 });
        await expect(page.getByTestId('population-state')).toHaveText('4 of 4 patches read', {
          timeout: 120_000,
        });
      },
    },
    { at: 'attention presented', go: present },
  ],
};

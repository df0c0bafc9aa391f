import { expect } from '@playwright/test';
import { openSample } from '../studio';
import {
  button,
  close,
  endPresentation,
  openList,
  openMenu,
  present,
  type Sitting,
  tab,
} from './steps';

export const CURVES: Sitting = {
  title: 'curves',
  stops: [
    {
      at: 'nothing measured yet',
      go: async (page) => {
        await openSample(page, 'coast');
        await page.keyboard.press('3');
        await expect(page.getByTestId('start-sweep')).toBeVisible();
        for (const box of await page.getByRole('group').getByRole('checkbox').all()) {
          const label = await box.evaluate(
            (input: HTMLInputElement) => input.labels?.[0].textContent,
          );
          await box.setChecked(['HiFiC SE', 'JPEG 2000'].includes(label?.trim() ?? ''));
        }
        await page.getByRole('textbox', { name: 'Target rates, bpp' }).fill('0.4, 1');
      },
    },
    { at: 'where it is measured', go: (page) => openList(page, 'Measured on') },
    {
      at: 'the question about bands outside',
      go: async (page) => {
        await close(page);
        await page.getByTestId('start-sweep').click();
        await expect(page.getByText(/bands lie outside 400–1335, 1460–1789/)).toBeVisible();
      },
    },
    {
      at: 'a sweep that runs',
      go: async (page) => {
        await button(page, /^Measure on the \d+ inside/).click();
        await expect(page.getByTestId('cancel-sweep')).toBeVisible();
      },
    },
    {
      at: 'points, one with its card, and published figures',
      go: async (page) => {
        await expect(page.getByTestId('sweep-summary')).toContainText('4 of 4 measured', {
          timeout: 120_000,
        });
        await expect(page.getByTestId('sweep-summary')).toContainText(
          /all on the same \d+ of 213 bands/,
        );
        await page.getByRole('checkbox', { name: /Published figures/ }).check();
        await page.locator('[data-point]').first().focus();
        await expect(page.getByTestId('point-card')).toBeVisible();
      },
    },
    { at: 'exports of the curves', go: (page) => openMenu(page, 'export-curves') },
    {
      at: 'the quality axes',
      go: async (page) => {
        await close(page);
        await openList(page, 'Quality axis');
      },
    },
    {
      at: 'curves presented',
      go: async (page) => {
        await close(page);
        await present(page);
      },
    },
    {
      at: 'points as pictures',
      go: async (page) => {
        await endPresentation(page);
        await tab(page, 'Pictures').click();
        await expect(page.locator('.matrix td button canvas')).toHaveCount(4);
      },
    },
    {
      at: 'the file of a point, opened by keys',
      go: async (page) => {
        await tab(page, 'Chart').click();
        await page.locator('[data-point]').first().focus();
        await page.keyboard.press('ArrowRight');
        await page.keyboard.press('Enter');
        await expect(page.getByTestId('reconstruction-canvas')).toBeVisible({ timeout: 60_000 });
        await expect(page.getByTestId('psnr')).toHaveText(/\d/);
      },
    },
  ],
};

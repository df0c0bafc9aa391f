import { expect } from '@playwright/test';
import { writeNpyCube } from '../madeCubes';
import { drop, openStudio } from '../studio';
import { button, openList, type Sitting, tab } from './steps';

export const METADATA: Sitting = {
  title: 'metadata',
  stops: [
    {
      at: 'an image without wavelengths, and how it was read',
      go: async (page, info) => {
        const cube = { width: 64, height: 60, bands: 103, noisy: [0, 57] };
        const path = await writeNpyCube(info.outputPath('scene.npy'), cube);
        await openStudio(page);
        await drop(page, [path]);
        await page.locator('summary').click();
      },
    },
    {
      at: 'the dialog of metadata',
      go: async (page) => {
        await page.getByTestId('edit-meta').click();
        await expect(page.getByText(/Mean of 3,840 pixels/)).toBeVisible();
      },
    },
    {
      at: 'the sensors',
      go: async (page) => {
        await tab(page, 'Sensor').click();
        await openList(page, 'Sensor');
      },
    },
    {
      at: 'a sensor, noisy bands, a value that is no number',
      go: async (page) => {
        await page.getByRole('option', { name: /ROSIS-03, Pavia University/ }).click();
        await button(page, 'Find noisy bands').click();
        await page.getByLabel('No-data value').fill('x');
        await expect(page.getByText('Write one number, NaN, or nothing.')).toBeVisible();
      },
    },
    { at: 'wavelengths from first to last', go: (page) => tab(page, 'First and last').click() },
    { at: 'wavelengths as a list', go: (page) => tab(page, 'List').click() },
  ],
};

import { expect } from '@playwright/test';
import { chooseCodec, openSample } from '../studio';
import {
  button,
  choose,
  close,
  mark,
  openList,
  openMenu,
  placeOn,
  refuse,
  type Sitting,
} from './steps';

export const SCENE: Sitting = {
  title: 'a scene',
  stops: [
    {
      at: 'the scene, a pixel under the cursor',
      go: async (page) => {
        await openSample(page, 'coast');
        await page.mouse.move(...(await placeOn(page, 'scene-canvas', 0.1, 0.1)));
        await expect(page.getByTestId('pixel')).toBeVisible();
      },
    },
    { at: 'the presets of bands', go: (page) => openList(page, 'Preset of bands') },
    {
      at: 'one band, to be played through, in colours',
      go: async (page) => {
        await page.getByRole('option', { name: 'One band' }).click();
        await choose(page, 'Colour map', 'Viridis');
        await expect(page.getByTestId('colour-bar')).toBeVisible();
      },
    },
    {
      at: 'principal components',
      go: async (page) => {
        await choose(page, 'Preset of bands', 'Principal components');
        await expect(page.getByText(/components 1, 2, 3/)).toBeVisible();
      },
    },
    {
      at: 'percentiles of one’s own',
      go: async (page) => {
        await choose(page, 'Preset of bands', 'True colour');
        await page.getByRole('slider', { name: 'Stretch: upper limit' }).press('Shift+ArrowLeft');
        await expect(page.getByRole('combobox', { name: 'Stretch' })).toHaveText('Own percentiles');
      },
    },
    { at: 'a pin and a region', go: (page) => mark(page, 'scene-canvas') },
    {
      at: 'a polygon that is drawn',
      go: async (page) => {
        await page.getByTestId('draw-polygon').click();
        await page.mouse.click(...(await placeOn(page, 'scene-canvas', 0.6, 0.2)));
        await page.mouse.click(...(await placeOn(page, 'scene-canvas', 0.8, 0.3)));
        await page.mouse.click(...(await placeOn(page, 'scene-canvas', 0.7, 0.5)));
        await expect(page.getByText('Enter or a double click closes')).toBeVisible();
      },
    },
    {
      at: 'a polygon beside pin and region',
      go: async (page) => {
        await page.keyboard.press('Enter');
        await expect(page.getByText('3 corners')).toBeVisible();
      },
    },
    { at: 'exports of spectra', go: (page) => openMenu(page, 'export-spectra') },
    {
      at: 'the codecs',
      go: async (page) => {
        await close(page);
        await openList(page, 'Codec');
      },
    },
    {
      at: 'a patch of another size',
      go: async (page) => {
        await close(page);
        await choose(page, 'Patch size', /^Other size/);
        await expect(page.getByRole('textbox', { name: 'Width of the patch' })).toBeVisible();
      },
    },
    {
      at: 'a codec without a rate',
      go: (page) => chooseCodec(page, 'Lossless'),
    },
    { at: 'a file that is refused beside an open image', go: (page, info) => refuse(page, info) },
    {
      at: 'the question about bands outside',
      go: async (page) => {
        await chooseCodec(page, 'HiFiC SE');
        await page.getByTestId('encode').click();
        await expect(button(page, /^Encode the/)).toBeVisible();
      },
    },
    {
      at: 'an encode that runs',
      go: async (page) => {
        await button(page, 'Cancel').click();
        await choose(page, 'Patch size', 'Whole scene');
        await page.getByTestId('encode').click();
        await button(page, /^Encode the/).click();
        await expect(page.getByRole('progressbar')).toBeVisible();
      },
    },
    {
      at: 'an engine that was started again',
      go: async (page) => {
        await page.workers()[0].evaluate(() => {
          setTimeout(() => {
            throw new Error('out of memory');
          });
        });
        await expect(page.getByText(/The engine stopped unexpectedly/)).toBeVisible();
      },
    },
  ],
};

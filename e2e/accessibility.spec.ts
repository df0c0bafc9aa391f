import { writeFile } from 'node:fs/promises';
import { expect, type Page, type TestInfo, test } from '@playwright/test';
import { violationsOf } from './axe';
import { folderOfCubes, writeNpyCube } from './madeCubes';
import { addPane, chooseCodec, drop, encode, openStudio, putAside, saveHsc } from './studio';
import { writeDamaged, writeTiledFile } from './tiledFile';

/** A state of the studio, and the way to it from the one before. */
interface Stop {
  readonly at: string;
  go(page: Page, info: TestInfo): Promise<unknown>;
}

/** States that follow one another in one page. */
interface Sitting {
  readonly title: string;
  readonly stops: readonly Stop[];
}

const close = (page: Page) => page.keyboard.press('Escape');
const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).first();
const tab = (page: Page, name: string) => page.getByRole('radio', { name, exact: true }).first();

/** A list that stays open. */
async function openList(page: Page, name: string): Promise<void> {
  await page.getByRole('combobox', { name, exact: true }).first().click();
  await expect(page.getByRole('listbox')).toBeVisible();
}

async function choose(page: Page, list: string, option: string | RegExp): Promise<void> {
  await openList(page, list);
  await page.getByRole('option', { name: option }).first().click();
}

async function openMenu(page: Page, testId: string): Promise<void> {
  await page.getByTestId(testId).click();
  await expect(page.getByRole('menu')).toBeVisible();
}

async function openSample(page: Page, id: string): Promise<void> {
  await openStudio(page);
  await page.getByTestId(`sample-${id}`).click();
  await expect(page.getByTestId('scene-canvas')).toBeVisible();
  await expect(page.getByTestId('encode')).toBeEnabled({ timeout: 60_000 });
}

async function refuse(page: Page, info: TestInfo): Promise<void> {
  const letter = info.outputPath('letter.mat');
  await writeFile(letter, 'Dear colleague, the cube is attached.');
  await drop(page, [letter]);
  await expect(page.getByRole('alert')).toContainText('letter.mat');
}

/** A place on a picture, by shares of its width and height. */
async function placeOn(page: Page, testId: string, x: number, y: number) {
  const box = await page.getByTestId(testId).boundingBox();
  if (!box) throw new Error(`${testId} is not shown.`);
  return [box.x + box.width * x, box.y + box.height * y] as const;
}

async function mark(page: Page, testId: string): Promise<void> {
  await page.mouse.click(...(await placeOn(page, testId, 0.2, 0.3)));
  await page.keyboard.down('Shift');
  await page.mouse.move(...(await placeOn(page, testId, 0.4, 0.4)));
  await page.mouse.down();
  await page.mouse.move(...(await placeOn(page, testId, 0.55, 0.7)), { steps: 4 });
  await page.mouse.up();
  await page.keyboard.up('Shift');
  await expect(page.getByRole('list', { name: 'Pins and regions' })).toBeVisible();
}

async function present(page: Page): Promise<void> {
  await page.keyboard.press('w');
  await expect(page.locator('.header')).toBeHidden();
}

async function endPresentation(page: Page): Promise<void> {
  await close(page);
  await expect(page.locator('.header')).toBeVisible();
}

async function settled(page: Page): Promise<void> {
  await expect(page.getByTestId('attention-state')).toHaveText(/^Gates, file and pictures/, {
    timeout: 120_000,
  });
}

const START: Sitting = {
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

const SCENE: Sitting = {
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

const METADATA: Sitting = {
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

const COMPARE: Sitting = {
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

const CURVES: Sitting = {
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

const ATTENTION: Sitting = {
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

const BITS: Sitting = {
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

const DAMAGE: Sitting = {
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

test.use({ actionTimeout: 30_000 });

for (const { title, stops } of [START, SCENE, METADATA, COMPARE, CURVES, ATTENTION, BITS, DAMAGE]) {
  test(`axe finds nothing in either theme: ${title}`, async ({ page }, info) => {
    test.setTimeout(300_000);
    for (const { at, go } of stops) {
      await test.step(at, async () => {
        await go(page, info);
        expect.soft(await violationsOf(page), at).toEqual([]);
      });
    }
  });
}

import { readFile } from 'node:fs/promises';
import { expect, type Locator, type Page, test } from '@playwright/test';
import { chooseCodec, drop, encode, openStudio, pixels, restingPixels } from './studio';
import { writeDamaged, writeTiledFile } from './tiledFile';

/** Opacity of a picture's pixel at shares of its width and height. */
async function opacityAt(canvas: Locator, x: number, y: number): Promise<number> {
  return canvas.evaluate(
    (element, [across, down]) => {
      const { width, height } = element as HTMLCanvasElement;
      const context = (element as HTMLCanvasElement).getContext('2d');
      const pixel = context?.getImageData(
        Math.floor(across * width),
        Math.floor(down * height),
        1,
        1,
      );
      return pixel?.data[3] ?? -1;
    },
    [x, y] as const,
  );
}

const lostTile = (page: Page, tile: number) =>
  page.getByRole('img', { name: `Tile ${tile} is damaged: no data` });

async function openFile(page: Page, path: string): Promise<void> {
  await drop(page, [path]);
  await expect(page.getByTestId('reconstruction-canvas')).toBeVisible({ timeout: 120_000 });
}

async function openLab(page: Page): Promise<void> {
  await page.keyboard.press('5');
  await expect(page.getByTestId('bit-map-canvas')).toBeVisible({ timeout: 60_000 });
  await page.getByRole('radio', { name: 'Damage' }).click();
  await expect(page.getByTestId('undamaged-canvas')).toBeVisible();
}

async function typeByte(page: Page, byte: number): Promise<void> {
  const entry = page.getByRole('textbox', { name: 'Byte, counted from 0' });
  await entry.fill(String(byte));
  await entry.press('Enter');
}

/** Presses a key of the lab and waits for the reader's answer. */
async function press(page: Page, name: string, answer: RegExp): Promise<void> {
  await page.getByRole('button', { name, exact: true }).click();
  const outcome = page.getByTestId('damage-outcome');
  await expect(outcome).toHaveAttribute('aria-busy', 'false', { timeout: 60_000 });
  await expect(outcome).toContainText(answer, { timeout: 60_000 });
}

let tiled: string;
test.beforeAll(async ({ browserName: _ }, info) => {
  tiled = await writeTiledFile(`${info.project.outputDir}/damage-${info.workerIndex}`);
});

test('a file with a damaged tile shows the rest, and says what is missing', async ({ page }) => {
  await openStudio(page);
  await page.getByTestId('sample-fields').click();
  await expect(page.getByTestId('scene-canvas')).toBeVisible();
  await openFile(page, await writeDamaged(tiled, 1));
  await expect(page.getByTestId('lost-tiles')).toHaveText(
    /^1 of 4 tiles is damaged: its pixels carry no data/,
  );
  await expect(page.getByTestId('lost-tiles')).toHaveText(
    /All figures leave the damaged tiles out\.$/,
  );
  await expect(lostTile(page, 2)).toBeVisible();
  const canvas = page.getByTestId('reconstruction-canvas');
  expect(await opacityAt(canvas, 0.75, 0.25)).toBe(0);
  for (const [x, y] of [
    [0.25, 0.25],
    [0.25, 0.75],
    [0.75, 0.75],
  ]) {
    expect(await opacityAt(canvas, x, y)).toBe(255);
  }
  // Compared with the original where there are data.
  await expect(page.getByTestId('psnr')).toHaveText(/^\d\d\.\d\d$/, { timeout: 60_000 });
  expect(Number(await page.getByTestId('psnr').textContent())).toBeGreaterThan(20);
  await page.getByRole('combobox', { name: 'What the panes show' }).click();
  await page.getByRole('option', { name: 'Error, all bands' }).click();
  await expect.poll(() => opacityAt(canvas, 0.25, 0.25)).toBe(255);
  expect(await opacityAt(canvas, 0.75, 0.25)).toBe(0);
  await page.keyboard.press('5');
  await expect(page.getByTestId('bit-map-canvas')).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText(/^1 of 4 tiles damaged: bits are shown/)).toBeVisible();
  await expect(lostTile(page, 2).first()).toBeVisible();
});

test('a copy is damaged, read again and saved; the result stays', async ({ page }) => {
  await openStudio(page);
  await openFile(page, tiled);
  const before = await restingPixels(page.getByTestId('reconstruction-canvas'));
  await openLab(page);

  // Section by section: the third tile.
  const section = page.getByTestId('damage-section');
  await expect(section).toHaveText('Header');
  while ((await section.textContent()) !== 'Tile 3') {
    await page.getByRole('button', { name: 'Next section' }).click();
  }
  const bar = page.getByTestId('byte-bar');
  await bar.focus();
  for (let i = 0; i < 3; i++) await page.keyboard.press('PageUp');
  await press(page, 'Flip this bit', /Tiles lost1 of 4/);
  await expect(page.getByTestId('damage-hit')).toHaveText('Tile 31 byte changed');
  await expect(page.getByTestId('damage-share')).toHaveText('25.00 %');
  await expect(page.getByTestId('damage-notable')).toHaveText(/^[\d,]+, within \d+ pixels$/);
  await expect(lostTile(page, 3)).toBeVisible();
  await expect.poll(() => opacityAt(page.getByTestId('damaged-canvas'), 0.25, 0.75)).toBe(0);
  expect(await opacityAt(page.getByTestId('damaged-canvas'), 0.75, 0.75)).toBe(255);

  // Once more: as it was.
  await press(page, 'Flip this bit', /every sample is what it was/);
  await expect(lostTile(page, 3)).toBeHidden();
  await page.getByRole('button', { name: 'Undo the last damage' }).click();
  await expect(page.getByTestId('damage-lost')).toHaveText('1 of 4', { timeout: 60_000 });

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByTestId('save-damaged').click(),
  ]);
  expect(download.suggestedFilename()).toBe('tiled_damaged.hsc');
  const [saved, whole] = await Promise.all([readFile(await download.path()), readFile(tiled)]);
  expect(saved.length).toBe(whole.length);
  expect(saved.filter((value, i) => value !== whole[i]).length).toBe(1);

  // The header, and a cut: refused, and nothing shown.
  await typeByte(page, 4);
  await press(
    page,
    'Flip this bit',
    /Refused \(check-failed\): The header of the \.hsc file is damaged/,
  );
  await expect(page.getByTestId('damaged-canvas')).toBeHidden();
  await page.getByRole('button', { name: 'Reset' }).click();
  const box = await bar.boundingBox();
  if (!box) throw new Error('The bar is not shown.');
  await page.mouse.click(box.x + 0.9 * box.width, box.y + box.height / 2);
  await expect(section).toHaveText('Tile 4');
  await press(page, 'Cut after this byte', /Refused \(truncated\)/);
  await expect(page.getByTestId('damage-hit')).toHaveText(/^Tile 4\d+ bytes cut off$/);

  await page.getByRole('radio', { name: 'Bits and edits' }).click();
  await expect(page.getByTestId('bit-map-canvas')).toBeVisible({ timeout: 60_000 });
  await page.getByRole('radio', { name: 'Compare' }).click();
  await expect.poll(() => pixels(page.getByTestId('reconstruction-canvas'))).toBe(before);
});

test('a classical file is refused, with a sentence', async ({ page }) => {
  await openStudio(page);
  await page.getByTestId('sample-fields').click();
  await expect(page.getByTestId('scene-canvas')).toBeVisible();
  await chooseCodec(page, 'PCA + JPEG 2000');
  await encode(page);
  await page.keyboard.press('5');
  await page.getByRole('radio', { name: 'Damage' }).click({ timeout: 60_000 });
  await press(page, 'Flip', /Refused \([a-z-]+\): .+\./);
  await expect(page.getByText('The copy is refused: there is nothing to show.')).toBeVisible();
});

test('no page scroll, no sideways scroll and nothing moves from 1280 pixels on', async ({
  page,
}) => {
  await openStudio(page);
  await openFile(page, tiled);
  await openLab(page);
  for (const [width, height] of [
    [1280, 720],
    [1440, 900],
    [1920, 1080],
  ]) {
    await page.setViewportSize({ width, height });
    const places = () =>
      page.evaluate(() => {
        const boxes = [
          document.documentElement,
          ...document.querySelectorAll('.side, .bits__main, .byte-map__head'),
        ];
        return {
          page: document.documentElement.scrollHeight - window.innerHeight,
          sideways: Math.max(
            ...boxes.map(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth),
          ),
          fixed: [
            ...document.querySelectorAll(
              '.byte-map, .damage__tools, [data-testid="damaged"], [data-testid="save-damaged"]',
            ),
          ].map((element) => {
            const { left, top, width, height } = element.getBoundingClientRect();
            return [left, top, width, height];
          }),
        };
      });
    const empty = await places();
    expect(empty).toMatchObject({ page: 0, sideways: 0 });
    await press(page, 'Flip', /Refused|Tiles lost/);
    expect(await places()).toEqual(empty);
    await page.getByRole('button', { name: 'Reset' }).click();
  }
});

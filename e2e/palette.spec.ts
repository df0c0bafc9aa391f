import { expect, type Page, test } from '@playwright/test';
import { openStudio } from './studio';

const palette = (page: Page) => page.getByRole('dialog', { name: 'Commands' });

async function command(page: Page, words: string): Promise<void> {
  await page.keyboard.press('/');
  await expect(page.getByPlaceholder('What do you want to do?')).toBeFocused();
  await page.keyboard.type(words);
  await page.keyboard.press('Enter');
  await expect(palette(page)).toBeHidden();
}

test('from the start page to a file by the palette alone', async ({ page }) => {
  await openStudio(page);
  await page.keyboard.press('Control+k');
  await expect(page.getByPlaceholder('What do you want to do?')).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(palette(page)).toBeHidden();
  await command(page, 'town');
  await expect(page.getByTestId('scene-canvas')).toBeVisible();
  await expect(page.getByTestId('encode')).toBeEnabled({ timeout: 60_000 });

  await command(page, 'klt jpeg');
  await expect(page.getByRole('combobox', { name: 'Codec' })).toContainText('KLT');
  await command(page, 'infrared');
  await expect(page.getByRole('combobox', { name: 'Preset of bands' })).toHaveText(
    'Colour infrared',
  );
  await command(page, 'rate 0.8');
  await expect(page.getByRole('slider', { name: 'Target rate in bits per pixel' })).toHaveAttribute(
    'aria-valuetext',
    '0.80 bits per pixel',
  );
  await command(page, 'encode');
  await expect(page.getByTestId('file-name')).toHaveText(/klt-jpeg2000_0\.80bpp/, {
    timeout: 120_000,
  });
  await page.keyboard.press('/');
  await page.keyboard.type('numpy');
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.keyboard.press('Enter'),
  ]);
  expect(download.suggestedFilename()).toMatch(/numpy\.zip$/);
});

test('a German keyboard reaches rate and palette', async ({ page }) => {
  await openStudio(page);
  await page.getByTestId('sample-fields').click();
  const slider = page.getByRole('slider', { name: 'Target rate in bits per pixel' });
  await expect(slider).toHaveAttribute('aria-valuetext', /0\.60/, { timeout: 60_000 });
  const press = (init: Record<string, string | boolean>) =>
    page.evaluate((init) => {
      document.body.dispatchEvent(
        new KeyboardEvent('keydown', { bubbles: true, cancelable: true, ...init }),
      );
    }, init);
  await press({ key: '<', code: 'IntlBackslash' });
  await expect(slider).toHaveAttribute('aria-valuetext', /0\.55/);
  await press({ key: ']', code: 'Digit9', ctrlKey: true, altKey: true, modifierAltGraph: true });
  await expect(slider).toHaveAttribute('aria-valuetext', /0\.60/);
  await press({ key: '/', code: 'Digit7', shiftKey: true });
  await expect(palette(page)).toBeVisible();
});

test('nothing can be done of that name: it says so, and the list keeps its height', async ({
  page,
}) => {
  await openStudio(page);
  await page.getByTestId('commands').click();
  const before = await palette(page).boundingBox();
  await page.keyboard.type('qqqqq');
  await expect(page.getByText('Nothing of that name')).toBeVisible();
  expect(await palette(page).boundingBox()).toEqual(before);
});

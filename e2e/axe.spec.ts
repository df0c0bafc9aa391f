import { writeFile } from 'node:fs/promises';
import { expect, type Locator, type Page, test } from '@playwright/test';
import { expectAccessible } from './axe';
import { drop, encode, openStudio } from './studio';

/** Opens what a button opens, looks at it, closes it. */
async function look(page: Page, button: Locator, where: string): Promise<void> {
  await button.click();
  const opened = page.locator('[role="menu"], [role="dialog"], [role="listbox"]').last();
  await expect(opened, where).toBeVisible();
  await opened.evaluate((element) =>
    Promise.all(element.getAnimations({ subtree: true }).map(({ finished }) => finished)),
  );
  await expectAccessible(page, where);
  await page.keyboard.press('Escape');
  await expect(opened, where).toBeHidden();
}

for (const colorScheme of ['dark', 'light'] as const) {
  test(`axe: menus, notices and the presentation, ${colorScheme}`, async ({ page }, info) => {
    await page.emulateMedia({ colorScheme });
    await openStudio(page);
    const broken = info.outputPath('broken.npy');
    await writeFile(broken, 'no cube');
    await drop(page, [broken]);
    await expect(page.getByRole('alert')).toBeVisible();
    await expectAccessible(page, 'a file that cannot be read');

    await page.getByTestId('sample-fields').click();
    await encode(page);
    await page.keyboard.press('v');
    await look(page, page.getByTestId('views'), 'the views');
    await look(page, page.getByTestId('backend'), 'the backends');
    await look(page, page.getByTestId('export'), 'formats of the reconstruction');
    await look(page, page.locator('[data-testid^="stretch-"]').first(), 'the stretch of a pane');
    await look(page, page.getByRole('combobox', { name: 'Codec' }), 'the codecs');
    await look(page, page.getByTestId('edit-meta'), 'the metadata');
    await page.getByTestId('original').click();
    await look(page, page.getByTestId('export-spectra'), 'formats of the spectra');
    await page.keyboard.press('3');
    await look(page, page.getByTestId('export-curves'), 'formats of the curves');
    await page.keyboard.press('5');
    await look(page, page.getByTestId('export-bits'), 'formats of the bits');
    await page.keyboard.press('2');

    await page.keyboard.press('w');
    await expect(page.getByText('Esc ends')).toBeVisible();
    await expectAccessible(page, 'presenting');
    await page.keyboard.press('Escape');
    await expect(page.getByText('Esc ends')).toBeHidden();
  });
}

import { expect, test } from '@playwright/test';
import { addPane, chooseCodec, encode, openStudio } from './studio';

const target = process.env.STUDIO_PICTURE;

// Renews the README's picture, from a shipped sample:
// STUDIO_PICTURE=docs/images/studio.png npx playwright test e2e/picture.spec.ts
if (target) {
  test('the picture of the README', async ({ page }) => {
    await openStudio(page);
    await page.getByTestId('sample-fields').click();
    await expect(page.getByTestId('encode')).toBeEnabled({ timeout: 60_000 });
    await chooseCodec(page, 'HiFiC SE');
    for (let step = 0; step < 8; step++) await page.keyboard.press(']');
    await encode(page);
    await addPane(page, 2, 'KLT + JPEG 2000');
    await page.getByTestId('original').hover({ position: { x: 120, y: 190 } });
    await expect(page.getByTestId('likeness')).toContainText('SAM');
    await page.screenshot({ path: target });
  });
}

import { expect, test } from '@playwright/test';
import { encode, openStudio } from './studio';

test('the first visit shows an example that the studio makes again', async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 720 });
  await openStudio(page);
  const example = page.locator('.example');
  await expect(example.getByRole('img', { name: /restored/ })).toHaveJSProperty('naturalWidth', 96);
  await expect(page.getByTestId('open-example')).toBeInViewport({ ratio: 1 });
  const size = await example.getByText(/^HiFiC SE, /).innerText();

  await page.getByTestId('open-example').click();
  await expect(page.getByTestId('scene-canvas')).toBeVisible();
  await expect(page.getByRole('combobox', { name: 'Codec' })).toHaveText('HiFiC SE', {
    timeout: 60_000,
  });
  await encode(page);
  await expect(page.getByTestId('section-latents')).toBeVisible();
  // The studio's own file has a section with wavelengths on top, which the example leaves out.
  const bytes = Number(size.replace(/\D/g, ''));
  const file = Number((await page.getByTestId('figure-size').innerText()).replace(/\D/g, ''));
  const metadata = Number(
    (await page.getByTestId('section-metadata').innerText()).replace(/\D/g, ''),
  );
  expect(Math.abs(file - metadata - bytes)).toBeLessThan(24);

  await page.reload();
  await expect(page.getByRole('heading', { name: 'Drop a hyperspectral file' })).toBeVisible();
  await expect(example).toBeHidden();
});

import { writeFile } from 'node:fs/promises';
import { expect, test } from '@playwright/test';
import { chooseCodec, drop, encode, openSample, openStudio, saveHsc } from './studio';

test('wrong and damaged files give a sentence, and the studio goes on', async ({ page }, info) => {
  await openStudio(page);
  const letter = info.outputPath('letter.mat');
  await writeFile(letter, 'Dear colleague, the cube is attached.');
  await drop(page, [letter]);
  await expect(page.getByRole('alert')).toContainText('letter.mat');

  const header = info.outputPath('alone.hdr');
  await writeFile(
    header,
    'ENVI\nsamples = 4\nlines = 4\nbands = 3\ndata type = 4\ninterleave = bsq\n',
  );
  await drop(page, [header]);
  await expect(page.getByRole('alert')).toContainText(/alone/);

  const damaged = info.outputPath('damaged.hsc');
  await writeFile(damaged, new Uint8Array([0x48, 0x53, 0xc1, 9, 9, 9]));
  await drop(page, [damaged]);
  await expect(page.getByRole('alert')).toBeVisible();
  await expect(page.getByRole('alert')).not.toContainText('inside the studio');

  await page.getByTestId('sample-fields').click();
  await expect(page.getByTestId('scene-canvas')).toBeVisible();
  await drop(page, [letter]);
  await expect(page.getByRole('alert')).toContainText('letter.mat');
  await encode(page);
  await expect(page.getByTestId('psnr')).toHaveText(/\d/);
});

test('a .hsc with one changed bit is refused', async ({ page }, info) => {
  await openSample(page);
  await encode(page);
  const path = await saveHsc(page, info.outputDir);
  const { readFile } = await import('node:fs/promises');
  const bytes = await readFile(path);
  bytes[bytes.length >> 1] ^= 4;
  const damaged = info.outputPath('one-bit.hsc');
  await writeFile(damaged, bytes);
  await drop(page, [damaged]);
  await expect(page.getByRole('alert')).toBeVisible({ timeout: 60_000 });
});

test('symbols chosen by looks make another file of the same rate', async ({ page }) => {
  await openSample(page);
  await page.getByRole('combobox', { name: 'Patch size' }).click();
  await page.getByRole('option', { name: '64 × 64 pixels' }).click();
  const fit = page.getByRole('checkbox', { name: 'Perceptual fit' });
  await expect(fit).toBeHidden();
  await chooseCodec(page, 'HiFiC opt GAN');
  await page.getByRole('slider', { name: 'Target rate in bits per pixel' }).press('End');
  await encode(page);
  const outcome = async () => {
    const [psnr, bpp] = await Promise.all(
      ['psnr', 'bpp'].map((id) => page.getByTestId(id).innerText()),
    );
    return { psnr, bpp: Number.parseFloat(bpp) };
  };
  const plain = await outcome();
  await fit.check();
  await page.getByTestId('encode').click();
  await expect.poll(outcome, { timeout: 120_000 }).not.toEqual(plain);
  await expect(page.getByTestId('encode')).toBeEnabled({ timeout: 60_000 });
  const fitted = await outcome();
  expect(fitted.psnr).not.toBe(plain.psnr);
  expect(Math.abs(fitted.bpp / plain.bpp - 1)).toBeLessThan(0.05);
});

test('Escape cancels an encode', async ({ page }) => {
  await openSample(page);
  await page.getByRole('combobox', { name: 'Patch size' }).click();
  await page.getByRole('option', { name: 'Whole scene' }).click();
  await expect(page.getByTestId('encode')).toBeEnabled({ timeout: 60_000 });
  await page.getByTestId('encode').click();
  await expect(page.getByRole('progressbar')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('encode')).toBeVisible({ timeout: 20_000 });
  await expect(page.getByTestId('psnr')).toBeHidden();
  await expect(page.getByRole('alert')).toBeHidden();

  await page.getByRole('combobox', { name: 'Patch size' }).click();
  await page.getByRole('option', { name: '64 × 64 pixels' }).click();
  await encode(page);
});

test('the whole path by keyboard', async ({ page }) => {
  await openStudio(page);
  const sample = page.getByTestId('sample-fields');
  for (let presses = 0; presses < 20; presses++) {
    await page.keyboard.press('Tab');
    if (await sample.evaluate((element) => element === document.activeElement)) break;
  }
  await expect(sample).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('scene-canvas')).toBeVisible();
  await page.getByTestId('scene').focus();
  await page.keyboard.press('Shift+ArrowRight');
  await expect(page.getByText('patch 96 × 96 at (96, 80)')).toBeVisible();
  await expect(page.getByTestId('encode')).toBeEnabled({ timeout: 60_000 });
  await page.keyboard.press('m');
  await page.keyboard.press('[');
  await page.keyboard.press('e');
  await expect(page.getByTestId('file-name')).toHaveText(/hific-se_0\.55bpp/, { timeout: 120_000 });
  const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('s')]);
  expect(download.suggestedFilename()).toMatch(/\.hsc$/);
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
});

test('no page scroll and no sideways panel scroll from 1280 pixels on', async ({ page }) => {
  for (const [width, height] of [
    [1280, 720],
    [1440, 900],
    [1920, 1080],
  ]) {
    await page.setViewportSize({ width, height });
    await openSample(page);
    await encode(page);
    const overflow = await page.evaluate(() => {
      const sides = [document.documentElement, ...document.querySelectorAll('.side')];
      return {
        page: document.documentElement.scrollHeight - window.innerHeight,
        sideways: Math.max(
          ...sides.map(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth),
        ),
      };
    });
    expect(overflow).toEqual({ page: 0, sideways: 0 });
  }
});

test('a crashed engine is restarted and the cube comes back', async ({ page }) => {
  await openSample(page);
  await expect(page.getByTestId('encode')).toBeEnabled({ timeout: 60_000 });
  await page.workers()[0].evaluate(() => {
    setTimeout(() => {
      throw new Error('out of memory');
    });
  });
  await expect(page.getByText(/The engine stopped unexpectedly/)).toBeVisible();
  await expect(page.getByTestId('encode')).toBeEnabled({ timeout: 60_000 });
  await encode(page);
  await expect(page.getByTestId('psnr')).toHaveText(/\d/);
});

test('a job that does not stop costs its worker, not the session', async ({ page }) => {
  await openSample(page);
  await expect(page.getByTestId('encode')).toBeEnabled({ timeout: 60_000 });
  await page.workers()[0].evaluate(() => {
    setTimeout(() => {
      for (;;);
    });
  });
  await page.getByTestId('encode').click();
  await page.keyboard.press('Escape');
  await expect(page.getByText(/did not stop when asked/)).toBeVisible({ timeout: 10_000 });
  await encode(page);
  await expect(page.getByTestId('psnr')).toHaveText(/\d/);
});

test('another backend can be chosen', async ({ page }) => {
  await openSample(page);
  await expect(page.getByTestId('backend')).toContainText('WebAssembly', { timeout: 60_000 });
  await page.getByTestId('backend').click();
  await page.getByRole('menuitemradio', { name: 'JavaScript' }).click();
  await expect(page.getByTestId('backend')).toContainText('JavaScript', { timeout: 60_000 });
  await page.getByTestId('backend').click();
  await page.getByRole('menuitemradio', { name: /^Best/ }).click();
  await expect(page.getByTestId('backend')).toContainText('WebAssembly', { timeout: 60_000 });
  await encode(page);
});

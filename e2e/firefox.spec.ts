import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from '@playwright/test';
import type { Page } from 'puppeteer-core';
import { hasFirefox, NO_FIREFOX, openFirefox } from './firefox';

const root = resolve(import.meta.dirname, '..');
const at = (id: string) => `[data-testid=${id}]`;

if (!hasFirefox) console.warn(NO_FIREFOX);
test.skip(!hasFirefox, NO_FIREFOX);

/** Files that the page offers to save, as they are. */
async function keepSaved(page: Page): Promise<void> {
  await page.evaluateOnNewDocument(() => {
    const make = URL.createObjectURL.bind(URL);
    URL.createObjectURL = (blob: Blob) => {
      Object.assign(window, { saved: blob });
      return make(blob);
    };
  });
}

const savedBytes = (page: Page) =>
  page.evaluate(async () => {
    const { saved } = window as unknown as { saved: Blob };
    return [...new Uint8Array(await saved.arrayBuffer())];
  });

test('Firefox: a sample is encoded, compared and saved, and Node decodes the file', async ({
  baseURL,
}, info) => {
  const browser = await openFirefox();
  try {
    const page = await browser.newPage();
    const faults: string[] = [];
    page.on('pageerror', (error) => faults.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error') faults.push(message.text());
    });
    await keepSaved(page);
    await page.goto(`${baseURL}/`);
    await page.locator(at('sample-fields')).setTimeout(60_000).click();
    await page.waitForSelector(at('scene-canvas'));
    await page.waitForSelector(`${at('encode')}:not([disabled])`, { timeout: 90_000 });
    await page.click(at('encode'));
    await page.waitForSelector(at('psnr'), { timeout: 120_000 });
    await page.waitForFunction(
      (selector) => /\d/.test(document.querySelector(selector)?.textContent ?? ''),
      {},
      at('psnr'),
    );
    await page.click(at('save'));
    const file = info.outputPath('firefox.hsc');
    writeFileSync(file, Uint8Array.from(await savedBytes(page)));
    const restored = info.outputPath('restored.npy');
    execFileSync('node', [join(root, 'bin/hsc.mjs'), 'decode', file, '-o', restored]);
    expect(faults).toEqual([]);
  } finally {
    await browser.close();
  }
});

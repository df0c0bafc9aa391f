import { readFile, writeFile } from 'node:fs/promises';
import { expect, type Page, type TestInfo, test } from '@playwright/test';
import { drop, openStudio, pixels } from './studio';

const READ = 'Gates, file and pictures are of this patch.';

/** The room on a shipped scene, with a small patch read. */
async function openRoom(page: Page): Promise<void> {
  await openStudio(page);
  await page.getByTestId('sample-fields').click();
  await expect(page.getByTestId('scene-canvas')).toBeVisible();
  await page.getByRole('combobox', { name: 'Patch size' }).click();
  await page.getByRole('option', { name: '64 × 64 pixels' }).click();
  await page.keyboard.press('4');
  await settled(page);
}

async function settled(page: Page): Promise<void> {
  await expect(page.getByTestId('attention-state')).toHaveText(READ, { timeout: 120_000 });
}

/** Chooses a channel by keyboard: down to a block, right to a channel. */
async function goTo(page: Page, down: number, right: number): Promise<void> {
  const map = page.getByTestId('gate-map');
  await map.focus();
  for (let i = 0; i < 30; i++) await map.press('ArrowUp');
  for (let i = 0; i < 40; i++) await map.press('Shift+ArrowLeft');
  for (let i = 0; i < down; i++) await map.press('ArrowDown');
  for (let i = 0; i < right; i++) await map.press('ArrowRight');
}

const text = (page: Page, id: string) => page.getByTestId(id).innerText();

test('muting a channel of G changes pixels and PSNR, no bit, and reset takes it back', async ({
  page,
}) => {
  await openRoom(page);
  const psnr = await text(page, 'psnr-plain');
  expect(Number(psnr)).toBeGreaterThan(20);
  const bits = await text(page, 'bits-plain');
  await expect(page.getByTestId('psnr-edited')).toHaveText('–');

  await goTo(page, 18, 20);
  const readout = page.getByTestId('gate-readout');
  await expect(readout).toContainText('Generator, upsampling 4, channel 21 of 48');
  await expect(readout).toContainText(/gate 0\.\d{4}/);
  await page.getByTestId('gate-map').press('Enter');
  await expect(page.getByTestId('attention-edited-canvas')).toBeVisible({ timeout: 60_000 });
  await expect(page.getByTestId('bits-edited')).toHaveText(bits);
  await expect(page.getByTestId('bits-change')).toHaveText('0');
  await expect(page.getByText('The same file: the generator alone was edited')).toBeVisible();
  const muted = await text(page, 'psnr-change');
  expect(muted).toMatch(/^[+−][\d.]+/);

  await page.getByTestId('factor-gate').getByRole('slider').press('End');
  await expect(page.getByRole('list', { name: 'Edits' })).toContainText('× 2.00');
  await expect(page.getByTestId('psnr-change')).not.toHaveText(muted, { timeout: 60_000 });

  await page.getByTestId('mute-block').click();
  await expect(page.getByRole('list', { name: 'Edits' })).toContainText('48 channels');
  await expect(page.getByTestId('psnr-edited')).not.toHaveText(psnr, { timeout: 60_000 });
  await expect(page.getByTestId('bits-change')).toHaveText('0');

  await page.getByTestId('reset-edits').click();
  await expect(page.getByTestId('psnr-edited')).toHaveText('–');
  await expect(page.getByTestId('psnr-plain')).toHaveText(psnr);
  await expect(page.getByTestId('attention-edited-canvas')).toBeHidden();
});

test('a band of the image and a gate of the input are different edits', async ({ page }) => {
  await openRoom(page);
  const plot = page.getByTestId('input-plot');
  await plot.hover({ position: { x: 300, y: 30 } });
  await plot.click({ position: { x: 300, y: 30 } });
  await expect(page.getByTestId('gate-readout')).toContainText(/Encoder, input bands, [\d.]+ nm/);
  await page.getByTestId('mute-band').click();
  await expect(page.getByTestId('psnr-change')).toHaveText(/^−\d/, { timeout: 60_000 });
  await expect(page.getByText('Coded anew with the edits')).toBeVisible();
  const band = await text(page, 'psnr-edited');
  await page.getByRole('radio', { name: 'Pixel' }).click();
  const spectrum = page.getByRole('region', { name: 'Spectrum of a pixel' });
  await expect(spectrum).toContainText('originaluneditededited');
  const middle = await spectrum.getByText(/^\(\d+, \d+\)$/).innerText();
  await page.getByTestId('attention-edited-canvas').hover({ position: { x: 60, y: 30 } });
  await expect(spectrum).not.toContainText(middle);
  await page.getByRole('button', { name: /^Take back: The image/ }).click();
  await expect(page.getByTestId('psnr-edited')).toHaveText('–');
  await page.getByTestId('mute-gate').click();
  await expect(page.getByTestId('psnr-edited')).toHaveText(/\d/, { timeout: 60_000 });
  await expect(page.getByTestId('psnr-edited')).not.toHaveText(band);
  await expect(page.getByTestId('mute-gate')).toHaveText('Unmute');
  await expect(page.getByText('Coded anew with the edits')).toBeVisible();
});

test('two patches, many patches, and a file of all gates', async ({ page }, info) => {
  await openRoom(page);
  await page.getByTestId('hold-patch').click();
  await expect(page.getByTestId('held-patch')).toContainText(/64 × 64 at \(\d+, \d+\)/);
  await expect(page.getByTestId('show-difference')).toBeDisabled();
  const before = await pixels(page.getByTestId('attention-original-canvas'));
  const scene = page.getByTestId('scene');
  await scene.focus();
  for (let i = 0; i < 3; i++) await scene.press('Shift+ArrowRight');
  await expect(page.getByTestId('show-difference')).toBeEnabled({ timeout: 60_000 });
  await settled(page);
  await expect.poll(() => pixels(page.getByTestId('attention-original-canvas'))).not.toBe(before);
  await page.getByTestId('show-difference').click();
  await expect(page.getByRole('combobox', { name: 'What the map shows' })).toHaveText('B − A');
  await goTo(page, 18, 20);
  await expect(page.getByTestId('gate-readout')).toContainText('B − A');

  await page.getByRole('combobox', { name: 'Number of patches' }).click();
  await page.getByRole('option', { name: '4 patches' }).click();
  await page.getByTestId('survey-attention').click();
  await expect(page.getByTestId('population-state')).toHaveText('4 of 4 patches read', {
    timeout: 120_000,
  });
  const varying = page.getByRole('list', { name: /^Channels that vary most/ });
  await expect(varying.getByRole('listitem')).toHaveCount(8);
  await page.getByTestId('show-spread').click();
  await expect(page.getByTestId('gate-readout')).toContainText('±');

  await page.getByTestId('export-gates').click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: 'CSV' }).click(),
  ]);
  const path = info.outputPath(download.suggestedFilename());
  await download.saveAs(path);
  const [header, ...rows] = (await readFile(path, 'utf8')).trimEnd().split('\r\n');
  expect(path).toMatch(/_64x64\+\d+\+\d+_hific-se_gates\.csv$/);
  expect(rows.length).toBeGreaterThan(2000);
  const gate = header.split(',').indexOf('gate');
  const gates = rows.map((row) => Number(row.split(',')[gate]));
  expect(gates.every((value) => value > 0 && value < 1)).toBe(true);
});

test('the gates of one cube stay to be compared with those of another', async ({ page }, info) => {
  await openRoom(page);
  await page.getByTestId('hold-patch').click();
  const held = page.getByTestId('held-patch');
  await expect(held).toContainText('Fields by a river');
  await openWide(page, info);
  await expect(page.getByTestId('scene-canvas')).toBeVisible();
  await page.keyboard.press('4');
  await settled(page);
  await expect(held).toContainText('Fields by a river');
  await page.getByTestId('show-difference').click();
  const largest = page.getByRole('list', { name: 'Largest differences' });
  await largest.getByRole('button').first().click();
  await expect(page.getByTestId('gate-readout')).toContainText(/B − A [+−]\d/);
});

test('asks about bands that the weights do not cover', async ({ page }) => {
  await openStudio(page);
  await page.getByTestId('sample-coast').click();
  await expect(page.getByTestId('scene-canvas')).toBeVisible();
  await page.keyboard.press('4');
  const inside = page.getByRole('button', { name: 'Read the 178 inside' });
  await expect(inside).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText('7 of 213 bands lie outside')).toBeVisible();
  await inside.click();
  await settled(page);
  await goTo(page, 0, 5);
  await expect(page.getByTestId('gate-readout')).toContainText('channel 6 of 200');
});

/** Drops a scene of 300 × 40 pixels and 12 bands. */
async function openWide(page: Page, info: TestInfo): Promise<void> {
  const [width, height, bands] = [300, 40, 12];
  const nm = Array.from({ length: bands }, (_, band) => 420 + 50 * band);
  const header =
    `ENVI\nsamples = ${width}\nlines = ${height}\nbands = ${bands}\ndata type = 2\n` +
    `interleave = bip\nbyte order = 0\nwavelength units = nm\nwavelength = {${nm.join(', ')}}\n`;
  const samples = Int16Array.from({ length: width * height * bands }, (_, i) => {
    const [x, band] = [Math.floor(i / bands) % width, i % bands];
    return Math.round(1000 + 400 * Math.sin(x / 9) * Math.cos(i / 4000) + 90 * band);
  });
  const paths = [info.outputPath('wide.hdr'), info.outputPath('wide.img')];
  await writeFile(paths[0], header);
  await writeFile(paths[1], new Uint8Array(samples.buffer));
  await drop(page, paths);
  await expect(page.getByText('300 × 40 pixels, 12 bands')).toBeVisible();
}

test('a patch of several windows is refused in a sentence, and reading can be cancelled', async ({
  page,
}, info) => {
  await openRoom(page);
  await page.getByTestId('survey-attention').click();
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('population-state')).toContainText('then stopped', {
    timeout: 20_000,
  });
  await openWide(page, info);
  await expect(page.getByTestId('scene-canvas')).toBeVisible();
  await page.getByRole('combobox', { name: 'Patch size' }).click();
  await page.getByRole('option', { name: 'Whole scene' }).click();
  await page.keyboard.press('4');
  await expect(page.getByRole('alert')).toContainText('at most 256 × 256 pixels');
  await page.getByRole('combobox', { name: 'Patch size' }).click();
  await page.getByRole('option', { name: '96 × 96' }).click();
  await settled(page);
  await expect(page.getByRole('alert')).toBeHidden();
});

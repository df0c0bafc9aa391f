import { readFile } from 'node:fs/promises';
import { expect, type Page, type TestInfo, test } from '@playwright/test';
import { expectNoViolations } from './axe';
import { writeNpyCube } from './madeCubes';
import { drop, openStudio } from './studio';
import { fill, openCube, serveTinyModels, setUp } from './tinyTuning';

test.use({ serviceWorkers: 'block' });
test.beforeEach(async ({ page }) => serveTinyModels(page));

const step = (page: Page) => page.getByTestId('tuning-step');
const state = (page: Page) => page.getByTestId('tuning-state');
const edge = (page: Page, name: string) =>
  page.getByRole('slider', { name: `${name} edge of the part held back` });

async function openHills(page: Page, info: TestInfo): Promise<void> {
  const size = { width: 96, height: 64, bands: 16 };
  const path = await writeNpyCube(info.outputPath('hills.npy'), size);
  await openStudio(page);
  await openCube(page, path);
}

async function exportAs(page: Page, kind: string, path: string): Promise<string> {
  await page.getByTestId('export-tuning').click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: kind }).click(),
  ]);
  await download.saveAs(path);
  return path;
}

/** A short run to its end. */
async function train(page: Page, steps: number): Promise<void> {
  await setUp(page, steps);
  await page.getByTestId('start-tuning').click();
  await expect(page.getByTestId('tuning-outcome')).toBeVisible({ timeout: 120_000 });
}

test('what is held back is moved and resized on the scene, by mouse and keys', async ({
  page,
}, info) => {
  await openHills(page, info);
  await page.keyboard.press('6');
  const frame = page.getByTestId('held-back');
  await expect(frame).toContainText('never trained on');
  await expect(page.getByText('Trained on', { exact: true })).toBeVisible();
  const said = page.locator('figcaption', { hasText: 'held back' });
  await expect(said).toContainText('32 × 64 pixels at (64, 0)');

  await edge(page, 'Bottom').focus();
  await page.keyboard.press('Shift+ArrowUp');
  await expect(said).toContainText('32 × 48 pixels at (64, 0)');
  await expect(edge(page, 'Bottom')).toHaveAttribute('aria-valuetext', 'row 48');
  await page.getByTestId('split').focus();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowDown');
  await expect(said).toContainText('32 × 48 pixels at (63, 1)');

  const drag = async (from: { x: number; y: number }, dx: number, dy: number) => {
    await page.mouse.move(from.x, from.y);
    await page.mouse.down();
    await page.mouse.move(from.x + dx, from.y + dy, { steps: 4 });
    await page.mouse.up();
  };
  const box = await frame.boundingBox();
  if (!box) throw new Error('The frame is not drawn.');
  const zoom = box.width / 32;
  await drag({ x: box.x + box.width / 2, y: box.y + 0.7 * box.height }, -8 * zoom, 2 * zoom);
  await expect(said).toContainText('32 × 48 pixels at (55, 3)');
  const corner = await page.getByTestId('held-back-left-top').boundingBox();
  if (!corner) throw new Error('The corner is not drawn.');
  const middle = { x: corner.x + corner.width / 2, y: corner.y + corner.height / 2 };
  await drag(middle, -15 * zoom, 0);
  await expect(said).toContainText('47 × 48 pixels at (40, 3)');
  await drag({ ...middle, x: middle.x - 15 * zoom }, -30 * zoom, -3 * zoom);
  await expect(page.getByText(/no crop of 32 × 32 pixels fits/)).toBeVisible();
  await expect(page.getByTestId('start-tuning')).toBeDisabled();
});

test('a run is paused, stepped and stopped while other rooms are used', async ({ page }, info) => {
  test.setTimeout(300_000);
  await openHills(page, info);
  await setUp(page, 400);
  await page.getByTestId('start-tuning').click();
  await expect(step(page)).toHaveText(/Step [1-9]\d* of 400/, { timeout: 120_000 });
  await page.keyboard.press('k');
  await expect(state(page)).toHaveText('Paused', { timeout: 60_000 });
  const at = Number(/Step (\d+)/.exec(await step(page).innerText())?.[1]);
  await page.getByRole('button', { name: 'One step' }).click();
  await expect(step(page)).toContainText(`Step ${at + 1} of 400`);
  await expect(state(page)).toHaveText('Paused', { timeout: 60_000 });
  await page.keyboard.press('k');
  await expect(state(page)).toHaveText('Training');

  await page.keyboard.press('2');
  await page.getByTestId('encode').click({ timeout: 60_000 });
  await expect(page.getByTestId('psnr')).toHaveText(/\d/, { timeout: 120_000 });
  await expect(page.getByTestId('tuning-status')).toHaveText(/Tuning \d+ %/);
  await page.getByTestId('tuning-status').click();
  await page.getByRole('menuitem', { name: 'Stop' }).click();
  await page.keyboard.press('6');
  await expect(state(page)).toHaveText('Stopped', { timeout: 120_000 });
  await expect(page.getByTestId('tuning-status')).toBeHidden();
  const weights = page.locator('[data-testid^="weights-hific-opt@"]');
  expect(await weights.count()).toBeGreaterThan(0);
});

test('curves leave as files; weights stand beside their parent, are renamed, moved and deleted', async ({
  page,
}, info) => {
  test.setTimeout(300_000);
  await openHills(page, info);
  await train(page, 4);

  const csv = await readFile(await exportAs(page, 'CSV', info.outputPath('run.csv')), 'utf8');
  const rows = csv.trim().split('\n').slice(1);
  expect(rows.filter((row) => row.startsWith('step,'))).toHaveLength(4);
  expect(rows.filter((row) => row.startsWith('validation,'))).toHaveLength(9);
  const svg = await readFile(await exportAs(page, 'SVG', info.outputPath('run.svg')), 'utf8');
  expect(svg).toContain('hific-opt tuned on hills');
  expect(svg).not.toMatch(/var\(|light-dark|class=/);
  const png = await readFile(await exportAs(page, 'PNG', info.outputPath('run.png')));
  expect(png.subarray(1, 4).toString('latin1')).toBe('PNG');

  await page.getByTestId('compare-tuned').click();
  await expect(page.getByTestId('reconstruction-canvas')).toBeVisible({ timeout: 60_000 });
  await expect(page.getByTestId('reconstruction-2-canvas')).toBeVisible({ timeout: 60_000 });
  await expect(page.getByRole('combobox', { name: 'Method of pane 1' })).toHaveText('hific-opt');
  await expect(page.getByRole('combobox', { name: 'Method of pane 2' })).toHaveText(/tuned: hills/);
  await expect(page.getByText('32 × 64 at (64, 0)')).toBeVisible();

  await page.keyboard.press('6');
  const item = page.locator('[data-testid^="weights-hific-opt@"]').first();
  const codec = (await item.getAttribute('data-testid')) ?? '';
  const more = async (name: RegExp) => {
    await page
      .getByTestId(codec)
      .getByRole('button', { name: /^More for/ })
      .click();
    await page.getByRole('menuitem', { name }).click();
  };
  await more(/^Rename/);
  const rename = page.getByRole('textbox', { name: /^New name of/ });
  await rename.fill('meadow');
  await rename.press('Enter');
  await expect(page.getByTestId(codec)).toContainText('meadow');
  const [download] = await Promise.all([page.waitForEvent('download'), more(/^Export/)]);
  const file = info.outputPath('meadow.safetensors');
  await download.saveAs(file);

  await more(/^Delete/);
  await page.getByTestId(codec).getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByTestId(codec)).toBeHidden();
  await page.keyboard.press('1');
  await drop(page, [file]);
  await expect(page.getByTestId(codec)).toContainText('meadow', { timeout: 60_000 });
  await page.getByTestId(codec).getByRole('button', { name: 'Use', exact: true }).click();
  await expect(page.getByTestId('psnr')).toHaveText(/\d/, { timeout: 120_000 });
  await expect(page.getByRole('combobox', { name: 'Codec' })).toHaveText(/tuned: meadow/);
  await page.getByRole('button', { name: 'Back to the original weights' }).click();
  await expect(page.getByRole('combobox', { name: 'Codec' })).toHaveText('hific-opt');
});

test('a crash in the middle says which steps are safe, and the run goes on', async ({
  page,
}, info) => {
  test.setTimeout(300_000);
  await openHills(page, info);
  await setUp(page, 400);
  await page.getByTestId('start-tuning').click();
  await expect(page.getByText(/up to step [1-9]/)).toBeVisible({ timeout: 120_000 });
  await page.workers()[0].evaluate(() => {
    setTimeout(() => {
      throw new Error('out of memory');
    });
  });
  await expect(state(page)).toHaveText('Interrupted', { timeout: 60_000 });
  const notice = page.getByRole('alert').filter({ hasText: 'Training was interrupted' });
  const safe = Number(/Steps 1 to (\d+)|All (\d+) steps/.exec(await notice.innerText())?.[1]);
  await notice.getByRole('button', { name: 'Resume' }).click();
  await expect(state(page)).toHaveText('Training', { timeout: 120_000 });
  await expect(step(page)).toHaveText(/Step [1-9]\d* of 400/);
  if (Number.isFinite(safe)) {
    const reached = Number(/Step (\d+)/.exec(await step(page).innerText())?.[1]);
    expect(reached).toBeGreaterThanOrEqual(safe);
  }
  await page.getByRole('button', { name: 'Stop' }).click();
  await expect(state(page)).toHaveText('Stopped', { timeout: 120_000 });
});

test('the paper’s final objective trains the generator, term by term', async ({ page }, info) => {
  test.setTimeout(300_000);
  await openHills(page, info);
  await setUp(page, 2);
  await page.getByRole('radio', { name: 'GAN', exact: true }).click();
  await expect(page.getByRole('combobox', { name: 'What learns' })).toHaveText('Generator');
  await page.getByTestId('start-tuning').click();
  await expect(page.getByTestId('tuning-outcome')).toBeVisible({ timeout: 200_000 });
  // The discriminator learns for sixty steps before G hears of it.
  for (const name of [
    'Squared error',
    'SSIM loss',
    'Perceptual distance',
    'Loss of the discriminator',
  ]) {
    await expect(
      page.getByRole('img', { name: new RegExp(`^${name}: .*at step 2`) }),
    ).toBeVisible();
  }
});

test('placements of SE blocks and 3-D convolutions learn side by side', async ({ page }, info) => {
  test.setTimeout(300_000);
  await openHills(page, info);
  await page.keyboard.press('6');
  await page.getByRole('radio', { name: 'Ablation' }).click();
  for (const name of ['SE at the input of E', 'SE at the input and after the norms of E']) {
    await page.getByRole('checkbox', { name, exact: true }).uncheck();
  }
  await page.getByRole('checkbox', { name: '3-D first in E and last in G' }).uncheck();
  await fill(page, 'Steps', '4');
  await fill(page, 'Crops a step', '1');
  await fill(page, 'Check every', '2');
  await page.getByTestId('start-ablation').click();
  const table = page.getByTestId('ablation-table');
  await expect(table.locator('tbody tr')).toHaveCount(3);
  await page.getByRole('button', { name: 'Pause' }).click({ timeout: 120_000 });
  const state = page.getByTestId('ablation-state');
  await expect(state).toHaveText('Paused', { timeout: 120_000 });
  await page.getByRole('button', { name: 'Resume' }).click();
  await expect(state).toHaveText('Finished', { timeout: 200_000 });
  await expect(page.getByTestId('ablation-step')).toHaveText('Step 4 of 4');
  const cells = await table.locator('tbody tr').nth(2).locator('th, td').allInnerTexts();
  expect(cells[0]).toContain('3-D everywhere in E and G');
  for (const cell of cells.slice(2, 6)) expect(cell).toMatch(/^[+−]?\d+\.\d+$/);
  await expect(page.getByRole('img', { name: /^PSNR, held-back part/ })).toBeVisible();
  await page.screenshot({ path: info.outputPath('ablation.png') });

  await page.getByTestId('export-ablation').click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: 'CSV' }).click(),
  ]);
  expect(download.suggestedFilename()).toBe('hills_ablation.csv');
  const rows = (await readFile(await download.path(), 'utf8')).trim().split(/\r?\n/);
  expect(rows).toHaveLength(1 + 3 * 3);
  expect(rows[0]).toMatch(/^placement,parameters,step,psnr_db,bpp_estimate/);
  await expectNoViolations(page, 'an ablation');
});

test('axe finds nothing in either theme in the room Tune', async ({ page }, info) => {
  test.setTimeout(300_000);
  const check = (at: string) => expectNoViolations(page, at);
  await openHills(page, info);
  await setUp(page, 400);
  await check('the split and the set-up');
  await fill(page, 'Steps', '0');
  await check('a number that is none');
  await page.keyboard.press('Escape');
  await page.getByTestId('start-tuning').click();
  await expect(page.getByText(/up to step [1-9]/)).toBeVisible({ timeout: 120_000 });
  await check('a run');
  await page.keyboard.press('k');
  await expect(state(page)).toHaveText('Paused', { timeout: 60_000 });
  await page.getByTestId('tuning-status').click();
  await check('the menu of the status bar');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Stop' }).click();
  await expect(state(page)).toHaveText('Stopped', { timeout: 120_000 });
  const more = page.getByRole('button', { name: /^More for/ }).first();
  await more.click();
  await check('what can be done with weights');
  await page.getByRole('menuitem', { name: /^Delete/ }).click();
  await check('a question before weights go');
});

import { writeFile } from 'node:fs/promises';
import { expect, type Page, type TestInfo } from '@playwright/test';
import { drop } from '../studio';

/** A state of the studio, and the way to it from the one before. */
export interface Stop {
  readonly at: string;
  go(page: Page, info: TestInfo): Promise<unknown>;
}

/** States that follow one another in one page. */
export interface Sitting {
  readonly title: string;
  readonly stops: readonly Stop[];
}

/** Until nothing is open over the page: what is still closing takes the next key. */
export async function close(page: Page): Promise<void> {
  await page.keyboard.press('Escape');
  await expect(page.locator('[role=menu], [role=listbox]')).toHaveCount(0);
}

export const button = (page: Page, name: string | RegExp) =>
  page.getByRole('button', { name }).first();
export const tab = (page: Page, name: string) =>
  page.getByRole('radio', { name, exact: true }).first();

/** A list that stays open. */
export async function openList(page: Page, name: string): Promise<void> {
  await page.getByRole('combobox', { name, exact: true }).first().click();
  await expect(page.getByRole('listbox')).toBeVisible();
}

export async function choose(page: Page, list: string, option: string | RegExp): Promise<void> {
  await openList(page, list);
  await page.getByRole('option', { name: option }).first().click();
}

export async function openMenu(page: Page, testId: string): Promise<void> {
  await page.getByTestId(testId).click();
  await expect(page.getByRole('menu')).toBeVisible();
}

export async function refuse(page: Page, info: TestInfo): Promise<void> {
  const letter = info.outputPath('letter.mat');
  await writeFile(letter, 'Dear colleague, the cube is attached.');
  await drop(page, [letter]);
  await expect(page.getByRole('alert')).toContainText('letter.mat');
}

/** A place on a picture, by shares of its width and height. */
export async function placeOn(page: Page, testId: string, x: number, y: number) {
  const box = await page.getByTestId(testId).boundingBox();
  if (!box) throw new Error(`${testId} is not shown.`);
  return [box.x + box.width * x, box.y + box.height * y] as const;
}

export async function mark(page: Page, testId: string): Promise<void> {
  await page.mouse.click(...(await placeOn(page, testId, 0.2, 0.3)));
  await page.keyboard.down('Shift');
  await page.mouse.move(...(await placeOn(page, testId, 0.4, 0.4)));
  await page.mouse.down();
  await page.mouse.move(...(await placeOn(page, testId, 0.55, 0.7)), { steps: 4 });
  await page.mouse.up();
  await page.keyboard.up('Shift');
  await expect(page.getByRole('list', { name: 'Pins and regions' })).toBeVisible();
}

export async function present(page: Page): Promise<void> {
  await page.keyboard.press('w');
  await expect(page.locator('.header')).toBeHidden();
}

export async function endPresentation(page: Page): Promise<void> {
  await close(page);
  await expect(page.locator('.header')).toBeVisible();
}

export async function settled(page: Page): Promise<void> {
  await expect(page.getByTestId('attention-state')).toHaveText(/^Gates, file and pictures/, {
    timeout: 120_000,
  });
}

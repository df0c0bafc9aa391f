import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { drop } from './studio';

const GOLDEN = resolve(import.meta.dirname, '../src/nn/golden');
/** Of what ships, the perceptual network alone stays. */
const SHIPPED = resolve(import.meta.dirname, '../models/manifest.json');
const VARIANTS = ['hific-opt', 'hific-se', 'hific-3d'] as const;

/**
 * Tiny networks in the place of those that ship: a software GPU is a hundred times slower than one.
 * Needs `serviceWorkers: 'block'`: the service worker would answer before the routes do.
 */
export async function serveTinyModels(page: Page): Promise<void> {
  const models = VARIANTS.map((id) => {
    const file = `tiny-${id}.safetensors`;
    const bytes = readFileSync(join(GOLDEN, file));
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const targetRates = [0.2, 0.4, 0.6, 0.8, 1.0];
    const facts = { id, codec: id, label: id, grid: 'tiny-16', stage: 'fidelity', targetRates };
    return { bytes, entry: { ...facts, file, bytes: bytes.length, sha256 } };
  });
  const { perceptual } = JSON.parse(readFileSync(SHIPPED, 'utf8'));
  await page.route('**/models/manifest.json', (route) =>
    route.fulfill({ json: { models: models.map(({ entry }) => entry), perceptual } }),
  );
  for (const { bytes, entry } of models) {
    await page.route(`**/models/${entry.file}`, (route) => route.fulfill({ body: bytes }));
  }
}

export async function openCube(page: Page, path: string): Promise<void> {
  await drop(page, [path]);
  await expect(page.getByTestId('scene-canvas')).toBeVisible();
}

export async function fill(page: Page, label: string, value: string): Promise<void> {
  const field = page.getByLabel(label, { exact: true });
  await field.fill(value);
  await field.press('Enter');
}

/** The room with a short run set up. */
export async function setUp(page: Page, steps: number): Promise<void> {
  await page.getByRole('radio', { name: 'Tune' }).click();
  await expect(page.getByTestId('held-back')).toBeVisible();
  await fill(page, 'Steps', `${steps}`);
  await fill(page, 'Crops a step', '1');
  await page.getByText('More', { exact: true }).click();
  await fill(page, 'Validate every', '2');
  await expect(page.getByTestId('start-tuning')).toBeEnabled();
}

import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from '@playwright/test';
import { build } from 'esbuild';

const TOLERANCE = 1e-3;
/** Software runs shaders slowly: every kind of layer learns in one variant, G's SE blocks in `gan`. */
const TERMS = {
  'hific-se': ['core', 'gan', 'discriminator'],
  'hific-3d': ['fidelity'],
} as const;

const root = resolve(import.meta.dirname, '..');
const golden = (folder: string, name: string) =>
  readFileSync(join(root, 'src', folder, 'golden', `${name}.safetensors`)).toString('base64');

let bundle: string;

test.beforeAll(async () => {
  const built = await build({
    entryPoints: [join(root, 'e2e/support/trainingTerms.ts')],
    bundle: true,
    format: 'iife',
    write: false,
  });
  bundle = built.outputFiles[0].text;
});

// Software adapters: what is tested is the arithmetic of tfjs's shaders, not their speed.
test.use({
  launchOptions: async ({ launchOptions }, use) => {
    const args = [...(launchOptions.args ?? []), '--enable-unsafe-webgpu'];
    await use({ ...launchOptions, args });
  },
});

// Each takes minutes, and they are the last to end.
test.describe.configure({ mode: 'parallel' });

for (const backend of ['webgl', 'webgpu'] as const) {
  test(`gradients of all loss terms on ${backend}`, async ({ page }) => {
    test.setTimeout(900_000);
    await page.goto('/');
    await page.addScriptTag({ content: bundle });
    const adapter = await page.evaluate((name) => window.startOn(name), backend);
    test.info().annotations.push({ type: 'adapter', description: adapter });
    for (const variant of ['hific-se', 'hific-3d'] as const) {
      const files = {
        terms: golden('training', `terms-${variant}`),
        batch: golden('training', 'terms-batch'),
        tripletNet: golden('nn', 'triplet-net'),
      };
      const found = await page.evaluate(
        ([name, encoded, terms]) => window.deviationsOf(name, encoded, terms),
        [variant, files, TERMS[variant]] as const,
      );
      expect(new Set(found.map(({ term }) => term))).toEqual(new Set(TERMS[variant]));
      expect(found.filter(({ error }) => !(error < TOLERANCE))).toEqual([]);
    }
    const ablation = await page.evaluate(
      ([file, placement]) => window.ablationDeviations(file, placement),
      [golden('training', 'ablation'), '3d-all'] as const,
    );
    expect(ablation.length).toBeGreaterThan(50);
    expect(ablation.filter(({ error }) => !(error < TOLERANCE))).toEqual([]);
  });
}

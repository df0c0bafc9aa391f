import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from '@playwright/test';
import { build } from 'esbuild';

const root = resolve(import.meta.dirname, '..');
const golden = join(root, 'src/codecs/golden');

test('Chromium decodes the golden files of the JPEG 2000 codecs to the same symbols', async ({
  page,
}) => {
  const built = await build({
    entryPoints: [join(root, 'e2e/support/decodeCodecs.ts')],
    bundle: true,
    format: 'iife',
    // OpenJPEG's loader names them for Node, where it does not run here.
    external: ['fs', 'path'],
    write: false,
  });
  await page.goto('/');
  await page.addScriptTag({ content: built.outputFiles[0].text });
  const files = readdirSync(golden).filter((name) => name.endsWith('jpeg2000.hsc'));
  expect(files.length).toBeGreaterThanOrEqual(3);
  for (const name of files) {
    const expected = join(golden, name.replace('.hsc', '.json'));
    expect(existsSync(expected)).toBe(true);
    const { symbols } = JSON.parse(readFileSync(expected, 'utf8'));
    const digest = await page.evaluate(([file, id]) => window.digestByCodec(file, id), [
      [...readFileSync(join(golden, name))],
      name.replace('.hsc', ''),
    ] as const);
    expect(digest, name).toBe(symbols);
  }
});

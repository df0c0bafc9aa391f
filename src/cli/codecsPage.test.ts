import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { openJpegFromPackage } from '../codecs/openjpeg/openjpegNode';
import { shippedCodecs } from '../codecs/registry';
import { ModelStore } from '../nn/models';
import { fetchFromFolder } from '../nn/modelsNode';
import { codecsPage } from './codecsPage';

const path = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url));

it('docs/codecs.md says what the codecs say of themselves', async () => {
  const models = new ModelStore(fetchFromFolder(path('models')));
  const metas = (await shippedCodecs(models, openJpegFromPackage)).map(({ meta }) => meta);
  const page = await readFile(path('docs/codecs.md'), 'utf8');
  expect(page).toBe(codecsPage(metas));
  for (const { label, description } of metas) {
    expect(description, label).toMatch(/“.+”|\b(19|20)\d\d\b/);
  }
});

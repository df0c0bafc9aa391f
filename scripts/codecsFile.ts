import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { codecsPage } from '../src/cli/codecsPage';
import { openJpegFromPackage } from '../src/codecs/openjpeg/openjpegNode';
import { shippedCodecs } from '../src/codecs/registry';
import { ModelStore } from '../src/nn/models';
import { fetchFromFolder } from '../src/nn/modelsNode';

/** Writes docs/codecs.md. */
export async function writeCodecs(root: string): Promise<void> {
  const models = new ModelStore(fetchFromFolder(join(root, 'models')));
  const codecs = await shippedCodecs(models, openJpegFromPackage);
  await writeFile(join(root, 'docs', 'codecs.md'), codecsPage(codecs.map(({ meta }) => meta)));
}

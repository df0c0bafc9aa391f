import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeExample } from '../src/cli/example';
import { png } from '../src/cli/png';

/** Writes the start page's example: its figures among the sources, its pictures beside the page. */
export async function writeExample(root: string): Promise<void> {
  const { example, original, restored } = await makeExample();
  const json = `${JSON.stringify(example)}\n`;
  await writeFile(join(root, 'src', 'features', 'start', 'example.json'), json);
  const folder = join(root, 'public', 'example');
  await mkdir(folder, { recursive: true });
  for (const [name, picture] of Object.entries({ original, restored })) {
    const { width, height, rgba } = picture;
    await writeFile(join(folder, `${name}.png`), png(width, height, rgba));
  }
}

// Makes the start page's worked example: `npm run example`, after changing sample, codec or weights.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { bundleForNode } from './bundle.mjs';

const root = join(import.meta.dirname, '..');
const outfile = join(root, 'node_modules', '.cache', 'hsc', 'example.mjs');
await bundleForNode(join(root, 'scripts', 'exampleFiles.ts'), outfile);
const { writeExample } = await import(outfile);
await writeExample(root);
spawnSync('npx', ['biome', 'format', '--write', 'src/features/start/example.json'], {
  cwd: root,
  stdio: 'inherit',
});

#!/usr/bin/env node
// Starts the command line; bundles it first where the sources are newer than the bundle.
import { readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
// Outside dist/: a production build empties that folder and carries models of its own.
const bundle = join(root, 'node_modules', '.cache', 'hsc', 'hsc.mjs');

function newest(folder) {
  return Math.max(
    ...readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => statSync(join(entry.parentPath ?? entry.path, entry.name)).mtimeMs),
  );
}

const built = statSync(bundle, { throwIfNoEntry: false })?.mtimeMs ?? 0;
if (built < newest(join(root, 'src'))) {
  const { bundleForNode } = await import('../scripts/bundle.mjs');
  await bundleForNode(join(root, 'src/cli/main.ts'), bundle);
}
await import(bundle);

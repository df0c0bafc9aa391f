import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

/** Files above this many bytes are kept when first used, the others at the first visit. */
const LARGE_BYTES = 5 * 2 ** 20;
const NAME = 'serviceWorker.js';

const digest = (bytes: Uint8Array | string) =>
  createHash('sha256').update(bytes).digest('hex').slice(0, 32);

/** The service worker's text for the files of a build. */
export function serviceWorkerFor(folder: string, template: string): string {
  const tables: Record<'shell' | 'large', Record<string, string>> = { shell: {}, large: {} };
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  for (const name of names) {
    const path = join(folder, name);
    const stat = statSync(path);
    if (!stat.isFile() || name === NAME) continue;
    const table = stat.size > LARGE_BYTES ? tables.large : tables.shell;
    table[name.split(sep).join('/')] = digest(readFileSync(path));
  }
  const shell = JSON.stringify(tables.shell);
  return template
    .replace('__VERSION__', JSON.stringify(digest(shell)))
    .replace('__SHELL__', shell)
    .replace('__LARGE__', JSON.stringify(tables.large));
}

/** Writes the service worker into a finished build; `vite` while developing has none. */
export function offline(): Plugin {
  return {
    name: 'offline',
    apply: 'build',
    writeBundle({ dir }) {
      if (!dir) return;
      const template = readFileSync(fileURLToPath(new URL(NAME, import.meta.url)), 'utf8');
      writeFileSync(join(dir, NAME), serviceWorkerFor(dir, template));
    },
  };
}

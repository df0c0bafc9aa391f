import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { serviceWorkerFor } from './plugin';

const template = readFileSync(fileURLToPath(new URL('serviceWorker.js', import.meta.url)), 'utf8');
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hsc-offline-'));
  mkdirSync(join(folder, 'models'));
  writeFileSync(join(folder, 'index.html'), '<p>one</p>');
  writeFileSync(join(folder, 'models', 'small.json'), '{}');
  writeFileSync(join(folder, 'models', 'weights.bin'), new Uint8Array(6 * 2 ** 20));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** What the text sets up, run as a browser runs it. */
function tables(text: string) {
  const self = { addEventListener() {}, registration: { scope: 'https://x.test/app/' } };
  return runInNewContext(
    `${text}; ({ shell: Object.keys(SHELL), large: Object.keys(LARGE), cache: SHELL_CACHE, key: largeKey('models/weights.bin') })`,
    { self, URL },
  );
}

describe('the service worker of a build', () => {
  it('keeps small files at once and large ones when used, below any folder', () => {
    const { shell, large, key } = tables(serviceWorkerFor(folder, template));
    expect([...shell]).toEqual(['index.html', 'models/small.json']);
    expect([...large]).toEqual(['models/weights.bin']);
    expect(key).toMatch(/^https:\/\/x\.test\/app\/models\/weights\.bin\?sha256=[0-9a-f]{32}$/);
  });

  it('is the same for the same files and another for a changed one', () => {
    const first = serviceWorkerFor(folder, template);
    writeFileSync(join(folder, 'serviceWorker.js'), first);
    expect(serviceWorkerFor(folder, template)).toBe(first);
    writeFileSync(join(folder, 'index.html'), '<p>two</p>');
    const second = serviceWorkerFor(folder, template);
    expect(tables(second).cache).not.toBe(tables(first).cache);
    expect(tables(second).key).toBe(tables(first).key);
    writeFileSync(join(folder, 'models', 'weights.bin'), new Uint8Array(6 * 2 ** 20).fill(1));
    expect(tables(serviceWorkerFor(folder, template)).key).not.toBe(tables(first).key);
  });
});

// `npm run exactness`: files of every test cube, every variant and every target rate decode to the
// same symbols in Node, Chromium, Firefox and Python; `npm test` does so for a few cubes.
import { spawnSync } from 'node:child_process';
import { ensureBrowser, ensureFirefox } from './browser.mjs';

const { status } = spawnSync('npx', ['playwright', 'test', 'e2e/exactness.spec.ts'], {
  stdio: 'inherit',
  env: {
    ...process.env,
    EXACTNESS: 'all',
    CHROMIUM: ensureBrowser(),
    FIREFOX: ensureFirefox() ?? '',
  },
});
process.exitCode = status ?? 1;

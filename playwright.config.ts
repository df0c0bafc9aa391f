import { existsSync } from 'node:fs';
import { defineConfig } from '@playwright/test';

/** Playwright's own browser where it is installed, else the system's Chromium. */
const systemBrowser = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser'].find(
  (path) => path && existsSync(path),
);
const port = Number(process.env.E2E_PORT ?? 4317);
/** Files of single tests that take minutes: begun first, so that nobody waits for them at the end. */
const LONG = /(training|tuning|tour)\.spec\.ts/;
const preview = `npx vite preview --port ${port} --strictPort`;

export default defineConfig({
  testDir: 'e2e',
  projects: [
    { name: 'long', testMatch: LONG },
    { name: 'others', testMatch: '**/*.spec.ts', testIgnore: LONG },
  ],
  // Most tests wait for the networks on one core of two.
  workers: 2,
  timeout: 180_000,
  // Browsers on a busy machine; what passes at the second try only is named at the end.
  retries: 1,
  expect: { timeout: 20_000 },
  reporter: [['list']],
  use: {
    baseURL: `http://localhost:${port}`,
    viewport: { width: 1440, height: 900 },
    colorScheme: 'dark',
    launchOptions: { executablePath: systemBrowser, args: ['--no-sandbox'] },
  },
  webServer: {
    command: process.env.E2E_BUILT ? preview : `npx vite build && ${preview}`,
    url: `http://localhost:${port}`,
    reuseExistingServer: false,
    timeout: 180_000,
  },
});

import { existsSync } from 'node:fs';
import { launch } from 'puppeteer-core';

/** Playwright drives a Firefox of its own build only; here it is the one that people have. */
const firefox = [process.env.FIREFOX, '/usr/bin/firefox', '/usr/bin/firefox-esr'].find(
  (path) => path && existsSync(path),
);

export const NO_FIREFOX = 'SKIPPED in Firefox: none was found (set FIREFOX to its path).';
export const hasFirefox = firefox !== undefined;

/** A headless Firefox; to be closed. */
export function openFirefox() {
  return launch({
    browser: 'firefox',
    executablePath: firefox,
    defaultViewport: { width: 1440, height: 900 },
  });
}

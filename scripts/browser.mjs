// Finds a Chromium for the end-to-end tests and installs one where there is none:
// CHROMIUM, a browser on the PATH, Playwright's own, Debian's package.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chromium } from 'playwright';

function onPath(name) {
  const found = spawnSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' });
  return found.status === 0 ? found.stdout.trim() : undefined;
}

function installed() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  const system = onPath('chromium') ?? onPath('chromium-browser') ?? onPath('google-chrome');
  if (system) return system;
  return existsSync(chromium.executablePath()) ? chromium.executablePath() : undefined;
}

function run(command, args) {
  console.log(`> ${command} ${args.join(' ')}`);
  return spawnSync(command, args, { stdio: 'inherit', timeout: 600_000 }).status === 0;
}

function fromDebian(name) {
  if (process.getuid?.() !== 0 || !onPath('apt-get')) return;
  run('apt-get', ['update', '-qq']) && run('apt-get', ['install', '-y', '-qq', name]);
}

/** Brings a Firefox where it can: the tests in it are skipped where there is none, and say so. */
export function ensureFirefox() {
  const found = () => process.env.FIREFOX ?? onPath('firefox') ?? onPath('firefox-esr');
  if (!found()) fromDebian('firefox-esr');
  return found();
}

/** Path of a Chromium that runs; throws with what to do where none can be had. */
export function ensureBrowser() {
  let path = installed();
  if (!path) {
    fromDebian('chromium');
    path = installed();
  }
  if (!path) {
    run('npx', ['playwright', 'install', '--with-deps', 'chromium']);
    path = installed();
  }
  if (!path) {
    throw new Error(
      'No Chromium found and none could be installed. Install one (Debian: apt-get install chromium) or set CHROMIUM to its path.',
    );
  }
  execFileSync(path, ['--version'], { stdio: ['ignore', 'inherit', 'ignore'] });
  return path;
}

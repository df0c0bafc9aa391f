// `npm test`: lint, types, unit tests, Python tests, end-to-end tests of the production build.
// Prints `N passed, N failed` last and exits non-zero where anything failed.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { ensureBrowser, ensureFirefox } from './browser.mjs';
import { ensureOpenJpeg } from './openjpeg.mjs';
import { pythonTests } from './python.mjs';

const results = 'test-results';
rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });

const total = { passed: 0, failed: 0, skipped: 0 };
/** What failed, said again at the end: logs are long. */
const failures = [];
/** End-to-end tests that passed only when tried again, with what the first try said. */
const unsteady = [];

function add({ passed, failed, skipped = 0 }) {
  total.passed += passed;
  total.failed += failed;
  total.skipped += skipped;
}

function run(label, command, args, env = {}) {
  const started = Date.now();
  console.log(`\n== ${label}`);
  const { status } = spawnSync(command, args, {
    stdio: 'inherit',
    env: { ...process.env, ...env },
  });
  console.log(
    `== ${label}: ${status === 0 ? 'ok' : 'FAILED'}, ${Math.round((Date.now() - started) / 1000)} s`,
  );
  return status === 0;
}

/** A check that is one pass or one failure. */
function check(label, command, args) {
  const ok = run(label, command, args);
  add({ passed: ok ? 1 : 0, failed: ok ? 0 : 1 });
  if (!ok) failures.push(label);
  return ok;
}

function report(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
}

function unit() {
  const path = `${results}/vitest.json`;
  const ok = run('unit tests', 'npx', [
    'vitest',
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${path}`,
  ]);
  const json = report(path);
  const failed = json?.numFailedTests ?? 0;
  add({
    passed: json?.numPassedTests ?? 0,
    failed: ok ? failed : Math.max(1, failed),
    skipped: json?.numPendingTests ?? 0,
  });
  if (!ok && failed === 0) failures.push('unit tests ended early');
  for (const { name, assertionResults } of json?.testResults ?? []) {
    const own = assertionResults.filter(({ status }) => status === 'failed');
    failures.push(...own.map(({ fullName }) => `${relative('.', name)}: ${fullName}`));
  }
}

/** Tests tagged `@alone` measure the page's own work and share the machine with no other. */
function endToEnd() {
  playwright('end-to-end tests', 'playwright', ['--grep-invert', '@alone']);
  // A run empties its folder: each has its own.
  const output = ['--output', `${results}/alone`];
  playwright('end-to-end tests, alone', 'playwright-alone', ['--grep', '@alone', ...output], {
    E2E_BUILT: '1',
  });
}

/** `file:line: title` of each end-to-end test that came to `outcome`, with what its first try said. */
function* endToEndTests(outcome, { suites = [], specs = [] }) {
  for (const { file, line, title, tests } of specs) {
    for (const { results } of tests.filter(({ status }) => status === outcome)) {
      const said = results[0].errors.map(({ message }) => stripVTControlCharacters(message));
      yield [`e2e/${file}:${line}: ${title}`, ...said].join('\n');
    }
  }
  for (const suite of suites) yield* endToEndTests(outcome, suite);
}

function playwright(label, name, args, env = {}) {
  const path = `${results}/${name}.json`;
  const ok = run(label, 'npx', ['playwright', 'test', '--reporter=list,json', ...args], {
    CHROMIUM: ensureBrowser(),
    FIREFOX: ensureFirefox() ?? '',
    ...env,
    PLAYWRIGHT_JSON_OUTPUT_NAME: path,
  });
  const json = report(path);
  const stats = json?.stats;
  const failed = stats?.unexpected ?? 0;
  add({
    passed: (stats?.expected ?? 0) + (stats?.flaky ?? 0),
    failed: ok ? failed : Math.max(1, failed),
    skipped: stats?.skipped ?? 0,
  });
  const own = [...endToEndTests('unexpected', json ?? {})];
  if (!ok && own.length === 0) failures.push(`${label} ended early`);
  failures.push(...own);
  unsteady.push(...endToEndTests('flaky', json ?? {}));
}

check('lint', 'npx', ['biome', 'check', '.']);
check('types', 'npx', ['tsc', '--noEmit']);
ensureOpenJpeg();
unit();
// Before the end-to-end tests, which compare with the Python decoder and use its interpreter.
console.log('\n== Python tests');
for (const suite of pythonTests()) {
  add(suite);
  failures.push(...suite.failures);
}
endToEnd();

if (unsteady.length > 0) {
  console.log(`\nPASSED AT THE SECOND TRY, ${unsteady.length}:\n${unsteady.join('\n')}`);
}
if (failures.length > 0) console.log(`\nFAILED:\n${failures.join('\n')}`);
console.log(
  `\n${total.passed} passed, ${total.failed} failed${total.skipped ? `, ${total.skipped} skipped` : ''}`,
);
process.exit(total.failed === 0 && total.passed > 0 ? 0 : 1);

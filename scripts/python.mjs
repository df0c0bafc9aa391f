// Runs the Python tests: the reference decoder's need numpy, the training code's need torch too.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const VENV = '.venv/bin/python';

function imports(python, modules) {
  const script = modules.map((name) => `import ${name}`).join('; ');
  return spawnSync(python, ['-c', script], { stdio: 'ignore' }).status === 0;
}

function installInVenv(args) {
  if (!existsSync(VENV) && spawnSync('python3', ['-m', 'venv', '.venv']).status !== 0) return false;
  console.log(`> pip install ${args.join(' ')}`);
  const pip = spawnSync(VENV, ['-m', 'pip', 'install', '-q', '--retries', '1', ...args], {
    stdio: 'inherit',
    timeout: 600_000,
  });
  return pip.status === 0;
}

/** An interpreter that can import all modules, installing them into `.venv` where needed. */
function interpreter(modules, requirements) {
  const candidates = [...(existsSync(VENV) ? [VENV] : []), 'python3'];
  const ready = candidates.find((python) => imports(python, modules));
  if (ready) return ready;
  if (requirements && installInVenv(requirements) && imports(VENV, modules)) return VENV;
  if (process.getuid?.() === 0 && modules.length === 1) {
    spawnSync('apt-get', ['install', '-y', '-qq', `python3-${modules[0]}`], { stdio: 'inherit' });
    if (imports('/usr/bin/python3', modules)) return '/usr/bin/python3';
  }
  return undefined;
}

function unittest(python, folder) {
  const run = spawnSync(python, ['-m', 'unittest', 'discover', '-s', folder, '-t', '.', '-v'], {
    cwd: 'training',
    encoding: 'utf8',
    timeout: 900_000,
  });
  process.stdout.write(run.stdout);
  process.stderr.write(run.stderr);
  const ran = Number(/^Ran (\d+) tests?/m.exec(run.stderr)?.[1] ?? 0);
  const count = (word) => Number(new RegExp(`${word}=(\\d+)`).exec(run.stderr)?.[1] ?? 0);
  const failed = count('failures') + count('errors') || (run.status === 0 ? 0 : 1);
  const skipped = count('skipped');
  const named = run.stderr.match(/^(FAIL|ERROR): .*$/gm) ?? [];
  const failures = named.length === 0 && failed > 0 ? [`training/${folder} ended early`] : named;
  return { passed: Math.max(0, ran - failed - skipped), failed, skipped, failures };
}

/** @returns {{passed: number, failed: number, skipped: number, failures: string[]}[]} */
export function pythonTests() {
  const suites = [
    { folder: 'tests_decoder', modules: ['numpy'], requirements: ['numpy'] },
    {
      folder: 'tests',
      modules: ['numpy', 'torch'],
      // PyTorch is a large download that only the training code needs: fetched in CI alone.
      requirements: process.env.CI ? ['-r', 'training/requirements.txt'] : undefined,
    },
  ];
  return suites.map(({ folder, modules, requirements }) => {
    const python = interpreter(modules, requirements);
    if (!python) {
      const wanted = modules.join(' and ');
      console.warn(`SKIPPED training/${folder}: no Python with ${wanted} (pip install them).`);
      return { passed: 0, failed: 0, skipped: 1, failures: [] };
    }
    const path = python.startsWith('.') ? `../${python}` : python;
    return unittest(path, folder);
  });
}

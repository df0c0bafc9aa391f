// Finds OpenJPEG's command line, with which the unit tests compare, and installs it where it can.
import { spawnSync } from 'node:child_process';

const found = () => spawnSync('opj_compress', ['-h'], { stdio: 'ignore' }).error === undefined;

/** Without it the tests that need it are skipped, and say so. */
export function ensureOpenJpeg() {
  if (found() || process.getuid?.() !== 0) return;
  const run = (args) => spawnSync('apt-get', args, { stdio: 'inherit', timeout: 600_000 });
  console.log('> apt-get install libopenjp2-tools');
  run(['update', '-qq']);
  run(['install', '-y', '-qq', 'libopenjp2-tools']);
}

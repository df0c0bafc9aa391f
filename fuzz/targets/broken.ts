import { HscError } from '../../src/core/errors';
import { seedOf } from '../files';
import type { Accepted, Part, Target } from '../types';

const SEED = 'a seed';

/** Held so that nothing gives the memory back within an input. */
let held: Uint8Array[] = [];

/** Fails in every way that counts as a failure: whether the runner sees them is tested with it. */
async function run([{ bytes }]: readonly Part[]): Promise<Accepted> {
  held = [];
  const text = Buffer.from(bytes).toString('latin1');
  if (text === SEED) return { shape: 'seed', digest: 'right' };
  const [first = 0, second = 0] = bytes;
  if (bytes.length === 0) throw new TypeError('Not typed.');
  if (bytes.length === 1) throw new HscError('aborted', 'A code that damaged files do not have.');
  if (bytes.length === 2) throw new HscError('bad-file', 'No');
  if (first === (SEED.charCodeAt(0) ^ 1)) return { shape: 'damaged', digest: 'wrong' };
  if (second === 0x21) for (;;);
  if (second === 0x22) held.push(new Uint8Array(400 * 2 ** 20).fill(1));
  if (second === 0x24) process.kill(process.pid, 'SIGKILL');
  throw new HscError('bad-file', 'The file is damaged, as it should be.');
}

export const BROKEN: Target = {
  name: 'broken',
  weight: 1,
  codes: ['bad-file'],
  checked: true,
  seeds: async () => [seedOf('seed', Buffer.from(SEED))],
  run,
};

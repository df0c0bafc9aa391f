import type { Target } from '../types';
import { BITSTREAM } from './bitstream';
import { BROKEN } from './broken';
import { CODECS } from './codecs';
import { FORMATS } from './formats';
import { SESSIONS } from './sessions';
import { WEIGHTS } from './weights';

/** Everything that takes bytes from outside; what is slow first, so that it is not last. */
export const TARGETS: readonly Target[] = [
  ...[...CODECS, ...FORMATS].sort((a, b) => a.weight - b.weight),
  ...BITSTREAM,
  ...WEIGHTS,
  ...SESSIONS,
];

/** Throws where there is none of that name. `broken` fails on purpose. */
export function targetNamed(name: string): Target {
  const found = [...TARGETS, BROKEN].find((target) => target.name === name.trim());
  if (found) return found;
  const names = TARGETS.map((target) => target.name).join(', ');
  throw new Error(`There is no target “${name}”: ${names}.`);
}

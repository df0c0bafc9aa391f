import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Networks, POSITION, type Repeat, SAME } from './networks';

/** A Python that has PyTorch, if there is one. */
export function interpreter(root: string): string | undefined {
  const own = join(root, '.venv', 'bin', 'python');
  return [...(existsSync(own) ? [own] : []), 'python3'].find(
    (python) => spawnSync(python, ['-c', 'import torch, numpy']).status === 0,
  );
}

/** Median times in PyTorch, on two threads and on one. */
export interface PytorchTimes {
  readonly analysisMs: readonly [number, number];
  readonly synthesisMs: readonly [number, number];
}

/**
 * The same networks in PyTorch; nothing where there is no PyTorch. Throws where PyTorch computes
 * something else.
 */
export function pytorchTimes(
  root: string,
  folder: string,
  weights: string,
  onGrid: Float32Array,
  own: Networks,
  { runs, warmUp }: Repeat,
): PytorchTimes | undefined {
  const python = interpreter(root);
  if (!python) return undefined;
  const files = { image: onGrid, latents: own.latents, reconstruction: own.image };
  for (const [name, values] of Object.entries(files)) writeFileSync(join(folder, name), values);
  const script = join(root, 'bench', 'pytorch_reference.py');
  const repeat = ['--runs', `${runs}`, '--warm-up', `${warmUp}`];
  const args = [script, weights, folder, '--position', `${POSITION}`, ...repeat];
  const { status, stdout, stderr } = spawnSync(python, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`pytorch_reference.py failed:\n${stderr}`);
  const result = JSON.parse(stdout) as PytorchTimes & {
    readonly latentsDifference: number;
    readonly reconstructionDifference: number;
  };
  const worst = Math.max(result.latentsDifference, result.reconstructionDifference);
  if (!(worst < SAME)) throw new Error(`PyTorch computes something else: off by ${worst}`);
  return result;
}

import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { damagedCopy } from '../src/core/bitstream/damage';
import { fileMap } from '../src/core/bitstream/fileMap';

const CLI = resolve(import.meta.dirname, '../bin/hsc.mjs');

/** The sample `fields`, 256 × 256 pixels, as a file of 2 × 2 tiles. */
export async function writeTiledFile(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, 'tiled.hsc');
  const args = ['encode', 'sample:fields', '-o', path, '--codec', 'hific-opt', '--rate', '0.3'];
  await promisify(execFile)('node', [CLI, ...args]);
  return path;
}

/** A copy of a file with a bit of one tile, counted from 0, flipped. */
export async function writeDamaged(path: string, tile: number): Promise<string> {
  const file = new Uint8Array(await readFile(path));
  const span = fileMap(file).find((one) => one.tile === tile);
  if (!span) throw new Error(`The file has no tile ${tile}.`);
  const byte = Math.floor((span.from + span.to) / 2);
  const damaged = path.replace('.hsc', `-tile${tile + 1}.hsc`);
  await writeFile(damaged, damagedCopy(file, [{ kind: 'bit', byte, bit: 3 }]));
  return damaged;
}

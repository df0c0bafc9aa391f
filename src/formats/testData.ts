import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe } from 'vitest';
import type { CubeSource, SampleArray } from '../core/cube/types';
import { encodeSamples } from './samples';

/** What another library reads from a file, as `scripts/format_golden*.py` write it. */
export interface GoldenCube {
  /** Rows, columns, bands. */
  readonly shape: readonly number[];
  readonly dtype: string;
  /** First and last band centre as the file states them; null where it states none. */
  readonly wavelengths: readonly [number, number] | null;
  /** Of the samples, band-interleaved by pixel, little-endian. */
  readonly sha256: string;
}

/** The folder of public data that tests read: `HSI_DATA`, or `../shared/data` of the project. */
export const DATA_FOLDER = resolve(process.env.HSI_DATA ?? '../shared/data');

/** A block of tests that need the data; skipped, and said so, where the folder is absent. */
export function describeWithData(name: string, tests: () => void): void {
  const there = existsSync(join(DATA_FOLDER, 'formats'));
  if (!there) console.warn(`${name}: skipped, there is no folder ${DATA_FOLDER}/formats.`);
  describe.skipIf(!there)(name, tests);
}

export function dataFile(name: string): string {
  return join(DATA_FOLDER, 'formats', name);
}

export function sha256Of(samples: SampleArray): string {
  return createHash('sha256').update(encodeSamples(samples)).digest('hex');
}

/** All samples of a cube. */
export function readAll(cube: CubeSource): Promise<SampleArray> {
  const { width, height } = cube.info;
  return cube.readWindow({ x: 0, y: 0, width, height });
}

/**
 * The real test cubes: restored bit by bit, and never much larger than what general tools make of
 * them. Skips what needs data or tools that are not there, and says so.
 */
import { execFile, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import type { HyperspectralCube, SampleArray } from '../../core/cube/types';
import { loadWindow } from '../../core/cube/window';
import { pathSource } from '../../formats/bytesNode';
import { openFiles } from '../../formats/registry';
import { DATA_FOLDER } from '../../formats/testData';
import { LosslessCodec } from './codec';
import { bytesOf } from './testing';

/** Largest share of the best rival's bytes. */
const MARGIN = 1.05;
const TIMEOUT_MS = 60_000;

const folder = join(DATA_FOLDER, 'cubes', 'test');
const cubes = existsSync(folder) ? readdirSync(folder).filter((name) => /\.npz$/.test(name)) : [];
if (cubes.length === 0) console.warn(`lossless: skipped, there are no cubes in ${folder}.`);

function hasTool(tool: string, argument: string): boolean {
  const there = spawnSync(tool, [argument]).error === undefined;
  if (!there) console.warn(`lossless: ${tool} is not on the PATH; files are not compared with it.`);
  return there;
}

const hasZstd = hasTool('zstd', '--version');
const hasOpenJpeg = hasTool('opj_compress', '-h');
const scratch = mkdtempSync(join(tmpdir(), 'hsc-lossless-'));
afterAll(() => rmSync(scratch, { recursive: true }));

/** All bands one after the other, each row by row. */
function bandSequential({ data, bands }: HyperspectralCube): SampleArray {
  const planes = data.slice();
  const pixels = data.length / bands;
  for (let i = 0; i < data.length; i++)
    planes[(i % bands) * pixels + Math.floor(i / bands)] = data[i];
  return planes;
}

const run = promisify(execFile);

/** Bytes that `zstd -19` makes of the band-sequential samples, byte by byte of all samples. */
async function zstdBytes(planes: SampleArray): Promise<number> {
  const { length, BYTES_PER_ELEMENT } = planes;
  const bytes = bytesOf(planes);
  const shuffled = bytes.map(
    (_, i) => bytes[(i % length) * BYTES_PER_ELEMENT + Math.floor(i / length)],
  );
  const [input, output] = [join(scratch, 'samples'), join(scratch, 'samples.zst')];
  writeFileSync(input, shuffled);
  await run('zstd', ['-19', '-q', '-f', input, '-o', output]);
  return statSync(output).size;
}

/** Bytes of a lossless JPEG 2000 stream of all bands, one below the other. */
async function jpeg2000Bytes(
  { width, height, bands }: HyperspectralCube,
  planes: SampleArray,
): Promise<number> {
  let low = 0;
  for (const value of planes) low = Math.min(low, value);
  const head = Buffer.from(`P5\n${width} ${height * bands}\n65535\n`);
  const pixels = Buffer.alloc(2 * planes.length);
  for (let i = 0; i < planes.length; i++) pixels.writeUInt16BE(planes[i] - low, 2 * i);
  const [input, output] = [join(scratch, 'bands.pgm'), join(scratch, 'bands.j2k')];
  writeFileSync(input, Buffer.concat([head, pixels]));
  await run('opj_compress', ['-i', input, '-o', output]);
  return statSync(output).size;
}

/** Bytes of every rival that can be run on the cube. */
function rivalBytes(cube: HyperspectralCube): Promise<number[]> {
  const planes = bandSequential(cube);
  const rivals: Promise<number>[] = [];
  if (hasZstd) rivals.push(zstdBytes(planes));
  if (hasOpenJpeg && cube.sampleType !== 'float32') rivals.push(jpeg2000Bytes(cube, planes));
  return Promise.all(rivals);
}

async function cubeOf(name: string): Promise<HyperspectralCube> {
  const paths = [name, name.replace(/npz$/, 'json')].map((file) => join(folder, file));
  const { cube } = await openFiles(await Promise.all(paths.map(pathSource)));
  try {
    const { width, height } = cube.info;
    return await loadWindow(cube, { x: 0, y: 0, width, height });
  } finally {
    await cube.close();
  }
}

const codec = new LosslessCodec();

describe.skipIf(cubes.length === 0)('lossless on real cubes', () => {
  it('finds all eleven', () => expect(cubes).toHaveLength(11));

  it.each(cubes)(
    '%s is restored, in less than rivals take',
    async (name) => {
      const cube = await cubeOf(name);
      const options = { rate: 0, bandPolicy: 'refuse', metadata: 'none' } as const;
      const rivals = rivalBytes(cube);
      const { file } = await codec.encode(cube, options);
      const decoded = await codec.decode(file);
      expect(decoded.cube.sampleType).toBe(cube.sampleType);
      expect(Buffer.compare(bytesOf(decoded.cube.data), bytesOf(cube.data))).toBe(0);

      expect(file.length).toBeLessThanOrEqual(MARGIN * Math.min(...(await rivals)));
    },
    TIMEOUT_MS,
  );
});

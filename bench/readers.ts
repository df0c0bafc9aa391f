/** Every reader on the same cube: opening it and reading it whole, in MB of samples a second. */
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { deflateSync } from 'node:zlib';
import { zipSync } from 'fflate';
import type { HyperspectralCube } from '../src/core/cube/types';
import { loadWindow, wholeWindow } from '../src/core/cube/window';
import { sampleScenes } from '../src/core/samples';
import { pathSource } from '../src/formats/bytesNode';
import { enviBipWriter, enviBsqWriter } from '../src/formats/envi/writer';
import { geotiffWriter } from '../src/formats/geotiff/writer';
import { makeFile, put } from '../src/formats/hdf5/made.fixture';
import { MI } from '../src/formats/matlab5/elements';
import { numpyWriter } from '../src/formats/numpy/writer';
import { openFiles } from '../src/formats/registry';
import type { FormatWriter } from '../src/formats/types';
import { timed } from './networks';

/** Files of one kind: names and bytes. */
type Files = Readonly<Record<string, Uint8Array>>;

const SIDE = 256;
const WARM_UP = 1;
/** Rows and columns of an HDF5 chunk; it holds all bands. */
const CHUNK = 32;

async function cubeOf(): Promise<HyperspectralCube> {
  const source = sampleScenes[0].open();
  const { width, height } = source.info;
  const side = Math.min(SIDE, width, height);
  const cube = await loadWindow(source, { x: 0, y: 0, width: side, height: side });
  return { ...cube, sampleType: 'uint16', data: Uint16Array.from(cube.data, Math.round) };
}

async function written(writer: FormatWriter, cube: HyperspectralCube): Promise<Files> {
  const files = await writer.write(cube, 'scene');
  return Object.fromEntries(files.map(({ name, bytes }) => [name, bytes]));
}

async function hdf5(
  { data, width, height, bands }: HyperspectralCube,
  compression?: 'gzip',
): Promise<Files> {
  const chunks = compression && [Math.min(CHUNK, height), Math.min(CHUNK, width), bands];
  const bytes = await makeFile((file) => {
    put(file, 'cube', data as Uint16Array, [height, width, bands], { chunks, compression });
  });
  return { 'scene.h5': bytes };
}

/** An element of a MAT-file: tag, data, zeros up to eight bytes. */
function element(type: number, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(8 + Math.ceil(data.length / 8) * 8);
  bytes.set(new Uint8Array(Uint32Array.of(type, data.length).buffer));
  bytes.set(data, 8);
  return bytes;
}

/** A MAT-file of version 5 with one uint16 array [rows, columns, bands], rows fastest. */
function matlab({ data, width, height, bands }: HyperspectralCube, compressed: boolean): Files {
  const [UINT16_CLASS, UINT16] = [11, 4];
  const samples = new Uint16Array(data.length);
  for (let pixel = 0; pixel < width * height; pixel++) {
    const at = (pixel % width) * height + Math.floor(pixel / width);
    for (let b = 0; b < bands; b++) samples[b * width * height + at] = data[pixel * bands + b];
  }
  const matrix = element(
    MI.matrix,
    Buffer.concat([
      element(MI.uint32, new Uint8Array(Uint32Array.of(UINT16_CLASS, 0).buffer)),
      element(MI.int32, new Uint8Array(Int32Array.of(height, width, bands).buffer)),
      element(MI.int8, new TextEncoder().encode('cube')),
      element(UINT16, new Uint8Array(samples.buffer)),
    ]),
  );
  const packed = deflateSync(matrix);
  const tag = new Uint8Array(Uint32Array.of(MI.compressed, packed.length).buffer);
  const head = new Uint8Array(128);
  head.set(new TextEncoder().encode('MATLAB 5.0 MAT-file'.padEnd(124)));
  head.set([0, 1, 0x49, 0x4d], 124);
  return { 'scene.mat': Buffer.concat(compressed ? [head, tag, packed] : [head, matrix]) };
}

async function readersOf(cube: HyperspectralCube): Promise<Readonly<Record<string, Files>>> {
  const npy = await written(numpyWriter, cube);
  return {
    'ENVI, BIP': await written(enviBipWriter, cube),
    'ENVI, BSQ': await written(enviBsqWriter, cube),
    GeoTIFF: await written(geotiffWriter, cube),
    'NumPy .npy': npy,
    'NumPy .npz, deflated': { 'scene.npz': zipSync(npy as Record<string, Uint8Array>) },
    'MATLAB v5': matlab(cube, false),
    'MATLAB v5, deflated': matlab(cube, true),
    HDF5: await hdf5(cube),
    'HDF5, deflated': await hdf5(cube, 'gzip'),
  };
}

async function readWhole(folder: string, names: readonly string[]) {
  const sources = await Promise.all(names.map((name) => pathSource(join(folder, name))));
  const { cube } = await openFiles(sources, {});
  try {
    return await cube.readWindow(wholeWindow(cube.info));
  } finally {
    await cube.close();
    await Promise.all(sources.map((source) => source.close?.()));
  }
}

/** Prints the table; throws where a reader gives other samples than were written. */
export async function main(_root: string, args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { runs: { type: 'string', default: '5' } } });
  const runs = Math.max(1, Number(values.runs) || 5);
  const cube = await cubeOf();
  const megabytes = cube.data.byteLength / 1e6;
  console.log(
    `\n${cpus()[0]?.model} × ${cpus().length}, Node ${process.version}; ${cube.width} × ${cube.height} × ${cube.bands} uint16, ` +
      `${megabytes.toFixed(1)} MB, opened and read whole, medians of ${runs} runs`,
  );
  for (const [name, files] of Object.entries(await readersOf(cube))) {
    const folder = mkdtempSync(join(tmpdir(), 'hsc-bench-'));
    try {
      for (const [file, bytes] of Object.entries(files)) writeFileSync(join(folder, file), bytes);
      const size = Object.keys(files).reduce((sum, f) => sum + statSync(join(folder, f)).size, 0);
      const { ms, result } = await timed(() => readWhole(folder, Object.keys(files)), {
        runs,
        warmUp: WARM_UP,
      });
      const wrong = result.findIndex((sample, i) => sample !== cube.data[i]);
      if (wrong >= 0) throw new Error(`${name}: sample ${wrong} is not what was written.`);
      const speed = `${(megabytes / (ms / 1000)).toFixed(0)} MB/s`;
      const file = `file of ${(size / 1e6).toFixed(1)} MB`;
      console.log(`  ${name.padEnd(22)}${speed.padStart(10)}   ${file}`);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }
  return 0;
}

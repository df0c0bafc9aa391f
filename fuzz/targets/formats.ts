import { zipSync, zlibSync } from 'fflate';
import type { HyperspectralCube } from '../../src/core/cube/types';
import type { HscErrorCode } from '../../src/core/errors';
import { bytesSource } from '../../src/formats/bytes';
import { makeEmit, makeFile, makeNeon, makePrisma, put } from '../../src/formats/hdf5/made.fixture';
import { metaText } from '../../src/formats/meta';
import { openFiles, writers } from '../../src/formats/registry';
import { checkInfo, checkSamples, shapeOfInfo } from '../cubes';
import { fileBytes, folderSeeds, partOf, seedOf, slowSeed, textPart } from '../files';
import { matlabShell, npzShell } from '../shells';
import type { Accepted, Part, Seed, Target } from '../types';

/** What a reader may say of a damaged file. */
const CODES: readonly HscErrorCode[] = [
  'unknown-format',
  'missing-companion',
  'truncated',
  'bad-file',
  'check-failed',
  'choice-needed',
  'unsupported',
  'limit',
];
/** Of an opened cube, no more than this is read. */
const MOST_SIDE = 48;
const MOST_BANDS = 32;

/** Opens files as the studio does and reads a part of the cube. */
async function open(parts: readonly Part[]): Promise<Accepted> {
  const sources = parts.map(({ name, bytes }) => bytesSource(bytes, name));
  const { cube, candidates } = await openFiles(sources);
  const { info } = cube;
  try {
    checkInfo(info);
    const [width, height] = [Math.min(MOST_SIDE, info.width), Math.min(MOST_SIDE, info.height)];
    const bands = Array.from({ length: Math.min(MOST_BANDS, info.bands) }, (_, band) => band);
    const window = { x: info.width - width, y: info.height - height, width, height };
    const data = await cube.readWindow(window, { bands });
    checkSamples(data, width * height * bands.length);
  } finally {
    await cube.close();
  }
  return { shape: `${shapeOfInfo(info)} of ${candidates.length}` };
}

function target(
  name: string,
  weight: number,
  seeds: () => Promise<readonly Seed[]>,
  more: Partial<Target> = {},
): Target {
  return { name, weight, codes: CODES, seeds, run: open, ...more };
}

/** A cube with everything that a header can say. */
const CUBE: HyperspectralCube = {
  name: 'scene',
  width: 3,
  height: 4,
  bands: 5,
  sampleType: 'int16',
  wavelengthsNm: [400, 450.5, 501, 702, 999.25],
  fwhmNm: [9, 9, 10, 10, 11],
  bandNames: ['a', 'b', 'c', 'd', 'e'],
  badBands: [4],
  noDataValue: -9999,
  units: 'reflectance × 10000',
  sensor: 'AVIRIS',
  defaultBands: [3, 2, 0],
  geo: {
    mapInfo: ['UTM', '1', '1', '570000', '4150000', '15.7', '15.7', '10', 'North'],
    epsg: 32610,
    transform: [570000, 15.7, 0, 4150000, 0, -15.7],
  },
  data: Int16Array.from({ length: 60 }, (_, i) => 37 * i - 900),
};

async function written(id: string, ...beside: readonly Part[]): Promise<Seed> {
  const writer = writers.find((own) => own.id === id);
  const files = (await writer?.write(CUBE, 'scene')) ?? [];
  const parts = files.map(({ name, bytes }) => partOf(name, bytes, /hdr|json/.test(name)));
  return { name: `written ${id}`, parts: [...parts, ...beside] };
}

const meta = textPart(
  'scene.hsc-meta.json',
  metaText({
    wavelengths: { nm: [410, 460, 510, 710, 990], source: 'by hand' },
    units: 'DN',
    noDataValue: Number.NaN,
    badBands: [1, 2],
    leaveOutBad: true,
    defaultBands: [2, 1, 0],
  }),
);

const ENVI = 'src/formats/envi/golden';

function enviPair(name: string): Seed {
  const parts = [
    partOf(`${name}.hdr`, fileBytes(`${ENVI}/${name}.hdr`), true),
    partOf(`${name}.img`, fileBytes(`${ENVI}/${name}.img`)),
  ];
  return { name, parts };
}

/** A header with lists of a length at which functions run out of arguments. */
function longLists(): Seed {
  const bands = 60_000;
  const list = Array.from({ length: bands }, (_, i) => 400 + (i % 9)).join(',');
  const header = `ENVI\nsamples = 1\nlines = 1\nbands = ${bands}\ndata type = 1\ninterleave = bip\nbyte order = 0\n`;
  const parts = [
    textPart('long.hdr', `${header}wavelength = {${list}}\n`.slice(0, 250_000)),
    partOf('long.img', new Uint8Array(bands)),
  ];
  return { name: 'long lists', parts, slow: true };
}

async function enviSeeds(): Promise<Seed[]> {
  return [
    ...['bil_uint16', 'bip_float32', 'bsq_uint16', 'bip_uint8', 'rotated'].map(enviPair),
    await written('envi'),
    await written('envi-bsq', meta),
    longLists(),
  ];
}

/** An element of a MATLAB file: its tag, its data, and what fills up eight bytes. */
function element(type: number, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(8 + Math.ceil(data.length / 8) * 8);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, type, true);
  view.setUint32(4, data.length, true);
  bytes.set(data, 8);
  return bytes;
}

const words = (...values: number[]) => new Uint8Array(Int32Array.from(values).buffer);
const joined = (...parts: readonly Uint8Array[]) => new Uint8Array(Buffer.concat(parts));

/** Cells in cells: MATLAB's own files nest to any depth. */
function nestedCells(depth: number): Uint8Array {
  const head = (arrayClass: number) =>
    joined(element(6, words(arrayClass, 0)), element(5, words(1, 1)), element(1, Buffer.from('c')));
  let inner = element(14, joined(head(6), element(9, new Uint8Array(8))));
  for (let i = 0; i < depth; i++) inner = element(14, joined(head(1), inner));
  return inner;
}

function matFile(...elements: readonly Uint8Array[]): Uint8Array {
  const header = new Uint8Array(128).fill(32);
  header.set(Buffer.from('MATLAB 5.0 MAT-file'));
  header.set([0, 1, 0x49, 0x4d], 124);
  return joined(header, ...elements);
}

/** A variable of which megabytes of zeros fit into a few kB. */
function matBomb(): Uint8Array {
  const zeros = new Uint8Array(6 * 2 ** 20);
  const head = joined(
    element(6, words(6, 0)),
    element(5, words(128, 128, 384)),
    element(1, Buffer.from('cube')),
  );
  const data = zlibSync(element(14, joined(head, element(2, zeros))), { level: 9 });
  return matFile(joined(words(15, data.length), data));
}

async function matlabSeeds(): Promise<Seed[]> {
  return [
    ...folderSeeds('src/formats/matlab5/golden', '.mat'),
    seedOf('nested.mat', matFile(nestedCells(500))),
    slowSeed('bomb.mat', matBomb()),
  ];
}

async function npySeeds(): Promise<Seed[]> {
  const golden = folderSeeds('src/formats/numpy/golden', '.npy');
  return [...golden, await written('numpy'), await written('numpy', meta)];
}

function npy(shape: string, samples: Uint8Array): Uint8Array {
  const text = `{'descr': '|u1', 'fortran_order': False, 'shape': (${shape}), }\n`;
  const head = Buffer.from(`\x93NUMPY\x01\0${String.fromCharCode(text.length)}\0${text}`, 'latin1');
  return joined(head, samples);
}

async function npzSeeds(): Promise<Seed[]> {
  const zeros = new Uint8Array(8 * 2 ** 20);
  const bomb = zipSync({ 'cube.npy': npy('256, 256, 128', zeros) }, { level: 9 });
  const small = { 'cube.npy': npy('4, 3, 2', zeros.subarray(0, 24)), 'wl.npy': npy('2', words(9)) };
  return [
    ...folderSeeds('src/formats/numpy/golden', '.npz'),
    seedOf('small.npz', zipSync(small)),
    seedOf('nested.npz', zipSync({ 'inner.npz': zipSync(small), ...small }, { level: 9 })),
    slowSeed('bomb.npz', bomb),
  ];
}

/** The last directory of a TIFF leads back to the first. */
function loopOf(bytes: Uint8Array<ArrayBuffer>): Uint8Array {
  const view = new DataView(bytes.buffer);
  const first = view.getUint32(4, true);
  view.setUint32(first + 2 + 12 * view.getUint16(first, true), first, true);
  return bytes;
}

const TIFF = 'src/formats/geotiff/golden';

async function tiffSeeds(): Promise<Seed[]> {
  return [
    ...folderSeeds(TIFF, '.tif'),
    await written('geotiff'),
    seedOf('loop.tif', loopOf(fileBytes(`${TIFF}/pixel_uint16.tif`))),
  ];
}

/** Groups that hold each other, which makes paths without end. */
function linkedGroups(): Promise<Uint8Array> {
  return makeFile((file) => {
    put(file, '/a/b/cube', new Uint8Array(60), [3, 4, 5]);
    for (const link of ['x', 'y', 'z']) file.create_hard_link('/a', `/a/b/${link}`);
    file.create_soft_link('/a/b', '/a/soft');
    file.create_soft_link('/nowhere', '/broken');
    file.create_external_link('other.h5', '/a', '/outside');
  });
}

async function hdf5Seeds(): Promise<Seed[]> {
  return [
    seedOf('prisma.h5', await makePrisma()),
    seedOf('emit.nc', await makeEmit()),
    seedOf('neon.h5', await makeNeon()),
    slowSeed('linked.h5', await linkedGroups()),
  ];
}

async function metaSeeds(): Promise<Seed[]> {
  return [
    { ...(await written('numpy')), parts: [...(await written('envi')).parts.slice(0, 2), meta] },
  ];
}

export const FORMATS: readonly Target[] = [
  target('envi', 9, enviSeeds),
  target('corrections', 3, metaSeeds),
  target('matlab', 6, matlabSeeds, { shells: [matlabShell] }),
  target('npy', 6, npySeeds),
  target('npz', 5, npzSeeds, { shells: [npzShell] }),
  target('geotiff', 6, tiffSeeds),
  // Every file is opened in an instance of the library of its own, which takes 50 to 150 ms.
  target('hdf5', 0.15, hdf5Seeds),
];

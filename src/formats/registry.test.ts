import { gzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { isHscError } from '../core/errors';
import { bytesSource } from './bytes';
import { openFiles, readers, writers } from './registry';
import { readAll } from './testData';
import { goldenBytes, goldenFile, goldenSamples, textSource } from './testFiles';
import type { ByteSource } from './types';

function renamed(folder: string, name: string, as: string): ByteSource {
  return bytesSource(goldenBytes(folder, name), as);
}

async function openError(...files: ByteSource[]) {
  try {
    await openFiles(files);
  } catch (error) {
    if (isHscError(error)) return error;
    throw error;
  }
  return expect.fail('opened');
}

describe('files are known by their content', () => {
  it.each([
    ['matlab5', 'compressed.mat', 'cube.img', 'MATLAB v5', 'int16'],
    ['numpy', 'c_int16.npy', 'cube.mat', 'NumPy', 'int16'],
    ['numpy', 'compressed.npz', 'cube', 'NumPy', 'uint16'],
    ['geotiff', 'pixel_uint16.tif', 'cube.npy', 'GeoTIFF', undefined],
  ])('%s/%s named %s', async (folder, name, as, format, type) => {
    const opened = await openFiles([renamed(folder, name, as)]);
    expect(opened.format).toBe(format);
    if (type) expect([...(await readAll(opened.cube))]).toEqual(goldenSamples(type));
    await opened.cube.close();
  });

  it('an ENVI pair, in any order, among other files', async () => {
    const pair = [goldenFile('envi', 'bip_int16.img'), goldenFile('envi', 'bip_int16.hdr')];
    const readme = textSource('readme.txt', 'a text');
    for (const files of [pair, pair.toReversed(), [readme, ...pair], [...pair, readme]]) {
      const opened = await openFiles(files);
      expect([opened.format, opened.chosen]).toEqual(['ENVI', 'bip_int16.hdr']);
      expect([...(await readAll(opened.cube))]).toEqual(goldenSamples('int16'));
    }
  });

  it.each([
    ['bsq', false],
    ['bil', true],
    ['bip', true],
  ])('how the bands of %s lie reaches who opened it', async (interleave, together) => {
    const name = `${interleave}_uint16`;
    const pair = [goldenFile('envi', `${name}.img`), goldenFile('envi', `${name}.hdr`)];
    expect((await openFiles(pair)).cube.bandsTogether).toBe(together);
  });

  it('the first that is known is opened', async () => {
    const files = [goldenFile('matlab5', 'plain.mat'), goldenFile('numpy', 'c_uint8.npy')];
    expect((await openFiles(files)).format).toBe('MATLAB v5');
    expect((await openFiles(files.toReversed())).format).toBe('NumPy');
  });
});

describe('files that are not known', () => {
  it('are refused with what was tried or what they are', async () => {
    const cases: [ByteSource, string, RegExp][] = [
      [
        textSource('notes.txt', 'a text'),
        'unknown-format',
        /notes\.txt.*HDF5.*GeoTIFF.*MATLAB v5.*NumPy.*ENVI/,
      ],
      [bytesSource(new Uint8Array(0), 'a.mat'), 'truncated', /a\.mat is empty/],
      [bytesSource(Uint8Array.of(1), 'a.mat'), 'unknown-format', /a\.mat/],
      [textSource('scene.img', 'abc'), 'missing-companion', /scene\.hdr/],
      [textSource('scene', 'abc'), 'missing-companion', /scene\.hdr/],
      [textSource('scene.hdr', 'NROWS 5'), 'bad-file', /scene\.hdr is no ENVI header/],
      [bytesSource(Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13), 'a.png'), 'unsupported', /PNG/],
      [textSource('a.nc', 'CDF\x01....'), 'unsupported', /nccopy/],
      [
        bytesSource(gzipSync(goldenBytes('numpy', 'c_int8.npy')), 'a.npy.gz'),
        'unsupported',
        /gzip/,
      ],
      [
        bytesSource(
          Uint8Array.from('\x0e\x03\x13\x01', (c) => c.charCodeAt(0)),
          'a.hdf',
        ),
        'unsupported',
        /HDF4/,
      ],
    ];
    for (const [file, code, message] of cases) {
      expect(await openError(file)).toMatchObject({
        code,
        message: expect.stringMatching(message),
      });
    }
    expect(await openError()).toMatchObject({ code: 'bad-argument' });
  });

  it.each([
    ['scene.mat', 'matlab5', 'plain.mat'],
    ['scene.npz', 'numpy', 'compressed.npz'],
    ['scene.npy', 'numpy', 'c_float32.npy'],
    ['scene.tif', 'geotiff', 'pixel_uint16.tif'],
    ['scene.hdr', 'envi', 'bip_int16.hdr'],
  ])('%s cut at any length gives a typed error that names the file', async (as, folder, name) => {
    const whole = goldenBytes(folder, name);
    const step = Math.max(1, Math.floor(whole.length / 97));
    for (let length = 0; length < whole.length; length += step) {
      const error = await openError(bytesSource(whole.slice(0, length), as));
      expect(error.message).toContain(as);
    }
  });
});

describe('closing', () => {
  function counted(source: ByteSource, closed: string[]): ByteSource {
    return {
      name: source.name,
      size: source.size,
      read: (offset, length) => source.read(offset, length),
      async close() {
        closed.push(source.name);
      },
    };
  }

  it('closes every file, also where opening fails', async () => {
    const closed: string[] = [];
    const pair = [goldenFile('envi', 'bip_int16.hdr'), goldenFile('envi', 'bip_int16.img')];
    const { cube } = await openFiles(pair.map((file) => counted(file, closed)));
    expect(closed).toEqual([]);
    await cube.close();
    expect(closed.sort()).toEqual(['bip_int16.hdr', 'bip_int16.img']);
    closed.length = 0;
    await openError(counted(textSource('a.txt', 'x'), closed));
    expect(closed).toEqual(['a.txt']);
  });
});

describe('a file of 400 MB opens without being read', () => {
  const dims = [1000, 1000, 200];
  const samples = 400_000_000;
  const text = (value: string) => new TextEncoder().encode(value);

  /** Some bytes at their places, zeros elsewhere; counts what is read. */
  function sparse(name: string, size: number, pieces: readonly (readonly [number, Uint8Array])[]) {
    const read = { bytes: 0 };
    const source: ByteSource = {
      name,
      size,
      async read(offset, length) {
        read.bytes += length;
        const bytes = new Uint8Array(length);
        for (const [at, piece] of pieces) {
          for (let i = 0; i < piece.length; i++) {
            const to = at + i - offset;
            if (to >= 0 && to < length) bytes[to] = piece[i];
          }
        }
        return bytes;
      },
    };
    return { source, read };
  }

  function npyHeader(): Uint8Array {
    const header = new Uint8Array(128).fill(32);
    header.set([0x93, ...text('NUMPY'), 1, 0, 118, 0]);
    header.set(
      text(`{'descr': '<u2', 'fortran_order': False, 'shape': (${dims.join(', ')}), }`),
      10,
    );
    return header;
  }

  function matHeader(): Uint8Array {
    const header = new Uint8Array(128 + 8 + 64);
    const view = new DataView(header.buffer);
    header.set(text('MATLAB 5.0 MAT-file'));
    header.set([0, 1, 0x49, 0x4d], 124);
    const body = [14, 56 + samples, 6, 8, 6, 0, 5, 12, ...dims, 0, 1 | (4 << 16), 0, 4, samples];
    body.forEach((word, i) => {
      view.setUint32(128 + 4 * i, word, true);
    });
    header.set(text('cube'), 128 + 4 * 13);
    return header.slice(0, 128 + 4 * body.length);
  }

  it.each<[string, () => { source: ByteSource; read: { bytes: number } }, ByteSource[]]>([
    ['NumPy', () => sparse('big.npy', 128 + samples, [[0, npyHeader()]]), []],
    ['MATLAB v5', () => sparse('big.mat', matHeader().length + samples, [[0, matHeader()]]), []],
    [
      'ENVI',
      () => sparse('big.img', samples, []),
      [
        textSource(
          'big.hdr',
          'ENVI\nsamples=1000\nlines=1000\nbands=200\ndata type=12\ninterleave=bil\nbyte order=0\n',
        ),
      ],
    ],
  ])('%s', async (_format, make, companions) => {
    const { source, read } = make();
    const { cube } = await openFiles([source, ...companions]);
    expect(cube.info).toMatchObject({
      height: 1000,
      width: 1000,
      bands: 200,
      sampleType: 'uint16',
    });
    expect(read.bytes).toBeLessThan(64 * 1024);
    read.bytes = 0;
    const window = await cube.readWindow({ x: 10, y: 20, width: 16, height: 16 });
    expect(window.length).toBe(16 * 16 * 200);
    expect(read.bytes).toBeLessThan(samples / 50);
  });
});

describe('readers and writers', () => {
  it('have distinct ids', () => {
    for (const list of [readers, writers]) {
      expect(new Set(list.map(({ id }) => id)).size).toBe(list.length);
    }
  });
});

import fc from 'fast-check';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { bytesSource } from '../bytes';
import { readAll } from '../testData';
import {
  damagedBytes,
  expectTypedFailure,
  GOLDEN_SHAPE,
  GOLDEN_WAVELENGTHS,
  goldenBytes,
  goldenFile,
  goldenSamples,
  openWith,
  textSource,
} from '../testFiles';
import type { ByteSource } from '../types';
import { numpyReader } from './reader';

function openError(...files: ByteSource[]) {
  return openWith(numpyReader, files).then(
    () => expect.fail('opened'),
    (error: unknown) => error,
  );
}

describe('arrays written by NumPy', () => {
  it.each([
    ['c_uint8', 'uint8', 'uint8'],
    ['c_int8', 'int8', 'int8'],
    ['c_uint16', 'uint16', 'uint16'],
    ['c_int16', 'int16', 'int16'],
    ['c_uint32', 'uint32', 'uint32'],
    ['c_int32', 'int32', 'int32'],
    ['c_float32', 'float32', 'float32'],
    ['c_float64', 'float64', 'float64'],
    ['c_float16', 'float16', 'float32'],
    ['c_int64', 'int64', 'float64'],
    ['c_uint64', 'uint64', 'float64'],
    ['f_float32', 'float32', 'float32'],
    ['big_int32', 'int32', 'int32'],
  ])('%s.npy: every sample', async (name, stored, sampleType) => {
    const file = goldenFile('numpy', `${name}.npy`);
    expect(await numpyReader.sniff(file, await file.read(0, 8), [file])).toBe(true);
    const { cube } = await openWith(numpyReader, [file], { axes: 'yxb' });
    expect(cube.info).toMatchObject({ ...GOLDEN_SHAPE, sampleType, name });
    expect([...(await readAll(cube))]).toEqual(goldenSamples(stored));
  });

  it.each(['stored', 'compressed'])('%s.npz: the cube, its wavelengths from µm', async (name) => {
    const file = goldenFile('numpy', `${name}.npz`);
    expect(await numpyReader.sniff(file, await file.read(0, 64), [file])).toBe(true);
    const opened = await openWith(numpyReader, [file]);
    expect(opened.chosen).toBe('cube');
    expect(opened.candidates.map(({ id }) => id)).toEqual(['cube']);
    expect(opened.cube.info).toMatchObject({
      ...GOLDEN_SHAPE,
      sampleType: 'uint16',
      wavelengthsNm: GOLDEN_WAVELENGTHS,
    });
    expect([...(await readAll(opened.cube))]).toEqual(goldenSamples('uint16'));
  });

  it('that hold no real numbers are refused', async () => {
    const cases = [
      ['complex64', 'unsupported', /complex numbers/],
      ['objects', 'unsupported', /Python objects/],
      ['records', 'unsupported', /named fields/],
      ['mask', 'choice-needed', /5 × 4/],
    ] as const;
    for (const [name, code, message] of cases) {
      const error = await openError(goldenFile('numpy', `${name}.npy`));
      expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
    }
  });
});

describe('sidecars', () => {
  const cube = goldenFile('numpy', 'c_uint16.npy');

  it('give wavelengths, shape and whatever else NumPy cannot keep', async () => {
    const json = textSource(
      'c_uint16.json',
      JSON.stringify({
        name: 'scene',
        sensor: 'made',
        height: 5,
        width: 4,
        bands: 7,
        wavelengths_nm: GOLDEN_WAVELENGTHS,
        wavelength_source: 'the maker',
        units: 'counts',
        bad_bands: [1, 99],
        no_data_value: 'NaN',
        notes: 'A note.',
        licence: 'not ours to read',
      }),
    );
    for (const files of [
      [cube, json],
      [cube, textSource('unrelated.txt', 'x'), json],
    ]) {
      const { info } = (await openWith(numpyReader, files)).cube;
      expect(info).toMatchObject({
        ...GOLDEN_SHAPE,
        name: 'scene',
        sensor: 'made',
        wavelengthsNm: GOLDEN_WAVELENGTHS,
        units: 'counts',
        badBands: [1],
        noDataValue: Number.NaN,
      });
      expect(info.notes).toEqual(['A note.', 'Wavelengths: the maker.']);
    }
  });

  it('mark approximate wavelengths as such', async () => {
    const json = textSource(
      'c_uint16.json',
      JSON.stringify({
        wavelengths_nm: null,
        wavelengths_nm_approx: GOLDEN_WAVELENGTHS,
        wavelengths_approx_note: 'nominal',
      }),
    );
    const { info } = (await openWith(numpyReader, [cube, json])).cube;
    expect(info.wavelengthsNm).toEqual(GOLDEN_WAVELENGTHS);
    expect(info.notes).toContain('The wavelengths are approximate: nominal.');
  });

  it('that do not fit or cannot be read are left out, with a note', async () => {
    for (const text of ['{', '{"wavelengths_nm": "none"}', '{"wavelengths_nm": [1e999]}', '3']) {
      const { info } = (await openWith(numpyReader, [cube, textSource('c_uint16.json', text)]))
        .cube;
      expect(info.notes?.join()).toMatch(/c_uint16\.json is no sidecar/);
    }
    const short = textSource('c_uint16.json', '{"wavelengths_nm": [400, 500]}');
    const { info } = (await openWith(numpyReader, [cube, short])).cube;
    expect(info.wavelengthsNm).toBeUndefined();
    expect(info.notes?.join()).toMatch(/2 wavelengths for 7 bands/);
  });
});

describe('damaged NumPy files', () => {
  it('say what is wrong', async () => {
    const npy = goldenBytes('numpy', 'c_int16.npy');
    const npz = goldenBytes('numpy', 'compressed.npz');
    const cases: [Uint8Array, string, RegExp][] = [
      [npy.slice(0, 9), 'truncated', /header is incomplete/],
      [npy.slice(0, 50), 'truncated', /header is incomplete/],
      [npy.slice(0, 200), 'truncated', /5 × 4 × 7 needs 408 bytes, the file has 200/],
      [npz.slice(0, npz.length - 30), 'truncated', /directory at the end/],
      [npz.slice(0, 10), 'truncated', /directory at the end/],
      [zipSync({ 'a.txt': Uint8Array.of(1) }), 'bad-file', /without NumPy arrays/],
    ];
    for (const [bytes, code, message] of cases) {
      const error = await openError(bytesSource(bytes, 'cut.npz'));
      expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
    }
  });

  it('name no more dimensions than arrays have', async () => {
    const shape = '1,'.repeat(20_000);
    const text = `{'descr': '|u1', 'fortran_order': False, 'shape': (${shape})}\n`;
    const head = Uint8Array.of(
      0x93,
      78,
      85,
      77,
      80,
      89,
      2,
      0,
      ...new Uint8Array(Uint32Array.of(text.length).buffer),
    );
    const bytes = new Uint8Array([...head, ...new TextEncoder().encode(text), 1]);
    expect(await openError(bytesSource(bytes, 'x.npy'))).toMatchObject({
      code: 'bad-file',
      message: 'x.npy is damaged: it states 20000 dimensions.',
    });
  });

  it('fail the checksum where a compressed sample was changed', async () => {
    const archive = zipSync({ 'cube.npy': [goldenBytes('numpy', 'c_int16.npy'), { level: 9 }] });
    const view = new DataView(archive.buffer, archive.byteOffset);
    const directory = view.getUint32(archive.length - 6, true);
    view.setUint32(directory + 16, view.getUint32(directory + 16, true) ^ 1, true);
    expect(await openError(bytesSource(archive, 'x.npz'))).toMatchObject({ code: 'check-failed' });
  });

  it('never make the reader believe a size that the file cannot hold', async () => {
    const archive = zipSync({ 'cube.npy': [goldenBytes('numpy', 'c_int16.npy'), { level: 9 }] });
    const view = new DataView(archive.buffer, archive.byteOffset);
    const directory = view.getUint32(archive.length - 6, true);
    view.setUint32(directory + 24, 0xfffffff0, true);
    expect(await openError(bytesSource(archive, 'x.npz'))).toMatchObject({
      code: 'bad-file',
      message: expect.stringMatching(/cannot hold/),
    });
  });

  it('never inflate more than an array takes', async () => {
    const bytes = new Uint8Array(2 ** 20);
    bytes.set(goldenBytes('numpy', 'c_int16.npy'));
    const archive = zipSync({ 'cube.npy': [bytes, { level: 9 }] });
    expect(await openError(bytesSource(archive, 'x.npz'))).toMatchObject({
      code: 'bad-file',
      message: expect.stringMatching(/5 × 4 × 7 cannot hold the 1048576 bytes/),
    });
  });

  it.each(['c_int16.npy', 'f_float32.npy', 'stored.npz', 'compressed.npz'])(
    '%s: only ever typed errors',
    async (name) => {
      await fc.assert(
        fc.asyncProperty(damagedBytes(goldenBytes('numpy', name)), (bytes) =>
          expectTypedFailure(() => openWith(numpyReader, [bytesSource(bytes, name)])),
        ),
        { numRuns: 500 },
      );
    },
  );
});

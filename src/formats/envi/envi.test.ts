import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesSource } from '../bytes';
import { swapBytes } from '../samples';
import { readAll } from '../testData';
import {
  damagedBytes,
  expectTypedFailure,
  GOLDEN_SHAPE,
  goldenBytes,
  goldenFile,
  goldenSamples,
  openWith,
  textSource,
} from '../testFiles';
import type { ByteSource } from '../types';
import { enviReader } from './reader';

const SMALL =
  'samples = 2\nlines = 3\nbands = 4\ndata type = 1\ninterleave = bip\nbyte order = 0\n';

function small(extra: string, name = 'scene.hdr'): ByteSource {
  return textSource(name, `ENVI\n${SMALL}${extra}`);
}

function data(name = 'scene.img', length = 24): ByteSource {
  return bytesSource(
    Uint8Array.from({ length }, (_, i) => i),
    name,
  );
}

async function infoWith(extra: string) {
  return (await openWith(enviReader, [small(extra), data()])).cube.info;
}

function openError(...files: ByteSource[]) {
  return openWith(enviReader, files).then(
    () => expect.fail('opened'),
    (error: unknown) => error,
  );
}

describe('ENVI files', () => {
  it.each([
    'bip_uint8',
    'bip_int16',
    'bip_uint16',
    'bip_int32',
    'bip_uint32',
    'bip_float32',
    'bip_float64',
    'bsq_uint16',
    'bil_uint16',
  ])('%s: every sample', async (name) => {
    const files = [goldenFile('envi', `${name}.hdr`), goldenFile('envi', `${name}.img`)];
    const opened = await openWith(enviReader, files);
    const type = name.slice(4);
    expect(opened.cube.info).toMatchObject({ ...GOLDEN_SHAPE, sampleType: type, name });
    expect([...(await readAll(opened.cube))]).toEqual(goldenSamples(type));
  });

  it('in the other byte order, behind an offset', async () => {
    const header = new TextDecoder().decode(goldenBytes('envi', 'bip_float32.hdr'));
    const swapped = goldenBytes('envi', 'bip_float32.img').slice();
    swapBytes(swapped, 4);
    const shifted = new Uint8Array(swapped.length + 3);
    shifted.set(swapped, 3);
    const files = [
      textSource(
        'a.hdr',
        header.replace('offset = 0', 'offset = 3').replace('order = 0', 'order = 1'),
      ),
      bytesSource(shifted, 'a.dat'),
    ];
    const { cube } = await openWith(enviReader, files);
    expect([...(await readAll(cube))]).toEqual(goldenSamples('float32'));
  });

  it('of 64-bit integers come out as float64 where that is exact', async () => {
    const values = BigInt64Array.from({ length: 24 }, (_, i) => BigInt(i) - 3n);
    const open = () => {
      const header = small('data type = 14\n');
      return openWith(enviReader, [header, bytesSource(new Uint8Array(values.buffer), 'scene')]);
    };
    const { cube } = await open();
    expect(cube.info.sampleType).toBe('float64');
    expect([...(await readAll(cube))]).toEqual([...values].map(Number));
    values[5] = 2n ** 60n;
    await expect(readAll((await open()).cube)).rejects.toMatchObject({ code: 'unsupported' });
  });

  it('on a rotated grid, with the transform that GDAL was given', async () => {
    const files = [goldenFile('envi', 'rotated.hdr'), goldenFile('envi', 'rotated.img')];
    const { geo } = (await openWith(enviReader, files)).cube.info;
    const [cos, sin] = [Math.cos, Math.sin].map((f) => 3.1 * f((53 * Math.PI) / 180));
    expect(geo?.epsg).toBe(32613);
    expect(geo?.wkt).toMatch(/^PROJCS/);
    const expected = [277811.628, cos, sin, 4483607.425, sin, -cos];
    for (const [i, value] of geo!.transform!.entries()) expect(value).toBeCloseTo(expected[i], 6);
  });
});

describe('ENVI headers', () => {
  it('may have keys in any case, comments, CRLF, lists over several lines, Latin-1 text', async () => {
    const text =
      '\r\n; a comment\r\nSamples = 2\r\nLINES=3\r\nbands  = 4\r\nData Type = 1\r\nInterleave = BSQ\r\n' +
      'Wavelength Units = \xb5m\r\nWavelength = {0.45,\r\n; inside\r\n0.5\t,0.55,\r\n0.6}\r\ndescription = { a = b }\r\n';
    const header = bytesSource(
      Uint8Array.from(`ENVI${text}`, (c) => c.charCodeAt(0)),
      'x.hdr',
    );
    const { cube } = await openWith(enviReader, [data('x'), header]);
    expect(cube.info).toMatchObject({
      width: 2,
      height: 3,
      bands: 4,
      wavelengthsNm: [450, 500, 550, 600],
    });
    expect(cube.info.notes).toEqual(['The header states no byte order; little-endian was taken.']);
  });

  it('give wavelengths in nm, from any unit of length or from their values', async () => {
    const listed = '{450, 500, 550, 600}';
    const cases: [string, number[] | undefined][] = [
      [`wavelength = ${listed}\nwavelength units = Nanometers`, [450, 500, 550, 600]],
      [`wavelength = ${listed}`, [450, 500, 550, 600]],
      ['wavelength = {0.45, 0.5, 0.55, 0.6}\nwavelength units = Unknown', [450, 500, 550, 600]],
      ['wavelength = {0.45 0.5 0.55 0.6}\nwavelength units = Micrometers', [450, 500, 550, 600]],
      [`wavelength = ${listed}\nwavelength units = Wavenumber`, undefined],
      [`wavelength = ${listed}\nwavelength units = Index`, undefined],
      ['wavelength = {450, 500}', undefined],
      ['wavelength = {450, x, 550, 600}', undefined],
      ['wavelength = {1, 2, 3, 4}\nwavelength units = nm', undefined],
      ['band names = {450 nm, 500.0 nm, 0.55 um, (600 Nanometers)}', [450, 500, 550, 600]],
    ];
    for (const [extra, expected] of cases) {
      const info = await infoWith(extra);
      expect(info.wavelengthsNm, extra).toEqual(expected);
      if (!expected) expect(info.notes?.join(), extra).toMatch(/left out/);
    }
  });

  it('may list more bands than a function takes arguments', async () => {
    const bands = 200_000;
    const list = Array.from({ length: bands }, (_, band) => 400 + (band % 600));
    const text = `ENVI\nsamples = 1\nlines = 1\nbands = ${bands}\ndata type = 1\ninterleave = bip\nbyte order = 0\nwavelength = {${list}}`;
    const files = [textSource('x.hdr', text), bytesSource(new Uint8Array(bands), 'x.img')];
    const { info } = (await openWith(enviReader, files)).cube;
    expect(info.wavelengthsNm).toEqual(list);
  });

  it('give widths, bad bands, ignore value, units, default bands, sensor, gains', async () => {
    const info = await infoWith(
      'wavelength = {0.45,0.5,0.55,0.6}\nfwhm = {0.01,0.01,0.01,0.02}\nbbl = {1, 0, 1, 0.0}\n' +
        'data ignore value = -9999\nreflectance scale factor = 10000\ndefault bands = {3,2,1}\n' +
        'sensor type = HySpex\ndata gain values = {1,1,2,1}\nband names = {a, b, c, d}\n',
    );
    expect(info).toMatchObject({
      fwhmNm: [10, 10, 10, 20],
      badBands: [1, 3],
      noDataValue: -9999,
      units: 'reflectance × 10000',
      defaultBands: [2, 1, 0],
      sensor: 'HySpex',
      bandNames: ['a', 'b', 'c', 'd'],
    });
    expect(info.notes?.join()).toMatch(/gains/);
    const odd = await infoWith('default bands = {9,2,1}\nbbl = {1,0}\nsensor type = Unknown\n');
    expect([odd.defaultBands, odd.badBands, odd.sensor]).toEqual([undefined, undefined, undefined]);
    expect(odd.notes?.join()).toMatch(/2 "bbl" for 4 bands/);
  });

  it('that are wrong are refused with the key at fault', async () => {
    const cases: [string, string, RegExp][] = [
      ['ENVI\nsamples = 2', 'bad-file', /lacks "lines"/],
      [`ENVI\n${SMALL}samples = -2`, 'bad-file', /samples = -2/],
      [`ENVI\n${SMALL}lines = 2.5`, 'bad-file', /lines = 2\.5/],
      [`ENVI\n${SMALL}bands = many`, 'bad-file', /bands = many/],
      [`ENVI\n${SMALL}data type = 6`, 'unsupported', /complex/],
      [`ENVI\n${SMALL}data type = 9`, 'unsupported', /complex/],
      [`ENVI\n${SMALL}data type = 7`, 'bad-file', /data type = 7/],
      [`ENVI\n${SMALL}interleave = tile`, 'bad-file', /interleave = tile/],
      [`ENVI\n${SMALL}byte order = 2`, 'bad-file', /byte order = 2/],
      [`ENVI\n${SMALL}wavelength = {1, 2`, 'bad-file', /"wavelength" is never closed/],
      [`ENVI\n${SMALL}${'w'.repeat(9999)} = {1`, 'bad-file', /list "w{40}" is never closed\.$/],
      [`ENVI\n${SMALL}file type = ENVI Spectral Library`, 'unsupported', /spectral library/],
      [`ENVI\n${SMALL}file compression = 1`, 'unsupported', /compress/],
      [`ENVI\n${SMALL}lines = 1e15`, 'truncated', /the file has 24/],
    ];
    for (const [text, code, message] of cases) {
      const error = await openError(textSource('scene.hdr', text), data());
      expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
    }
  });
});

describe('ENVI pairs', () => {
  it.each([
    ['x.hdr', 'x'],
    ['x.hdr', 'x.img'],
    ['x.img.hdr', 'x.img'],
    ['X.HDR', 'x.RAW'],
    ['a.b.hdr', 'a.b'],
    ['a.b.hdr', 'a.b.bsq'],
    ['header.hdr', 'other.bin'],
  ])('%s with %s, dropped in either order', async (headerName, dataName) => {
    for (const reversed of [false, true]) {
      const files = [small('', headerName), data(dataName)];
      const ordered = reversed ? files.reverse() : files;
      const { chosen, cube } = await openWith(enviReader, ordered);
      expect(chosen).toBe(headerName);
      expect([...(await readAll(cube))]).toEqual(Array.from({ length: 24 }, (_, i) => i));
    }
  });

  it('ask for the missing half by name', async () => {
    const headerOnly = await openError(small(''));
    expect(headerOnly).toMatchObject({ code: 'missing-companion' });
    expect(String(headerOnly)).toMatch(/24 bytes.*scene\.img/);
    const dataOnly = await openError(data());
    expect(dataOnly).toMatchObject({ code: 'missing-companion' });
    expect(String(dataOnly)).toMatch(/scene\.hdr/);
    expect(await openError(small(''), data('b.img'), data('c.img'))).toMatchObject({
      code: 'missing-companion',
    });
  });

  it('dropped several at once are candidates', async () => {
    const files = [
      small('', 'a.hdr'),
      data('b.img'),
      small('', 'b.hdr'),
      data('a.img'),
      textSource('broken.hdr', 'ENVI\nsamples = none'),
    ];
    const opened = await openWith(enviReader, files);
    expect(opened.chosen).toBe('a.hdr');
    expect(opened.candidates.map(({ id, label }) => [id, label])).toEqual([
      ['a.hdr', 'a.img'],
      ['b.hdr', 'b.img'],
    ]);
    const other = await openWith(enviReader, files, { candidate: 'b.hdr' });
    expect(other.cube.info.name).toBe('b');
    await expect(openWith(enviReader, files, { candidate: 'c.hdr' })).rejects.toMatchObject({
      code: 'bad-argument',
    });
  });

  it('take, of files with the same name, the one of the right size', async () => {
    const { cube } = await openWith(enviReader, [
      small(''),
      data('scene.jpg', 99),
      data('scene.x'),
    ]);
    expect(cube.info.notes).toEqual([]);
  });

  it('tell a data file that is too short or too long', async () => {
    expect(await openError(small(''), data('scene.img', 23))).toMatchObject({
      code: 'truncated',
      message:
        'scene.img ends too early: a cube of 3 rows × 2 columns × 4 bands of uint8 needs 24 bytes, the file has 23.',
    });
    const { cube } = await openWith(enviReader, [small(''), data('scene.img', 30)]);
    expect(cube.info.notes?.join()).toMatch(/6 bytes more/);
  });
});

describe('damaged ENVI headers', () => {
  it('only ever give typed errors', async () => {
    const rich = `ENVI\n${SMALL}wavelength = {450, 500, 550, 600}\nmap info = {UTM, 1, 1, 2, 3, 4, 5, 6, North, WGS-84}\nbbl = {1,1,0,1}\n`;
    await fc.assert(
      fc.asyncProperty(damagedBytes(new TextEncoder().encode(rich)), (bytes) =>
        expectTypedFailure(() => openWith(enviReader, [bytesSource(bytes, 'scene.hdr'), data()])),
      ),
      { numRuns: 500 },
    );
  });
});

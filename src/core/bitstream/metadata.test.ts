import { constants, deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CubeInfo } from '../cube/types';
import { ByteReader, ByteWriter } from './bytes';
import { Crc24 } from './crc24';
import { HSC_LIMITS } from './limits';
import { type HscMetadata, metadataOf } from './metadata';
import { formatMetadata, parseMetadata } from './metadataSection';
import { testMetadata } from './testFile';

function roundTrip(metadata: HscMetadata, bands: number): HscMetadata {
  const reader = new ByteReader(formatMetadata(metadata, bands));
  const read = parseMetadata(reader, bands);
  expect(reader.remaining).toBe(0);
  return read;
}

/** A section around a body that no writer would produce. */
function section(...body: number[]): ByteReader {
  const check = new Crc24().bytes(Uint8Array.from(body)).value;
  return new ByteReader(
    Uint8Array.of(body.length, ...body, check & 255, (check >> 8) & 255, check >> 16),
  );
}

const BANDS = 5;
const nm = fc.array(
  fc.integer({ min: -1e6, max: 3e6 }).map((pm) => pm / 1000),
  { minLength: BANDS, maxLength: BANDS },
);
const texts = fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 4 });
const text = fc.string({ unit: 'grapheme' });
const ascending = (limit: number, length?: number) =>
  fc
    .uniqueArray(fc.nat(limit - 1), { minLength: length ?? 0, maxLength: length ?? limit })
    .map((indices) => indices.sort((a, b) => a - b));
const double = fc.double({ noNaN: false });
const metadata: fc.Arbitrary<HscMetadata> = fc.record(
  {
    name: text,
    sensor: text,
    units: text,
    selection: fc.record({ sourceBands: fc.constant(12), codedBands: ascending(12, BANDS) }),
    wavelengthsNm: nm,
    fwhmNm: nm,
    bandNames: fc.array(text, { minLength: BANDS, maxLength: BANDS }),
    badBands: ascending(BANDS),
    noDataValue: double,
    defaultBands: fc.tuple(fc.nat(BANDS - 1), fc.nat(BANDS - 1), fc.nat(BANDS - 1)),
    geo: fc.record(
      {
        mapInfo: texts,
        wkt: text,
        epsg: fc.nat(99999),
        transform: fc.tuple(double, double, double, double, double, double),
      },
      { requiredKeys: ['epsg'] },
    ),
    notes: texts,
  },
  { requiredKeys: [] },
);

test('any metadata round trip', () => {
  fc.assert(
    fc.property(metadata, (fields) => {
      expect(roundTrip(fields, BANDS)).toEqual(fields);
    }),
  );
});

test('wavelengths are kept to 0.001 nm at about a byte or two each', () => {
  const { wavelengthsNm } = testMetadata(128);
  expect(roundTrip({ wavelengthsNm }, 128)).toEqual({ wavelengthsNm });
  expect(formatMetadata({ wavelengthsNm }, 128).length).toBeLessThan(2 * 128);
  const even = Array.from({ length: 128 }, (_, i) => 400 + (600 * i) / 127);
  expect(formatMetadata({ wavelengthsNm: even }, 128).length).toBeLessThan(80);
  const read = roundTrip({ wavelengthsNm: even }, 128).wavelengthsNm!;
  expect(Math.max(...read.map((value, i) => Math.abs(value - even[i])))).toBeLessThan(0.0005001);
});

test('all metadata of a cube take a few hundred bytes', () => {
  expect(formatMetadata(testMetadata(128), 128).length).toBeLessThan(900);
});

describe('what is stored of a cube', () => {
  const info: CubeInfo = {
    name: 'cube',
    width: 4,
    height: 3,
    bands: 6,
    sampleType: 'float32',
    wavelengthsNm: [350, 450, 550, 650, 750, 1050],
    fwhmNm: [1, 2, 3, 4, 5, 6],
    bandNames: ['a', 'b', 'c', 'd', 'e', 'f'],
    badBands: [5, 4, 0],
    defaultBands: [3, 2, 1],
    sensor: 'S',
  };
  const codedBands = [1, 2, 3, 4];

  test('nothing', () => {
    expect(metadataOf(info, codedBands, 'none')).toBeUndefined();
  });

  test('spectral: what restoring the native bands takes', () => {
    expect(metadataOf(info, codedBands, 'spectral')).toEqual({
      wavelengthsNm: [450, 550, 650, 750],
      selection: { sourceBands: 6, codedBands },
    });
    const all = [0, 1, 2, 3, 4, 5];
    expect(metadataOf(info, all, 'spectral')).toEqual({ wavelengthsNm: info.wavelengthsNm });
  });

  test('all: band indices count the coded bands', () => {
    const stored = metadataOf(info, codedBands, 'all')!;
    expect(stored).toEqual({
      name: 'cube',
      sensor: 'S',
      wavelengthsNm: [450, 550, 650, 750],
      fwhmNm: [2, 3, 4, 5],
      bandNames: ['b', 'c', 'd', 'e'],
      badBands: [3],
      defaultBands: [2, 1, 0],
      selection: { sourceBands: 6, codedBands },
    });
    expect(metadataOf({ ...info, defaultBands: [5, 2, 1] }, codedBands, 'all')).not.toHaveProperty(
      'defaultBands',
    );
    expect(roundTrip(stored, 4)).toEqual(stored);
  });
});

test('metadata that do not fit the bands are refused when written', () => {
  const bad = expect.objectContaining({ code: 'bad-argument' });
  const wrong: HscMetadata[] = [
    { wavelengthsNm: [400] },
    { wavelengthsNm: [400, Number.NaN] },
    { wavelengthsNm: [400, 2e9] },
    { bandNames: ['a', 'b', 'c'] },
    { badBands: [1, 0] },
    { badBands: [2] },
    { defaultBands: [0, 1, 2] },
    { selection: { sourceBands: 2, codedBands: [1, 2] } },
    { selection: { sourceBands: 9, codedBands: [1] } },
    { geo: { epsg: -1 } },
  ];
  for (const fields of wrong) expect(() => formatMetadata(fields, 2)).toThrow(bad);
});

describe('reading', () => {
  const bitstream = expect.objectContaining({ code: 'bitstream' });

  test('a flipped bit anywhere is an error', () => {
    const bytes = formatMetadata(testMetadata(20), 20);
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const damaged = bytes.slice();
      damaged[bit >> 3] ^= 1 << (bit & 7);
      expect(() => parseMetadata(new ByteReader(damaged), 20)).toThrow(
        expect.objectContaining({
          code: expect.stringMatching(/^(check-failed|truncated|limit|bitstream)$/),
        }),
      );
    }
  });

  test('unknown tags belong to later versions', () => {
    expect(() => parseMetadata(section(0, 99, 0), 1)).toThrow(
      expect.objectContaining({ code: 'bitstream-version' }),
    );
  });

  test('malformed bodies are errors even under a right check', () => {
    const bodies = [
      [2, 0],
      [0, 2, 2, 1, 65, 1, 2, 1, 65],
      [0, 1, 2, 1, 65, 1, 2, 1, 65],
      [0, 1, 3, 1, 65, 66],
      [0, 8, 2, 0, 0],
      [0, 8, 3, 0, 0xff, 0x7f],
      [0, 8, 2, 5, 1],
      [0, 15, 1, 100],
      [0, 5, 7, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f],
      [1, 100, 0],
      [1, 1, 75, 76, 4, 0],
    ];
    for (const body of bodies) expect(() => parseMetadata(section(...body), 1)).toThrow(bitstream);
  });

  test('data that inflate to much more than they announce are not inflated', () => {
    // Gigabytes of zeros in the most bytes that a section may have.
    const zeros = deflateRawSync(new Uint8Array(2 ** 26), { finishFlush: constants.Z_FULL_FLUSH });
    const times = Math.floor((HSC_LIMITS.metadataBytes - 16) / zeros.length);
    const body = [Uint8Array.of(1, 9), ...Array.from({ length: times }, () => zeros)];
    const content = new Uint8Array(Buffer.concat(body));
    const file = new ByteWriter();
    file.varint(content.length);
    const check = new Crc24().bytes(content).value;
    const parts = [
      file.finish(),
      content,
      Uint8Array.of(check & 255, (check >> 8) & 255, check >> 16),
    ];
    const reader = new ByteReader(new Uint8Array(Buffer.concat(parts)));
    expect(() => parseMetadata(reader, 1)).toThrow(bitstream);
  });

  test('a length beyond the limit is refused before anything is read', () => {
    const reader = new ByteReader(Uint8Array.of(0xff, 0xff, 0xff, 0x7f));
    expect(() => parseMetadata(reader, 1)).toThrow(expect.objectContaining({ code: 'limit' }));
    expect(() => parseMetadata(section(1, 0xff, 0xff, 0xff, 0x7f, 0), 1)).toThrow(bitstream);
  });
});

/**
 * Pins the format: files in `golden/` that every encoder must write to the byte and every decoder,
 * the Python one included, must read to the same symbols. A difference is a new format version.
 * `HSC_WRITE_GOLDEN=1` writes them anew.
 */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { encodeFrame, frameValues } from '../entropy/frameCoder';
import type { DecodedTile, TileSymbols } from '../entropy/latentCoder';
import { entropyModelFromTensors } from '../entropy/model';
import { TEST_SHIFTS, TEST_SPEC, testTensors } from '../entropy/testModel';
import { formatSafetensors, parseSafetensors } from '../safetensors';
import { parseFile } from './container';
import type { HificHeader } from './header';
import { readFrame, readTile, writeLatentFile } from './latentFile';
import type { HscMetadata } from './metadata';
import { readOpaquePayload, writeOpaqueFile } from './opaqueFile';
import { storedRange } from './storedRange';
import { symbolDigest } from './symbolDigest';
import { testFrame, testHeader, testMetadata, testSymbols } from './testFile';

/** Written by the tests below where asked for, else read. */
const WRITE = process.env.HSC_WRITE_GOLDEN === '1';

function golden(name: string, content?: () => Uint8Array): Uint8Array {
  const path = fileURLToPath(new URL(`golden/${name}`, import.meta.url));
  if (WRITE && content) writeFileSync(path, content());
  return new Uint8Array(readFileSync(path));
}

const weights = golden('model.safetensors', () =>
  formatSafetensors({
    tensors: testTensors(2024),
    metadata: {
      format: 'hsc-model-5',
      spec: JSON.stringify(TEST_SPEC),
      shifts: JSON.stringify(TEST_SHIFTS),
    },
  }),
);
const digest = createHash('sha256').update(weights).digest('hex').slice(0, 8);
const { tensors, metadata: attributes } = parseSafetensors(weights);
const model = entropyModelFromTensors(
  tensors,
  JSON.parse(attributes.spec),
  JSON.parse(attributes.shifts),
);

interface Case {
  readonly name: string;
  readonly header: HificHeader;
  readonly symbols: readonly TileSymbols[];
  readonly metadata?: HscMetadata;
}

function caseOf(
  name: string,
  rate: number,
  changes: Partial<HificHeader>,
  reach: number,
  metadata?: HscMetadata,
  rows?: number,
): Case {
  const frame = rows === undefined ? new Uint8Array(0) : encodeFrame(model, testFrame(rate, rows));
  const header = testHeader({ ...changes, model: { digest, rate, frame } });
  return { name, header, symbols: testSymbols(header, name.length * 77 + rate, reach), metadata };
}

const kelvin = storedRange({ low: 287.15, high: 301.25 });
const cases: readonly Case[] = [
  caseOf('patch', 0, {}, 3),
  caseOf('metadata', 75, { width: 40, height: 30, bands: 20 }, 2, testMetadata(20), 3),
  caseOf(
    'tiles',
    150,
    { width: 200, height: 190, bands: 200, mapping: 'grid' },
    5,
    {
      wavelengthsNm: testMetadata(200).wavelengthsNm,
    },
    1,
  ),
  caseOf('escapes', 240, { width: 16, height: 50, sampleType: 'float32', range: kelvin }, 16383),
  caseOf('zeros', 200, { width: 96, height: 70, mapping: 'position', bands: 1 }, 0),
];

/** One digest over what decoding yields beside the symbols: means, then scale indices, by tile. */
function priorDigest(tiles: readonly DecodedTile[]): string {
  const hash = createHash('sha256');
  for (const { mean, scaleIndex } of tiles) {
    hash.update(new Uint8Array(Int32Array.from(mean).buffer));
    hash.update(new Uint8Array(Int32Array.from(scaleIndex).buffer));
  }
  return hash.digest('hex');
}

async function summaryOf(file: Uint8Array) {
  const parsed = parseFile(file);
  const decoded = parsed.tiles.map((_, i) => readTile(parsed, model, i));
  const frame = readFrame(parsed, model);
  const { frame: bytes, ...reference } = (parsed.header as HificHeader).model;
  const summary = {
    header: { ...parsed.header, model: { ...reference, frameBytes: bytes.length } },
    metadata: parsed.metadata ?? null,
    frame: frame
      ? { precision: frame.precision, rows: frameValues(model, frame).map((v) => [...v]) }
      : null,
    sections: parsed.sections,
    symbolDigest: await symbolDigest(decoded),
    priorDigest: priorDigest(decoded),
  };
  return { decoded, summary };
}

describe.each(cases)('golden file $name', ({ name, header, symbols, metadata }) => {
  const { file } = writeLatentFile(model, header, symbols, metadata);

  test('is written to the byte', () => {
    expect(file).toEqual(golden(`${name}.hsc`, () => file));
  });

  test('is read to the same symbols, means and scale indices', async () => {
    const { decoded, summary } = await summaryOf(golden(`${name}.hsc`, () => file));
    expect(decoded.map(({ zq, q }) => ({ zq, q }))).toEqual(symbols);
    const expected = golden(`${name}.json`, () =>
      new TextEncoder().encode(`${JSON.stringify(summary, null, 1)}\n`),
    );
    expect(summary).toEqual(JSON.parse(new TextDecoder().decode(expected)));
    const flat = Int32Array.from(decoded.flatMap(({ zq, q }) => [...zq, ...q]));
    const bytes = new Uint8Array(flat.buffer);
    expect(bytes).toEqual(golden(`${name}.symbols`, () => bytes));
  });
});

test('the files reach the ranges of means and scale indices', () => {
  const parsed = parseFile(golden('tiles.hsc'));
  const decoded = parsed.tiles.map((_, i) => readTile(parsed, model, i));
  const scales = new Set(decoded.flatMap(({ scaleIndex }) => [...scaleIndex]));
  const means = new Set(decoded.flatMap(({ mean }) => [...mean]));
  expect(scales.size).toBeGreaterThan(50);
  expect(means.size).toBeGreaterThan(200);
});

test('golden file of an opaque payload', () => {
  const { bands, sampleType, mapping, range } = testHeader();
  const header = {
    family: 'opaque',
    number: 1,
    width: 640,
    height: 480,
    bands,
    sampleType,
    mapping,
    range,
  } as const;
  const payload = Uint8Array.from({ length: 50 }, (_, i) => (i * 37) & 255);
  const { file } = writeOpaqueFile(header, payload, { units: 'DN' });
  const stored = golden('opaque.hsc', () => file);
  expect(file).toEqual(stored);
  expect(readOpaquePayload(parseFile(stored))).toEqual(payload);
});

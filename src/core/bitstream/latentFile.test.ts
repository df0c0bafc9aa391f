import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeFrame } from '../entropy/frameCoder';
import type { TileSymbols } from '../entropy/latentCoder';
import { testModel } from '../entropy/testModel';
import { HscError } from '../errors';
import { parseFile, sections, weightsSectionBytes } from './container';
import { readFrame, readTile, writeLatentFile } from './latentFile';
import { HSC_LIMITS } from './limits';
import { readOpaquePayload, writeOpaqueFile } from './opaqueFile';
import { storedRange } from './storedRange';
import { symbolDigest } from './symbolDigest';
import { testFrame, testHeader, testMetadata, testSymbols } from './testFile';

const model = testModel(11);

function readAll(file: Uint8Array): TileSymbols[] {
  const parsed = parseFile(file);
  return parsed.tiles.map((_, i) => {
    const { zq, q } = readTile(parsed, model, i);
    return { zq, q };
  });
}

function readFrameOf(file: Uint8Array) {
  return readFrame(parseFile(file), model);
}

/** The code of the HscError that `run` throws, or its result; any other error passes on. */
function outcome<T>(run: () => T): string | T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof HscError)) throw error;
    return error.code;
  }
}

test('any image round trips, and its sections add up', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 420 }),
      fc.integer({ min: 1, max: 420 }),
      fc.integer({ min: 0, max: 240 }),
      fc.boolean(),
      fc.nat(1e6),
      (width, height, rate, hasMetadata, seed) => {
        const symbolsOfFrame = testFrame(seed, seed % 4);
        const frame = hasMetadata ? encodeFrame(model, symbolsOfFrame) : new Uint8Array(0);
        const header = testHeader({ width, height, model: { digest: 'ffee0102', rate, frame } });
        const symbols = testSymbols(header, seed);
        const metadata = hasMetadata ? testMetadata(header.bands) : undefined;
        const written = writeLatentFile(model, header, symbols, metadata);
        const parsed = parseFile(written.file);
        expect(parsed.header).toEqual(header);
        expect(parsed.metadata).toEqual(metadata);
        expect(readAll(written.file)).toEqual(symbols);
        expect(readFrame(parsed, model)).toEqual(hasMetadata ? symbolsOfFrame : undefined);
        const { sideInformation, latents, ...rest } = written.sections;
        const read = sections(written.file);
        expect(rest).toEqual({ header: read.header - frame.length, metadata: read.metadata });
        const payload = read.tiles.reduce((sum, bytes) => sum + bytes, 0);
        expect(sideInformation + latents).toBeCloseTo(payload + frame.length, 6);
        expect(read.header + read.metadata + payload).toBe(written.file.length);
      },
    ),
    { numRuns: 20 },
  );
});

test('a single patch spends 21 bytes beside its symbols, 25 at the very most', () => {
  const bytesOf = (width: number, height: number, bands: number, low: number) => {
    const range = storedRange({ low, high: low + 4000 });
    const header = testHeader({ width, height, bands, range });
    return writeLatentFile(model, header, testSymbols(header, 1)).sections.header;
  };
  expect(bytesOf(96, 96, 128, 100)).toBe(21);
  expect(bytesOf(176, 176, 16384, 100)).toBe(24);
  expect(bytesOf(176, 176, 16384, 1e6)).toBe(25);
});

test('the file is within 0.01 % and 2 bytes of the estimate, beside its header', () => {
  const header = testHeader();
  const {
    file,
    estimatedBits,
    sections: parts,
  } = writeLatentFile(model, header, testSymbols(header, 3));
  expect(file.length - parts.header).toBeLessThanOrEqual((estimatedBits / 8) * 1.0001 + 2);
});

test.each([40, 400])('changes of weights are a section of their own, %i px', (width) => {
  const delta = Uint8Array.from({ length: 300 }, (_, i) => (i * 7) % 256);
  const plain = testHeader({ width, height: 33 });
  const header = { ...plain, model: { ...plain.model, delta } };
  const symbols = testSymbols(header, 9);
  const written = writeLatentFile(model, header, symbols, testMetadata(128));
  const parsed = parseFile(written.file);
  expect(parsed.header).toEqual(header);
  expect(parsed.sections.weights).toBe(weightsSectionBytes(delta));
  expect(written.sections.weights).toBe(parsed.sections.weights);
  const { header: own, metadata, weights = 0, sideInformation, latents } = written.sections;
  const total = own + metadata + weights + sideInformation + latents;
  expect(total).toBeCloseTo(written.file.length, 6);
  expect(readAll(written.file)).toEqual(symbols);
  const without = writeLatentFile(model, plain, symbols, testMetadata(128));
  expect(written.file.length - without.file.length).toBe(weights);
  expect(without.sections.weights).toBeUndefined();
});

test('changes of weights are refused where they are damaged, cut short or too large', () => {
  const delta = new Uint8Array(300).fill(90);
  const { model: reference, ...rest } = testHeader({ width: 40, height: 33 });
  const header = { ...rest, model: { ...reference, delta } };
  const { file } = writeLatentFile(model, header, testSymbols(header, 9));
  const start = file.indexOf(90, file.indexOf(90) + 1);
  for (let at = start; at < start + 303; at++) {
    const damaged = file.slice();
    damaged[at] ^= 16;
    expect(outcome(() => parseFile(damaged))).toBe('check-failed');
    expect(outcome(() => parseFile(file.subarray(0, at)))).toBe('truncated');
  }
  // The length is a varint of two bytes.
  const announced = file.slice();
  announced.set([0x80 + (announced[start - 2] & 127), 0xff, 0xff, 0xff, 0x7f], start - 2);
  expect(outcome(() => parseFile(announced))).toBe('limit');
  const large = { ...reference, delta: new Uint8Array(HSC_LIMITS.weightsBytes + 1) };
  const oversized = { ...rest, model: large };
  expect(outcome(() => writeLatentFile(model, oversized, testSymbols(header, 9)))).toBe('limit');
});

describe.each([
  ['', undefined],
  [' with changes of weights', Uint8Array.from({ length: 40 }, (_, i) => 3 * i)],
])('damage to a file of one tile%s', (_, delta) => {
  const frame = encodeFrame(model, testFrame(4, 2));
  const reference = { digest: 'ffee0102', rate: 90, frame, ...(delta && { delta }) };
  const header = testHeader({ width: 40, height: 33, model: reference });
  const symbols = testSymbols(header, 5);
  const { file } = writeLatentFile(model, header, symbols, testMetadata(128));

  test('cut anywhere: an error', () => {
    for (let length = 0; length < file.length; length++) {
      expect(outcome(() => readAll(file.subarray(0, length)))).toEqual(
        expect.stringMatching(/^(truncated|check-failed|bitstream|limit)$/),
      );
    }
  });

  test('any flipped bit: an error, or the very same symbols from the last byte', () => {
    for (let bit = 0; bit < file.length * 8; bit++) {
      const damaged = file.slice();
      damaged[bit >> 3] ^= 1 << (bit & 7);
      const result = outcome(() => readAll(damaged));
      if (typeof result === 'string') {
        expect(result).toMatch(/^(bitstream|bitstream-version|check-failed|truncated|limit)$/);
      } else {
        expect(bit >> 3).toBeGreaterThanOrEqual(file.length - 2);
        expect(result).toEqual(symbols);
      }
    }
  });

  test('a frame in a damaged file is read, or an HscError says why not', () => {
    for (let bit = 0; bit < file.length * 8; bit++) {
      const damaged = file.slice();
      damaged[bit >> 3] ^= 1 << (bit & 7);
      expect(() => outcome(() => readFrameOf(damaged))).not.toThrow();
    }
    expect(outcome(() => readFrame(parseFile(file), { ...model, frame: null }))).toBe(
      'model-mismatch',
    );
  });

  test('several damaged bytes: an error (one in 2^24 would pass the check)', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(file.length - 3), fc.integer({ min: 1, max: 255 })), {
          minLength: 1,
          maxLength: 20,
        }),
        (flips) => {
          const damaged = file.slice();
          for (const [at, flip] of flips) damaged[at] ^= flip;
          fc.pre(damaged.some((byte, i) => byte !== file[i]));
          expect(outcome(() => readAll(damaged))).toBeTypeOf('string');
        },
      ),
      { numRuns: 500 },
    );
  });

  test('bytes appended: an error', () => {
    for (const extra of [0, 1, 200]) {
      const longer = new Uint8Array(file.length + 9).fill(extra);
      longer.set(file);
      expect(outcome(() => readAll(longer))).toBeTypeOf('string');
    }
  });
});

describe('damage to a file of several tiles', () => {
  const header = testHeader({ width: 400, height: 200 });
  const symbols = testSymbols(header, 6);
  const { file } = writeLatentFile(model, header, symbols, testMetadata(128));
  const parts = sections(file);

  test('costs the damaged tile alone', () => {
    expect(symbols).toHaveLength(8);
    const damaged = file.slice();
    const end = parts.tiles.slice(5).reduce((sum, bytes) => sum + bytes + 3, 0);
    damaged[file.length - end - 40] ^= 4;
    const parsed = parseFile(damaged);
    const results = symbols.map((_, i) => outcome(() => readTile(parsed, model, i).q));
    expect(results.filter((result) => typeof result === 'string')).toHaveLength(1);
    expect(results[4]).toMatch(/^(bitstream|check-failed|truncated)$/);
    expect(results[5]).toEqual(symbols[5].q);
  });

  test('of header, tile index or metadata is an error at once', () => {
    const start = parts.header - 3 * symbols.length + parts.metadata;
    for (let bit = 0; bit < start * 8; bit++) {
      const damaged = file.slice();
      damaged[bit >> 3] ^= 1 << (bit & 7);
      expect(outcome(() => parseFile(damaged))).toBeTypeOf('string');
    }
  });

  test('exchanged tiles are found out', () => {
    const pair = testHeader({ width: 192, height: 96 });
    const [tile] = testSymbols(pair, 8);
    const parsed = parseFile(writeLatentFile(model, pair, [tile, tile]).file);
    const [first, second] = parsed.tiles;
    expect(second.payload).toEqual(first.payload);
    expect(second.check).not.toBe(first.check);
    const exchanged = { ...parsed, tiles: [second, first] };
    expect(outcome(() => readTile(exchanged, model, 0))).toBe('check-failed');
  });

  test('cut anywhere: an error', () => {
    for (let length = 0; length < file.length; length += 7) {
      expect(outcome(() => parseFile(file.subarray(0, length)))).toBeTypeOf('string');
    }
  });
});

test('random bytes never cause anything but an HscError', () => {
  const start = fc.constantFrom([0x48, 0x53, 0xc1], [0x48, 0x53, 0xc1, 0, 2], []);
  fc.assert(
    fc.property(start, fc.uint8Array({ maxLength: 300 }), (magic, rest) => {
      expect(outcome(() => readAll(Uint8Array.of(...magic, ...rest)))).toBeTypeOf('string');
    }),
    { numRuns: 1000 },
  );
});

test('the wrong model is refused, or its symbols fail the check', () => {
  const header = testHeader();
  const parsed = parseFile(writeLatentFile(model, header, testSymbols(header, 9)).file);
  expect(outcome(() => readTile(parsed, testModel(12), 0))).toBeTypeOf('string');
  const fewer = { ...model, targets: 2 };
  expect(outcome(() => readTile(parsed, fewer, 0))).toBe('model-mismatch');
  expect(outcome(() => readTile(parsed, model, 1))).toBe('bad-argument');
});

test('means and scale indices that are known already give the same file', () => {
  const header = testHeader({ width: 200, height: 100 });
  const symbols = testSymbols(header, 2);
  const { file } = writeLatentFile(model, header, symbols);
  const prepared = parseFile(file).tiles.map((_, i) => {
    const { zq, q, mean, scaleIndex } = readTile(parseFile(file), model, i);
    return { zq, q, prior: { mean, scaleIndex } };
  });
  expect(writeLatentFile(model, header, prepared).file).toEqual(file);
});

test('the number of tiles must be that of the layout', () => {
  const header = testHeader();
  expect(outcome(() => writeLatentFile(model, header, []))).toBe('bad-argument');
});

test('opaque payloads are verified with their header', () => {
  const { width, height, bands, sampleType, mapping, range } = testHeader({ width: 900 });
  const header = {
    family: 'opaque',
    number: 1,
    width,
    height,
    bands,
    sampleType,
    mapping,
    range,
  } as const;
  const payload = Uint8Array.of(1, 2, 3, 4);
  const { file, sections: parts } = writeOpaqueFile(header, payload, { name: 'x' });
  const parsed = parseFile(file);
  expect(parsed.header).toEqual(header);
  expect(readOpaquePayload(parsed)).toEqual(payload);
  expect(outcome(() => readTile(parsed, model, 0))).toBe('bad-argument');
  expect(outcome(() => readFrame(parsed, model))).toBe('bad-argument');
  expect(parts.tiles).toEqual([4]);
  for (let bit = 0; bit < file.length * 8; bit++) {
    const damaged = file.slice();
    damaged[bit >> 3] ^= 1 << (bit & 7);
    expect(outcome(() => readOpaquePayload(parseFile(damaged)))).toBeTypeOf('string');
  }
});

test('the digest of the symbols', async () => {
  const tiles = [
    { zq: Int32Array.of(1, -1), q: Int32Array.of(256) },
    { zq: Int32Array.of(), q: Int32Array.of(-32767) },
  ];
  // printf '\1\0\0\0\377\377\377\377\0\1\0\0\1\200\377\377' | sha256sum
  expect(await symbolDigest(tiles)).toBe(
    'f9c07e3f42f4da18be697596f2deef2887b22e107d7d88aff24b07b382952897',
  );
});

import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { testModel } from '../entropy/testModel';
import { HscError } from '../errors';
import { type Damage, damagedCopy, isDamage, lengthAfter } from './damage';
import { damagedSpans, fileMap, spanAt } from './fileMap';
import { writeLatentFile } from './latentFile';
import { writeOpaqueFile } from './opaqueFile';
import { testHeader, testMetadata, testSymbols } from './testFile';

const file = fc.uint8Array({ minLength: 1, maxLength: 400 });

/** Any damage, in range or out of it. */
const damage: fc.Arbitrary<Damage> = fc.oneof(
  fc.record({
    kind: fc.constant('bit'),
    byte: fc.integer({ min: -2, max: 401 }),
    bit: fc.integer({ min: -1, max: 8 }),
  }),
  fc.record({
    kind: fc.constant('bits'),
    count: fc.integer({ min: 0, max: 3300 }),
    seed: fc.nat(),
  }),
  fc.record({
    kind: fc.constant('run'),
    from: fc.integer({ min: -2, max: 401 }),
    length: fc.integer({ min: 0, max: 401 }),
    seed: fc.nat(),
  }),
  fc.record({ kind: fc.constant('cut'), length: fc.integer({ min: -1, max: 401 }) }),
) as fc.Arbitrary<Damage>;

const bitsThatDiffer = (a: Uint8Array, b: Uint8Array) =>
  a.reduce((sum, value, i) => sum + (value ^ b[i]).toString(2).replaceAll('0', '').length, 0);
const bytesThatDiffer = (a: Uint8Array, b: Uint8Array) =>
  a.filter((value, i) => value !== b[i]).length;

describe('damage', () => {
  it('is the same for the same seed, leaves the original alone and is never out of range', () => {
    fc.assert(
      fc.property(file, fc.array(damage, { maxLength: 5 }), (bytes, damages) => {
        const before = bytes.slice();
        let possible = true;
        let length = bytes.length;
        for (const one of damages) {
          possible &&= isDamage(one, length);
          length = lengthAfter(length, [one]);
        }
        if (!possible) {
          expect(() => damagedCopy(bytes, damages)).toThrow(HscError);
        } else {
          const copy = damagedCopy(bytes, damages);
          expect(copy).toEqual(damagedCopy(bytes, damages));
          expect(copy.length).toBe(lengthAfter(bytes.length, damages));
          expect(copy.buffer).not.toBe(bytes.buffer);
        }
        expect(bytes).toEqual(before);
      }),
    );
  });

  it('does as much as it says', () => {
    fc.assert(
      fc.property(file, fc.nat(), fc.nat(), fc.nat(), (bytes, a, b, seed) => {
        const from = a % bytes.length;
        const length = 1 + (b % (bytes.length - from));
        const overwritten = damagedCopy(bytes, [{ kind: 'run', from, length, seed }]);
        expect(bytesThatDiffer(bytes, overwritten)).toBe(length);
        expect(overwritten.subarray(0, from)).toEqual(bytes.subarray(0, from));
        const count = 1 + (b % (8 * bytes.length));
        expect(bitsThatDiffer(bytes, damagedCopy(bytes, [{ kind: 'bits', count, seed }]))).toBe(
          count,
        );
        const bit = { kind: 'bit', byte: from, bit: b % 8 } as const;
        expect(bitsThatDiffer(bytes, damagedCopy(bytes, [bit]))).toBe(1);
        expect(damagedCopy(bytes, [bit, bit])).toEqual(bytes);
        expect(damagedCopy(bytes, [{ kind: 'cut', length: from }])).toEqual(bytes.slice(0, from));
      }),
    );
  });
});

describe('the map of a file', () => {
  const header = testHeader({ width: 250, height: 200 });
  const metadata = testMetadata(header.bands);
  const tiled = writeLatentFile(testModel(3), header, testSymbols(header, 1), metadata).file;

  it('covers every byte once, section by section', () => {
    const spans = fileMap(tiled);
    expect(spans.map(({ kind }) => kind)).toEqual([
      'header',
      'index',
      'metadata',
      'tile',
      'tile',
      'tile',
      'tile',
    ]);
    expect(spans.map(({ tile }) => tile).filter((tile) => tile !== undefined)).toEqual([
      0, 1, 2, 3,
    ]);
    expect(spans.map(({ from }) => from)).toEqual([0, ...spans.slice(0, -1).map(({ to }) => to)]);
    expect(spans.at(-1)?.to).toBe(tiled.length);
    expect(spanAt(spans, tiled.length - 1)).toMatchObject({ tile: 3 });
    expect(spanAt(spans, tiled.length)).toBeUndefined();
  });

  it('knows one payload where there is but one', () => {
    const small = testHeader({ width: 40, height: 30 });
    const one = writeLatentFile(testModel(3), small, testSymbols(small, 1)).file;
    expect(fileMap(one).map(({ kind }) => kind)).toEqual(['header', 'payload']);
    const { model: _, ...common } = testHeader();
    const opaque = writeOpaqueFile({ ...common, family: 'opaque', number: 3 }, new Uint8Array(9));
    expect(fileMap(opaque.file).map(({ kind }) => kind)).toEqual(['header', 'payload']);
  });

  test('tells which sections a damage hits, and what was cut off', () => {
    const spans = fileMap(tiled);
    const [second, third, last] = spans.slice(-3);
    const copy = damagedCopy(tiled, [
      { kind: 'run', from: second.from + 1, length: 2, seed: 1 },
      { kind: 'cut', length: third.to - 5 },
    ]);
    expect(damagedSpans(spans, tiled, copy)).toEqual([
      { span: second, changed: 2, missing: 0 },
      { span: third, changed: 0, missing: 5 },
      { span: last, changed: 0, missing: last.to - last.from },
    ]);
    expect(damagedSpans(spans, tiled, tiled)).toEqual([]);
  });
});

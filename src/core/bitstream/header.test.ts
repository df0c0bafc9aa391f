import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ByteReader } from './bytes';
import { formatHeader, type HscHeader, isHsc, parseHeader } from './header';
import { storedRange } from './storedRange';
import { testHeader } from './testFile';

const header: fc.Arbitrary<HscHeader> = fc
  .record({
    width: fc.integer({ min: 1, max: 65536 }),
    height: fc.integer({ min: 1, max: 4096 }),
    bands: fc.integer({ min: 1, max: 16384 }),
    sampleType: fc.constantFrom(
      ...(['uint8', 'int8', 'uint16', 'int16', 'uint32', 'int32', 'float32', 'float64'] as const),
    ),
    mapping: fc.constantFrom('wavelength' as const, 'position' as const, 'grid' as const),
    range: fc
      .tuple(fc.integer({ min: -5000, max: 5000 }), fc.integer({ min: 1, max: 65535 }))
      .map(([low, span]) => storedRange({ low, high: low + span })),
  })
  .chain((common) =>
    fc
      .oneof(
        fc.record({
          family: fc.constant('hific' as const),
          model: fc.record({
            digest: fc.stringMatching(/^[0-9a-f]{8}$/),
            rate: fc.integer({ min: 0, max: 240 }),
            frame: fc.uint8Array({ maxLength: 200 }),
          }),
        }),
        fc.record({ family: fc.constant('opaque' as const), number: fc.constantFrom(1, 3, 31) }),
      )
      .map((rest) => ({ ...common, ...rest })),
  );

test('every header round trips', () => {
  fc.assert(
    fc.property(header, fc.boolean(), (fields, hasMetadata) => {
      const reader = new ByteReader(formatHeader(fields, hasMetadata));
      expect(parseHeader(reader)).toEqual({ header: fields, hasMetadata, hasWeights: false });
      expect(reader.remaining).toBe(0);
    }),
  );
});

test('layout of the fields', () => {
  const range = storedRange({ low: 0, high: 1 });
  const bytes = formatHeader(testHeader({ range, width: 300, mapping: 'grid' }), true);
  expect([...bytes]).toEqual([
    0x48, 0x53, 0xc1, 0b1_10_00000, 2, 0xab, 2, 95, 127, 0x00, 0x7f, 0, 1, 0x23, 0xab, 0xcd, 90, 0,
  ]);
  expect(isHsc(bytes)).toBe(true);
  expect(isHsc(bytes.subarray(1))).toBe(false);
  expect(isHsc(new Uint8Array(0))).toBe(false);
});

test('a file that changes weights is of a family of its own, which older readers do not know', () => {
  const { model } = testHeader();
  const bytes = formatHeader(testHeader({ model: { ...model, delta: Uint8Array.of(1) } }), false);
  expect(bytes[3]).toBe(5);
  const { header, hasWeights } = parseHeader(new ByteReader(bytes));
  expect([header, hasWeights]).toEqual([testHeader(), true]);
});

test('other files, other versions and unknown options have their own errors', () => {
  const codeOf = (at: number, value: number) => {
    const bytes = formatHeader(testHeader(), false);
    bytes[at] = value;
    try {
      parseHeader(new ByteReader(bytes));
      return 'none';
    } catch (error) {
      return (error as { code: string }).code;
    }
  };
  expect(codeOf(0, 0x47)).toBe('bitstream');
  expect(codeOf(2, 0xb1)).toBe('bitstream');
  expect(codeOf(2, 0xc2)).toBe('bitstream-version');
  // Which codecs there are is not for the header to know.
  expect(codeOf(3, 31)).toBe('none');
  expect(codeOf(3, 3 << 5)).toBe('bitstream-version');
  expect(codeOf(4, 8)).toBe('bitstream-version');
  expect(codeOf(formatHeader(testHeader(), false).length - 2, 241)).toBe('bitstream');
});

test('what cannot be stored is refused', () => {
  const bad = expect.objectContaining({ code: 'bad-argument' });
  const beyond = expect.objectContaining({ code: 'limit' });
  const model = (digest: string, rate: number) =>
    testHeader({ model: { digest, rate, frame: new Uint8Array(0) } });
  expect(() => formatHeader(model('0123ABCD', 0), false)).toThrow(bad);
  expect(() => formatHeader(model('0123abcd', 241), false)).toThrow(bad);
  expect(() => formatHeader(model('0123abcd', 0.5), false)).toThrow(bad);
  expect(() => formatHeader(testHeader({ width: 65537 }), false)).toThrow(beyond);
  expect(() => formatHeader(testHeader({ width: 65536, height: 65536 }), false)).toThrow(beyond);
  expect(() => formatHeader(testHeader({ bands: 0 }), false)).toThrow(beyond);
});

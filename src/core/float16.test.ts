import { expect, test } from 'vitest';
import { float16BitsOf, float32Of } from './float16';

const ALL = Uint16Array.from({ length: 65536 }, (_, i) => i);

test('every binary16 value survives the way through float32', () => {
  const values = float32Of(ALL);
  const back = float16BitsOf(values);
  const differing = ALL.filter((bits, i) => bits !== back[i] && !Number.isNaN(values[i]));
  expect(differing).toHaveLength(0);
});

test('known values', () => {
  const bits = Uint16Array.of(0x3c00, 0xc000, 0x7bff, 0x0400, 0x0001, 0x7c00, 0x3555);
  expect([...float32Of(bits)]).toEqual([
    1,
    -2,
    65504,
    2 ** -14,
    2 ** -24,
    Number.POSITIVE_INFINITY,
    0.333251953125,
  ]);
});

test('rounds to nearest, ties to even', () => {
  const half = (value: number) => float32Of(float16BitsOf([value]))[0];
  expect(half(1 + 2 ** -11)).toBe(1);
  expect(half(1 + 3 * 2 ** -11)).toBe(1 + 2 ** -9);
  expect(half(1 + 2 ** -11 + 2 ** -20)).toBe(1 + 2 ** -10);
  expect(half(65519.99)).toBe(65504);
  expect(half(65520)).toBe(Number.POSITIVE_INFINITY);
  expect(half(1.5 * 2 ** -24)).toBe(2 ** -23);
  expect(half(2 ** -25)).toBe(0);
  expect(half(Number.NaN)).toBeNaN();
});

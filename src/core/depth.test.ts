import { expect, test } from 'vitest';
import { isNestedAtMost } from './depth';

test.each([
  [3, 0, true],
  [null, 0, true],
  [[], 0, false],
  [{ a: [1, { b: 2 }] }, 3, true],
  [{ a: [1, { b: 2 }] }, 2, false],
])('%j nests no deeper than %i: %s', (value, depth, expected) => {
  expect(isNestedAtMost(value, depth)).toBe(expected);
});

test('of what nests to any depth', () => {
  const deep = JSON.parse('['.repeat(200_000) + ']'.repeat(200_000));
  expect(isNestedAtMost(deep, 50)).toBe(false);
});

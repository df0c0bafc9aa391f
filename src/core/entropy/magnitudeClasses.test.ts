import { expect, test } from 'vitest';
import { CLASSES, classOf, SMALL_CLASSES, smallClassOf } from './magnitudeClasses';

test('classes ascend with the sum, two an octave, and end', () => {
  expect([0, 1, 2, 3, 4, 5, 6, 8, 11, 12, 16].map(classOf)).toEqual([
    0, 1, 2, 3, 4, 4, 5, 6, 6, 7, 8,
  ]);
  expect(classOf(2 ** 30)).toBe(CLASSES - 1);
  expect(smallClassOf(2 ** 30)).toBe(SMALL_CLASSES - 1);
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { selectRank } from './select';

describe('selectRank', () => {
  it('finds what sorting would put at the rank, and parts the values there', () => {
    const few = fc.integer({ min: 0, max: 5 });
    const values = fc.array(fc.oneof(few, fc.double({ noNaN: true })), { minLength: 1 });
    fc.assert(
      fc.property(values, fc.nat(), (list, pick) => {
        const rank = pick % list.length;
        const array = Float64Array.from(list);
        const expected = Float64Array.from(list).sort()[rank];
        expect(selectRank(array, rank)).toBe(array[rank]);
        expect(array[rank] - expected === 0 || array[rank] === expected).toBe(true);
        expect(array.subarray(0, rank).every((value) => value <= expected)).toBe(true);
        expect(array.subarray(rank).every((value) => value >= expected)).toBe(true);
      }),
    );
  });

  // A quadratic walk over a million samples would meet the time limit of every test.
  it('is linear on constant, sorted and reversed samples', () => {
    const count = 1e6;
    for (const make of [() => 7, (i: number) => i, (i: number) => count - i]) {
      const values = Float64Array.from({ length: count }, (_, i) => make(i));
      const expected = values.slice().sort()[(count / 3) | 0];
      expect(selectRank(values, (count / 3) | 0)).toBe(expected);
    }
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { columnsFor } from './columns';

const side = fc.integer({ min: 1, max: 3000 });
const size = fc.record({ width: side, height: side });

describe('columnsFor', () => {
  it('puts wide rooms side by side and high ones below each other', () => {
    const image = { width: 96, height: 96 };
    expect(columnsFor(2, image, { width: 1200, height: 500 })).toBe(2);
    expect(columnsFor(2, image, { width: 400, height: 1200 })).toBe(1);
    expect(columnsFor(5, image, { width: 800, height: 500 })).toBe(3);
    expect(columnsFor(4, { width: 1000, height: 100 }, { width: 1000, height: 1000 })).toBe(1);
  });

  it('never makes more columns than panes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), size, size, (count, image, room) => {
        const columns = columnsFor(count, image, room);
        expect(columns).toBeGreaterThanOrEqual(1);
        expect(columns).toBeLessThanOrEqual(count);
      }),
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvTable, parseCsv } from './csv';

describe('tables as text', () => {
  it('are read as they were written', () => {
    const cell = fc.string();
    fc.assert(
      fc.property(fc.array(fc.record({ file: cell, 'a,"b"': cell }), { minLength: 1 }), (rows) => {
        expect(parseCsv(csvTable(rows))).toEqual(rows);
      }),
    );
  });

  it('leave empty what does not exist', () => {
    expect(
      csvTable([
        { a: 1, b: undefined },
        { a: Infinity, c: 'x' },
      ]),
    ).toBe('a,b,c\n1,,\ninf,,x\n');
  });
});

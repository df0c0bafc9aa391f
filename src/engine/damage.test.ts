import { describe, expect, it } from 'vitest';
import { HscError } from '../core/errors';
import { imageChange, refusalOf } from './damage';

describe('imageChange', () => {
  const shape = { width: 4, bands: 2 };
  const before = Float32Array.from({ length: 24 }, (_, i) => i);
  /** The upper left pixel is lost. */
  const range = { low: 0, high: 1000 };
  const lost = [{ x: 0, y: 0, width: 1, height: 1 }];
  const without = (changes: Readonly<Record<number, number>>) =>
    before.map((value, i) => (i < 2 ? Number.NaN : (changes[i] ?? value)));

  it('counts pixels, not samples, and tells how far off they lie', () => {
    expect(imageChange(shape, before, without({}), lost, range)).toEqual({
      pixels: 0,
      compared: 11,
      largest: 0,
      notable: { pixels: 0, reach: 0 },
    });
    const changed = without({ 4: 4.5, 5: 3, 22: 22.25 });
    // Pixels (2, 0) and, by a quarter of a thousandth of the range, (3, 2).
    expect(imageChange(shape, before, changed, lost, range)).toEqual({
      pixels: 2,
      compared: 11,
      largest: 2,
      notable: { pixels: 1, reach: 2 },
    });
  });

  it('leaves out what had no data before, and measures no distance without lost tiles', () => {
    const gap = before.slice();
    gap[4] = gap[5] = Number.NaN;
    const after = before.slice();
    after[23] = 0;
    expect(imageChange(shape, gap, after, [], range)).toMatchObject({
      pixels: 1,
      compared: 11,
      notable: { pixels: 1, reach: 0 },
    });
  });
});

describe('refusalOf', () => {
  it('is what the reader says of the file, and passes on what it does not say', () => {
    const refused = new HscError('check-failed', 'The file is damaged.');
    expect(refusalOf(refused)).toEqual({ code: 'check-failed', message: 'The file is damaged.' });
    const others = [
      new HscError('aborted', 'Cancelled.'),
      new HscError('device', 'Lost.'),
      new TypeError('bug'),
    ];
    for (const error of others) expect(() => refusalOf(error)).toThrow(error);
  });
});

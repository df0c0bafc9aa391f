import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binCounts, quantileTable } from '../../core/cube/histogram';
import { LEAST_GAP, outlineOf, percentAt, placeOf, valueAt, withLimit } from './stretchPlaces';

const channel = fc
  .array(fc.integer({ min: -500, max: 4000 }), { minLength: 1, maxLength: 200 })
  .map((values) => {
    const quantiles = quantileTable(Float64Array.from(values)) as Float64Array;
    const [low, high] = [quantiles[0], quantiles[quantiles.length - 1]];
    return { low, high: high > low ? high : low + 1, quantiles };
  });
const channels = fc.array(channel, { minLength: 1, maxLength: 3 });
const percent = fc.integer({ min: 0, max: 1000 }).map((tenths) => tenths / 10);

describe('places of percentiles', () => {
  it('rise along the axis and are found again', () => {
    fc.assert(
      fc.property(channels, percent, percent, (spread, one, other) => {
        const [low, high] = one < other ? [one, other] : [other, one];
        expect(placeOf(spread, low)).toBeLessThanOrEqual(placeOf(spread, high));
        const place = placeOf(spread, one);
        if (place > 0 && place < 1)
          expect(placeOf(spread, percentAt(spread, place))).toBeCloseTo(place, 9);
      }),
    );
  });

  it('end where the axis ends', () => {
    fc.assert(
      fc.property(channels, (spread) => {
        expect([percentAt(spread, 0), percentAt(spread, 1)]).toEqual([0, 100]);
      }),
    );
  });

  it('of one channel are its own values', () => {
    const quantiles = quantileTable(Float64Array.from({ length: 101 }, (_, i) => i * i));
    const spread = { low: 0, high: 10_000, quantiles: quantiles as Float64Array };
    expect(valueAt(spread, 50)).toBe(2500);
    expect(placeOf([spread], 50)).toBe(0.25);
    expect(percentAt([spread], 0.25)).toBe(50);
  });
});

describe('a limit', () => {
  it('stays in the range, short of the other', () => {
    fc.assert(
      fc.property(percent, fc.constantFrom(0 as const, 1 as const), (to, index) => {
        const [low, high] = withLimit([40, 60], index, to);
        expect(high - low).toBeGreaterThanOrEqual(LEAST_GAP);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(100);
        expect([low, high][1 - index]).toBe([40, 60][1 - index]);
      }),
    );
  });
});

describe('the outline', () => {
  it('is closed, from the bottom up to the top', () => {
    expect(outlineOf(binCounts(Float32Array.of(0, 1, 1, 1, 1), [0, 2], 2))).toBe(
      'M0 1L0.0000 0.500H0.5000L0.5000 0.000H1.0000V1Z',
    );
    expect(outlineOf(new Uint32Array(4))).toBe('');
  });
});

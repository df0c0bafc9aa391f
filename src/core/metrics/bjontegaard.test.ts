import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bdQuality, bdRate, efficientPoints, type RatePoint } from './bjontegaard';
import golden from './golden/bjontegaard.json';

const points = (pairs: readonly (readonly number[])[]): RatePoint[] =>
  pairs.map(([rate, quality]) => ({ rate, quality }));

const CURVE = points([
  [0.2, 30],
  [0.4, 33],
  [0.8, 36],
]);

const LINE = points([
  [0.1, 30],
  [1, 40],
]);

/** Curves as an encoder could give them, unsorted, some points dominated. */
const curves = fc.array(
  fc.record({
    rate: fc.integer({ min: 1, max: 400 }).map((bytes) => bytes / 100),
    quality: fc.integer({ min: 200, max: 450 }).map((tenths) => tenths / 10),
  }),
  { minLength: 0, maxLength: 8 },
);

describe('bdRate and bdQuality', () => {
  it.each(Object.entries(golden.deltas))('agree with SciPy: %s', (_, expected) => {
    const [reference, test] = [expected.reference, expected.test].map(points);
    const rate = bdRate(reference, test.toReversed());
    expect(rate.delta).toBeCloseTo(expected.rate, 9);
    expect(rate).toMatchObject({ interval: expected.qualities });
    const quality = bdQuality(reference.toReversed(), test);
    expect(quality.delta).toBeCloseTo(expected.quality, 10);
    expect(quality).toMatchObject({ interval: expected.rates });
  });

  it('match figures worked out by hand', () => {
    const half = CURVE.map(({ rate, quality }) => ({ rate: rate / 2, quality }));
    expect(bdRate(CURVE, half).delta).toBeCloseTo(-50, 9);
    const better = CURVE.map(({ rate, quality }) => ({ rate, quality: quality + 1.5 }));
    expect(bdQuality(CURVE, better).delta).toBeCloseTo(1.5, 9);
    // 10 dB a decade, moved by half a decade: half of each curve is shared.
    const moved = LINE.map(({ rate, quality }) => ({ rate: rate * Math.sqrt(10), quality }));
    const { delta, ...covered } = bdQuality(LINE, moved);
    expect(delta).toBeCloseTo(-5, 9);
    expect(covered).toEqual({
      interval: [0.1 * Math.sqrt(10), 1],
      shares: { reference: expect.closeTo(0.5, 9), test: expect.closeTo(0.5, 9) },
    });
  });

  it('change sign, or invert, where the curves change places', () => {
    fc.assert(
      fc.property(curves, curves, (a, b) => {
        const [there, back] = [bdQuality(a, b), bdQuality(b, a)];
        if (there.delta === undefined || back.delta === undefined) {
          expect(back).toEqual(there);
          return;
        }
        expect(there.delta + back.delta).toBeCloseTo(0, 8);
        expect(back.interval).toEqual(there.interval);
        expect(back.shares.test).toBe(there.shares.reference);
      }),
    );
    fc.assert(
      fc.property(curves, curves, (a, b) => {
        const [there, back] = [bdRate(a, b), bdRate(b, a)];
        if (there.delta === undefined || back.delta === undefined) {
          expect(back).toEqual(there);
          return;
        }
        expect((1 + there.delta / 100) * (1 + back.delta / 100)).toBeCloseTo(1, 8);
      }),
    );
  });

  it('stay within the differences of the curves, over a share of each', () => {
    fc.assert(
      fc.property(curves, curves, (a, b) => {
        const quality = bdQuality(a, b);
        if (quality.delta === undefined) return;
        expect(Math.abs(quality.delta)).toBeLessThanOrEqual(25 + 1e-9);
        for (const share of Object.values(quality.shares)) {
          expect(share).toBeGreaterThan(0);
          expect(share).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  it('are 0 between a curve and itself', () => {
    expect(bdRate(CURVE, CURVE).delta).toBe(0);
    expect(bdQuality(CURVE, CURVE).delta).toBe(0);
  });

  it('stay exact over a sliver of an interval', () => {
    const [low, high] = [1 - 1e-9, 2];
    const other = points([
      [low, 47],
      [high, 50],
    ]);
    expect(bdQuality(LINE, other).delta).toBeCloseTo(7, 6);
  });

  it('say why there is none', () => {
    expect(bdRate(CURVE, CURVE.slice(0, 1))).toEqual({
      delta: undefined,
      reason: 'too-few-points',
    });
    const lossless = points([
      [0.2, 30],
      [9, Number.POSITIVE_INFINITY],
    ]);
    expect(bdQuality(lossless, CURVE)).toEqual({ delta: undefined, reason: 'too-few-points' });
    const dearer = CURVE.map(({ rate, quality }) => ({ rate: rate * 4, quality }));
    expect(bdQuality(CURVE, dearer)).toEqual({ delta: undefined, reason: 'no-overlap' });
    expect(bdRate(CURVE, dearer).delta).toBeCloseTo(300, 9);
  });
});

describe('efficientPoints', () => {
  it('sorts and drops what another point dominates', () => {
    const curve = points([
      [0.8, 36],
      [0.4, 31],
      [0.4, 33],
      [0.6, 32],
      [0.9, 36],
      [0.2, 30],
      [0, 29],
      [1, Number.NaN],
      [2, Number.POSITIVE_INFINITY],
    ]);
    expect(efficientPoints(curve)).toEqual(CURVE);
  });

  it('keeps a point exactly where no other one is as cheap and as good', () => {
    fc.assert(
      fc.property(curves, (curve) => {
        const efficient = efficientPoints(curve);
        for (const { rate, quality } of curve) {
          const rivals = curve.filter(
            (other) =>
              other.rate <= rate &&
              other.quality >= quality &&
              (other.rate < rate || other.quality > quality),
          );
          expect(efficient.some((p) => p.rate === rate && p.quality === quality)).toBe(
            rivals.length === 0,
          );
        }
      }),
    );
  });
});

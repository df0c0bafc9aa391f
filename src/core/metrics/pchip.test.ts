import { describe, expect, it } from 'vitest';
import golden from './golden/bjontegaard.json';
import { integrate, pchip } from './pchip';

describe('pchip', () => {
  it.each(Object.entries(golden.interpolants))('agrees with SciPy: %s', (_, expected) => {
    const curve = pchip(expected.x, expected.y);
    curve.slopes.forEach((slope, k) => {
      expect(slope).toBeCloseTo(expected.slopes[k], 12);
    });
    const [from, to] = expected.bounds;
    expect(integrate(curve, from, to)).toBeCloseTo(expected.integral, 12);
  });

  it('integrates a straight line through many knots', () => {
    const curve = pchip([0, 1, 3, 4], [0, 2, 6, 8]);
    expect(curve.slopes).toEqual([2, 2, 2, 2]);
    expect(integrate(curve, 0.5, 3.5)).toBeCloseTo(3.5 ** 2 - 0.5 ** 2, 12);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SpectralSpread } from './spread';

describe('mean and spread of spectra', () => {
  const value = fc.oneof(
    fc.double({ min: 0, max: 4000, noNaN: true }),
    fc.constantFrom(-9999, Number.NaN),
  );
  const cube = fc.integer({ min: 1, max: 5 }).chain((bands) =>
    fc
      .array(fc.array(value, { minLength: bands, maxLength: bands }), {
        minLength: 1,
        maxLength: 40,
      })
      .map((pixels) => ({ bands, pixels })),
  );

  it('are those of the samples with data, in whatever parts they come', () => {
    fc.assert(
      fc.property(cube, fc.nat(40), ({ bands, pixels }, cut) => {
        const spread = new SpectralSpread(bands, -9999);
        spread.add(Float64Array.from(pixels.slice(0, cut).flat()));
        spread.add(Float64Array.from(pixels.slice(cut).flat()));
        const [mean, deviation] = [spread.mean(), spread.deviation()];
        for (let band = 0; band < bands; band++) {
          const known = pixels.map((pixel) => pixel[band]).filter((one) => one >= 0);
          const expected = known.reduce((sum, one) => sum + one, 0) / known.length;
          const squares = known.reduce((sum, one) => sum + (one - expected) ** 2, 0);
          if (known.length === 0) expect(mean[band]).toBeNaN();
          else expect(mean[band]).toBeCloseTo(expected, 8);
          if (known.length < 2) expect(deviation[band]).toBeNaN();
          else expect(deviation[band]).toBeCloseTo(Math.sqrt(squares / (known.length - 1)), 3);
        }
      }),
    );
  });

  it('keep their digits far from zero', () => {
    const spread = new SpectralSpread(1);
    spread.add(Float64Array.of(1e9 + 1, 1e9 + 2, 1e9 + 3));
    expect(spread.deviation()[0]).toBe(1);
    expect(spread.mean()[0]).toBe(1e9 + 2);
  });
});

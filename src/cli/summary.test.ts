import { describe, expect, it } from 'vitest';
import { deltasAgainst, meanPoints, unequalCubes } from './summary';
import { summaryTables } from './tables';
import { point } from './testing';

const RATES = [0.2, 0.4, 0.8];

/** A curve of 3 dB a doubling, `gain` dB above the common one. */
function curve(cube: string, codec: string, gain: number, scale = 1) {
  return RATES.map((rate) =>
    point({ cube, codec, rate, bpp: rate * scale, psnr: 30 + 3 * Math.log2(rate) + gain }),
  );
}

describe('meanPoints', () => {
  it('averages over cubes, rates ascending, without figures that do not exist', () => {
    const points = [
      point({ rate: 0.8, psnr: 34, ssim: 0.8 }),
      point({ rate: 0.4, psnr: 30, ssim: 0.6, bpp: 0.4 }),
      point({ cube: 'coast', rate: 0.4, psnr: 32, ssim: Number.NaN, bpp: 0.6 }),
      point({ codec: 'lossless', rate: undefined, psnr: Infinity }),
    ];
    expect(meanPoints(points)).toMatchObject([
      { codec: 'hific-se', rate: 0.4, cubes: 2, bpp: 0.5, psnr: 31, ssim: 0.6, sam: 2 },
      { codec: 'hific-se', rate: 0.8, cubes: 1 },
      { codec: 'lossless', rate: undefined, psnr: Infinity },
    ]);
  });
});

describe('deltasAgainst', () => {
  const points = [
    ...curve('town', 'anchor', 0),
    ...curve('coast', 'anchor', 0),
    ...curve('town', 'better', 1),
    ...curve('coast', 'better', -0.5),
    ...curve('town', 'far', 0, 100),
    point({ codec: 'lossless', rate: undefined, psnr: Infinity }),
  ];

  it('knows curves a constant apart: 3 dB a doubling of rate', () => {
    const [better] = deltasAgainst('anchor', points);
    const [town, coast] = better.cubes;
    expect(town).toMatchObject({ cube: 'town', psnr: { delta: expect.closeTo(1, 9) } });
    expect(town.rate.delta).toBeCloseTo(100 * (2 ** (-1 / 3) - 1), 6);
    expect(coast.psnr.delta).toBeCloseTo(-0.5, 9);
    expect(better.meanPsnr).toBeCloseTo(0.25, 9);
    expect(better).toMatchObject({ codec: 'better', compared: 2, positive: 1 });
  });

  it('has none where the curves share no rate, and none for codecs without a rate', () => {
    const [, far, ...others] = deltasAgainst('anchor', points);
    expect(others).toEqual([]);
    expect(far.cubes[0].psnr).toEqual({ delta: undefined, reason: 'no-overlap' });
    expect(far).toMatchObject({ compared: 0, meanPsnr: Number.NaN });
  });

  it('stands in the summary, signed', () => {
    const text = summaryTables(points, 'anchor');
    expect(text).toMatch(/better +town +\+1\.00 +-20\.6/);
    expect(text).toMatch(/better +\(mean\) +\+0\.25 .*better on 1 of 2/);
    expect(text).toMatch(/far +\(mean\) +– /);
    expect(summaryTables(points, undefined)).not.toContain('BD-PSNR');
  });
});

it('names the cubes of which codecs kept different bands', () => {
  const town = [point({ bands: 3 }), point({ codec: 'b', bands: 3 })];
  const coast = [point({ cube: 'coast' }), point({ cube: 'coast', codec: 'b', bands: 3 })];
  expect(unequalCubes([...town, ...coast])).toEqual(['coast']);
});

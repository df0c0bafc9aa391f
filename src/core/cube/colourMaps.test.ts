import { describe, expect, it } from 'vitest';
import { COLOUR_MAPS, colourTable, divergingTable, paintValues } from './colourMaps';

/** Lightness L* of an sRGB triple, CIE 1976. */
function lightness([r, g, b]: Uint8ClampedArray): number {
  const linear = [r, g, b].map((level) => {
    const share = level / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  const y = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
  return y > 0.008856 ? 116 * Math.cbrt(y) - 16 : 903.3 * y;
}

describe('colour maps', () => {
  it.each(COLOUR_MAPS)('%s only becomes lighter', (map) => {
    const table = colourTable(map, 64);
    const steps = Array.from({ length: 64 }, (_, i) => lightness(table.subarray(3 * i, 3 * i + 3)));
    for (let i = 1; i < steps.length; i++) expect(steps[i]).toBeGreaterThan(steps[i - 1]);
    expect(steps[63] - steps[0]).toBeGreaterThan(70);
  });

  it('hold the published values of matplotlib', () => {
    const at = (map: (typeof COLOUR_MAPS)[number], i: number) => [
      ...colourTable(map).subarray(3 * i, 3 * i + 3),
    ];
    expect(at('viridis', 0)).toEqual([68, 1, 84]);
    expect(at('viridis', 255)).toEqual([253, 231, 37]);
    expect(at('inferno', 255)).toEqual([252, 255, 164]);
    expect(at('cividis', 0)).toEqual([0, 34, 78]);
    expect(at('viridis', 128)[1]).toBeCloseTo(145, -1);
  });
});

describe('values in colours', () => {
  it('stop at the ends of the scale and leave missing values open', () => {
    const pixels = paintValues([-9, 0, 2, 9, Number.NaN], [0, 2], colourTable('viridis'));
    expect([...pixels.subarray(0, 8)]).toEqual([0x44, 1, 0x54, 255, 0x44, 1, 0x54, 255]);
    expect([...pixels.subarray(8, 16)]).toEqual([0xfd, 0xe7, 0x25, 255, 0xfd, 0xe7, 0x25, 255]);
    expect([...pixels.subarray(16)]).toEqual([0, 0, 0, 0]);
  });

  it('are near white where differences are zero, as dark at both ends', () => {
    const table = divergingTable();
    expect([...paintValues([0], [-3, 3], table)]).toEqual([0xf5, 0xf5, 0xf4, 255]);
    const ends = [table.subarray(0, 3), table.subarray(-3)].map(lightness);
    expect(Math.abs(ends[0] - ends[1])).toBeLessThan(4);
  });

  it('are all the lowest colour where there is no scale', () => {
    expect([...paintValues([5, 5], [5, 5], colourTable('inferno'))]).toEqual([
      0, 0, 4, 255, 0, 0, 4, 255,
    ]);
  });
});

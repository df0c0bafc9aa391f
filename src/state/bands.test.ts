import { describe, expect, it } from 'vitest';
import type { CubeInfo } from '../core/cube/types';
import { bandAxis, bandLabel, colourInfrared, positionOf, trueColour } from './bands';

const info: CubeInfo = {
  name: 'cube',
  width: 2,
  height: 2,
  bands: 7,
  sampleType: 'uint16',
  wavelengthsNm: [400, 450, 550, 650, 750, 860, 1000],
};

describe('bands of a picture', () => {
  it('keep the numbers of the original where a file holds a part of them', () => {
    const coded = [1, 2, 3, 5];
    const decoded = {
      ...info,
      bands: 4,
      wavelengthsNm: coded.map((band) => info.wavelengthsNm?.[band] ?? 0),
    };
    const axis = bandAxis(decoded, coded);
    expect(trueColour(decoded, axis)).toEqual(trueColour(info, bandAxis(info)));
    expect(positionOf(axis, 5)).toBe(3);
    expect(positionOf(axis, 6)).toBe(3);
    expect(bandLabel(axis, 5)).toBe('860.0 nm');
  });

  it('know colour infrared only where there is near infrared', () => {
    expect(colourInfrared(bandAxis(info))).toEqual([5, 3, 2]);
    expect(
      colourInfrared(bandAxis({ ...info, bands: 3, wavelengthsNm: [450, 550, 650] })),
    ).toBeUndefined();
  });

  it('are numbered from 1 where there are no wavelengths', () => {
    const bare = { ...info, wavelengthsNm: undefined };
    expect(bandLabel(bandAxis(bare), 0)).toBe('band 1');
    expect(colourInfrared(bandAxis(bare))).toBeUndefined();
  });
});

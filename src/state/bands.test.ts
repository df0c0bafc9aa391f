import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CubeInfo } from '../core/cube/types';
import {
  bandAt,
  bandAxis,
  bandBeside,
  bandLabel,
  colourInfrared,
  placesOf,
  positionOf,
  shortWave,
  trueColour,
} from './bands';

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

  it('know the short-wave infrared only where the cube reaches it', () => {
    expect(shortWave(bandAxis(info))).toBeUndefined();
    const wavelengthsNm = [450, 860, 1640, 2190];
    expect(shortWave(bandAxis({ ...info, bands: 4, wavelengthsNm }))).toEqual([3, 2, 1]);
  });

  it('snap to the nearest band, however unevenly they lie', () => {
    const wavelengths = fc.uniqueArray(fc.integer({ min: 350, max: 2500 }), {
      minLength: 2,
      maxLength: 80,
    });
    fc.assert(
      fc.property(wavelengths, fc.double({ min: 300, max: 2600, noNaN: true }), (nm, at) => {
        const axis = bandAxis({ ...info, bands: nm.length, wavelengthsNm: nm });
        const distance = Math.abs(nm[bandAt(axis, at)] - at);
        for (const one of nm) expect(distance).toBeLessThanOrEqual(Math.abs(one - at));
        for (const [band, place] of placesOf(axis).entries())
          expect(bandAt(axis, place)).toBe(band);
      }),
    );
  });

  it('are stepped through in the order of wavelength, each once', () => {
    const wavelengths = fc.uniqueArray(fc.integer({ min: 350, max: 2500 }), {
      minLength: 1,
      maxLength: 40,
    });
    fc.assert(
      fc.property(wavelengths, (nm) => {
        const axis = bandAxis({ ...info, bands: nm.length, wavelengthsNm: nm });
        const walked = [bandBeside(axis, 0, -nm.length)];
        while (bandBeside(axis, walked[walked.length - 1], 1) !== walked[walked.length - 1])
          walked.push(bandBeside(axis, walked[walked.length - 1], 1));
        expect(walked.map((band) => nm[band])).toEqual([...nm].sort((a, b) => a - b));
      }),
    );
  });
});

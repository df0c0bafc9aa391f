import { expect, it } from 'vitest';
import type { OpaqueHeader } from '../core/bitstream/header';
import { storedRange } from '../core/bitstream/storedRange';
import { TINY_16 } from '../core/cube/grids';
import { nativeBands } from './bands';
import { restoredInfo } from './coded';

it('a file that claims to hold a grid’s bands holds as many', () => {
  const header = { mapping: 'grid', bands: 7 } as const;
  const nm = [400, 410, 420, 430, 440, 450, 460];
  expect(() => nativeBands(TINY_16, header, nm, undefined)).toThrow(
    expect.objectContaining({ code: 'bitstream', message: expect.stringMatching(/7 bands/) }),
  );
  expect(
    nativeBands(TINY_16, { ...header, bands: 16 }, undefined, undefined).positionsNm,
  ).toHaveLength(16);
});

it('at a grid’s bands nothing is said of the file’s own, and a nameless cube has a name', () => {
  const header: OpaqueHeader = {
    family: 'opaque',
    number: 4,
    width: 1,
    height: 1,
    bands: 2,
    sampleType: 'uint8',
    mapping: 'wavelength',
    range: storedRange({ low: 0, high: 1 }),
  };
  const native = nativeBands(TINY_16, header, undefined, undefined);
  const metadata = { name: '', bandNames: ['a', 'b'], fwhmNm: [1, 2], badBands: [1], units: 'DN' };
  const cube = restoredInfo(header, metadata, native);
  expect(cube).toMatchObject({ name: 'decoded', bands: 16, units: 'DN' });
  expect(cube.wavelengthsNm).toHaveLength(16);
  expect([cube.bandNames, cube.fwhmNm, cube.badBands]).toEqual([undefined, undefined, undefined]);
});

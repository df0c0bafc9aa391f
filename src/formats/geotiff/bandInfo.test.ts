import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeBands } from './bandInfo';
import { formatGdalMetadata, parseGdalMetadata } from './gdalMetadata';

function bandItems(items: readonly Record<string, string>[], image: Record<string, string> = {}) {
  const bands = items.map((band) => new Map(Object.entries(band)));
  const xml = formatGdalMetadata({ image: new Map(Object.entries(image)), bands });
  return describeBands(parseGdalMetadata(xml, items.length));
}

const none = [{}, {}];

describe('spellings of wavelengths', () => {
  it.each([
    ['wavelength', ['450', '900'], [450, 900]],
    ['WAVELENGTH', ['450.5', '900'], [450.5, 900]],
    ['CENTRAL_WAVELENGTH_UM', ['0.45', '0.9'], [450, 900]],
    ['Center Wavelength', ['450 nm', '900 nm'], [450, 900]],
    ['central wavelength', ['0.45 um', '0.9 um'], [450, 900]],
    ['band_wavelength_nm', ['450', '900'], [450, 900]],
    ['wl', ['0.45', '0.9'], [450, 900]],
  ])('%s of each band', (key, values, expected) => {
    expect(bandItems(values.map((value) => ({ [key]: value }))).wavelengthsNm).toEqual(expected);
  });

  it('takes the unit stated for a band or for the image', () => {
    const centres: Record<string, string>[] = [
      { wavelength: '4.5', wavelength_units: 'um' },
      { wavelength: '9' },
    ];
    expect(bandItems(centres).wavelengthsNm).toEqual([4500, 9000]);
    const plain = [{ wavelength: '450' }, { wavelength: '900' }];
    expect(bandItems(plain, { 'wavelength units': 'Nanometers' }).wavelengthsNm).toEqual([
      450, 900,
    ]);
  });

  it('takes lists of the image, as in ENVI headers', () => {
    const image = {
      wavelength: '{0.45,\n 0.9}',
      wavelength_units: 'Micrometers',
      fwhm: '{0.01, 0.02}',
    };
    expect(bandItems(none, image)).toMatchObject({ wavelengthsNm: [450, 900], fwhmNm: [10, 20] });
  });

  it.each([
    [['Band 1 (450.0 nm)', 'Band 2 (900.0 nm)']],
    [['450.0 nm', '900 Nanometers']],
    [['0.45 µm', '0.9 µm']],
    [['450.0', '900.0']],
  ])('takes names such as %s', (names) => {
    const info = bandItems(names.map((description) => ({ description })));
    expect(info.wavelengthsNm).toEqual([450, 900]);
    expect(info.notes).toEqual(['The wavelengths come from the names of the bands.']);
  });

  it.each([[['Band 1', 'Band 2']], [['1', '2']], [['101', '102']], [['450 nm', 'mask']]])(
    'does not take names such as %s',
    (names) => {
      expect(
        bandItems(names.map((description) => ({ description }))).wavelengthsNm,
      ).toBeUndefined();
    },
  );

  it('leaves out what is incomplete or no wavelength, and says so', () => {
    const part = bandItems([{ wavelength: '450' }, {}]);
    expect(part.wavelengthsNm).toBeUndefined();
    expect(part.notes[0]).toMatch(/1 wavelengths for 2 bands/);
    const index = bandItems([{ wavelength: '1', wavelength_units: 'Index' }, { wavelength: '2' }]);
    expect(index.wavelengthsNm).toBeUndefined();
    expect(index.notes[0]).toMatch(/Index/);
  });

  it('says that samples are scaled', () => {
    const bands = [
      { scale: '0.0001', offset: '0' },
      { scale: '0.0001', offset: '0' },
    ];
    expect(bandItems(bands).notes.join()).toMatch(/sample × 0.0001 \+ 0/);
  });
});

describe('GDAL metadata', () => {
  it('come back as they were written', () => {
    const words = fc.string({ unit: 'grapheme', maxLength: 20 }).map((text) => text.trim());
    const keys = fc.stringMatching(/^[a-z][a-z_]{0,9}$/);
    const items = fc.dictionary(keys, words, { maxKeys: 4 });
    fc.assert(
      fc.property(items, fc.array(items, { minLength: 1, maxLength: 4 }), (image, bands) => {
        const metadata = {
          image: new Map(Object.entries(image)),
          bands: bands.map((band) => new Map(Object.entries(band))),
        };
        expect(parseGdalMetadata(formatGdalMetadata(metadata), bands.length)).toEqual(metadata);
      }),
    );
  });

  // Read anew at every item, these would meet the time limit of every test.
  it('are read in one pass, however damaged', () => {
    const unclosed = parseGdalMetadata('<Item name="a" sample="0">'.repeat(100_000), 3);
    const unquoted = parseGdalMetadata(`<Item ${'a="'.repeat(300_000)}`, 3);
    expect([unclosed.bands.length, unquoted.bands.length]).toEqual([3, 3]);
  });
});

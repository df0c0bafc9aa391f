import { describe, expect, it } from 'vitest';
import { SENSOR_PRESETS } from '../../core/cube/sensors';
import type { CubeInfo } from '../../core/cube/types';
import { draftOf, readDraft } from './draft';
import { parseNumberList } from './numberList';
import { originOf } from './Origin';

const INFO: CubeInfo = {
  name: 'pavia',
  width: 9,
  height: 9,
  bands: 4,
  sampleType: 'uint16',
  units: 'counts',
  badBands: [3],
};

describe('the draft of corrected metadata', () => {
  it('of a cube as it is corrects nothing', () => {
    expect(readDraft(draftOf(INFO), INFO)).toEqual({
      overrides: {},
      faults: {},
      nm: undefined,
      bad: [3],
    });
  });

  it('shows corrections as they were made', () => {
    const overrides = {
      wavelengths: { nm: [400, 500, 600, 700], source: 'a list' },
      units: null,
      noDataValue: -1,
      badBands: [0, 1],
      leaveOutBad: true,
      defaultBands: [2, 1, 0] as const,
    };
    expect(readDraft(draftOf(INFO, overrides), INFO).overrides).toEqual(overrides);
    const preset = SENSOR_PRESETS[0];
    const wavelengths = { nm: preset.nm, source: preset.label };
    expect(draftOf({ ...INFO, bands: 224 }, { wavelengths }).preset).toBe(preset.id);
  });

  it('takes micrometres for what they are', () => {
    const draft = { ...draftOf(INFO), mode: 'linear', first: '0.4', last: '1.0' } as const;
    expect(readDraft(draft, INFO).nm).toEqual([400, 600, 800, 1000]);
    expect(readDraft({ ...draft, unit: 'nm' }, INFO).faults.wavelengths).toContain(
      'check the unit',
    );
  });

  it('says what is wrong, field by field', () => {
    const draft = {
      ...draftOf(INFO),
      mode: 'list',
      list: '400\n500\n600',
      noData: 'none',
      badBands: '3-9',
      defaultBands: '1, 2',
    } as const;
    const { faults, overrides } = readDraft(draft, INFO);
    expect(faults).toEqual({
      wavelengths: 'There are 3 wavelengths for 4 bands.',
      noDataValue: 'Write one number, NaN, or nothing.',
      badBands: 'There is no band 5: the image has bands 1 to 4.',
      defaultBands: 'Write three bands: red, green, blue.',
    });
    expect(overrides.wavelengths).toBeUndefined();
  });
});

describe('where a value comes from', () => {
  it('is the file, a guess, the user, or nowhere', () => {
    expect(originOf('units', INFO, {})).toBe('from the file');
    expect(originOf('units', INFO, { units: null })).toBe('edited');
    expect(originOf('wavelengths', INFO, {})).toBe('not in the file');
    const guessed = { ...INFO, wavelengthsNm: [1, 2, 3, 4], wavelengthsGuessed: true };
    expect(originOf('wavelengths', guessed, {})).toBe('guessed');
  });
});

describe('a list of numbers', () => {
  it('is a column, a line, or the right column of a table', () => {
    expect(parseNumberList('400\n500\n', 2)).toEqual([400, 500]);
    expect(parseNumberList('wavelength = {0.4, 0.5}', 2)).toEqual([0.4, 0.5]);
    expect(parseNumberList('band,nm,fwhm\n1,400.5,10\n2,410.5,10\n', 2)).toEqual([400.5, 410.5]);
    expect(parseNumberList('400, 410,\n420, 430', 4)).toEqual([400, 410, 420, 430]);
    expect(parseNumberList('none', 4)).toBeUndefined();
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bandRuns, formatBandRanges, keptBands, parseBandRanges } from './bandRanges';
import { applyOverrides, type CubeOverrides, overriddenInfo, wavelengthFault } from './overrides';
import type { CubeInfo } from './types';
import { memorySource } from './window';

const BANDS = 12;
const INFO: CubeInfo = {
  name: 'field',
  width: 2,
  height: 2,
  bands: BANDS,
  sampleType: 'uint16',
  badBands: [3],
  units: 'counts',
  fwhmNm: Array(BANDS).fill(10),
  notes: ['The unit was guessed.'],
};

const bandList = fc.uniqueArray(fc.nat(BANDS - 2)).map((list) => list.sort((a, b) => a - b));
const edits: fc.Arbitrary<CubeOverrides> = fc.record(
  {
    wavelengths: fc.oneof(
      fc.constant(null),
      fc
        .uniqueArray(fc.integer({ min: 300, max: 2500 }), { minLength: BANDS, maxLength: BANDS })
        .map((nm) => ({ nm, source: 'typed' })),
    ),
    units: fc.oneof(fc.constant(null), fc.constantFrom('radiance', 'reflectance')),
    noDataValue: fc.oneof(fc.constant(null), fc.constantFrom(0, -9999, Number.NaN)),
    badBands: bandList,
    leaveOutBad: fc.boolean(),
    defaultBands: fc.tuple(fc.nat(BANDS - 1), fc.nat(BANDS - 1), fc.nat(BANDS - 1)),
  },
  { requiredKeys: [] },
);
/** What the order of edits must not change; notes are in the order of edits. */
const facts = ({ notes, ...info }: CubeInfo) => ({ ...info, notes: [...(notes ?? [])].sort() });

describe('ranges of bands', () => {
  it('are read as they are written', () => {
    fc.assert(
      fc.property(bandList, (bands) => {
        expect(parseBandRanges(formatBandRanges(bands))).toEqual(bands);
      }),
    );
  });

  it('join neighbours, sort and forget repetitions', () => {
    expect(parseBandRanges('107-109, 1–2;2 5')).toEqual([0, 1, 4, 106, 107, 108]);
    expect(parseBandRanges('1 - 3')).toEqual([0, 1, 2]);
    expect(parseBandRanges(' ')).toEqual([]);
    expect(formatBandRanges([0, 1, 4, 106, 107, 108])).toBe('1-2, 5, 107-109');
    expect(bandRuns([0, 1, 4])).toEqual([
      [0, 1],
      [4, 4],
    ]);
  });

  it('are refused where they are none', () => {
    for (const text of ['0', '4-2', 'x', '1-', '1.5', '1-1000000000']) {
      expect(parseBandRanges(text)).toBeUndefined();
    }
  });
});

describe('corrected metadata', () => {
  it('are the same when applied again', () => {
    fc.assert(
      fc.property(edits, (overrides) => {
        const once = overriddenInfo(INFO, overrides);
        expect(overriddenInfo(once, overrides)).toEqual(once);
      }),
    );
  });

  it('of different fields may come in any order', () => {
    const split = (overrides: CubeOverrides): [CubeOverrides, CubeOverrides] => {
      const { wavelengths, units, ...rest } = overrides;
      return [rest, { ...('wavelengths' in overrides && { wavelengths }), units }];
    };
    fc.assert(
      fc.property(edits, (overrides) => {
        const [a, b] = split(overrides);
        const ab = overriddenInfo(overriddenInfo(INFO, a), b);
        const ba = overriddenInfo(overriddenInfo(INFO, b), a);
        expect(facts(ab)).toEqual(facts(ba));
      }),
    );
  });

  it('leave alone what they do not name, and never the samples', async () => {
    const data = Uint16Array.from({ length: 4 * BANDS }, (_, i) => i);
    const source = applyOverrides(memorySource({ ...INFO, data }), { noDataValue: 7 });
    expect(source.info).toMatchObject({ units: 'counts', badBands: [3], noDataValue: 7 });
    const window = { x: 0, y: 0, width: 2, height: 2 };
    expect(await source.readWindow(window, { bands: [5] })).toEqual(Uint16Array.of(5, 17, 29, 41));
    expect(overriddenInfo(INFO, {})).toEqual(INFO);
  });

  it('keep the numbers of the bands that stay', () => {
    const info = overriddenInfo(INFO, { badBands: [0, 1, 11], leaveOutBad: true });
    expect(keptBands(info)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(info.notes?.at(-1)).toBe(
      'Edited by the user: bad bands 1-2, 12 are left out of coding.',
    );
    expect(overriddenInfo(INFO, { leaveOutBad: true }).leftOutBands).toEqual([3]);
  });

  it('that do not fit are refused with a sentence', () => {
    const nm = [400, 500];
    expect(() => overriddenInfo(INFO, { wavelengths: { nm, source: '' } })).toThrow(
      'There are 2 wavelengths for 12 bands.',
    );
    expect(wavelengthFault([0.4, 0.5], 2)).toMatch('check the unit');
    expect(wavelengthFault([400, 400], 2)).toBe('400 nm stands there twice.');
    expect(() => overriddenInfo(INFO, { badBands: [12] })).toThrow('There is no band 13');
    const all = [...Array(BANDS).keys()];
    expect(() => overriddenInfo(INFO, { badBands: all, leaveOutBad: true })).toThrow('keep');
  });
});

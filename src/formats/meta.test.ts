import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CubeOverrides } from '../core/cube/overrides';
import { bytesSource } from './bytes';
import { metaName, metaText, parseMeta } from './meta';
import { openFiles } from './registry';

const NPY_HEADER = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2, 5), }";

/** A .npy of 2 × 2 pixels and 5 bands. */
function npy(): Uint8Array<ArrayBuffer> {
  const header = NPY_HEADER.padEnd(117, ' ');
  const head = new TextEncoder().encode(`NUMPY\x01\x00`);
  const bytes = new Uint8Array(128 + 4 * 20);
  bytes.set([0x93, ...head.slice(0, 5), 1, 0, 118, 0]);
  bytes.set(new TextEncoder().encode(`${header}\n`), 10);
  new Float32Array(bytes.buffer, 128).set([...Array(20).keys()]);
  return bytes;
}

const cube = () => bytesSource(npy(), 'scene.npy');
const sidecar = (overrides: CubeOverrides, name = metaName('scene')) =>
  bytesSource(new TextEncoder().encode(metaText(overrides)), name);
const NM = [400, 500, 600, 700, 800];

describe('the sidecar of corrected metadata', () => {
  it('is read as it was written', () => {
    const nm = fc.array(fc.integer({ min: 400, max: 2500 }), { minLength: 1 });
    const edits: fc.Arbitrary<CubeOverrides> = fc.record(
      {
        wavelengths: fc.oneof(fc.constant(null), fc.record({ nm, source: fc.string() })),
        units: fc.oneof(fc.constant(null), fc.string()),
        noDataValue: fc.constantFrom(null, 0, -9999, Number.NaN),
        badBands: fc.constantFrom([], [0], [0, 1, 5]),
        leaveOutBad: fc.boolean(),
        defaultBands: fc.oneof(fc.constant(null), fc.tuple(fc.nat(9), fc.nat(9), fc.nat(9))),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(edits, (overrides) => {
        expect(parseMeta(metaText(overrides), 'x')).toEqual(overrides);
      }),
    );
  });

  it('is picked up with its cube, in any order, and gives way to what the user says', async () => {
    const overrides = { wavelengths: { nm: NM, source: 'typed' }, badBands: [4] };
    for (const files of [
      [cube(), sidecar(overrides)],
      [sidecar(overrides), cube()],
    ]) {
      const opened = await openFiles(files);
      expect(opened.overrides).toEqual(overrides);
      expect(opened.cube.info).toMatchObject({ wavelengthsNm: NM, badBands: [4] });
      expect(opened.stated?.wavelengthsNm).toBeUndefined();
    }
    const given = await openFiles([cube(), sidecar(overrides)], { overrides: {} });
    expect(given.cube.info.wavelengthsNm).toBeUndefined();
  });

  it('that does not fit is left out, which a note says', async () => {
    const { cube: opened } = await openFiles([
      cube(),
      sidecar({ wavelengths: { nm: [1], source: '' } }),
    ]);
    expect(opened.info.wavelengthsNm).toBeUndefined();
    expect(opened.info.notes?.join()).toContain('There are 1 wavelengths for 5 bands.');
    expect(() => parseMeta('{"hsc_meta":1,"bad_bands":"x"}', 'a')).toThrow('bad_bands');
    expect(() => parseMeta('[', 'a.json')).toThrow('a.json holds no edited metadata');
  });

  it('alone is no image', async () => {
    await expect(openFiles([sidecar({})])).rejects.toThrow('open it together with the image');
  });
});
